package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// explainCmd explains a finding, or each rule's verdict on a record.
type explainCmd struct {
	What string `arg:"" name:"finding|kind" help:"A finding's id, or a kind."`
	Key  string `arg:"" optional:"" help:"With a kind: the record's key."`
}

// explanation is what --json prints.
type explanation struct {
	Finding *findingAnswer  `json:"finding"`
	Record  recordAnswer    `json:"record"`
	Rules   []ruleAnswer    `json:"rules"`
	History []timelineEntry `json:"history"`
	// Nearest is the recorded change that lies nearest before the finding.
	Nearest *changeAnswer `json:"nearest_change"`

	nearest string
}

type ruleAnswer struct {
	Integration string        `json:"integration"`
	Rule        string        `json:"rule"`
	Verdict     judge.Outcome `json:"verdict"`
	Alert       string        `json:"alert"`
	Owner       string        `json:"owner"`
	Runbook     string        `json:"runbook"`
	FirstCheck  string        `json:"first_check"`
}

type timelineEntry struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// Run explains.
func (k *explainCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := ask(ctx, c)
	if err != nil {
		return err
	}
	f, row, err := k.find(ctx, w)
	if err != nil {
		return err
	}
	verdicts, err := w.Drift.Verdicts(ctx, row)
	if err != nil {
		return err
	}
	e := explanation{Record: recordAnswerOf(row, verdicts), Rules: []ruleAnswer{}, History: []timelineEntry{}}
	for _, v := range verdicts {
		if f == nil || v.Integration == f.Integration && v.Rule == f.Rule {
			why, err := whyAlert(ctx, w, row, v)
			if err != nil {
				return err
			}
			e.Rules = append(e.Rules, ruleAnswerOf(w.Registry, why, v))
		}
	}
	if f != nil {
		answer := answerOf(w.Registry, *f, time.Now())
		e.Finding = &answer
		near, found, err := w.Drift.Nearest(ctx, f.Since, f.Integration, f.From, f.To)
		if err != nil {
			return err
		}
		if found {
			n := changeAnswer(near)
			e.Nearest = &n
			e.nearest = alert.Nearest(near, f.Since, time.Now())
		}
		for _, event := range f.Timeline {
			e.History = append(e.History, timelineEntry(event))
		}
	}
	if out.json {
		return out.encode(e)
	}
	out.zone = w.Registry.Zone()
	e.print(out)
	return nil
}

// find reads what is to be explained. The finding is nil for a record.
func (k *explainCmd) find(ctx context.Context, w *knowledge) (*finding.Finding, record.Row, error) {
	if k.Key != "" {
		row, err := readRow(ctx, w, k.What, k.Key)
		return nil, row, err
	}
	f, err := w.Findings.GetFinding(ctx, k.What)
	if errors.Is(err, store.ErrNotFound) {
		return nil, record.Row{}, fmt.Errorf("no finding %q; for a record name its kind and key, as in: explain inventory MUG-BLU@east", k.What)
	}
	if err != nil {
		return nil, record.Row{}, err
	}
	id := f.Key.ID(f.Kind)
	rows, err := w.Records.Get(ctx, []commerce.RecordID{id})
	row := rows[id]
	row.Kind, row.Key = f.Kind, f.Key
	return &f, row, err
}

func ruleAnswerOf(r *registry.Registry, why string, v judge.Verdict) ruleAnswer {
	i, _ := r.Integration(v.Integration)
	a := ruleAnswer{
		Integration: v.Integration, Rule: v.Rule, Verdict: v.Outcome,
		Owner: i.Owner.Team, Runbook: i.Runbook, Alert: why,
	}
	for _, rule := range i.Rules {
		if rule.ID == v.Rule {
			a.FirstCheck = rule.FirstCheck
			if rule.Mode == registry.Watch {
				a.Alert += " The rule only watches."
			}
		}
	}
	return a
}

func (e explanation) print(out *output) {
	if e.Finding != nil {
		f := e.Finding
		out.line("Finding %s: %s, %s", f.ID, f.Class, f.State)
		out.line("  since     %s", out.time(f.Since, inFull))
		if f.Cause.System != "" {
			out.line("  started   %s, delivery %s", f.Cause.System, f.Cause.Delivery)
		}
		if e.nearest != "" {
			out.line("  %s", e.nearest)
		}
		if f.Class.Summed() {
			out.line("  what      %s", f.Why)
		}
		for _, d := range f.Differences {
			if f.Class.Summed() {
				out.line("  %-9s %s in all", d.Facet, d.Actual)
				continue
			}
			out.line("  %-9s is %s, should be %s", d.Facet, d.Actual, d.Expected)
		}
		f.print(out)
		for _, h := range e.History {
			out.line("  %s  %s", out.time(h.At, toSecond), h.What)
		}
		out.line("")
	}
	e.Record.print(out)
	for _, r := range e.Rules {
		out.line("")
		out.line("%s / %s, owner %s", r.Integration, r.Rule, r.Owner)
		out.line("  %s", r.Alert)
		if r.FirstCheck != "" {
			out.line("  First check: %s", strings.TrimSpace(r.FirstCheck))
		}
		out.line("  Runbook: %s", r.Runbook)
	}
}
