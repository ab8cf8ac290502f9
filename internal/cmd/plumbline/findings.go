package main

import (
	"context"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// findingsCmd lists findings, and decides about them.
type findingsCmd struct {
	List   listCmd   `cmd:"" default:"withargs" help:"List findings; what is done when nothing else is named."`
	Ack    ackCmd    `cmd:"" help:"Say that somebody looks after findings."`
	Assign assignCmd `cmd:"" help:"Name who looks after findings."`
	Snooze snoozeCmd `cmd:"" help:"Leave findings for later; they are open again then."`
	Waive  waiveCmd  `cmd:"" help:"Accept findings, within limits and until a day."`
	Reopen reopenCmd `cmd:"" help:"Take an acknowledgement, a snooze or a waiver back."`
}

// listCmd lists findings.
type listCmd struct {
	State       string `enum:"open,acknowledged,waived,resolved,all" default:"open" help:"${enum}."`
	Owner       string `placeholder:"TEAM" help:"Only the findings of this team."`
	Integration string `placeholder:"NAME" help:"Only the findings of this integration."`
}

// Run lists.
func (k *listCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := ask(ctx, c)
	if err != nil {
		return err
	}
	all, err := k.list(ctx, w)
	if err != nil {
		return err
	}
	return printFindings(out, w.Registry, all)
}

func printFindings(out *output, r *registry.Registry, all []finding.Finding) error {
	if out.json {
		answers := make([]findingAnswer, 0, len(all))
		for _, f := range all {
			answers = append(answers, answerOf(r, f, time.Now()))
		}
		return out.encode(answers)
	}
	out.zone = r.Zone()
	rows := [][]string{{"id", "state", "severity", "owner", "integration / rule", "class", "record", "since", "difference"}}
	for _, f := range all {
		rows = append(rows, []string{
			f.ID, string(f.State), f.Severity, f.Owner, f.Integration + " / " + f.Rule, string(f.Class),
			string(f.Kind) + " " + f.Key.Text(f.Kind), out.time(f.Since, toMinute), differenceText(f),
		})
	}
	out.table(rows)
	return nil
}

func (k *listCmd) list(ctx context.Context, w *knowledge) ([]finding.Finding, error) {
	read := w.Findings.AllFindings
	if k.State == string(finding.Open) {
		read = w.Findings.ActiveFindings
	}
	all, err := read(ctx)
	all = slices.DeleteFunc(all, func(f finding.Finding) bool {
		return k.State != "all" && string(f.State) != k.State ||
			k.Owner != "" && f.Owner != k.Owner || k.Integration != "" && f.Integration != k.Integration
	})
	slices.SortFunc(all, func(a, b finding.Finding) int { return a.Since.Compare(b.Since) })
	return all, err
}

// findingAnswer is a finding as --json prints it.
type findingAnswer struct {
	ID          string             `json:"id"`
	Integration string             `json:"integration"`
	Rule        string             `json:"rule"`
	Class       finding.Class      `json:"class"`
	Kind        commerce.Kind      `json:"kind"`
	Key         string             `json:"key"`
	State       finding.State      `json:"state"`
	Severity    string             `json:"severity"`
	Owner       string             `json:"owner"`
	Since       time.Time          `json:"since"`
	Cause       causeAnswer        `json:"cause"`
	Expected    *string            `json:"expected"`
	Actual      *string            `json:"actual"`
	Delta       *commerce.Decimal  `json:"delta"`
	Impact      *commerce.Decimal  `json:"impact"`
	Differences []differenceAnswer `json:"differences"`
	Why         string             `json:"why,omitempty"`
	decidedAnswer
}

type causeAnswer struct {
	System   string    `json:"system"`
	Delivery string    `json:"delivery"`
	Received time.Time `json:"received"`
}

type differenceAnswer struct {
	Facet    string            `json:"facet"`
	Expected string            `json:"expected"`
	Actual   string            `json:"actual"`
	Delta    *commerce.Decimal `json:"delta"`
	// Explained says what the delta is made of, By the same without amounts; both
	// are blank where nothing explains it.
	Explained string `json:"explained"`
	By        string `json:"explained_by"`
}

func answerOf(r *registry.Registry, f finding.Finding, now time.Time) findingAnswer {
	a := findingAnswer{
		ID: f.ID, Integration: f.Integration, Rule: f.Rule, Class: f.Class, Kind: f.Kind, Key: f.Key.Text(f.Kind),
		State: f.State, Severity: f.Severity, Owner: f.Owner, Since: f.Since, Impact: f.Impact,
		Cause:       causeAnswer{System: f.Cause.System, Delivery: f.Cause.Delivery, Received: f.Cause.Received},
		Differences: []differenceAnswer{}, Why: f.Why, decidedAnswer: decidedAnswerOf(r, f, now),
	}
	for _, d := range f.Differences {
		a.Differences = append(a.Differences, differenceAnswer(d))
	}
	if len(f.Differences) > 0 {
		first := f.Differences[0]
		a.Expected, a.Actual, a.Delta = &first.Expected, &first.Actual, first.Delta
	}
	return a
}

func differenceText(f finding.Finding) string {
	if len(f.Differences) == 0 || f.Class.Summed() {
		return f.Why
	}
	d := f.Differences[0]
	return d.Facet + " is " + d.Actual + ", should be " + d.Expected
}
