package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/total"
	"github.com/plumbline/plumbline/internal/wire"
)

// totalsCmd shows what days came to.
type totalsCmd struct {
	Period      string `placeholder:"DAY|MONTH" help:"A day such as 2026-11-22, or a month such as 2026-11; the last day that closed when not given."`
	Integration string `placeholder:"NAME" help:"Only the totals of this integration."`
}

// Run shows.
func (k *totalsCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	days, err := readDays(ctx, w, k.Integration, k.Period)
	if err != nil {
		return err
	}
	if out.json {
		answers := make([]totalAnswer, 0, len(days))
		for _, d := range days {
			answers = append(answers, totalAnswers(d)...)
		}
		return out.encode(answers)
	}
	if len(days) == 0 {
		out.line("No day of that period was added up yet.")
		return nil
	}
	printTotals(out, days)
	return nil
}

// readDays reads what the days of a period came to, in the order of rules and
// days. Days that were never added up are left out.
func readDays(ctx context.Context, w *wire.Wire, integration, period string) ([]total.Day, error) {
	if _, known := w.Registry.Integration(integration); integration != "" && !known {
		return nil, fmt.Errorf("no integration %q in the registry", integration)
	}
	var days []total.Day
	for _, rule := range w.Registry.TotalRules() {
		if integration != "" && rule.Integration != integration {
			continue
		}
		periods, err := periodsOf(rule, period, time.Now())
		if err != nil {
			return nil, err
		}
		for _, p := range periods {
			day, found, err := readDay(ctx, w, rule.Name(), p)
			if err != nil {
				return nil, err
			}
			if found {
				days = append(days, day)
			}
		}
	}
	return days, nil
}

// periodsOf are the days of a period: one day, those of a month, or the last that
// closed.
func periodsOf(rule registry.Rule, period string, now time.Time) ([]string, error) {
	if period == "" {
		return []string{rule.Totals.LastClosed(now)}, nil
	}
	if _, err := time.Parse(time.DateOnly, period); err == nil {
		return []string{period}, nil
	}
	days, ok := total.DaysOf(period)
	if !ok {
		return nil, fmt.Errorf("no period %q, want a day such as 2026-11-22 or a month such as 2026-11", period)
	}
	return days, nil
}

func readDay(ctx context.Context, w *wire.Wire, rule, period string) (day total.Day, found bool, err error) {
	d, err := w.Findings().GetDocument(ctx, total.Document(rule, period))
	if errors.Is(err, store.ErrNotFound) {
		return day, false, nil
	}
	if err != nil {
		return day, false, fmt.Errorf("read the totals of %s: %w", period, err)
	}
	if err := json.Unmarshal(d.Body, &day); err != nil {
		return day, false, fmt.Errorf("read the totals of %s: %w", period, err)
	}
	return day, true, nil
}

// totalAnswer is one measure of a day as --json prints it.
type totalAnswer struct {
	Integration string           `json:"integration"`
	Rule        string           `json:"rule"`
	Period      string           `json:"period"`
	By          string           `json:"by"`
	Currency    string           `json:"currency"`
	Measure     string           `json:"measure"`
	From        string           `json:"from"`
	To          string           `json:"to"`
	Outcome     total.Outcome    `json:"outcome"`
	Why         string           `json:"why"`
	Expected    commerce.Decimal `json:"expected"`
	Actual      commerce.Decimal `json:"actual"`
	Difference  commerce.Decimal `json:"difference"`
	Allowed     commerce.Decimal `json:"allowed"`
	Explained   commerce.Decimal `json:"explained"`
	Waiting     commerce.Decimal `json:"waiting"`
	Unexplained commerce.Decimal `json:"unexplained"`
	Records     []partAnswer     `json:"records"`
	More        int              `json:"more"`
	Judged      time.Time        `json:"judged"`
}

// partAnswer is a record that differs, and what tells it.
type partAnswer struct {
	Record  string           `json:"record"`
	Delta   commerce.Decimal `json:"delta"`
	Finding string           `json:"finding"`
	Waits   string           `json:"waits"`
}

func totalAnswers(d total.Day) []totalAnswer {
	var answers []totalAnswer
	for _, r := range d.Results {
		for _, measure := range r.Measures() {
			s := r.Sums[measure]
			difference, _ := s.Difference() // what cannot be told is a result without sums
			a := totalAnswer{
				Integration: d.Integration, Rule: d.Rule, Period: d.Period, By: r.By, Currency: r.Currency, Measure: measure,
				From: d.From, To: d.To, Outcome: r.Outcome, Why: r.Why, Expected: s.Expected, Actual: s.Actual, Difference: difference,
				Allowed: s.Allowed, Explained: s.Explained, Waiting: s.Waiting, Unexplained: s.Rest, Records: []partAnswer{}, More: r.More, Judged: d.Judged,
			}
			for _, p := range r.Parts {
				if delta, differs := p.Deltas[measure]; differs {
					a.Records = append(a.Records, partAnswer{p.Record, delta, p.Finding, p.Waits})
				}
			}
			answers = append(answers, a)
		}
	}
	return answers
}

func printTotals(out *output, days []total.Day) {
	rows := [][]string{{"day", "integration / rule", "by", "measure", "expected", "actual", "difference", "allowed", "explained", "waiting", "unexplained", "outcome"}}
	for _, d := range days {
		if len(d.Results) == 0 {
			rows = append(rows, []string{d.Period, d.Integration + " / " + d.Rule, "", "", "", "", "", "", "", "", "", orText(d.Trouble, "no records")})
		}
		for _, a := range totalAnswers(d) {
			row := []string{a.Period, a.Integration + " / " + a.Rule, a.By, a.Measure}
			for _, n := range []commerce.Decimal{a.Expected, a.Actual, a.Difference, a.Allowed, a.Explained, a.Waiting, a.Unexplained} {
				row = append(row, d.Text(a.Measure, a.Currency, n))
			}
			rows = append(rows, append(row, string(a.Outcome)))
		}
	}
	out.table(rows)
	for _, d := range days {
		for _, r := range d.Results {
			printParts(out, d, r)
		}
	}
}

// printParts says why a total is as it is, and which records it differs on.
func printParts(out *output, d total.Day, r total.Result) {
	if r.Why == "" && len(r.Parts) == 0 {
		return
	}
	out.line("\n%s, %s / %s, %s: %s", d.Period, d.Integration, d.Rule, r.By, orText(r.Why, "the records that differ make up for one another"))
	var rows [][]string
	for _, p := range r.Parts {
		rows = append(rows, []string{"  " + p.Record, deltasText(d, p, r), knownText(p)})
	}
	if r.More > 0 {
		rows = append(rows, []string{fmt.Sprintf("  and %d more", r.More), "", ""})
	}
	out.table(rows)
}

func deltasText(d total.Day, p total.Part, r total.Result) string {
	var texts []string
	for _, measure := range r.Measures() {
		if delta, differs := p.Deltas[measure]; differs {
			texts = append(texts, measure+" "+d.Text(measure, r.Currency, delta))
		}
	}
	return strings.Join(texts, ", ")
}

func knownText(p total.Part) string {
	switch {
	case p.Finding != "":
		return "finding " + p.Finding
	case p.Waits != "":
		return "inside the settle time of " + p.Waits
	default:
		return "unexplained"
	}
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
