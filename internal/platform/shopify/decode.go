package shopify

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/platform"
)

// maxDepth bounds the nesting of a body. Shopify's own are less than 10 deep.
const maxDepth = 64

// field is one value as it stands in the body, so that no digit is lost. It is
// nil when the body does not have it.
type field []byte

func (f field) absent() bool { return f == nil }

func (f field) null() bool { return len(f) > 0 && f[0] == 'n' }

// given reports that there is a value and that it is not null.
func (f field) given() bool { return len(f) > 0 && f[0] != 'n' }

// decode reads a whole body into one of the shapes of this package. It reads
// what encoding/json reads, names in any case included, in one pass that copies
// nothing: fields point into the body.
//
// It refuses more: text that is no UTF-8, nesting beyond maxDepth, and a second
// value of one name that is read. Other readers of the same bytes may have
// believed the first.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return &platform.BodyError{Where: "body", Want: "valid UTF-8"}
	}
	d := &decoder{body: body}
	v := reflect.ValueOf(into).Elem()
	at := d.value(v, shapeOf(v.Type()), 0, maxDepth)
	if at >= 0 {
		_, at = peek(body, at)
	}
	switch {
	case at == len(body):
		return nil
	case d.problem != nil:
		return d.problem
	case at == tooDeep:
		return &platform.BodyError{Where: "body", Want: "at most 64 levels of nesting"}
	default:
		return &platform.BodyError{Where: "body", Want: "one JSON object and nothing else"}
	}
}

type decoder struct {
	body []byte
	// names lead to the value that is being read.
	names   []string
	problem *platform.BodyError
}

func (d *decoder) fail(want string) int {
	where := strings.Join(d.names, ".")
	if where == "" {
		where = "body"
	}
	d.problem = &platform.BodyError{Where: where, Want: want}
	return broken
}

// value reads one value. Null leaves everything but a field as it is.
func (d *decoder) value(v reflect.Value, s *shape, at, levels int) int {
	c, at := peek(d.body, at)
	switch {
	case s.form == leaf:
		return d.leaf(v, at, levels)
	case c == 'n':
		return skipWord(d.body, at, "null")
	case s.form == pointer:
		if v.IsNil() {
			v.Set(reflect.New(s.element.of))
		}
		return d.value(v.Elem(), s.element, at, levels)
	case levels == 0:
		return tooDeep
	case s.form == list && c == '[':
		return d.elements(v, s, at, levels-1)
	case s.form == list:
		return d.fail("a list")
	case c == '{':
		return d.members(v, s, at, levels-1)
	default:
		return d.fail("an object")
	}
}

func (d *decoder) leaf(v reflect.Value, at, levels int) int {
	if !v.IsNil() {
		d.names = nil
		return d.fail("every name once in an object")
	}
	end := skip(d.body, at, levels)
	if end >= 0 {
		v.SetBytes(d.body[at:end:end])
	}
	return end
}

func (d *decoder) members(v reflect.Value, s *shape, at, levels int) int {
	more, at := firstItem(d.body, at)
	for more {
		var quoted []byte
		if quoted, at = name(d.body, at); at < 0 {
			return at
		}
		if m := s.member(quoted); m == nil {
			at = skip(d.body, at, levels)
		} else {
			d.names = append(d.names, m.name)
			at = d.value(v.FieldByIndex(m.index), m.shape, at, levels)
			d.names = d.names[:max(len(d.names)-1, 0)]
		}
		if at < 0 {
			return at
		}
		more, at = nextItem(d.body, at, '{')
	}
	return at
}

func (d *decoder) elements(v reflect.Value, s *shape, at, levels int) int {
	if v.IsNil() {
		v.Set(reflect.MakeSlice(s.of, 0, 4))
	}
	more, at := firstItem(d.body, at)
	for n := 0; more; n++ {
		if n == v.Cap() {
			v.Grow(1)
		}
		if n == v.Len() {
			v.SetLen(n + 1)
		}
		if at = d.value(v.Index(n), s.element, at, levels); at < 0 {
			return at
		}
		more, at = nextItem(d.body, at, '[')
	}
	return at
}

// unquote returns the text of a JSON string.
func unquote(raw field) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	escapes := bytes.Count(raw, []byte{'\\'})
	switch {
	case escapes == 0:
		return string(raw[1 : len(raw)-1]), true
	case escapes == bytes.Count(raw, []byte(`\/`)):
		// Shopify escapes each slash, and so each global id and each address.
		return strings.ReplaceAll(string(raw[1:len(raw)-1]), `\/`, "/"), true
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}
