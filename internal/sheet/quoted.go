package sheet

import (
	"bytes"
	"fmt"
)

// verdict is what became of the bytes ahead as one quoted row.
type verdict uint8

const (
	whole verdict = iota
	unfinished
	stray
)

// quoted reads a row that has quotes, and may have more lines than one.
func (c *csvSource) quoted() (Row, error) {
	for {
		data := c.within(c.w.ahead(), 2)
		full := len(data) > c.maxRow+1
		n, is := c.parse(data, c.w.ended() && !full)
		switch {
		case is == stray:
			return c.strayQuote()
		case is == whole && n <= c.maxRow+1:
			return c.take(data[:n])
		case full:
			return c.tooLong()
		case c.w.ended():
			return Row{}, fmt.Errorf("%w: it ends inside quotes that open in line %d, or a quote is missing there", ErrTruncated, c.line)
		case !c.w.more() && c.w.failed() != nil:
			return Row{}, c.w.failed()
		}
	}
}

func (c *csvSource) strayQuote() (Row, error) {
	err := &RowError{
		Line: c.line, Column: len(c.cells) + 1,
		Want: "quotes around the whole cell, and each quote inside them doubled",
	}
	c.nextLine()
	return Row{}, err
}

// take uses up a parsed row.
func (c *csvSource) take(text []byte) (Row, error) {
	row, trusted := Row{Line: c.line}, c.trusted()
	for _, i := range c.doubled {
		c.cells[i].Text = undouble(c.cells[i].Text)
	}
	c.w.use(len(text))
	c.line += bytes.Count(text, []byte{c.newline})
	c.withoutEnd = text[len(text)-1] != c.newline
	if c.withoutEnd {
		c.line++
	}
	return c.checked(row, text, trusted)
}

// parse cuts the row at the start of data into cells, without changing data. It
// returns the size of the row with its line end. Unless data is the rest of the
// file, a row is unfinished until its line end is seen.
func (c *csvSource) parse(data []byte, rest bool) (int, verdict) {
	c.cells, c.doubled = c.cells[:0], c.doubled[:0]
	for at := 0; ; at++ {
		at = c.simple(data, at)
		end, is := c.cell(data, at, rest)
		switch {
		case is != whole:
			return 0, is
		case end == len(data):
			return end, whole
		case data[end] == c.newline:
			return end + 1, whole
		}
		at = end
	}
}

// simple adds cells that are in quotes, have none inside and end with a
// delimiter, and returns where the next starts. It is what most cells are in a
// file that quotes them all.
func (c *csvSource) simple(data []byte, at int) int {
	cells := c.cells
	for at < len(data) && data[at] == '"' {
		text := data[at+1:]
		n := closingQuote(text)
		if n < 0 || n+1 >= len(text) || text[n+1] != c.delimiter {
			break
		}
		cells = append(cells, textCell(text[:n]))
		at += n + 3
	}
	c.cells = cells
	return at
}

// cell adds the cell that starts at the given place, and returns where the
// delimiter, newline or end behind it stands.
func (c *csvSource) cell(data []byte, at int, rest bool) (int, verdict) {
	if at < len(data) && data[at] == '"' {
		return c.quotedCell(data, at+1, rest)
	}
	for end := at; end < len(data); end++ {
		switch data[end] {
		case c.delimiter:
			c.cells = append(c.cells, textCell(data[at:end]))
			return end, whole
		case c.newline:
			c.cells = append(c.cells, textCell(c.trimReturn(data[at:end])))
			return end, whole
		case '"':
			return 0, stray
		}
	}
	if !rest {
		return 0, unfinished
	}
	c.cells = append(c.cells, textCell(c.trimReturn(data[at:])))
	return len(data), whole
}

// quotedCell adds the cell whose text starts behind a quote.
func (c *csvSource) quotedCell(data []byte, start int, rest bool) (int, verdict) {
	doubled := false
	for at := start; ; {
		i := bytes.IndexByte(data[at:], '"')
		if i < 0 {
			return 0, unfinished
		}
		at += i + 1
		if at < len(data) && data[at] == '"' {
			doubled = true
			at++
			continue
		}
		end := at
		if c.newline == '\n' && end < len(data) && data[end] == '\r' {
			end++
		}
		switch {
		case end == len(data) && !rest:
			return 0, unfinished
		case end < len(data) && data[end] != c.newline && (data[end] != c.delimiter || end > at):
			return 0, stray
		}
		if doubled {
			c.doubled = append(c.doubled, len(c.cells))
		}
		c.cells = append(c.cells, textCell(data[start:at-1]))
		return end, whole
	}
}

// undouble makes one quote of two, in place.
func undouble(text []byte) []byte {
	n := 0
	for i := 0; i < len(text); i++ {
		text[n] = text[i]
		n++
		if text[i] == '"' {
			i++
		}
	}
	return text[:n]
}
