// Package layout lays text out in the columns of a terminal: lines that are folded
// at spaces, and tables that give way.
//
// It owns how wide things are. What is said, where it is written, and how wide that
// is, it leaves to others.
package layout

import (
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Fold cuts a text into lines of at most so many columns, at spaces; a word that is
// longer than a line is cut in itself, where a character of two columns may stand
// over by one. A width of 0 has no end. There is at least
// one line.
func Fold(s string, width int) []string {
	s = strings.Join(strings.Fields(s), " ")
	if width <= 0 {
		return []string{s}
	}
	lines := strings.Split(text.WrapSoft(s, width), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// Hang folds a text behind a mark, and puts all of its lines under its first.
func Hang(mark, s string, width int) []string {
	columns := Columns(mark)
	if width > 0 {
		width = max(width-columns, 1)
	}
	lines := Fold(s, width)
	for i := range lines {
		lines[i] = mark + lines[i]
		mark = strings.Repeat(" ", columns)
	}
	return lines
}

// Columns is how many columns a text takes.
func Columns(s string) int { return text.StringWidthWithoutEscSequences(s) }

const (
	// gap is between two columns of a table.
	gap = 2
	// legible is how narrow the widest column of a table may become.
	legible = 24
	// separator is between the cells of a row that stands as text.
	separator = " · "
)

// Table lays rows out in aligned columns. Where they are too wide, the widest column
// is folded; where that is not enough, each row stands as text, its cells in a row.
// A width of 0 has no end.
func Table(rows [][]string, width int) []string {
	widths := natural(rows)
	excess := total(widths) - width
	if width <= 0 || excess <= 0 {
		return aligned(rows, widths)
	}
	widest := slices.Index(widths, slices.Max(widths))
	if widths[widest]-excess < legible {
		return flowing(rows, width)
	}
	widths[widest] -= excess
	return aligned(rows, widths)
}

// natural are the widths of columns in which nothing is folded.
func natural(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	return widths
}

func total(widths []int) int {
	sum := -gap
	for _, w := range widths {
		sum += w + gap
	}
	return sum
}

func aligned(rows [][]string, widths []int) []string {
	var lines []string
	for _, row := range rows {
		cells := make([][]string, len(row))
		height := 1
		for i, cell := range row {
			cells[i] = []string{cell}
			if Columns(cell) > widths[i] {
				cells[i] = Fold(cell, widths[i])
			}
			height = max(height, len(cells[i]))
		}
		for n := range height {
			var b strings.Builder
			for i, cell := range cells {
				line := ""
				if n < len(cell) {
					line = cell[n]
				}
				b.WriteString(text.Pad(line, widths[i]+gap, ' '))
			}
			lines = append(lines, strings.TrimRight(b.String(), " "))
		}
	}
	return lines
}

func flowing(rows [][]string, width int) []string {
	var lines []string
	for _, row := range rows {
		var cells []string
		for _, cell := range row {
			if cell = strings.TrimSpace(cell); cell != "" {
				cells = append(cells, cell)
			}
		}
		for i, line := range Fold(strings.Join(cells, separator), width-gap) {
			if i > 0 {
				line = strings.Repeat(" ", gap) + line
			}
			lines = append(lines, line)
		}
	}
	return lines
}
