package drift

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/store"
)

// auditSweep is the daily walk over all rows.
const auditSweep = "audit"

// Audit begins to judge every row again, whatever is known of it: a look that
// was lost costs a day and no more. A second call within the hour changes
// nothing, and one that comes while an earlier audit goes on takes over from it.
// What is found joins alerts as any other finding.
func (s *Service) Audit(ctx context.Context) error {
	if s.Sweeps == nil {
		return nil
	}
	r := s.newRun()
	if current, err := r.Generation.Current(ctx); err != nil || !current {
		return errors.Join(err, onlyIf(!current, generation.ErrOld))
	}
	before, err := r.Sweeps.GetSweep(ctx, auditSweep)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read sweep %s: %w", auditSweep, err)
	}
	now := r.now.UTC()
	next := store.Sweep{
		Name: auditSweep, Run: now.Truncate(time.Hour).Format(time.RFC3339), Generation: r.Registry.Generation,
		Cause: "the daily audit", Kinds: append(commerce.Kinds(), commerce.Mapping, commerce.Anchor, commerce.Trend),
		Noted: now, Segments: make([]store.SweepSegment, segments), Rev: before.Rev,
	}
	if next.Last = before.Last; !before.Ended.IsZero() {
		next.Last = before.Noted
	}
	if before.Run == next.Run && before.Generation == next.Generation {
		return r.begin(ctx, before)
	}
	if err := r.Sweeps.PutSweep(ctx, next); err != nil {
		return fmt.Errorf("begin the audit: %w", err)
	}
	next.Rev++
	return r.begin(ctx, next)
}

// begin gives findings back to their rows, before the walk opens others for them,
// and lets it begin. The walk does not wait for what cannot be mended.
func (r *run) begin(ctx context.Context, s store.Sweep) error {
	var mended error
	if r.Documents != nil && s.Begun.IsZero() {
		mended = r.adopt(ctx, s, fold.Fold{})
	}
	return errors.Join(mended, r.drive(ctx, s))
}

func onlyIf(condition bool, err error) error {
	if condition {
		return err
	}
	return nil
}
