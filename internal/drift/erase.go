package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// erase removes what findings hold of a row that must not say it any more: all
// of them of a suppressed row, those that name somebody of a redacted one. Every
// step may be repeated; a finding goes last, because it shows the way to its
// alert.
func (r *run) erase(ctx context.Context, row record.Row) error {
	if row.Suppressed.IsZero() && row.Redacted.IsZero() {
		return nil
	}
	findings, err := r.findingsOf(ctx, row)
	if err != nil {
		return err
	}
	for _, f := range findings {
		if row.Suppressed.IsZero() && !namesSomebody(f) {
			continue
		}
		if err := r.eraseFinding(ctx, f); err != nil {
			return fmt.Errorf("erase finding %s: %w", f.ID, err)
		}
	}
	return nil
}

// findingsOf are all findings of a row: what the index knows, and what the row
// itself has claimed a moment ago.
func (r *run) findingsOf(ctx context.Context, row record.Row) ([]finding.Finding, error) {
	findings, err := r.Findings.FindingsOf(ctx, row.ID())
	if err != nil {
		return nil, err
	}
	for _, m := range row.Marks {
		known := func(f finding.Finding) bool { return f.ID == m.Open }
		if m.Open == "" || slices.ContainsFunc(findings, known) {
			continue
		}
		f, err := r.Findings.GetFinding(ctx, m.Open)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read finding %s: %w", m.Open, err)
		}
		findings = append(findings, f)
	}
	return findings, nil
}

// namesSomebody reports whether a finding shows, or once showed, a facet that
// may name a person.
func namesSomebody(f finding.Finding) bool {
	naming := f.Kind.NamingFacets()
	return slices.ContainsFunc(f.Differences, func(d finding.Difference) bool { return slices.Contains(naming, d.Facet) }) ||
		slices.ContainsFunc(f.Timeline, func(e finding.Event) bool {
			return slices.ContainsFunc(naming, func(name string) bool { return strings.Contains(e.What, name) })
		})
}

func (r *run) eraseFinding(ctx context.Context, f finding.Finding) error {
	for id := f.Alert; id != ""; {
		a, err := r.Findings.GetAlert(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return fmt.Errorf("read alert %s: %w", id, err)
		}
		if err := r.forgetIn(ctx, a, f); err != nil {
			return err
		}
		id = a.Into
	}
	for _, name := range append(causes(f), spellsName(f)) {
		if err := r.Findings.DeleteGroup(ctx, name); err != nil {
			return err
		}
	}
	return r.Findings.DeleteFinding(ctx, f.ID)
}

// errMoving leaves an alert alone whose findings are on their way into another
// one: what was taken out here would arrive there.
var errMoving = errors.New("drift: the alert is on its way into another one")

func (r *run) forgetIn(ctx context.Context, a alert.Alert, f finding.Finding) error {
	next, changed := alert.Forget(a, f.ID, r.now)
	if !changed {
		return nil
	}
	if a.Into != "" {
		return errMoving
	}
	next, _ = alert.Plan(next, r.ladder(next), r.now)
	if err := r.Findings.PutAlert(ctx, r.stamped(next)); err != nil {
		return fmt.Errorf("write alert %s: %w", a.ID, err)
	}
	return nil
}
