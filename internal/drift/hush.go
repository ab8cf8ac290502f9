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
	// a silence is called one, or it is none. Where one kind's silence is, the others
	// are waited for until the system is heard.
	hushedFor = 3 * time.Hour
	// hushLook is how often it is looked at meanwhile.
	hushLook = silence.Length
)

// unheard are the classes of what news that does not come may look like. All others
// are told by news that came. What is gone in one system may be gone in the other as
// well, which has not said so.
var unheard = []finding.Class{finding.Late, finding.ValueDiffers, finding.Missing, finding.NeverSettles, finding.Gone}

// hushed keeps a difference from opening while one of its systems says less than
// usual: it may have fallen silent, and then its silence is what is to be told.
func (r *run) hushed(ctx context.Context, v judge.Verdict, row record.Row, rule registry.Rule) (judge.Verdict, error) {
	switch {
	case v.Outcome != judge.Differ, row.Marks[rule.Name()].Open != "":
		return v, nil
	case r.Watch == nil, r.Documents == nil, !slices.Contains(commerce.Kinds(), row.Kind), !slices.Contains(unheard, v.Class):
		return v, nil
	}
	for _, system := range []string{rule.From, rule.To} {
		if v.Class == finding.Gone && system == v.Cause.System {
			continue // which said that it is gone
		}
		h, err := r.hush(ctx, system)
		if err != nil {
			return v, err
		}
		if h.since.IsZero() || !h.told && !r.now.Before(v.Due.Add(hushedFor)) {
			continue
		}
		v.Outcome, v.Again = judge.CannotTell, true
		v.Why = fmt.Sprintf("%s says nothing since %s, which is odd at this hour", system, h.since.UTC().Format("15:04 MST"))
		v.Due = r.now.Add(hushLook)
		break
	}
	return v, nil
}

// hush is how a system that says less than usual stands.
type hush struct {
	// since is since when it has said nothing, zero where that is usual.
	since time.Time
	// told says that its silence about some kind is told by now.
	told bool
}

// hush listens to a system, once in a run, and only where something is about to open.
func (r *run) hush(ctx context.Context, system string) (hush, error) {
	if h, asked := r.hushes[system]; asked {
		return h, nil
	}
	w, fresh := r.Watch.last(r.now)
	if !fresh {
		var err error
		if w, err = r.readWatched(ctx); err != nil {
			return hush{}, err
		}
	}
	var h hush
	var whole []silence.Slot
	all := map[silence.Source]silence.History{}
	for _, source := range r.sources() {
		if source.System != system {
			continue
		}
		slots, err := r.hear(ctx, source)
		if err != nil {
			return hush{}, err
		}
		all[source] = silence.Of(slots, r.rulesOf(source, w.Since))
		whole = silence.Union(whole, slots)
		quiet, known := w.Silent[sourceName(source)]
		h.told = h.told || known && quiet.Heard.IsZero()
	}
	// Each kind may well rest for so long when all of them together never do.
	together := silence.Source{System: system}
	all[together] = silence.Of(whole, r.rulesOf(together, w.Since))
	if since, hushed := silence.Hushed(all, system, r.now); hushed {
		h.since = since
	}
	if r.hushes == nil {
		r.hushes = map[string]hush{}
	}
	r.hushes[system] = h
	return h, nil
}
