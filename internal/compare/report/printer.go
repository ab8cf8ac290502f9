package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/plumbline/plumbline/internal/layout"
)

// style is how a text stands out on a terminal.
type style string

const (
	plain style = ""
	bold  style = "\x1b[1m"
	dim   style = "\x1b[2m"
	good  style = "\x1b[32m"
	bad   style = "\x1b[31m"
	reset       = "\x1b[0m"
)

// printer writes lines of a terminal, and keeps the first error.
type printer struct {
	w      io.Writer
	colour bool
	err    error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) paint(s style, text string) string {
	if !p.colour || s == plain {
		return text
	}
	return string(s) + text + reset
}

func (p *printer) heading(text string) { p.line("%s", p.paint(bold, text)) }

// wrap prints a text in lines, the first of which begins with two spaces and further
// ones with what is given.
func (p *printer) wrap(further, text string) {
	first := "  "
	for _, l := range layout.Fold(clean(text), Width-layout.Columns(further)) {
		p.line("%s%s", first, l)
		first = further
	}
}

// hang prints a text behind a mark, and all of its lines under its first.
func (p *printer) hang(mark, text string) {
	for _, l := range layout.Hang(mark, clean(text), Width) {
		p.line("%s", l)
	}
}

// clean keeps what files hold from steering the terminal.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, text)
}

// table prints rows in columns, l for left-aligned ones and r for numbers. What is
// too wide is folded, and nothing is cut.
func (p *printer) table(rows [][]string, columns string) {
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i := range row {
			row[i] = clean(row[i])
			widths[i] = max(widths[i], layout.Columns(row[i]))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			if columns[i] == 'r' {
				row[i] = strings.Repeat(" ", widths[i]-layout.Columns(cell)) + cell
			}
		}
	}
	for _, l := range layout.Table(rows, Width-indent) {
		p.line("%s", strings.Repeat(" ", indent)+l)
	}
	p.line("")
}

// indent is how far tables stand in.
const indent = 2
