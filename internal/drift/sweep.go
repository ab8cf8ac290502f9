package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// segments is how many parts of a walk go on side by side.
	segments = 4
	// pageRows is how many rows are read and judged between two glances at the
	// time.
	pageRows = 50
	// settling is how long a new generation waits before it judges what is there:
	// by then no function of an earlier one adds rows, because it has heard that it
	// is not current, and its last invocations are over.
	settling = 2 * time.Minute
	// stuck is how long a part of a walk may rest before its message is taken for
	// lost.
	stuck = 15 * time.Minute
)

// sweeps begins the walks that are to begin, and helps those that rest.
func (r *run) sweeps(ctx context.Context) error {
	if r.Sweeps == nil {
		return nil
	}
	policy, err := r.policy(ctx)
	if err != nil {
		return err
	}
	if !r.now.Before(policy.Noted.Add(settling)) {
		if err := r.drive(ctx, policy); err != nil {
			return err
		}
	}
	if err := r.totals(ctx); err != nil {
		return err
	}
	audit, err := r.Sweeps.GetSweep(ctx, auditSweep)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read sweep %s: %w", auditSweep, err)
	}
	return r.drive(ctx, audit)
}

// drive sends a message for each part of a walk that rests, and then notes it.
// In this order a crash between the two sends twice, and never not at all.
func (r *run) drive(ctx context.Context, s store.Sweep) error {
	if !s.Ended.IsZero() || s.Generation != r.Registry.Generation {
		return nil
	}
	if err := r.Generation.Check(ctx, ""); errors.Is(err, generation.ErrOld) {
		return nil
	} else if err != nil {
		return err
	}
	s.Segments = slices.Clone(s.Segments)
	sent := 0
	for i := range s.Segments {
		part := &s.Segments[i]
		if part.Done || !part.Moved.IsZero() && r.now.Sub(part.Moved) < stuck {
			continue
		}
		if err := r.sendSweep(ctx, s, i); err != nil {
			return err
		}
		part.Moved = r.now.UTC()
		sent++
	}
	if walked(s) && r.now.Sub(s.Segments[0].Moved) >= stuck {
		// Nobody has concluded it: whoever came to its end did not live to.
		if err := r.sendSweep(ctx, s, 0); err != nil {
			return err
		}
		s.Segments[0].Moved = r.now.UTC()
		sent++
	}
	if sent == 0 {
		return nil
	}
	if s.Begun.IsZero() {
		s.Begun = r.now.UTC()
	}
	// Who lost the race came further meanwhile; the next tick looks again.
	if err := r.Sweeps.PutSweep(ctx, s); err != nil && !errors.Is(err, store.ErrLost) {
		return fmt.Errorf("note the beginning of sweep %s: %w", s.Name, err)
	}
	return nil
}

func (s *Service) sendSweep(ctx context.Context, sweep store.Sweep, segment int) error {
	body := queue.EncodeSweep(queue.Sweep{Name: sweep.Name, Run: sweep.Run, Generation: sweep.Generation, Segment: segment})
	if err := s.Looks.SendAfter(ctx, 0, body); err != nil {
		return fmt.Errorf("send part %d of sweep %s: %w", segment, sweep.Name, err)
	}
	return nil
}

// sweepOn goes on with the part of a walk that a message names, for half of the
// time that is left, and sends the message on if there is more. A message whose
// walk was overtaken, or whose part is done, has nothing to say.
func (s *Service) sweepOn(ctx context.Context, body string) error {
	m, err := queue.DecodeSweep(body)
	if err != nil {
		return fmt.Errorf("read sweep: %w", err)
	}
	if m.Generation != s.Registry.Generation {
		return s.Generation.Check(ctx, m.Generation)
	}
	sweep, err := s.Sweeps.GetSweep(ctx, m.Name)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read sweep %s: %w", m.Name, err)
	}
	switch {
	case sweep.Run != m.Run || m.Segment >= len(sweep.Segments) || !sweep.Ended.IsZero():
		return nil
	case walked(sweep):
		return s.conclude(ctx, sweep)
	case sweep.Segments[m.Segment].Done:
		return nil
	}
	w := &walk{Service: s, sweep: sweep, segment: m.Segment, at: sweep.Segments[m.Segment], alerts: knownAlerts{}}
	if err := w.on(ctx); err != nil {
		return fmt.Errorf("sweep %s, part %d: %w", m.Name, m.Segment, err)
	}
	return nil
}

