package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

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

func (p *printer) heading(text string) { p.line("%s", p.paint(bold, cut(clean(text), Width))) }

// wrap prints a text in lines that begin with an indent; the first one with two
// spaces.
func (p *printer) wrap(indent, text string) {
	first := "  "
	for _, l := range layout.Fold(clean(text), Width-layout.Columns(indent)) {
		p.line("%s%s", first, l)
		first = indent
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

func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(width-1, 0)]) + "…"
}

// table prints rows in columns, l for left-aligned ones and r for numbers. The
// widest columns give way where a line would be too long.
func (p *printer) table(rows [][]string, columns string) {
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i := range row {
			row[i] = clean(row[i])
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	narrow(widths, Width-2)
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString("  ")
			cell = cut(cell, widths[i])
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if columns[i] == 'r' {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
	p.line("")
}

// narrow takes from the widest columns until all fit, with two spaces before each.
func narrow(widths []int, most int) {
	for {
		sum, widest := -2, 0
		for i, w := range widths {
			sum += w + 2
			if w > widths[widest] {
				widest = i
			}
		}
		if sum <= most || widths[widest] <= 4 {
			return
		}
		widths[widest]--
	}
}
