package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/report"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

// boardAudit gives the board the figures of an audit that it does not know yet, and
// reports whether there was one.
func (r *run) boardAudit(ctx context.Context, next *board.Snapshot) (bool, error) {
	if r.Sweeps == nil {
		return false, nil
	}
	sweep, err := r.Sweeps.GetSweep(ctx, auditSweep)
	if errors.Is(err, store.ErrNotFound) || err == nil && (sweep.Ended.IsZero() || sweep.Run == next.Audit.Run) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read sweep %s for the board: %w", auditSweep, err)
	}
	var a Audited
	if err := r.document(ctx, AuditLatest, &a); err != nil || a.Run == "" || a.Run == next.Audit.Run {
		return false, err
	}
	audits, err := r.audits(ctx, a.Began)
	if err != nil {
		return false, err
	}
	next.Audit = board.Audit{
		Run: a.Run, Generation: a.Generation, Began: a.Began, Walked: a.Walked, Rows: a.Rows, Left: a.Left, Opened: a.Opened,
		Mended: len(a.Mended), Kinds: board.Counts(a.Fold.Kinds),
	}
	known := map[string]board.Integration{}
	for _, i := range next.Integrations {
		known[i.Name] = i
	}
	next.Integrations = nil
	for _, i := range r.Registry.Integrations {
		one := board.IntegrationOf(i, known[i.Name]).Audited(i, audits, a.Fold, a.Began)
		news, err := r.newsOf(ctx, func(s silence.Source) bool { return board.Needs(i, s.System, s.Kind) })
		if err != nil {
			return false, err
		}
		one.Hours = board.HoursOf(news, a.Began)
		next.Audit.Days = one.Line.Days
		next.Integrations = append(next.Integrations, one)
	}
	return true, r.versions(ctx, next)
}

// document reads a document if there is one.
func (r *run) document(ctx context.Context, name string, into any) error {
	d, err := r.Documents.GetDocument(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(d.Body, into)
	}
	if err != nil {
		return fmt.Errorf("read document %s: %w", name, err)
	}
	return nil
}

// audits are those of the time for which error budgets are, in the order in which
// they began.
func (r *run) audits(ctx context.Context, at time.Time) ([]report.Audit, error) {
	var audits []report.Audit
	for _, name := range report.Names(at) {
		day, _, err := readDay(ctx, r.Documents, name)
		if err != nil {
			return nil, err
		}
		audits = append(audits, day.Audits...)
	}
	return audits, nil
}

// newsOf is what came of some sources.
func (r *run) newsOf(ctx context.Context, wanted func(silence.Source) bool) ([]board.News, error) {
	var all []board.News
	if r.Watch == nil {
		return nil, nil
	}
	for _, source := range r.sources() {
		if !wanted(source) {
			continue
		}
		slots, err := r.hear(ctx, source)
		if err != nil {
			return nil, err
		}
		all = append(all, board.News{Slots: slots, Zone: r.Registry.Systems[source.System].Timezone})
	}
	return all, nil
}