// walked reports whether all rows were walked by.
func walked(s store.Sweep) bool {
	return !slices.ContainsFunc(s.Segments, func(part store.SweepSegment) bool { return !part.Done })
}

// walk is one invocation's work on one part of a walk over all rows.
type walk struct {
	*Service
	sweep   store.Sweep
	segment int
	// at is how far the part is by now.
	at store.SweepSegment
	// folded is what was added up on the way there, nil where nothing is.
	folded *folded
	// alerts are those that were read on the way there.
	alerts knownAlerts
}

// on goes on where the part is, notes how far it came, and sees to it that
// somebody goes on from there.
func (w *walk) on(ctx context.Context) error {
	if err := w.resume(ctx); err != nil {
		return err
	}
	var stopped error
	if !w.at.Done {
		stopped = w.walk(ctx)
	}
	if errors.Is(stopped, generation.ErrOld) {
		return nil // the newer one walks
	}
	after, saved, err := w.save(ctx)
	if err := errors.Join(stopped, err); err != nil {
		return err
	}
	switch {
	case !saved:
		return nil // somebody else goes on
	case walked(after):
		return w.conclude(ctx, after)
	case w.at.Done:
		return nil
	}
	return w.sendSweep(ctx, w.sweep, w.segment)
}

// walk reads and judges pages until the end or until half of the time is over,
// so that looks have their turn. The first page is read in any case.
func (w *walk) walk(ctx context.Context) error {
	deadline, limited := ctx.Deadline()
	turn := time.Until(deadline) / 2
	for {
		rows, next, err := w.Records.Page(ctx, w.segment, len(w.sweep.Segments), w.at.Cursor, pageRows)
		if err != nil {
			return err
		}
		before := w.at
		if whole, err := w.page(ctx, rows); err != nil || !whole {
			w.at = before
			return err
		}
		w.at.Cursor, w.at.Done = next, next == ""
		if w.at.Done || limited && time.Until(deadline) < turn {
			return nil
		}
	}
}

// page judges the rows of a page that the walk is about. It reports whether
// there was time for all of them.
func (w *walk) page(ctx context.Context, rows []record.Row) (whole bool, err error) {
	run := w.newRun()
	run.sweeping, run.stamps, run.alerts = true, w.sweep.Name == policySweep, w.alerts
	if w.folded != nil {
		run.fold, run.adding = empty(w.sweep), w.sweep.Name == totalSweep
	}
	for _, row := range rows {
		if !w.touches(row) {
			continue
		}
		if !timely(ctx) {
			return false, nil
		}
		switch err := run.again(ctx, row); {
		case errors.Is(err, generation.ErrOld):
			return false, err
		case err != nil:
			// One row must not keep all others. The queue tries it as often as any.
			w.Log.ErrorContext(ctx, "row not judged", "record", string(row.ID()), "error", err.Error())
			if err := run.ask(ctx, row, run.now); err != nil {
				return false, err
			}
			w.at.Left++
		default:
			w.at.Rows++
		}
	}
	w.at.Opened += run.opened
	if w.folded != nil {
		w.folded.Fold.Merge(*run.fold)
	}
	return true, nil
}

func timely(ctx context.Context) bool { return enough(ctx) == nil }

func (w *walk) touches(row record.Row) bool {
	if slices.Contains(w.sweep.Kinds, row.Kind) {
		return true
	}
	for name := range row.Marks {
		if slices.Contains(w.sweep.Changed, name) {
			return true
		}
	}
	return false
}

// save notes how far the part is, and returns the walk with it. It reports false
// when somebody else came as far on the same part, or another walk overtook.
func (w *walk) save(ctx context.Context) (after store.Sweep, saved bool, err error) {
	w.at.Moved = w.Now().UTC()
	if kept, err := w.keep(ctx); err != nil || !kept {
		return after, false, err
	}
	for range races {
		s, err := w.Sweeps.GetSweep(ctx, w.sweep.Name)
		if err != nil {
			return s, false, fmt.Errorf("read progress: %w", err)
		}
		if s.Run != w.sweep.Run || s.Segments[w.segment].Step >= w.at.Step {
			return s, false, nil
		}
		s.Segments = slices.Clone(s.Segments)
		s.Segments[w.segment] = w.at
		err = w.Sweeps.PutSweep(ctx, s)
		if errors.Is(err, store.ErrLost) {
			continue
		}
		if err != nil {
			return s, false, fmt.Errorf("note progress: %w", err)
		}
		s.Rev++
		return s, true, nil
	}
	return after, false, fmt.Errorf("note progress: %d races lost", races)
}
