package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// sampleRows is how many rows are looked at to find the header.
const sampleRows = 32

// sampled is a row that was read early, or why it could not be.
type sampled struct {
	row Row
	err error
}

// findHeader reads the first rows and makes one of them the header: the first
// that is more than half as wide as the rows of the file are. Titles above it
// are narrow. The rows behind it are kept for Next.
func (r *Reader) findHeader(o Options) error {
	sample, err := r.sample(o.HeaderLine)
	if err != nil {
		return err
	}
	at := 0
	if o.HeaderLine == 0 {
		at = headerOf(sample)
	}
	for _, s := range sample[:at+1] {
		if s.err != nil {
			return fmt.Errorf("%w: no header can be read: %w", ErrFormat, s.err)
		}
	}
	header := sample[at].row
	if len(header.Cells) > o.MaxColumns {
		return fmt.Errorf("%w: line %d has %d columns, want at most %d", ErrLimit, header.Line, len(header.Cells), o.MaxColumns)
	}
	r.header = names(header.Cells[:r.columns(header)])
	r.format.HeaderLine = header.Line
	r.early = sample[at+1:]
	return nil
}

// columns is how many columns a header has.
func (r *Reader) columns(header Row) int {
	if r.ragged {
		return width(header)
	}
	return len(header.Cells)
}

// sample returns the first rows, from the given line on.
func (r *Reader) sample(from int) ([]sampled, error) {
	var sample []sampled
	for len(sample) < sampleRows {
		row, err := r.source.next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF) && len(sample) == 0:
			return nil, ErrEmpty
		case err == nil && row.Line >= from && width(row) > 0:
			sample = append(sample, sampled{row: keep(row)})
		case errors.As(err, &bad) && bad.Line >= from:
			sample = append(sample, sampled{err: err})
		case err != nil && bad == nil && len(sample) == 0:
			return nil, err
		case err != nil && bad == nil:
			r.done = err
			return sample, nil
		}
	}
	return sample, nil
}

// keep returns a row of its own memory.
func keep(row Row) Row {
	cells := make([]Cell, len(row.Cells))
	for i, c := range row.Cells {
		cells[i] = Cell{Text: bytes.Clone(c.Text), State: c.State}
	}
	return Row{Line: row.Line, Cells: cells}
}

// headerOf returns which row of a sample is the header.
func headerOf(sample []sampled) int {
	usual := usualWidth(sample)
	for i, s := range sample {
		if s.err != nil || 2*width(s.row) > usual {
			return i
		}
	}
	return 0
}

// usualWidth is the width that most rows have. Wide rows weigh more, so that a
// header without rows stands out from titles above it.
func usualWidth(sample []sampled) int {
	count := map[int]int{}
	for _, s := range sample {
		count[width(s.row)]++
	}
	best := 0
	for w, n := range count {
		if a, b := w*n*n, best*count[best]*count[best]; a > b || a == b && w > best {
			best = w
		}
	}
	return best
}

// width is the number of cells up to the last that holds something.
func width(row Row) int {
	for i := len(row.Cells); i > 0; i-- {
		if !empty(row.Cells[i-1]) {
			return i
		}
	}
	return 0
}

func empty(c Cell) bool { return c.State == Blank || c.State == Missing }

// names makes each column's name a different one.
func names(cells []Cell) []string {
	header := make([]string, len(cells))
	taken := map[string]bool{}
	for i, c := range cells {
		name := strings.TrimSpace(string(c.Text))
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		unique := name
		for n := 2; taken[unique]; n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		taken[unique] = true
		header[i] = unique
	}
	return header
}
