package drift

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

func findingID(row record.Row, j judgement) string {
	return finding.NewID(j.rule.Integration, j.rule.ID, row.ID(), j.Cause.Version, row.Rev)
}

// finding advances the finding of a rule's open mark and tells its alert. It
// reports whether the finding is over, so that the row may forget it.
func (r *run) finding(ctx context.Context, row record.Row, j judgement) (over bool, err error) {
	id := row.Marks[j.rule.Name()].Open
	f, err := r.Findings.GetFinding(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		f, err = r.newFinding(id, row, j.rule), nil
	}
	if err != nil {
		return false, fmt.Errorf("read finding %s: %w", id, err)
	}
	next, notice := finding.Advance(f, evidence(row, j), r.now)
	if next.State == "" {
		next, notice = finding.Void(next, r.now), finding.Ended
	}
	if notice == finding.Opened && !next.Silent {
		if next.Alert, err = r.alertFor(ctx, next, j.rule); err != nil {
			return false, err
		}
	}
	if notice != finding.Nothing {
		if err := r.Findings.PutFinding(ctx, next); err != nil {
			return false, fmt.Errorf("write finding %s: %w", id, err)
		}
	}
	if next.Alert != "" {
		if err := r.tell(ctx, next, j.rule); err != nil {
			return false, err
		}
	}
	return next.State == finding.Resolved, nil
}

func (r *run) newFinding(id string, row record.Row, rule registry.Rule) finding.Finding {
	owner, _ := r.Registry.Integration(rule.Integration)
	return finding.Finding{
		ID: id, Integration: rule.Integration, Rule: rule.ID, Kind: row.Kind, Key: row.Key,
		Severity: rule.Severity, Owner: owner.Owner.Team, Silent: rule.Mode != registry.Alert,
		From: rule.From, To: rule.To,
	}
}

// evidence is what a verdict says to a finding.
func evidence(row record.Row, j judgement) finding.Evidence {
	e := finding.Evidence{
		Class: j.Class, Since: j.Since, Cause: j.Cause, Differences: j.Differences(),
		Impact: j.Impact, Currency: j.Currency, Natives: natives(row), Why: j.Why,
	}
	switch {
	case j.Outcome == judge.Agree:
		e.Standing = finding.Agrees
	case j.Outcome == judge.NotJudged:
		e.Standing = finding.NotApplicable
	case j.Outcome == judge.Differ:
		e.Standing = finding.Differs
	case j.Outcome == judge.Pending && j.Follows:
		e.Standing = finding.Follows
	}
	return e
}

// natives are the record's native ids by system, for links into the systems.
func natives(row record.Row) map[string]string {
	ids := map[string]string{}
	for _, v := range row.Views {
		if _, known := ids[v.System]; !known || !v.Gone {
			ids[v.System] = v.Native
		}
	}
	return ids
}

// closeOrphans ends the findings of rules that the registry no longer has.
func (r *run) closeOrphans(ctx context.Context, row record.Row, ended map[string]bool) error {
	for name, m := range row.Marks {
		if _, judged := ended[name]; judged || m.Open == "" {
			continue
		}
		integration, id, _ := strings.Cut(name, "/")
		rule := registry.Rule{Integration: integration, ID: id, Settle: registry.Settle{By: -1}}
		j := judgement{rule: rule, Verdict: judge.Verdict{Outcome: judge.NotJudged, Why: "the registry no longer has it"}}
		if _, err := r.finding(ctx, row, j); err != nil {
			return err
		}
	}
	return nil
}

// alertFor is the alert that a new finding joins, or the one that it starts.
func (r *run) alertFor(ctx context.Context, f finding.Finding, rule registry.Rule) (string, error) {
	name := strings.Join([]string{f.Integration, f.Rule, string(f.Class)}, "/")
	g, err := r.Findings.GetGroup(ctx, name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", fmt.Errorf("read group %s: %w", name, err)
	}
	if g.Alert != "" && !r.now.After(g.JoinUntil) {
		a, err := r.Findings.GetAlert(ctx, g.Alert)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && a.Takes(r.now):
			return g.Alert, nil
		case err != nil:
			return "", fmt.Errorf("read alert %s: %w", g.Alert, err)
		}
	}
	g.Name, g.JoinUntil = name, r.now.Add(joinWindow(rule))
	g.Alert = alert.NewID(f.Integration, f.Rule, f.Class, f.ID)
	if err := r.Findings.PutGroup(ctx, g); err != nil {
		return "", fmt.Errorf("write group %s: %w", name, err)
	}
	return g.Alert, nil
}

// joinWindow is how long findings of one rule and class count as one event.
func joinWindow(rule registry.Rule) time.Duration {
	if rule.Settle.By >= 0 {
		return 15 * time.Minute
	}
	return max(15*time.Minute, min(rule.Settle.For, time.Hour))
}

// tell makes the alert say what the finding says now.
func (r *run) tell(ctx context.Context, f finding.Finding, rule registry.Rule) error {
	a, err := r.Findings.GetAlert(ctx, f.Alert)
	if errors.Is(err, store.ErrNotFound) {
		a, err = r.newAlert(f, rule), nil
	}
	if err != nil {
		return fmt.Errorf("read alert %s: %w", f.Alert, err)
	}
	a, changed := alert.Update(a, alert.MemberOf(f, r.links(f)))
	if !changed {
		return nil
	}
	if err := r.Findings.PutAlert(ctx, a); err != nil {
		return fmt.Errorf("write alert %s: %w", f.Alert, err)
	}
	return nil
}

func (r *run) newAlert(f finding.Finding, rule registry.Rule) alert.Alert {
	i, _ := r.Registry.Integration(f.Integration)
	return alert.Alert{
		ID: f.Alert, Integration: f.Integration, Rule: f.Rule, Class: f.Class, Severity: f.Severity,
		Owner: alert.Owner{Team: i.Owner.Team, Slack: i.Owner.Slack, Person: i.Owner.Person, Deputy: i.Deputy.Person},
		From:  f.From, To: f.To, Kind: f.Kind, Runbook: i.Runbook, OnFailure: i.OnFailure,
		FirstCheck: rule.FirstCheck, JoinUntil: r.now.Add(joinWindow(rule)),
	}
}

// links open the record in each system that has an address for its kind.
func (r *run) links(f finding.Finding) map[string]string {
	links := map[string]string{}
	for system, native := range f.Natives {
		if address := r.Registry.Systems[system].AdminURL[f.Kind]; address != "" && native != "" {
			links[system] = strings.ReplaceAll(address, "{native}", native)
		}
	}
	return links
}
