package sheet

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// Parts returns what gives a file part by part: each call returns a Reader of the
// rows that follow, which another goroutine may read while the next part is cut.
// One after another the parts have the rows, lines and errors that Next would have
// returned, and behind the last comes io.EOF or the final error. Every part has to
// be closed. Parts take the place of Next; only CSV files have them, and for others
// Parts returns nil.
func (r *Reader) Parts() func() (*Reader, error) {
	c, ok := r.source.(*csvSource)
	if !ok {
		return nil
	}
	c.w.distrust() // whoever reads a part looks at its text
	return func() (*Reader, error) {
		if len(r.early) > 0 {
			early := r.early
			r.early = nil
			return r.part(behind{c.withoutEnd}, early...), nil
		}
		if r.done != nil {
			return nil, r.done
		}
		return r.cutPart(c)
	}
}

// cutPart returns the whole rows that are in memory as one part. A row that is not
// plainly whole is read at once, so that a part never needs what is behind it.
func (r *Reader) cutPart(c *csvSource) (*Reader, error) {
	for {
		n, odd := c.wholeRows(c.w.ahead())
		if n > 0 {
			return r.textPart(c, n), nil
		}
		if !odd && c.w.more() {
			continue
		}
		row, err := c.next()
		var bad *RowError
		if err != nil && !errors.As(err, &bad) {
			r.done = err
			return nil, err
		}
		return r.part(behind{c.withoutEnd}, sampled{keep(row), err}), nil
	}
}

// texts is memory for parts.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// textPart uses up the next bytes, which are whole rows.
func (r *Reader) textPart(c *csvSource, size int) *Reader {
	text := texts.Get().(*[]byte)
	*text = append((*text)[:0], c.w.ahead()[:size]...)
	rows := *c
	rows.cells, rows.doubled = nil, nil
	rows.w = &window{buf: *text, end: size, most: size, err: io.EOF, inspecting: true}
	rows.w.inspect()
	c.w.use(size)
	c.line += bytes.Count(*text, []byte{c.newline})
	p := r.part(&rows)
	p.close = append(p.close, func() error { texts.Put(text); return nil })
	return p
}

func (r *Reader) part(of source, early ...sampled) *Reader {
	return &Reader{source: of, format: r.format, header: r.header, early: early, plain: r.plain, ragged: r.ragged}
}

// behind is what follows rows that were read already.
type behind struct{ withoutEnd bool }

func (behind) next() (Row, error) { return Row{}, io.EOF }

func (b behind) cut() bool { return b.withoutEnd }

// wholeRows returns how many bytes at the start of data are rows that next would
// read from them alone. What follows is odd where it is not only more of the file
// that is needed.
func (c *csvSource) wholeRows(data []byte) (n int, odd bool) {
	if len(data) <= c.maxRow && bytes.IndexByte(data, '"') < 0 {
		return bytes.LastIndexByte(data, c.newline) + 1, false
	}
	for {
		rest := data[n:]
		end := bytes.IndexByte(rest, c.newline)
		switch {
		case end < 0:
			return n, len(rest) > c.maxRow
		case end <= c.maxRow && bytes.IndexByte(rest[:end], '"') < 0:
			n += end + 1
			continue
		}
		size, is := c.parse(c.within(rest, 2), false)
		switch {
		case is == unfinished:
			return n, len(rest) > c.maxRow
		case is == stray || size > c.maxRow:
			return n, true
		}
		n += size
	}
}
