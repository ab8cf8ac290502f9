package drift

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// missedTicks is how long no tick may come to its end.
	missedTicks = 5 * time.Minute
	// switchedOff is how long a break is that somebody wanted.
	switchedOff = 7 * 24 * time.Hour
	// gapTold is how long people are told of a break that is over.
	gapTold = 30 * time.Minute
	// auditLate is how long after one audit the next one has to begin.
	auditLate = 26 * time.Hour
)

// schedule tells when drift's own schedule stood still, once it runs again, and
// when no audit begins. What was due in a break has opened late.
func (r *run) schedule(ctx context.Context, w *watched) error {
	stood := r.now.Sub(w.Ticked)
	switch {
	case w.Ticked.IsZero(), stood >= switchedOff:
		w.Since = r.now.UTC()
	case stood > missedTicks:
		err := r.note(ctx, note{
			system: commerce.Plumbline, what: judge.Schedule, native: "run", at: r.now, since: w.Ticked,
			reason: fmt.Sprintf("it stood still from %s to %s, and what was due then opens late", w.Ticked.Format("02 Jan 15:04"), r.now.UTC().Format("15:04 MST")),
		})
		if err != nil {
			return err
		}
		w.Since, w.Gap = r.now.UTC(), r.now.UTC()
	case !w.Gap.IsZero() && r.now.Sub(w.Gap) >= gapTold,
		// Twice an hour: a run may have told of a break, and another one overtaken it
		// before it could note that.
		w.Gap.IsZero() && r.now.Truncate(gapTold).After(w.Ticked):
		if err := r.note(ctx, note{system: commerce.Plumbline, what: judge.Schedule, native: "run", at: r.now, over: true}); err != nil {
			return err
		}
		w.Gap = time.Time{}
	}
	return r.audited(ctx, w)
}

// audited tells when no audit has begun for long. It asks only then.
func (r *run) audited(ctx context.Context, w *watched) error {
	due := func() time.Time { return later(w.Audited, w.Since).Add(auditLate) }
	if r.Sweeps == nil || !w.Unaudited && r.now.Before(due()) {
		return nil
	}
	audit, err := r.Sweeps.GetSweep(ctx, auditSweep)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("read sweep %s: %w", auditSweep, err)
	}
	w.Audited = audit.Noted
	late := !r.now.Before(due())
	if late == w.Unaudited {
		return nil
	}
	err = r.note(ctx, note{
		system: commerce.Plumbline, what: judge.Schedule, native: "audit", at: r.now, over: !late, since: due(),
		reason: "no audit has begun for more than 26 hours",
	})
	if err != nil {
		return err
	}
	w.Unaudited = late
	return nil
}
