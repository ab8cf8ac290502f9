package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// headerRecords and headerSize bound the JSON objects that the header is made
	// from.
	headerRecords = 100
	headerSize    = 1 << 20
	// mostUnread bounds the keys that are told as not read.
	mostUnread = 100
)

// isArray reports whether a text begins a JSON array and not a CSV header in
// brackets.
func isArray(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte("["))
	rest = bytes.TrimSpace(rest)
	return ok && (len(rest) == 0 || bytes.IndexByte([]byte(`{}[]"-0123456789`), rest[0]) >= 0)
}

// isObject reports whether a text begins a JSON object.
func isObject(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte("{"))
	rest = bytes.TrimSpace(rest)
	return ok && (len(rest) == 0 || rest[0] == '"' || rest[0] == '}')
}

// records are the raw JSON values of a file.
type records interface {
	// record returns the next value and its place, valid until the next call,
	// io.EOF, a *RowError, or a final error.
	record() ([]byte, int, error)
}

// jsonSource makes rows of JSON objects.
type jsonSource struct {
	records records
	// early are the objects that the header was made from.
	early   []earlyRecord
	columns map[string]int
	flat    flattening
	cells   []Cell
	unread  []string
	known   map[string]bool
}

type earlyRecord struct {
	raw  []byte
	line int
	err  error
}

// openJSON reads objects, whose keys in the first of them are the header.
func (r *Reader) openJSON(in records, o Options) error {
	source := &jsonSource{records: in, columns: map[string]int{}, known: map[string]bool{}}
	r.source = source
	r.unread = func() []string { return source.unread }
	if err := source.learn(o.MaxColumns); err != nil {
		return err
	}
	r.header = make([]string, len(source.columns))
	for name, i := range source.columns {
		r.header[i] = name
	}
	source.cells = make([]Cell, len(r.header))
	return nil
}

// learn reads the first objects and makes a column of each key.
func (s *jsonSource) learn(most int) error {
	s.flat.visit = func(name []byte, _ Cell) error {
		if _, ok := s.columns[string(name)]; !ok {
			s.columns[string(name)] = len(s.columns)
		}
		return nil
	}
	for size := 0; len(s.early) < headerRecords && size < headerSize; {
		raw, line, err := s.records.record()
		if errors.Is(err, io.EOF) && len(s.early) == 0 {
			return ErrEmpty
		}
		s.early = append(s.early, earlyRecord{raw: bytes.Clone(raw), line: line, err: err})
		if err == nil {
			// What is wrong with it is said when it is read as a row.
			_ = s.flat.object(raw)
		}
		if size += len(raw); len(s.columns) > most {
			return fmt.Errorf("%w: more than %d columns", ErrLimit, most)
		}
		if bad := (*RowError)(nil); err != nil && !errors.As(err, &bad) {
			break
		}
	}
	if len(s.columns) == 0 {
		return s.nothing()
	}
	s.flat.visit = s.put
	return nil
}

// nothing says why no column was found.
func (s *jsonSource) nothing() error {
	last := s.early[len(s.early)-1].err
	if bad := (*RowError)(nil); last != nil && !errors.As(last, &bad) && !errors.Is(last, io.EOF) {
		return last
	}
	return fmt.Errorf("%w: no JSON object with values among its first rows", ErrFormat)
}

func (s *jsonSource) next() (Row, error) {
	raw, line, err := s.take()
	if err != nil {
		return Row{}, err
	}
	clear(s.cells)
	if err := s.flat.object(raw); err != nil {
		var bad *RowError
		if errors.As(err, &bad) {
			bad.Line = line
		}
		return Row{}, err
	}
	return Row{Line: line, Cells: s.cells}, nil
}

func (s *jsonSource) take() ([]byte, int, error) {
	if len(s.early) > 0 {
		e := s.early[0]
		s.early = s.early[1:]
		return e.raw, e.line, e.err
	}
	return s.records.record()
}

// put sets the cell of a key.
func (s *jsonSource) put(name []byte, c Cell) error {
	i, ok := s.columns[string(name)]
	switch {
	case !ok && !s.known[string(name)] && len(s.unread) < mostUnread:
		s.known[string(name)] = true
		s.unread = append(s.unread, string(name))
		return nil
	case !ok:
		return nil
	case s.cells[i].State != Missing:
		return &RowError{Column: i + 1, Want: "each name once in an object"}
	case c.State == Number:
		text, err := canonical(c.Text)
		if err != nil {
			return &RowError{Column: i + 1, Want: wantDigits}
		}
		c.Text = text
	case bytes.IndexByte(c.Text, 0) >= 0:
		return &RowError{Column: i + 1, Want: "text without a NUL character"}
	}
	s.cells[i] = c
	return nil
}

// lines are the lines of a JSON Lines file.
type lines struct {
	w      *window
	line   int
	maxRow int
}

func (l *lines) record() ([]byte, int, error) {
	for {
		n := l.w.index('\n')
		cut := n < 0
		if cut && l.w.failed() != nil && !l.w.full() {
			return nil, 0, l.w.failed()
		}
		if cut && l.w.ended() {
			n = len(l.w.ahead())
		}
		if n < 0 || n > l.maxRow {
			l.w.skipPast('\n')
			l.line++
			return nil, 0, &RowError{Line: l.line, Want: fmt.Sprintf("an object of at most %d bytes", l.maxRow)}
		}
		raw := bytes.TrimSpace(l.w.ahead()[:n])
		end := cut && n == 0
		l.w.use(min(n+1, len(l.w.ahead())))
		switch {
		case end:
			return nil, 0, io.EOF
		case len(raw) == 0:
			l.line++
		case cut && !json.Valid(raw):
			return nil, 0, fmt.Errorf("%w: line %d ends the file inside of an object", ErrTruncated, l.line+1)
		default:
			l.line++
			return raw, l.line, nil
		}
	}
}
