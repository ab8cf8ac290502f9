package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/sheet"
)

// CSV writes one row for each finding, for a spreadsheet. No cell starts a formula.
func CSV(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"class", "state", "key", "facet", "left", "right", "delta", "left line", "right line", "left id", "right id", "why"}}
	for _, f := range r.Result.Findings {
		left, right := r.values(f)
		rows = append(rows, []string{
			string(f.Class), string(f.Outcome), f.Key, f.Facet, left, right, decimalText(f), line(f, compare.Left), line(f, compare.Right),
			f.Native[compare.Left], f.Native[compare.Right], strings.TrimPrefix(headline(f), ": "),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = sheet.Inert(row[i])
		}
	}
	return out.WriteAll(rows)
}

func decimalText(f compare.Finding) string {
	if f.Delta == nil {
		return ""
	}
	return f.Delta.String()
}

func line(f compare.Finding, side compare.Side) string {
	if f.Lines[side] == 0 {
		return ""
	}
	return strconv.Itoa(f.Lines[side])
}
