package drift

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// backlogHold is how long a late merge keeps findings from opening.
const backlogHold = 2 * time.Minute

// run is one invocation: a fixed time, and what it has read already.
type run struct {
	*Service
	now      time.Time
	contexts map[commerce.Kind]judge.Context
	orders   *[]record.Row
	// event names the change of the registry whose findings belong together, or
	// is blank.
	event string
	// days are the changes that were read, by the names of their documents.
	days map[string]change.Day
	// learned are the settle times that are learnt, once they are read.
	learned *learnt.Learnt
	// changed is the last change of the registry, once it is read.
	changed *store.Sweep
	// sweeping is set on walks over all rows. Then views that have moved are
	// dropped although nothing is about to open. Stamps makes every row that is
	// judged one of this generation.
	sweeping, stamps bool
	// alerts are those that were read to tell them of their findings.
	alerts knownAlerts
	// opened counts the findings that were claimed.
	opened int
	// fold adds up the rows that were judged, where that is wanted; adding is set
	// where it adds up totals and nothing else.
	fold   *fold.Fold
	adding bool
	// ledgers are the rules about totals and the days that they are about, once
	// they are asked for.
	ledgers []ledger
	// hushes are how systems stand that may say less than usual, once they are asked
	// for.
	hushes map[string]hush
}

func (s *Service) newRun() *run {
	return &run{Service: s, now: s.Now(), contexts: map[commerce.Kind]judge.Context{}, days: map[string]change.Day{}, alerts: knownAlerts{}}
}

// judge judges a row under each of its rules.
func (r *run) judge(ctx context.Context, row record.Row) ([]judgement, error) {
	rules := r.Rules[row.Kind]
	out := make([]judgement, 0, len(rules))
	for _, rule := range rules {
		rule = r.learnt(ctx).Rule(rule, row.Key)
		v, err := r.verdict(ctx, row, rule)
		if err != nil {
			return nil, err
		}
		if v, err = r.refunded(ctx, v, row, rule); err != nil {
			return nil, err
		}
		if v, err = r.hushed(ctx, r.quiet(v, row, rule), row, rule); err != nil {
			return nil, err
		}
		out = append(out, judgement{rule: rule, Verdict: v})
	}
	return out, nil
}

// verdict judges a row under one rule, and reads what is known around it only
// where that may change the verdict. Most looks find that the sides agree by now,
// and read the row and no more.
func (r *run) verdict(ctx context.Context, row record.Row, rule registry.Rule) (judge.Verdict, error) {
	around, whole, err := r.atHand(ctx, row.Kind)
	if err != nil {
		return judge.Verdict{}, err
	}
	around.Currency = r.Registry.Systems[rule.From].Currency
	v := judge.Judge(rule, row, around, r.now)
	if v.Unsettled() && rule.UsesInFlight() {
		flight, err := r.inFlight(ctx, rule, row.Key)
		if err != nil {
			return v, err
		}
		around.InFlight = &flight
		v = judge.Judge(rule, row, around, r.now)
	}
	if whole || !v.Doubtful() {
		return v, nil
	}
	known, err := r.context(ctx, row.Kind)
	known.Currency, known.InFlight = around.Currency, around.InFlight
	return judge.Judge(rule, row, known, r.now), err
}

// atHand is what is known around rows of a kind before more is read, and whether it
// is the whole. It is wherever files may tell of the kind.
func (r *run) atHand(ctx context.Context, kind commerce.Kind) (around judge.Context, whole bool, err error) {
	_, whole = r.contexts[kind]
	for _, system := range r.Registry.Systems {
		whole = whole || system.Exports[kind] != nil
	}
	if !whole {
		return judge.Context{Tables: r.Registry.Tables, Mapped: r.mapped}, false, nil
	}
	around, err = r.context(ctx, kind)
	return around, true, err
}

