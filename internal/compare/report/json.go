package report

import (
	"encoding/json"
	"io"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
)

type jsonReport struct {
	Summary      jsonSummary       `json:"summary"`
	Findings     []jsonFinding     `json:"findings"`
	Dropped      int               `json:"findings_left_out"`
	Totals       []jsonTotal       `json:"totals"`
	Explanations []jsonExplanation `json:"explanations"`
	Bias         []jsonBias        `json:"bias"`
	Files        jsonFiles         `json:"files"`
	Pairing      []string          `json:"pairing"`
	Notes        []string          `json:"notes"`
}

type jsonFiles struct {
	Left  File `json:"left"`
	Right File `json:"right"`
}

type jsonSummary struct {
	Left       int `json:"left"`
	Right      int `json:"right"`
	Agree      int `json:"agree"`
	Differ     int `json:"differ"`
	OnlyLeft   int `json:"only_left"`
	OnlyRight  int `json:"only_right"`
	Duplicate  int `json:"duplicate"`
	Rejected   int `json:"rejected"`
	Explained  int `json:"explained"`
	CannotTell int `json:"cannot_tell"`
	NotJudged  int `json:"not_judged"`
}

type jsonFinding struct {
	Integration string            `json:"integration,omitempty"`
	Rule        string            `json:"rule,omitempty"`
	Class       string            `json:"class"`
	Kind        commerce.Kind     `json:"kind"`
	Key         string            `json:"key"`
	State       compare.Outcome   `json:"state"`
	Facet       string            `json:"facet"`
	Expected    string            `json:"expected"`
	Actual      string            `json:"actual"`
	Delta       *commerce.Decimal `json:"delta"`
	Impact      *commerce.Decimal `json:"impact,omitempty"`
	Side        string            `json:"side"`
	LeftLine    int               `json:"left_line"`
	RightLine   int               `json:"right_line"`
	LeftNative  string            `json:"left_native,omitempty"`
	RightNative string            `json:"right_native,omitempty"`
	Why         string            `json:"why"`
}

type jsonTotal struct {
	Facet    string            `json:"facet"`
	Currency string            `json:"currency,omitempty"`
	Left     *commerce.Decimal `json:"left"`
	Right    *commerce.Decimal `json:"right"`
	Delta    *commerce.Decimal `json:"delta"`
}

type jsonExplanation struct {
	Text    string   `json:"text"`
	Facet   string   `json:"facet"`
	Records int      `json:"records"`
	Settled bool     `json:"settled"`
	Keys    []string `json:"keys"`
}

type jsonBias struct {
	Segment string           `json:"segment"`
	Value   string           `json:"value"`
	Facet   string           `json:"facet"`
	Records int              `json:"records"`
	Higher  int              `json:"higher"`
	Lower   int              `json:"lower"`
	Sum     commerce.Decimal `json:"sum"`
	Trend   bool             `json:"trend"`
}

// JSON writes the report as one JSON object.
func JSON(w io.Writer, r Report) error {
	j := jsonReport{
		Summary: jsonSummary(r.Result.Summary), Findings: []jsonFinding{}, Dropped: r.Result.Dropped,
		Totals: []jsonTotal{}, Explanations: []jsonExplanation{}, Bias: []jsonBias{}, Files: jsonFiles{r.Files[0], r.Files[1]},
		Pairing: append([]string{}, r.Reasons...), Notes: append([]string{}, r.Notes...),
	}
	for _, f := range r.Result.Findings {
		j.Findings = append(j.Findings, r.jsonFinding(f))
	}
	for _, t := range r.Result.Totals {
		j.Totals = append(j.Totals, jsonTotal{t.Facet, t.Currency, known(t, compare.Left), known(t, compare.Right), t.Delta})
	}
	for _, x := range r.Result.Explanations {
		j.Explanations = append(j.Explanations, jsonExplanation{x.Text, x.Facet, x.Records, x.Settled, append([]string{}, x.Keys...)})
	}
	for _, b := range r.Result.Biases {
		j.Bias = append(j.Bias, jsonBias(b))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(j)
}

func known(t compare.Total, side compare.Side) *commerce.Decimal {
	if !t.Known[side] {
		return nil
	}
	return &t.Sums[side]
}

func (r Report) jsonFinding(f compare.Finding) jsonFinding {
	left, right := r.values(f)
	return jsonFinding{
		Integration: f.Integration, Rule: f.Rule, Class: string(f.Class), Kind: r.Result.Plan.Kind, Key: f.Key, State: f.Outcome,
		Facet: f.Facet, Expected: left, Actual: right, Delta: f.Delta, Impact: f.Impact, Side: f.Side.String(),
		LeftLine: f.Lines[compare.Left], RightLine: f.Lines[compare.Right],
		LeftNative: f.Native[compare.Left], RightNative: f.Native[compare.Right], Why: f.Why,
	}
}
