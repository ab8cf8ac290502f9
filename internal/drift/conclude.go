package drift

import (
	"context"
	"errors"
	"fmt"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/store"
)

// conclusion says what follows from a whole walk. It may be called any number of
// times for one walk, also when the next one has begun, and must come to the same
// each time.
type conclusion func(r *run, ctx context.Context, s store.Sweep, f fold.Fold) error

// conclusions are what follows from a walk of that name. A walk without any adds
// up nothing.
func conclusions(name string) []conclusion {
	switch name {
	case auditSweep:
		return []conclusion{(*run).adopt, (*run).summarise, (*run).figures, (*run).learn, (*run).trends, (*run).tellLone}
	case totalSweep:
		return []conclusion{(*run).closeDays}
	default:
		return nil
	}
}

// conclude ends a walk that has gone by all rows: everything that follows from it
// first, and then its end. In this order a crash between the two concludes twice,
// and never not at all.
func (s *Service) conclude(ctx context.Context, sweep store.Sweep) error {
	if err := enough(ctx); err != nil {
		return err
	}
	if s.folds(sweep) {
		if err := s.follows(ctx, sweep); err != nil {
			return fmt.Errorf("conclude sweep %s: %w", sweep.Name, err)
		}
	}
	return s.end(ctx, sweep)
}

// follows comes to the conclusions of a walk. One that fails keeps no other.
func (s *Service) follows(ctx context.Context, sweep store.Sweep) error {
	whole, full, err := s.whole(ctx, sweep)
	if err != nil {
		return err
	}
	if full {
		s.Log.ErrorContext(ctx, "nothing concluded: more was added up than can be kept", "sweep", sweep.Name, "run", sweep.Run)
		return nil
	}
	var failed []error
	r := s.newRun()
	for _, c := range conclusions(sweep.Name) {
		failed = append(failed, c(r, ctx, sweep, whole))
	}
	return errors.Join(failed...)
}

// whole is what all parts of a walk have added up, unless some part was more than
// can be kept.
func (s *Service) whole(ctx context.Context, sweep store.Sweep) (f fold.Fold, full bool, err error) {
	f = *empty(sweep)
	for i := range sweep.Segments {
		part, err := s.part(ctx, sweep, i)
		if err != nil {
			return f, full, err
		}
		f.Merge(part.Fold)
		full = full || part.Full
	}
	return f, full, nil
}

// end notes that a walk is over, unless somebody did or another walk overtook.
func (s *Service) end(ctx context.Context, sweep store.Sweep) error {
	for range races {
		now, err := s.Sweeps.GetSweep(ctx, sweep.Name)
		if err != nil {
			return fmt.Errorf("read sweep %s: %w", sweep.Name, err)
		}
		if now.Run != sweep.Run || !now.Ended.IsZero() {
			return nil
		}
		now.Ended = s.Now().UTC()
		switch err := s.Sweeps.PutSweep(ctx, now); {
		case err == nil:
			s.ended(ctx, now)
			return nil
		case !errors.Is(err, store.ErrLost):
			return fmt.Errorf("end sweep %s: %w", sweep.Name, err)
		}
	}
	return fmt.Errorf("end sweep %s: %d races lost", sweep.Name, races)
}

func (s *Service) ended(ctx context.Context, sweep store.Sweep) {
	rows, left, opened := sums(sweep)
	s.Log.InfoContext(ctx, "sweep ended", "sweep", sweep.Name, "run", sweep.Run, "cause", sweep.Cause,
		"rows", rows, "left", left, "opened", opened, "seconds", int(sweep.Ended.Sub(sweep.Begun).Seconds()))
}

func sums(s store.Sweep) (rows, left, opened int) {
	for _, part := range s.Segments {
		rows, left, opened = rows+part.Rows, left+part.Left, opened+part.Opened
	}
	return rows, left, opened
}
