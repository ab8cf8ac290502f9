package shopify

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/platform"
)

// field is one value as it stands in the body, so that no digit is lost. It is
// nil when the body does not have it.
type field []byte

func (f field) absent() bool { return f == nil }

func (f field) null() bool { return len(f) > 0 && f[0] == 'n' }

// given reports that there is a value and that it is not null.
func (f field) given() bool { return len(f) > 0 && f[0] != 'n' }

// decode reads a whole body into one of the shapes of this package. It reads
// what encoding/json reads, names in any case included, in a twelfth of the
// time: one pass that copies nothing. Fields point into the body.
//
// It refuses more: nesting beyond maxDepth, and a second value of one name that
// is read, because other readers of the same bytes may have believed the first.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return &platform.BodyError{Where: "body", Want: "valid UTF-8"}
	}
	d := &decoder{scanner: scanner{body: body}}
	v := reflect.ValueOf(into).Elem()
	if d.value(v, shapeOf(v.Type())) && d.ended() {
		return nil
	}
	switch {
	case d.problem != nil:
		return d.problem
	case d.depth > maxDepth:
		return &platform.BodyError{Where: "body", Want: "at most 64 levels of nesting"}
	default:
		return &platform.BodyError{Where: "body", Want: "one JSON object and nothing else"}
	}
}

type decoder struct {
	scanner
	// names lead to the value that is being read.
	names   []string
	problem *platform.BodyError
}

func (d *decoder) fail(where, want string) bool {
	if where == "" {
		where = "body"
	}
	d.problem = &platform.BodyError{Where: where, Want: want}
	return false
}

// value reads one value. Null leaves everything but a field as it is.
func (d *decoder) value(v reflect.Value, s *shape) bool {
	if s.kind == leaf {
		return d.leaf(v)
	}
	switch c := d.peek(); {
	case c == 'n':
		return d.word("null")
	case s.kind == pointer:
		if v.IsNil() {
			v.Set(reflect.New(s.element.of))
		}
		return d.value(v.Elem(), s.element)
	case s.kind == structure && c == '{':
		return d.object(func(name []byte) bool { return d.member(v, s, name) })
	case s.kind == structure:
		return d.fail(strings.Join(d.names, "."), "an object")
	case c == '[':
		return d.elements(v, s)
	default:
		return d.fail(strings.Join(d.names, "."), "a list")
	}
}

func (d *decoder) leaf(v reflect.Value) bool {
	if !v.IsNil() {
		return d.fail("body", "every name once in an object")
	}
	d.peek()
	start := d.at
	if !d.skip() {
		return false
	}
	v.SetBytes(d.body[start:d.at:d.at])
	return true
}

func (d *decoder) member(v reflect.Value, s *shape, name []byte) bool {
	m := s.member(name)
	if m == nil {
		return d.skip()
	}
	d.names = append(d.names, m.name)
	ok := d.value(v.FieldByIndex(m.index), m.shape)
	d.names = d.names[:len(d.names)-1]
	return ok
}

func (d *decoder) elements(v reflect.Value, s *shape) bool {
	if v.IsNil() {
		v.Set(reflect.MakeSlice(s.of, 0, 4))
	}
	n := 0
	return d.list(func() bool {
		if n == v.Cap() {
			v.Grow(1)
		}
		if n == v.Len() {
			v.SetLen(n + 1)
		}
		n++
		return d.value(v.Index(n-1), s.element)
	})
}

// unquote returns the text of a JSON string.
func unquote(raw field) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), true
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}
