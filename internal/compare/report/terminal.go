package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/layout"
)

// Width is how many characters a line of a terminal report has at most.
const Width = 80

// Terminal writes the report for people, coloured or not.
func Terminal(w io.Writer, r Report, colour bool) error {
	p := &printer{w: w, colour: colour}
	p.files(r)
	p.notes(r)
	p.summary(r.Result.Summary)
	p.totals(r.Result.Totals)
	p.explanations(r.Result.Explanations)
	p.biases(r.Result.Biases)
	p.findings(r)
	return p.err
}

func (p *printer) files(r Report) {
	for side, f := range r.Files {
		for _, l := range layout.Hang(compare.Side(side).String()+"  ", clean(f.Name), Width) {
			p.heading(l)
		}
		p.wrap("  ", fmt.Sprintf("%s (%s)", f.Recognised, f.Format))
		p.wrap("  ", "key      "+strings.Join(f.Key, " + "))
		var columns []string
		for _, c := range f.Columns {
			text := c.Facet
			if c.Column != "" && c.Column != c.Facet {
				text += " ← " + c.Column
			}
			columns = append(columns, fmt.Sprintf("%s (%s)", text, c.Type))
		}
		p.wrap("           ", "compared "+strings.Join(columns, ", "))
		if len(f.Unpaired) > 0 {
			p.wrap("           ", "ignored  "+some(f.Unpaired, 8))
		}
		for _, why := range slices.Sorted(maps.Keys(f.LeftOut)) {
			p.wrap("  ", fmt.Sprintf("%s left out: %s", rows(f.LeftOut[why]), why))
		}
		for _, location := range slices.Sorted(maps.Keys(f.Unknown)) {
			p.wrap("  ", fmt.Sprintf("%s of a location that the registry does not know: %s", rows(f.Unknown[location]), location))
		}
		p.line("")
	}
}

// notes say what the reader may want to decide otherwise.
func (p *printer) notes(r Report) {
	if len(r.Notes) == 0 {
		return
	}
	p.heading("please check")
	for _, note := range r.Notes {
		p.hang("  - ", note)
	}
	p.line("")
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return compare.Number(n) + " rows"
}

// some lists the first few of many names.
func some(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func (p *printer) summary(s compare.Summary) {
	p.heading("summary")
	p.line("  %-12s %11s left, %s right", "records", compare.Number(s.Left), compare.Number(s.Right))
	for _, row := range []struct {
		name, what string
		n          int
		style      style
	}{
		{"agree", "", s.Agree, good},
		{"differ", "the same key with another value", s.Differ, bad},
		{"only left", "missing on the right", s.OnlyLeft, bad},
		{"only right", "missing on the left", s.OnlyRight, bad},
		{"duplicate", "keys that stand more than once in a file", s.Duplicate, bad},
		{"rejected", "rows that cannot be read", s.Rejected, bad},
		{"explained", "differences that are none", s.Explained, plain},
		{"cannot tell", "nothing can be said of them", s.CannotTell, plain},
		{"not judged", "no rule applies to them", s.NotJudged, plain},
	} {
		always := row.name == "agree" || row.name == "differ"
		if row.n == 0 && !always {
			continue
		}
		number := fmt.Sprintf("%11s", compare.Number(row.n))
		if row.n > 0 {
			number = p.paint(row.style, number)
		}
		p.line("%s", strings.TrimRight(fmt.Sprintf("  %-12s %s  %s", row.name, number, row.what), " "))
	}
	p.line("")
}

func (p *printer) totals(totals []compare.Total) {
	if len(totals) == 0 {
		return
	}
	p.heading("totals")
	table := [][]string{{"", "left", "right", "right − left"}}
	for _, t := range totals {
		row := []string{t.Name(), "too long", "too long", ""}
		for side := range t.Sums {
			if t.Known[side] {
				row[1+side] = t.Sums[side].String()
			}
		}
		if t.Delta != nil {
			row[3] = deltaText(t.Delta)
		}
		table = append(table, row)
	}
	p.table(table, "lrrr")
}

func (p *printer) explanations(all []compare.Explanation) {
	if len(all) == 0 {
		return
	}
	p.heading("why, the biggest first")
	for i, x := range all {
		n := "1 record: "
		if x.Records != 1 {
			n = compare.Number(x.Records) + " records: "
		}
		p.hang(fmt.Sprintf("%3d  ", i+1), n+x.Text)
		if len(x.Keys) > 0 {
			keys := strings.Join(x.Keys, ", ")
			if x.Records > len(x.Keys) {
				keys += ", …"
			}
			p.hang("     ", keys)
		}
	}
	p.line("")
}

// shownBiases is how many biases a terminal shows.
const shownBiases = 8

func (p *printer) biases(all []compare.Bias) {
	if len(all) == 0 {
		return
	}
	p.heading("bias: which way the right side differs")
	table := [][]string{{"", "", "records", "higher", "lower", "sum", ""}}
	for _, b := range all[:min(len(all), shownBiases)] {
		who := "all records"
		if b.Segment != "" {
			who = b.Segment + " " + b.Value
		}
		mark := ""
		if b.Trend {
			mark = "one way"
		}
		table = append(table, []string{who, b.Facet, compare.Number(b.Records), compare.Number(b.Higher), compare.Number(b.Lower), deltaText(&b.Sum), mark})
	}
	p.table(table, "llrrrrl")
}
