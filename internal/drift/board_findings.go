package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
	"github.com/plumbline/plumbline/internal/store"
)

// snapshot is what the board is to show, as far as it has changed since before,
// and whether anything has.
func (r *run) snapshot(ctx context.Context, before board.Snapshot, anew bool) (board.Snapshot, bool, error) {
	next := before
	active, err := r.Findings.ActiveFindings(ctx)
	if err != nil {
		return next, false, fmt.Errorf("read findings for the board: %w", err)
	}
	audited, err := r.boardAudit(ctx, &next)
	if err != nil {
		return next, false, err
	}
	changed, err := r.boardFindings(ctx, &next, active, audited, anew)
	if err != nil {
		return next, false, err
	}
	heard, err := r.boardSystems(ctx, &next, anew)
	if err != nil {
		return next, false, err
	}
	if anew {
		next.Registered = r.now.UTC()
	}
	hour := r.now.UTC().Truncate(time.Hour)
	confirmed := !hour.Equal(before.Confirmed)
	if changed = changed || audited; changed || anew {
		next.Changed = r.now.UTC()
	}
	next.Confirmed = hour
	r.boardIntegrations(&next, active)
	return next, changed || heard || confirmed, nil
}

// boardFindings replaces the findings that have changed. The audit looks through
// everything that was ever found, so that what began and ended between two runs is
// there as well, and what was erased is not.
func (r *run) boardFindings(ctx context.Context, next *board.Snapshot, active []finding.Finding, all, anew bool) (changed bool, err error) {
	known := map[string]board.Finding{}
	for _, f := range next.Findings {
		known[f.ID] = f
	}
	current := slices.DeleteFunc(slices.Clone(active), func(f finding.Finding) bool { return !f.Told() })
	if all {
		if current, err = r.everFound(ctx); err != nil {
			return false, err
		}
	} else if current, err = r.alsoEnded(ctx, current, next.Findings); err != nil {
		return false, err
	}
	slices.SortFunc(current, board.Gravest)
	shown := current[:min(len(current), board.MaxFindings)]
	var findings []board.Finding
	for _, f := range shown {
		was, there := known[f.ID]
		if there && was.Rev == f.Rev && (f.State == finding.Resolved || !all && !anew) {
			findings = append(findings, was)
			continue
		}
		changed = true
		page, err := r.boardFinding(ctx, f)
		if err != nil {
			return false, err
		}
		findings = append(findings, page)
	}
	open, ended := next.OpenLeft, next.EndedLeft
	if next.OpenLeft = 0; all {
		next.EndedLeft = 0
	}
	for _, f := range current[len(shown):] {
		if f.State == finding.Resolved {
			next.EndedLeft++
		} else {
			next.OpenLeft++
		}
	}
	changed = changed || len(findings) != len(next.Findings) || open != next.OpenLeft || ended != next.EndedLeft
	next.Findings = findings
	return changed, nil
}

// everFound are the findings that are open, and those that ended of late.
func (r *run) everFound(ctx context.Context) ([]finding.Finding, error) {
	all, err := r.Findings.AllFindings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read all findings for the board: %w", err)
	}
	return slices.DeleteFunc(all, func(f finding.Finding) bool { return !f.Told() || r.longOver(f.State, f.Resolved) }), nil
}

func (r *run) longOver(state finding.State, ended time.Time) bool {
	return state == finding.Resolved && r.now.Sub(ended) > board.EndedKept
}

// alsoEnded adds to the active findings those on the board that are not among
// them: they have ended, or were opened a moment ago.
func (r *run) alsoEnded(ctx context.Context, active []finding.Finding, onBoard []board.Finding) ([]finding.Finding, error) {
	listed := map[string]bool{}
	for _, f := range active {
		listed[f.ID] = true
	}
	for _, was := range onBoard {
		if listed[was.ID] || r.longOver(was.State, was.Ended) {
			continue
		}
		if was.State == finding.Resolved {
			// It stays as it is: enough of it to keep its place.
			active = append(active, finding.Finding{ID: was.ID, State: was.State, Resolved: was.Ended, Rev: was.Rev})
			continue
		}
		f, err := r.Findings.GetFinding(ctx, was.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read finding %s for the board: %w", was.ID, err)
		}
		active = append(active, f)
	}
	return active, nil
}

// boardFinding puts a finding into words, with its record as it is now.
func (r *run) boardFinding(ctx context.Context, f finding.Finding) (board.Finding, error) {
	about := board.About{Rule: r.ruleOf(f), Links: r.links(f), Now: r.now.In(r.Board.Zone)}
	about.Integration, _ = r.Registry.Integration(f.Integration)
	id := f.Key.ID(f.Kind)
	rows, err := r.Records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return board.Finding{}, fmt.Errorf("read the record of finding %s for the board: %w", f.ID, err)
	}
	if row, there := rows[id]; there {
		judgements, err := r.judge(ctx, row)
		if err != nil {
			return board.Finding{}, err
		}
		about.Row, about.Verdicts = row, verdictsOf(judgements)
	}
	changes, err := r.changes(ctx, f.Since.Add(-change.Window), f.Since)
	if err != nil {
		return board.Finding{}, err
	}
	about.Near, _ = change.Nearest(changes, f.Since, f.Integration, f.From, f.To)
	return board.FindingOf(f, about), nil
}

func verdictsOf(judgements []judgement) []judge.Verdict {
	verdicts := make([]judge.Verdict, 0, len(judgements))
	for _, j := range judgements {
		verdicts = append(verdicts, j.Verdict)
	}
	return verdicts
}

// ruleOf is the rule of a finding, or what is left of one that is gone.
func (r *run) ruleOf(f finding.Finding) registry.Rule {
	for _, rule := range r.Rules[f.Kind] {
		if rule.Integration == f.Integration && rule.ID == f.Rule {
			return rule
		}
	}
	return registry.Rule{Integration: f.Integration, ID: f.Rule, From: f.From, To: f.To, Kind: f.Kind}
}

// boardIntegrations are those of the registry with the figures that are known of
// them, and what is open now.
func (r *run) boardIntegrations(next *board.Snapshot, active []finding.Finding) {
	known := map[string]board.Integration{}
	for _, i := range next.Integrations {
		known[i.Name] = i
	}
	next.Integrations = nil
	for _, i := range r.Registry.Integrations {
		one := board.IntegrationOf(i, known[i.Name])
		now := report.LineOf(i, nil, active, r.now)
		one.Line.Integration, one.Line.Watch, one.Line.Goal = i.Name, now.Watch, now.Goal
		one.Line.Open, one.Line.Impact = now.Open, now.Impact
		next.Integrations = append(next.Integrations, one)
	}
	next.Windows, next.Ignored = board.WindowsOf(r.Registry), board.IgnoredOf(r.Registry)
}
