package drift

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
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
// returns the finding as it is then: once it is over, the row may forget it.
func (r *run) finding(ctx context.Context, row record.Row, j judgement) (finding.Finding, error) {
	if row.Kind == commerce.Canary {
		return sang(row, j), nil
	}
	id := row.Marks[j.rule.Name()].Open
	f, err := r.Findings.GetFinding(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		f, err = r.newFinding(id, row, j.rule), nil
	}
	if err != nil {
		return f, fmt.Errorf("read finding %s: %w", id, err)
	}
	entrusted, news := r.entrust(f, j.rule)
	next, notice := finding.Advance(entrusted, evidence(row, j), r.now)
	if next.State == "" {
		next, notice = finding.Void(next, r.now), finding.Ended
	}
	if alerts(next, j.rule) {
		if next.Spell, err = r.spell(ctx, next); err != nil {
			return next, err
		}
		if next.Alert, err = r.alertFor(ctx, next, row, j.rule); err != nil {
			return next, err
		}
	}
	if news || notice != finding.Nothing || next.Alert != f.Alert {
		if err := r.Findings.PutFinding(ctx, next); err != nil {
			return f, fmt.Errorf("write finding %s: %w", id, err)
		}
		measureFinding(ctx, notice)
		next.Rev++
	}
	if next.Alert != "" {
		if err := r.tell(ctx, next, j.rule); err != nil {
			return next, err
		}
		if next.State == finding.Resolved {
			return next, r.ended(ctx, next)
		}
	}
	return next, nil
}

// entrust is the finding as the registry has it by now, and whether that is news:
// another team may own it, and a rule that only watched may alert.
func (r *run) entrust(f finding.Finding, rule registry.Rule) (finding.Finding, bool) {
	i, known := r.Registry.Integration(rule.Integration)
	if !known || f.State == "" || f.State == finding.Resolved {
		return f, false
	}
	next := finding.HandOver(f, i.Owner.Team, r.now)
	if rule.Mode == registry.Alert {
		next.Silent = false
	}
	return next, next.Owner != f.Owner || next.Silent != f.Silent
}

// alerts reports whether a finding that no alert has told yet wants one: at
// once, or because it has grown.
func alerts(f finding.Finding, rule registry.Rule) bool {
	return f.State == finding.Open && f.Alert == "" && !f.Silent && alert.Urgent(f, rule.AlertOver)
}

func (r *run) newFinding(id string, row record.Row, rule registry.Rule) finding.Finding {
	owner, _ := r.Registry.Integration(rule.Integration)
	return finding.Finding{
		ID: id, Integration: rule.Integration, Rule: rule.ID, Kind: row.Kind, Key: row.Key,
		Severity: rule.Severity, Owner: owner.Owner.Team, Silent: rule.Mode != registry.Alert,
		From: rule.From, To: rule.To, Group: judge.GroupOf(rule, row),
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
