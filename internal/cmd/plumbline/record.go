package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
)

// recordCmd shows one record.
type recordCmd struct {
	Kind string `arg:"" help:"The record's kind, such as inventory or order."`
	Key  string `arg:"" help:"Its key, such as MUG-BLU@east or shopify-us/US1042."`
}

// Run shows.
func (k *recordCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := ask(ctx, c)
	if err != nil {
		return err
	}
	row, err := readRow(ctx, w, k.Kind, k.Key)
	if err != nil {
		return err
	}
	verdicts, err := w.Drift.Verdicts(ctx, row)
	if err != nil {
		return err
	}
	answer := recordAnswerOf(row, verdicts)
	if out.json {
		return out.encode(answer)
	}
	out.zone = w.Registry.Zone()
	answer.print(out)
	return nil
}

func readRow(ctx context.Context, w *knowledge, kindName, text string) (record.Row, error) {
	kind, err := commerce.ParseKind(kindName)
	if err != nil {
		return record.Row{}, err
	}
	key, err := commerce.ParseKey(kind, text)
	if err != nil {
		return record.Row{}, err
	}
	rows, err := w.Records.Get(ctx, []commerce.RecordID{key.ID(kind)})
	if err != nil {
		return record.Row{}, err
	}
	row, found := rows[key.ID(kind)]
	if !found {
		return row, fmt.Errorf("no system has reported %s %s", kind, text)
	}
	return row, nil
}

type recordAnswer struct {
	Kind     commerce.Kind                 `json:"kind"`
	Key      string                        `json:"key"`
	Views    []viewAnswer                  `json:"views"`
	Sides    map[string]map[string]*string `json:"sides"`
	Verdicts []verdictAnswer               `json:"verdicts"`
}

type viewAnswer struct {
	System   string             `json:"system"`
	Part     string             `json:"part"`
	Native   string             `json:"native"`
	Version  commerce.Version   `json:"version"`
	Gone     bool               `json:"gone"`
	Received time.Time          `json:"received"`
	Delivery string             `json:"delivery"`
	Facets   map[string]*string `json:"facets"`
}

type verdictAnswer struct {
	Integration string            `json:"integration"`
	Rule        string            `json:"rule"`
	Facet       string            `json:"facet"`
	Verdict     judge.Outcome     `json:"verdict"`
	Why         string            `json:"why"`
	Expected    *string           `json:"expected"`
	Actual      *string           `json:"actual"`
	Delta       *commerce.Decimal `json:"delta"`
	// Explained says what the delta is made of, null where nothing explains it.
	Explained *string    `json:"explained"`
	Since     *time.Time `json:"since"`
}

func recordAnswerOf(row record.Row, verdicts []judge.Verdict) recordAnswer {
	a := recordAnswer{Kind: row.Kind, Key: row.Key.Text(row.Kind), Views: []viewAnswer{}, Sides: map[string]map[string]*string{}, Verdicts: []verdictAnswer{}}
	for _, v := range row.Views {
		a.Views = append(a.Views, viewAnswer{
			System: v.System, Part: v.Part, Native: v.Native, Version: v.Version, Gone: v.Gone,
			Received: v.Received, Delivery: v.Delivery, Facets: facetTexts(v.Facets),
		})
		a.Sides[v.System] = facetTexts(row.SideOf(v.System).Facets)
	}
	for _, v := range verdicts {
		a.Verdicts = append(a.Verdicts, verdictAnswers(v)...)
	}
	return a
}

// facetTexts writes values in canonical form; null stays null.
func facetTexts(facets commerce.Facets) map[string]*string {
	texts := map[string]*string{}
	for name, v := range facets {
		texts[name] = nil
		if !v.IsNull() {
			text := v.String()
			texts[name] = &text
		}
	}
	return texts
}

// verdictAnswers is one answer per compared facet, and one for a rule that
// compared none.
func verdictAnswers(v judge.Verdict) []verdictAnswer {
	base := verdictAnswer{Integration: v.Integration, Rule: v.Rule, Verdict: v.Outcome, Why: v.Why}
	if !v.Since.IsZero() {
		base.Since = &v.Since
	}
	if len(v.Facets) == 0 {
		return []verdictAnswer{base}
	}
	answers := make([]verdictAnswer, 0, len(v.Facets))
	for _, f := range v.Facets {
		a := base
		a.Facet, a.Verdict, a.Delta = f.Facet, f.Outcome, f.Delta
		if f.Outcome != judge.CannotTell {
			a.Expected, a.Actual = &f.Expected, &f.Actual
		}
		if f.Why != "" {
			a.Why = f.Why
		}
		if v.Outcome == judge.Agree {
			a.Why = "" // it is about the facet that is explained
		}
		if f.Explanation != nil {
			a.Explained = &f.Explanation.Text
		}
		answers = append(answers, a)
	}
	return answers
}

func (a recordAnswer) print(out *output) {
	out.line("%s %s", a.Kind, a.Key)
	rows := [][]string{{"system", "part", "native", "received", "delivery", "says"}}
	for _, v := range a.Views {
		says := facetLine(v.Facets)
		if v.Gone {
			says = "gone"
		}
		rows = append(rows, []string{v.System, v.Part, v.Native, out.time(v.Received, toSecond), v.Delivery, says})
	}
	out.table(rows)
	out.line("")
	rows = [][]string{{"rule", "facet", "verdict", "expected", "actual", "why"}}
	for _, v := range a.Verdicts {
		rows = append(rows, []string{v.Integration + " / " + v.Rule, v.Facet, string(v.Verdict), orBlank(v.Expected), orBlank(v.Actual), v.reason()})
	}
	out.table(rows)
}

// reason is what the table says of a facet: why it stands as it does, and what
// explains its difference.
func (a verdictAnswer) reason() string {
	explained := orBlank(a.Explained)
	switch {
	case explained == "" || explained == a.Why:
		return a.Why
	case a.Why == "":
		return explained
	default:
		return explained + "; " + a.Why
	}
}

func orBlank(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func facetLine(facets map[string]*string) string {
	names := make([]string, 0, len(facets))
	for name := range facets {
		names = append(names, name)
	}
	slices.Sort(names)
	line := ""
	for _, name := range names {
		value := "null"
		if facets[name] != nil {
			value = *facets[name]
		}
		line += name + "=" + value + " "
	}
	return line
}
