package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Next returns the next row: io.EOF behind the last, a [*RowError] for one bad
// row, behind which reading goes on, and any other error for good. Rows without
// any text are passed over.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.take()
		if err != nil {
			return Row{}, r.named(err)
		}
		row, err = r.fitted(row)
		if err != nil {
			return Row{}, r.named(err)
		}
		if row.Cells != nil {
			return row, nil
		}
	}
}

// take returns the next row as the file has it.
func (r *Reader) take() (Row, error) {
	if len(r.early) > 0 {
		s := r.early[0]
		r.early = r.early[1:]
		return s.row, s.err
	}
	if r.done != nil {
		return Row{}, r.done
	}
	return r.source.next()
}

// named adds the column's name to the error of a row, and remembers any other.
func (r *Reader) named(err error) error {
	var bad *RowError
	if !errors.As(err, &bad) {
		r.done = err
		return err
	}
	if bad.Name == "" && bad.Column > 0 && bad.Column <= len(r.header) {
		bad.Name = r.header[bad.Column-1]
	}
	return bad
}

// fitted returns the row with one cell for each name of the header, or without
// cells where all are empty.
func (r *Reader) fitted(row Row) (Row, error) {
	want := len(r.header)
	if len(row.Cells) == want && !r.mayBeNoRecord(row.Cells[0]) {
		return row, nil
	}
	has := width(row)
	switch {
	case has == 0:
		return Row{}, nil
	case r.isNoRecord(row):
		return Row{}, &RowError{Line: row.Line, Want: "a record; this looks like a line of totals, or the header again"}
	case has > want:
		return Row{}, &RowError{
			Line: row.Line, Column: want + 1,
			Want: fmt.Sprintf("%d cells, as the header has, not %d", want, len(row.Cells)),
		}
	case len(row.Cells) < want && !r.ragged:
		return Row{}, r.tooFew(row)
	}
	for len(row.Cells) < want {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells = row.Cells[:want]
	return row, nil
}

// tooFew is what is said of a short row. The last row of a file that does not end
// its line was cut.
func (r *Reader) tooFew(row Row) error {
	if c, ok := r.source.(interface{ cut() bool }); ok && c.cut() && len(r.early) == 0 {
		return fmt.Errorf("%w: line %d ends the file after %d of %d cells", ErrTruncated, row.Line, len(row.Cells), len(r.header))
	}
	return &RowError{
		Line: row.Line, Column: len(row.Cells) + 1,
		Want: fmt.Sprintf("%d cells, as the header has, not %d", len(r.header), len(row.Cells)),
	}
}

// mayBeNoRecord reports whether a row needs a closer look: it tells by the first
// character, because it is asked for every row.
func (r *Reader) mayBeNoRecord(first Cell) bool {
	return empty(first) || r.plain && len(first.Text) > 0 && (first.Text[0] == r.header[0][0] || mayBeTotal(first.Text))
}

// isNoRecord reports whether a row of a table is a line of totals or the header
// once more.
func (r *Reader) isNoRecord(row Row) bool {
	return r.plain && (isTotal(row) || r.isHeader(row))
}

func (r *Reader) isHeader(row Row) bool {
	for i, c := range row.Cells {
		if i >= len(r.header) || string(c.Text) != r.header[i] {
			return false
		}
	}
	return true
}

// totals are the words that begin a line of totals.
var totals = []string{
	"total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme",
	"total général", "totaal", "totale", "suma", "totalt",
}

// isTotal reports whether the row is a line of totals: its first text is such a
// word, and at least half of its cells are empty.
func isTotal(row Row) bool {
	for i, c := range row.Cells {
		if empty(c) {
			continue
		}
		return mayBeTotal(c.Text) && sparse(row.Cells[i:], len(row.Cells)) && isTotalWord(c.Text)
	}
	return false
}

// mayBeTotal reports whether a text may be such a word, by its first two letters.
func mayBeTotal(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	switch first, second := text[0]|0x20, text[1]|0x20; first {
	case 't':
		return second == 'o'
	case 'g':
		return second == 'r' || second == 'e'
	case 's':
		return second == 'u'
	default:
		return false
	}
}

func isTotalWord(text []byte) bool {
	word := bytes.Trim(text, " :*")
	for _, total := range totals {
		if len(word) == len(total) && strings.EqualFold(string(word), total) {
			return true
		}
	}
	return false
}

// sparse reports whether at least half of n cells are empty, when those before
// the given ones are.
func sparse(cells []Cell, n int) bool {
	filled := 0
	for _, c := range cells {
		if !empty(c) {
			filled++
		}
	}
	return 2*filled <= n
}
