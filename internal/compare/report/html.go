package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/plumbline/plumbline/internal/compare"
)

//go:embed report.html
var page string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"number": compare.Number,
	"delta":  deltaText,
	"join":   func(all []string) string { return strings.Join(all, ", ") },
	"side":   func(i int) string { return compare.Side(i).String() },
}).Parse(page))

// htmlFindings is how many findings the page lists, so that browsers open it.
const htmlFindings = 5000

type htmlPage struct {
	Report
	Counts   []htmlCount
	Rows     []htmlRow
	More     int
	Biases   []bar
	Deltas   []plot
	BiasHigh int
}

type htmlCount struct {
	Name, What string
	N          int
	Bad        bool
}

type htmlRow struct {
	Class, State, Key, Facet, Left, Right, Delta, Lines, Why string
}

// HTML writes the report as one file that needs nothing else: no script, no font,
// no picture from elsewhere.
func HTML(w io.Writer, r Report) error {
	p := htmlPage{Report: r, Counts: counts(r.Result.Summary)}
	all := r.Result.Findings
	for _, f := range all[:min(len(all), htmlFindings)] {
		left, right := r.values(f)
		p.Rows = append(p.Rows, htmlRow{
			strings.ReplaceAll(string(f.Class), "_", " "), strings.ReplaceAll(string(f.Outcome), "_", " "), r.row(f)[0], f.Facet, left, right, deltaText(f.Delta),
			fmt.Sprintf("%s/%s", orDash(line(f, compare.Left)), orDash(line(f, compare.Right))), headline(f),
		})
	}
	p.More = len(all) - len(p.Rows) + r.Result.Dropped
	p.Biases = biasBars(r.Result.Biases)
	p.BiasHigh = len(p.Biases)*barPitch + 4
	for _, d := range r.Result.Deltas {
		p.Deltas = append(p.Deltas, deltaPlot(d))
	}
	return pageTemplate.Execute(w, p)
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func counts(s compare.Summary) []htmlCount {
	return []htmlCount{
		{"agree", "both files say the same", s.Agree, false},
		{"differ", "the same key with another value", s.Differ, true},
		{"only left", "missing on the right", s.OnlyLeft, true},
		{"only right", "missing on the left", s.OnlyRight, true},
		{"duplicate", "keys that stand more than once in a file", s.Duplicate, true},
		{"rejected", "rows that cannot be read", s.Rejected, true},
		{"explained", "differences that are none", s.Explained, false},
		{"cannot tell", "nothing can be said of them", s.CannotTell, false},
		{"not judged", "no rule applies to them", s.NotJudged, false},
	}
}
