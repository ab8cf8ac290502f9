package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/finding"
)

func (p *printer) findings(r Report) {
	all := r.Result.Findings
	if len(all) == 0 {
		p.line("%s", p.paint(good, "Everything agrees."))
		return
	}
	shown := all[:min(len(all), r.Limit)]
	for from := 0; from < len(shown); {
		to := from
		for to < len(shown) && shown[to].Class == shown[from].Class && shown[to].Outcome == shown[from].Outcome && shown[to].Side == shown[from].Side {
			to++
		}
		p.class(r, shown[from:to])
		from = to
	}
	if rest := len(all) - len(shown) + r.Result.Dropped; rest > 0 {
		p.wrap("  ", fmt.Sprintf("%s more: --limit shows them, --csv and --html write them.", compare.Number(rest)))
	}
}

// class prints findings of one class and outcome.
func (p *printer) class(r Report, all []compare.Finding) {
	p.heading(title(all[0]))
	table, columns := form(all[0])
	for _, f := range all {
		table = append(table, r.row(f))
	}
	p.table(table, columns)
}

func title(f compare.Finding) string {
	what := strings.ReplaceAll(string(f.Class), "_", " ")
	switch f.Class {
	case finding.ValueDiffers:
		what = "differences"
	case finding.Missing:
		what = "missing on the " + f.Side.String()
	case finding.Duplicate:
		what = "more than once on the " + f.Side.String()
	case finding.Unreadable:
		what = "rows of the " + f.Side.String() + " file that cannot be read"
	default: // other classes are those of rules
	}
	switch f.Outcome {
	case compare.Explained:
		return what + " that are explained"
	case compare.CannotTell:
		return what + ", which cannot be told"
	default:
		return what
	}
}

// form is the head of a table of findings like this one, and how its columns are
// aligned.
func form(f compare.Finding) ([][]string, string) {
	switch {
	case f.Facet != "" && f.Outcome != compare.Differ:
		return [][]string{{"", "facet", "left", "right", "delta", "why"}}, "llrrrl"
	case f.Facet != "":
		return [][]string{{"", "facet", "left", "right", "delta", "lines"}}, "llrrrr"
	case f.Class == finding.Missing:
		return [][]string{{"", "line", ""}}, "lrl"
	default:
		return nil, "ll"
	}
}

// name is what a finding is known by: its key, else its id, else its place.
func name(f compare.Finding) string {
	line := fmt.Sprintf("line %d", cmp.Or(f.Lines[compare.Left], f.Lines[compare.Right]))
	return cmp.Or(f.Key, f.Native[compare.Left], f.Native[compare.Right], line)
}

func (r Report) row(f compare.Finding) []string {
	switch {
	case f.Facet != "":
		left, right := r.values(f)
		last := f.Why
		if f.Outcome == compare.Differ {
			last = fmt.Sprintf("%s/%s", orDash(line(f, compare.Left)), orDash(line(f, compare.Right)))
		}
		return []string{name(f), f.Facet, left, right, deltaText(f.Delta), last}
	case f.Class == finding.Missing:
		return []string{name(f), line(f, f.Side.Other()), f.Why}
	default:
		return []string{name(f), f.Why}
	}
}