// learnt is what is judged by, the same all through the run.
func (r *run) learnt(ctx context.Context) learnt.Learnt {
	if r.learned == nil {
		l := r.Learnt.Current(ctx)
		r.learned = &l
	}
	return *r.learned
}

// quiet keeps a difference from opening inside a quiet window.
func (r *run) quiet(v judge.Verdict, row record.Row, rule registry.Rule) judge.Verdict {
	if v.Outcome != judge.Differ || row.Marks[rule.Name()].Open != "" || row.Kind == commerce.Canary {
		return v
	}
	if why, quiet := r.Registry.QuietAt(rule.Integration, r.now); quiet {
		v.Outcome, v.Why, v.Again = judge.Pending, "quiet: "+why, true
	}
	return v
}

func (r *run) mapped(system, what, native string) bool {
	return merge.Mapped(r.Registry, system, what, native)
}

// context reads what is known around rows of a kind, once per run.
func (r *run) context(ctx context.Context, kind commerce.Kind) (judge.Context, error) {
	if kind == commerce.Canary {
		return judge.Context{}, nil // nothing holds it, so that it tells when all is held
	}
	if c, ok := r.contexts[kind]; ok {
		return c, nil
	}
	names := []string{merge.LateMark}
	for system := range r.Registry.Systems {
		names = append(names, merge.CoveredMark(system, kind), merge.UnreadMark(system))
		if r.Registry.Systems[system].Exports[kind] != nil {
			names = append(names, merge.SnapshotMark(system, kind), merge.FileMark(system, kind))
		}
	}
	marks, err := r.Marks.GetMarks(ctx, names)
	if err != nil {
		return judge.Context{}, fmt.Errorf("read marks of %s: %w", kind, err)
	}
	c := judge.Context{
		Covered: map[string]time.Time{}, Snapshot: map[string]time.Time{}, Files: map[string]time.Time{}, Unread: map[string]time.Time{}, Tables: r.Registry.Tables,
		Mapped: r.mapped,
	}
	for name, system := range r.Registry.Systems {
		since, heard := marks[merge.CoveredMark(name, kind)]
		if heard {
			c.Covered[name] = since
		}
		if at, ok := marks[merge.FileMark(name, kind)]; ok && !heard {
			c.Files[name] = at
		}
		if since, ok := system.CoveredSince[kind]; ok {
			c.Covered[name] = since
		}
		if at, ok := marks[merge.SnapshotMark(name, kind)]; ok {
			c.Snapshot[name] = at
		}
		if at, ok := marks[merge.UnreadMark(name)]; ok {
			c.Unread[name] = at
		}
	}
	if late, ok := marks[merge.LateMark]; ok && r.now.Sub(late) < backlogHold {
		c.Held = "Plumbline itself is behind with merging deliveries"
	}
	if err := r.around(ctx, &c, kind); err != nil {
		return c, err
	}
	r.contexts[kind] = c
	return c, nil
}

// due lists the rows of all shards whose time has come.
func (r *run) due(ctx context.Context, until time.Time, limit int) ([]commerce.RecordID, error) {
	var all []commerce.RecordID
	for shard := range store.Shards {
		ids, err := r.Records.Due(ctx, shard, until, limit)
		if err != nil {
			return nil, fmt.Errorf("list due rows of shard %d: %w", shard, err)
		}
		all = append(all, ids...)
	}
	slices.Sort(all)
	return all, nil
}

// Verdicts judges a row as it is now, with all that is known around it, and
// writes nothing. It answers why there is a finding, and why there is none.
func (s *Service) Verdicts(ctx context.Context, row record.Row) ([]judge.Verdict, error) {
	judgements, err := s.newRun().judge(ctx, row)
	if err != nil {
		return nil, err
	}
	verdicts := make([]judge.Verdict, 0, len(judgements))
	for _, j := range judgements {
		verdicts = append(verdicts, j.Verdict)
	}
	return verdicts, nil
}
