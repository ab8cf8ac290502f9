package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
)

// emptyTimes is how often in a row the queue of rows has to be found empty.
const emptyTimes = 2

// conclude comes to what follows from the file as a whole, once all its rows are
// merged.
func (s *Service) conclude(ctx context.Context, p progress) error {
	if !p.Merged {
		return s.await(ctx, p)
	}
	if p.Walk == nil {
		if over, err := s.decide(ctx, &p); err != nil || over {
			return err
		}
	}
	keys, err := s.allRead(ctx, p)
	if err != nil {
		return err
	}
	w := &walk{service: s, progress: p, keys: keys}
	switch err := w.run(ctx); {
	case errors.Is(err, store.ErrLost):
		return nil // somebody else goes on
	case err != nil:
		return err
	case !w.walked():
		return s.goOn(ctx, w.progress, 0)
	}
	return s.follows(ctx, w.progress)
}

// await waits until the rows are merged, and until the webhooks that they could be
// missing would have come.
func (s *Service) await(ctx context.Context, p progress) error {
	if late := p.Waits.Sub(s.Now()); late > 0 {
		return s.goOn(ctx, p, min(late, queue.MaxDelay))
	}
	visible, inFlight, delayed, err := s.Bulk.Depth(ctx)
	if err != nil {
		return fmt.Errorf("ask for the rows that wait: %w", err)
	}
	if visible+inFlight+delayed > 0 {
		p.Empty = 0
		return s.goOn(ctx, p, settled)
	}
	if p.Empty++; p.Empty < emptyTimes {
		err := s.save(ctx, &p)
		if errors.Is(err, store.ErrLost) {
			return nil
		}
		return errors.Join(err, s.goOn(ctx, p, settled))
	}
	if all, err := s.account(ctx, &p); err != nil || !all {
		return err
	}
	return s.conclude(ctx, p)
}

// covered is since when the system's webhooks tell of such records, or zero.
func (s *Service) covered(ctx context.Context, p progress) (time.Time, error) {
	name := merge.CoveredMark(p.System, p.Kind)
	marks, err := s.Marks.GetMarks(ctx, []string{name})
	if err != nil {
		return time.Time{}, fmt.Errorf("read since when %s is heard: %w", p.System, err)
	}
	return marks[name], nil
}

// follows is what follows from the whole walk, before the load is over.
func (s *Service) follows(ctx context.Context, p progress) error {
	if err := s.tellLost(ctx, p); err != nil {
		return err
	}
	if p.Concludes && p.whole() {
		if err := s.cover(ctx, p); err != nil {
			return err
		}
	}
	return s.over(ctx, p)
}

// cover notes that everything of the system is known. What its webhooks told since,
// and what the file said, are all that there is; without webhooks only the file
// says so, of its time.
func (s *Service) cover(ctx context.Context, p progress) error {
	heard, err := s.covered(ctx, p)
	if err != nil {
		return err
	}
	if !heard.IsZero() && !heard.After(p.AsOf) {
		if err := s.Marks.EarliestMark(ctx, merge.CoveredMark(p.System, p.Kind), everything); err != nil {
			return fmt.Errorf("note that all of %s is known: %w", p.System, err)
		}
	}
	if err := s.Marks.LatestMark(ctx, merge.SnapshotMark(p.System, p.Kind), p.AsOf); err != nil {
		return fmt.Errorf("note that all of %s is known: %w", p.System, err)
	}
	return nil
}

// whole reports whether the load is about all records of its kind.
func (p progress) whole() bool { return p.Sweep == nil || p.Sweep.Slot == "" }

// everything is before all records.
var everything = time.Unix(0, 0).UTC()

func (s *Service) over(ctx context.Context, p progress) error {
	if !p.Truncated && p.Unmerged == 0 && p.Sweep == nil {
		if err := s.Marks.LatestMark(ctx, merge.FileMark(p.System, p.Kind), p.AsOf); err != nil {
			return fmt.Errorf("note how old the newest file of %s is: %w", p.System, err)
		}
	}
	p.State, p.Concluded = Done, s.Now().UTC()
	if err := s.report(ctx, p); err != nil {
		return err
	}
	s.Log.InfoContext(ctx, "load concluded", "load", p.Load, "system", p.System, "kind", string(p.Kind), "rows", p.Rows,
		"keys", p.Keys, "rejected", p.Rejected, "concludes", p.Concludes, "gone", p.Gone, "lost", p.Lost)
	return s.advance(ctx, p, 0)
}
