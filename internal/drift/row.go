package drift

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// races is how often a row is judged again after somebody else wrote it.
	races = 16
	// recheck is how often a row with an open finding is looked at although
	// nothing of it changed.
	recheck = 6 * time.Hour
	// claimed is when a row is looked at again whose finding may not have been
	// written.
	claimed = time.Minute
)

// judgement is a rule's verdict on the row at hand.
type judgement struct {
	rule registry.Rule
	judge.Verdict
}

// row judges one row, as often as somebody else writes it meanwhile. A row that
// breaks the code is an error, so that it does not take the others with it.
// What the panic says may hold values of a body, so it is not repeated.
//
// Look is what was asked for, or zero. Its time may be a little ahead of this
// machine's clock.
func (r *run) row(ctx context.Context, id commerce.RecordID, look queue.Look) (err error) {
	defer recovered(id, &err)
	for range races {
		rows, err := r.Records.Get(ctx, []commerce.RecordID{id})
		if err != nil {
			return fmt.Errorf("read %s: %w", id, err)
		}
		row, found := rows[id]
		if row, found = r.newKit(id, row, found); !found {
			return nil
		}
		err = r.examine(ctx, row, look)
		if !errors.Is(err, store.ErrLost) {
			return err
		}
	}
	return fmt.Errorf("judge %s: %d races lost", id, races)
}

// again judges a row that was read a moment ago.
func (r *run) again(ctx context.Context, row record.Row) (err error) {
	defer recovered(row.ID(), &err)
	if err := r.examine(ctx, row, queue.Look{}); !errors.Is(err, store.ErrLost) {
		return err
	}
	return r.row(ctx, row.ID(), queue.Look{})
}

func recovered(id commerce.RecordID, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("judge %s: the row breaks the code (%T)", id, p)
	}
}

// examine takes one row as far as it goes: claim what opens, write findings,
// then let the row rest or ask for the next look.
func (r *run) examine(ctx context.Context, row record.Row, look queue.Look) error {
	if err := r.erase(ctx, row); err != nil || !row.Suppressed.IsZero() {
		return err
	}
	if err := r.Generation.Check(ctx, row.Generation); err != nil {
		return fmt.Errorf("judge %s: %w", row.ID(), err)
	}
	row, err := r.kit(ctx, row)
	if err != nil || row.Rev == 0 {
		return err
	}
	judgements, err := r.judge(ctx, row)
	if err != nil {
		return err
	}
	if !opens(row, judgements) && (look.Left || r.sweeping && (differs(judgements) || r.hasRelocated(row))) {
		if moved, err := r.dropMoved(ctx, row); err != nil || moved {
			return errors.Join(err, lostIf(moved))
		}
	}
	if opens(row, judgements) {
		if moved, err := r.dropMoved(ctx, row); err != nil || moved {
			return errors.Join(err, lostIf(moved))
		}
		if row, err = r.claim(ctx, row, judgements); err != nil {
			return err
		}
	}
	ended := map[string]bool{}
	var wakes time.Time
	for _, j := range causesFirst(judgements) {
		if row.Marks[j.rule.Name()].Open == "" {
			continue
		}
		if r.event, err = r.eventOf(ctx, j); err != nil {
			return err
		}
		f, err := r.finding(ctx, row, j)
		if err != nil {
			return err
		}
		ended[j.rule.Name()] = f.State == finding.Resolved
		if at := f.Wakes(); !at.IsZero() {
			wakes = earlier(wakes, at)
		}
	}
	r.event = ""
	if err := r.closeOrphans(ctx, row, ended); err != nil {
		return err
	}
	rested := forget(row, ended)
	if len(rested.Marks) < len(row.Marks) {
		// What still differs is a spell of its own, with a beginning of its own.
		if judgements, err = r.judge(ctx, rested); err != nil {
			return err
		}
	}
	if err := r.rest(ctx, row, rested, judgements, look.Due, wakes); err != nil {
		return err
	}
	r.count(rested, judgements)
	measure(ctx, judgements)
	return nil
}

// forget is the row without the marks of findings that are over and of rules
// that the registry no longer has.
func forget(row record.Row, ended map[string]bool) record.Row {
	marks := map[string]record.Mark{}
	for name, m := range row.Marks {
		over, judged := ended[name]
		if m.Open == "" || judged && !over {
			marks[name] = m
		}
	}
	row.Marks = marks
	return row
}

func lostIf(moved bool) error {
	if moved {
		return store.ErrLost // the row is another now: judge it again
	}
	return nil
}

// opens reports whether a judgement opens a finding.
func opens(row record.Row, judgements []judgement) bool {
	for _, j := range judgements {
		if j.Outcome == judge.Differ && row.Marks[j.rule.Name()].Open == "" {
			return true
		}
	}
	return false
}

