package sheet

import (
	"bytes"
	"fmt"
	"io"
)

// openArray reads a JSON array.
func (r *Reader) openArray(w *window, o Options) error {
	r.format.Kind = JSONArray
	w.use(bytes.IndexByte(w.ahead(), '[') + 1)
	return r.openJSON(&elements{w: w, maxRow: o.MaxRow}, o)
}

// openObjects reads JSON Lines, or one JSON object that has the rows in an array.
func (r *Reader) openObjects(w *window, text []byte, o Options) error {
	if member, at := rowsIn(text); at > 0 {
		r.format.Kind = JSONArray
		r.format.Member = member
		w.use(len(w.ahead()) - len(bytes.TrimLeft(w.ahead(), " \t\r\n")) + at)
		return r.openJSON(&elements{w: w, maxRow: o.MaxRow, wrapped: true}, o)
	}
	r.format.Kind = JSONLines
	return r.openJSON(&lines{w: w, maxRow: o.MaxRow}, o)
}

// fewMembers is how many members an object may have beside its rows. More than
// these are a record that has a list.
const fewMembers = 4

// rowsIn returns which member of a JSON object is an array of objects, and the
// place behind its bracket, 0 when the text is JSON Lines: there one line is a
// whole object and another follows, or the object has many members.
func rowsIn(text []byte) (member string, at int) {
	name := []byte(nil)
	depth, members := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			end := stringEnd(text, i)
			if depth == 1 && end < len(text) && bytes.HasPrefix(bytes.TrimSpace(text[end:]), []byte(":")) {
				name = text[i+1 : end-1]
				members++
			}
			i = end - 1
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return alone(text[i+1:], member, at)
			}
		case '[':
			if depth == 1 && at == 0 && bytes.HasPrefix(bytes.TrimSpace(text[i+1:]), []byte("{")) {
				member, at = string(name), i+1
			}
			depth++
		case ']':
			depth--
		}
		if members > fewMembers {
			return "", 0
		}
	}
	return member, at
}

// alone returns what was found if nothing follows the object.
func alone(rest []byte, member string, at int) (string, int) {
	if len(bytes.TrimSpace(rest)) > 0 {
		return "", 0
	}
	return member, at
}

// stringEnd returns the place behind the string that starts at i.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// elements are the elements of a JSON array, found by brackets and quotes, so
// that one that is no JSON costs only itself.
type elements struct {
	w       *window
	maxRow  int
	n       int
	wrapped bool
	done    bool
}

func (e *elements) record() ([]byte, int, error) {
	if e.done {
		return nil, 0, e.tail()
	}
	raw, end, err := e.element()
	if err != nil {
		return nil, 0, err
	}
	tooLong := raw == nil || len(raw) > e.maxRow
	raw = bytes.TrimSpace(raw)
	e.done = end == ']'
	if e.done && e.n == 0 && len(raw) == 0 && !tooLong {
		return nil, 0, e.tail()
	}
	e.n++
	if tooLong {
		return nil, 0, &RowError{Line: e.n, Want: fmt.Sprintf("an object of at most %d bytes", e.maxRow)}
	}
	return raw, e.n, nil
}

// element returns what stands before the next comma or the bracket that ends the
// array, nil when it was too long to keep.
func (e *elements) element() (raw []byte, end byte, err error) {
	var at int
	var where nesting
	tooLong := false
	for {
		data := e.w.ahead()
		for ; at < len(data); at++ {
			if where.step(data[at]) {
				raw = data[:at:at]
				e.w.use(at + 1)
				if tooLong {
					raw = nil
				} else if raw == nil {
					raw = []byte{}
				}
				return raw, data[at], nil
			}
		}
		switch {
		case e.w.more():
		case e.w.full():
			tooLong = true
			e.w.use(at)
			at = 0
		case e.w.failed() != nil:
			return nil, 0, e.w.failed()
		default:
			return nil, 0, fmt.Errorf("%w: it ends inside of the array, in element %d", ErrTruncated, e.n+1)
		}
	}
}

// tail reads what follows the array: io.EOF when nothing is wrong with it.
func (e *elements) tail() error {
	var where nesting
	for {
		for i, c := range e.w.ahead() {
			switch {
			case e.wrapped && where.depth == 0 && c == '}':
				e.w.use(i + 1)
				e.wrapped = false
				return e.tail()
			case e.wrapped:
				where.step(c)
			case c != ' ' && c != '\n' && c != '\r' && c != '\t':
				return fmt.Errorf("%w: something follows the end of the array", ErrDamaged)
			}
		}
		e.w.use(len(e.w.ahead()))
		switch {
		case e.w.more():
		case e.w.failed() != nil:
			return e.w.failed()
		case e.wrapped:
			return fmt.Errorf("%w: it ends behind the array, inside of the object around it", ErrTruncated)
		default:
			return io.EOF
		}
	}
}

// nesting is how deep in brackets and quotes a place is.
type nesting struct {
	depth           int
	quoted, escaped bool
}

// step reads one character, and reports whether it ends an element.
func (n *nesting) step(c byte) bool {
	switch {
	case n.escaped:
		n.escaped = false
	case n.quoted:
		n.escaped = c == '\\'
		n.quoted = c != '"'
	case c == '"':
		n.quoted = true
	case c == '{' || c == '[':
		n.depth++
	case n.depth == 0:
		return c == ',' || c == ']'
	case c == '}' || c == ']':
		n.depth--
	}
	return false
}
