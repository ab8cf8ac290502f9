package shopify

import (
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"
)

// form is what a type takes: a value as it stands, an object, a list.
type form uint8

const (
	leaf form = iota
	structure
	list
	pointer
)

// shape says how one of this package's types is filled from JSON. The tags are
// those of encoding/json.
type shape struct {
	of   reflect.Type
	form form
	// element is what a list holds or a pointer leads to.
	element *shape
	members []member
	// byLength finds members by the length of their names: most names of a body
	// are not read, and few of those that are share a length.
	byLength [64][]*member
}

type member struct {
	name  string
	index []int
	shape *shape
}

// shapes are kept: a type's shape never changes.
var shapes sync.Map

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := newShape(t)
	shapes.Store(t, s)
	return s
}

func newShape(t reflect.Type) *shape {
	s := &shape{of: t}
	switch {
	case t == reflect.TypeFor[field]():
	case t.Kind() == reflect.Struct:
		s.form = structure
		for _, f := range reflect.VisibleFields(t) {
			if name := f.Tag.Get("json"); name != "" {
				s.members = append(s.members, member{name, f.Index, shapeOf(f.Type)})
			}
		}
		for i := range s.members {
			length := len(s.members[i].name)
			s.byLength[length] = append(s.byLength[length], &s.members[i])
		}
	case t.Kind() == reflect.Slice:
		s.form, s.element = list, shapeOf(t.Elem())
	default:
		s.form, s.element = pointer, shapeOf(t.Elem())
	}
	return s
}

// member finds the member that a name in its quotes means, or nil. Names fold
// as in encoding/json, so that no spelling of a name slips past the check that
// it stands there once.
func (s *shape) member(quoted []byte) *member {
	name := quoted[1 : len(quoted)-1]
	if len(name) < len(s.byLength) {
		for _, m := range s.byLength[len(name)] {
			if m.name == string(name) {
				return m
			}
		}
	}
	if plain(name) {
		return nil
	}
	text, _ := unquote(quoted)
	for i := range s.members {
		if strings.EqualFold(s.members[i].name, text) {
			return &s.members[i]
		}
	}
	return nil
}

// plain reports whether a name has one spelling only: no capitals, no escapes,
// nothing but ASCII.
func plain(name []byte) bool {
	for _, c := range name {
		if c >= utf8.RuneSelf || c == '\\' || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