// differs reports whether some judgement is a difference.
func differs(judgements []judgement) bool {
	return slices.ContainsFunc(judgements, func(j judgement) bool { return j.Outcome == judge.Differ })
}

// claim writes into the row which findings are about to open, and keeps it in
// the index, before anything else is written. Whoever loses the race judges
// the row again.
func (r *run) claim(ctx context.Context, row record.Row, judgements []judgement) (record.Row, error) {
	row.Marks = maps.Clone(row.Marks)
	if row.Marks == nil {
		row.Marks = map[string]record.Mark{}
	}
	opened := 0
	for _, j := range judgements {
		before := row.Marks[j.rule.Name()]
		if j.Outcome != judge.Differ || before.Open != "" {
			continue
		}
		m := merge.Mark(j.Verdict, before)
		m.Open = findingID(row, j)
		row.Marks[j.rule.Name()] = m
		opened++
	}
	row.Due = r.now.Add(claimed)
	row.Generation = r.Registry.Generation
	if err := r.Records.Put(ctx, row); err != nil {
		return row, fmt.Errorf("claim %s: %w", row.ID(), err)
	}
	row.Rev++
	r.opened += opened
	return row, nil
}

// rest asks for the next look and then writes what the row has to remember from
// here on, if that changed. In this order a crash between the two asks twice,
// and never not at all.
func (r *run) rest(ctx context.Context, row, rested record.Row, judgements []judgement, looked, wakes time.Time) error {
	next := rested
	next.Marks = map[string]record.Mark{}
	var look, due time.Time
	var wants []string
	for _, j := range judgements {
		// A mark is kept only where the rule is not at rest.
		name := j.rule.Name()
		m, marked := rested.Marks[name]
		switch {
		case marked && m.Open == "" && j.Outcome == judge.CannotTell && !j.Again && row.Due.After(r.now):
			// Nothing is known that was not before: what waits in the index waits
			// on, as an order does that explains stock. What is held waits for its
			// own look, because the index may hold the row for another rule.
			due = earlier(due, row.Due)
		case m.Open != "":
			due = earlier(due, r.stay(row, wakes))
			if j.Outcome == judge.Pending {
				// What is open may become worse.
				due = earlier(due, later(j.Due, r.now.Add(claimed)))
			}
		case !j.Unsettled():
			continue
		default:
			m = merge.Mark(j.Verdict, m)
			at := judge.LookAt(j.rule, j.Verdict, r.now)
			step := merge.Step(at, r.now)
			if merge.Indexed(j.rule, at, r.now) {
				due = earlier(due, at)
			} else if merge.Wants(m, step, later(r.now, looked)) {
				wants = append(wants, name)
				look = earlier(look, step)
			}
		}
		next.Marks[name] = m
	}
	// One look serves all of them: it asks for the next.
	for _, name := range wants {
		m := next.Marks[name]
		m.Look = look
		next.Marks[name] = m
	}
	next.Due = due
	if err := r.ask(ctx, row, look); err != nil {
		return err
	}
	if sameRest(row, next) && (!r.stamps || row.Generation == r.Registry.Generation) {
		return nil
	}
	next.Generation = r.Registry.Generation
	if err := r.Records.Put(ctx, next); err != nil {
		return fmt.Errorf("let %s rest: %w", row.ID(), err)
	}
	return nil
}

// stay is when a row with an open finding is looked at next. A row that was
// claimed or changed a moment ago moves on to the long interval, or to when a
// waiver or a snooze of its findings ends.
func (r *run) stay(row record.Row, wakes time.Time) time.Time {
	at := r.now.Add(recheck)
	if row.Due.Sub(r.now) > claimed {
		at = row.Due
	}
	if wakes.After(r.now) && wakes.Before(at) {
		return wakes
	}
	return at
}

func (r *run) ask(ctx context.Context, row record.Row, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	body := queue.EncodeLook(queue.Look{Kind: row.Kind, Key: row.Key, Due: at})
	delay := min(max(at.Sub(r.now), 0), queue.MaxDelay)
	if err := r.Looks.SendAfter(ctx, delay, body); err != nil {
		return fmt.Errorf("ask for a look at %s: %w", row.ID(), err)
	}
	return nil
}

// sameRest reports whether two rows remember the same of their rules.
func sameRest(a, b record.Row) bool {
	return a.Due.Equal(b.Due) && maps.EqualFunc(a.Marks, b.Marks, func(x, y record.Mark) bool {
		return x.Since.Equal(y.Since) && x.First.Equal(y.First) && x.Unexplained.Equal(y.Unexplained) &&
			x.Look.Equal(y.Look) && x.Open == y.Open && x.Cause == y.Cause
	})
}

// earlier is the earlier of two times; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
