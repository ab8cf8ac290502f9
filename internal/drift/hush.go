package drift

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/silence"
)

const (
	// hushedFor is how long a difference waits for news of a system at most. By then
	// a silence is called one, or it is none.
	hushedFor = 3 * time.Hour
	// hushLook is how often it is looked at meanwhile.
	hushLook = silence.Length
)

// unheard are the classes of what news that does not come may look like. All others
// are told by news that came.
var unheard = []finding.Class{finding.Late, finding.ValueDiffers, finding.Missing, finding.NeverSettles}

// hushed keeps a difference from opening while one of its systems says less than
// usual: it may have fallen silent, and then its silence is what is to be told.
func (r *run) hushed(ctx context.Context, v judge.Verdict, row record.Row, rule registry.Rule) (judge.Verdict, error) {
	switch {
	case v.Outcome != judge.Differ, row.Marks[rule.Name()].Open != "", !r.now.Before(v.Due.Add(hushedFor)):
		return v, nil
	case r.Watch == nil, r.Documents == nil, !slices.Contains(commerce.Kinds(), row.Kind), !slices.Contains(unheard, v.Class):
		return v, nil
	}
	for _, system := range []string{rule.From, rule.To} {
		since, err := r.hush(ctx, system)
		if err != nil {
			return v, err
		}
		if since.IsZero() {
			continue
		}
		v.Outcome, v.Again = judge.CannotTell, true
		v.Why = fmt.Sprintf("%s says nothing since %s, which is odd at this hour", system, since.UTC().Format("15:04 MST"))
		v.Due = r.now.Add(hushLook)
		break
	}
	return v, nil
}

// hush is since when a system says less than usual, zero where it does not. It is
// read once in a run, and only where something is about to open.
func (r *run) hush(ctx context.Context, system string) (time.Time, error) {
	if since, asked := r.hushes[system]; asked {
		return since, nil
	}
	w, fresh := r.Watch.last(r.now)
	if !fresh {
		var err error
		if w, err = r.readWatched(ctx); err != nil {
			return time.Time{}, err
		}
	}
	all := map[silence.Source]silence.History{}
	for _, source := range r.sources() {
		if source.System != system {
			continue
		}
		slots, err := r.hear(ctx, source)
		if err != nil {
			return time.Time{}, err
		}
		all[source] = silence.Of(slots, r.rulesOf(source, w.Since))
	}
	since, hushed := silence.Hushed(all, system, r.now)
	if !hushed {
		since = time.Time{}
	}
	if r.hushes == nil {
		r.hushes = map[string]time.Time{}
	}
	r.hushes[system] = since
	return since, nil
}
