package sheet

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// csvSource reads delimited text. Its cells are slices of the window.
type csvSource struct {
	w                  *window
	delimiter, newline byte
	maxRow             int
	// decoded text may hold U+FFFD for what could not be.
	decoded bool
	// line is that of the next row.
	line  int
	cells []Cell
	// doubled are the cells at hand that have doubled quotes.
	doubled []int
	// withoutEnd says that the last row ended with the file.
	withoutEnd bool
}

func newCSV(w *window, delimiter, newline byte, o Options) *csvSource {
	w.inspecting = true
	w.inspect()
	return &csvSource{
		w: w, delimiter: delimiter, newline: newline, maxRow: o.MaxRow, line: 1,
	}
}

// cut reports whether the last row ended with the file and not with a line end.
func (c *csvSource) cut() bool { return c.withoutEnd }

func (c *csvSource) next() (Row, error) {
	for {
		data := c.within(c.w.ahead(), 1)
		n, found := c.split(data)
		switch {
		case found == '"':
			return c.quoted()
		case found == c.newline:
			return c.plain(data[:n], n+1)
		case len(data) > c.maxRow:
			return c.tooLong()
		case c.w.more():
		case c.w.failed() != nil:
			return Row{}, c.w.failed()
		case len(data) == 0:
			return Row{}, io.EOF
		default:
			c.withoutEnd = true
			return c.plain(data, len(data))
		}
	}
}

// within is as much of what is ahead as the longest row and a bit more have. What a
// row is may not depend on how much else is in memory.
func (c *csvSource) within(data []byte, more int) []byte { return data[:min(len(data), c.maxRow+more)] }

// plain uses up a row that split has cut.
func (c *csvSource) plain(text []byte, size int) (Row, error) {
	row := Row{Line: c.line}
	if len(c.trimReturn(text)) < len(text) {
		last := &c.cells[len(c.cells)-1]
		*last = textCell(c.trimReturn(last.Text))
	}
	trusted := c.trusted()
	c.w.use(size)
	c.line++
	return c.checked(row, text, trusted)
}

// trimReturn removes what ends a line before its newline.
func (c *csvSource) trimReturn(text []byte) []byte {
	if n := len(text); c.newline == '\n' && n > 0 && text[n-1] == '\r' {
		return text[:n-1]
	}
	return text
}

func textCell(text []byte) Cell {
	if len(text) == 0 {
		return Cell{State: Blank}
	}
	return Cell{Text: text, State: Text}
}

// tooLong sets the line aside and goes on at the next.
func (c *csvSource) tooLong() (Row, error) {
	err := &RowError{Line: c.line, Want: fmt.Sprintf("a row of at most %d bytes; is a quote missing?", c.maxRow)}
	c.nextLine()
	return Row{}, err
}

// nextLine gives up the row at hand. What follows its first line is read as rows
// again: a quote that is never closed costs one line and not the file.
func (c *csvSource) nextLine() {
	c.w.skipPast(c.newline)
	c.line++
}

// trusted reports whether everything ahead is known to be text.
func (c *csvSource) trusted() bool { return c.w.trusted() && !c.decoded }

// checked returns the row, or which of its cells is no text. The cells lie in
// text.
func (c *csvSource) checked(row Row, text []byte, trusted bool) (Row, error) {
	row.Cells = c.cells
	if trusted || c.wantText(text) == "" {
		return row, nil
	}
	for i, cell := range c.cells {
		if want := c.wantText(cell.Text); want != "" {
			return Row{}, &RowError{Line: row.Line, Column: i + 1, Want: want}
		}
	}
	return row, nil
}

func (c *csvSource) wantText(text []byte) string {
	switch {
	case bytes.IndexByte(text, 0) >= 0:
		return "text without a NUL character"
	case !utf8.Valid(text):
		return "valid UTF-8, or another encoding to be named for the file"
	case c.replaced(text):
		return "text in the encoding of the file"
	default:
		return ""
	}
}

// replaced reports whether a character could not be decoded.
func (c *csvSource) replaced(text []byte) bool {
	return c.decoded && bytes.Contains(text, []byte("\uFFFD"))
}
