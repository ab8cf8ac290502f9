package registry

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
)

// decoder fills the yaml types from nodes and reports everything that does not
// fit them: unknown and duplicate fields, wrong types, missing fields, wrong
// spelling.
type decoder struct{ problems *problems }

type located interface{ locate(n, key *node) }

// field is one field of a yaml type.
type field struct {
	name, help string
	index      int
	required   bool
}

func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if name == "" || name == "-" {
			continue
		}
		fields = append(fields, field{name, t.Field(i).Tag.Get("jsonschema"), i, options != "omitempty"})
	}
	return fields
}

// decode fills v, which is addressable, from n. The path is what messages call
// the value.
func (d *decoder) decode(n, key *node, v reflect.Value, path string) {
	if w, ok := v.Addr().Interface().(written); ok {
		if d.scalar(n, w.syntax(), path) {
			v.Addr().Interface().(located).locate(n, key)
		}
		return
	}
	switch v.Kind() {
	case reflect.Map:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	default:
		d.object(n, key, v, path)
	}
}

func (d *decoder) object(n, key *node, v reflect.Value, path string) {
	if !d.shaped(n, mapping, path) {
		return
	}
	v.Addr().Interface().(located).locate(n, key)
	fields := fieldsOf(v.Type())
	rest, open := v.Addr().Interface().(interface{ rest(pair) })
	for _, p := range d.entries(n, path) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == p.key.text })
		switch {
		case i >= 0:
			d.decode(p.value, p.key, v.Field(fields[i].index), join(path, p.key.text))
		case open:
			rest.rest(p)
		default:
			d.problems.add(p.key.place, "%s: unknown field %q, %s", subject(path), p.key.text, didYouMean(p.key.text, fieldNames(v.Type())))
		}
	}
	for _, f := range fields {
		if f.required && !n.has(f.name) {
			d.problems.add(v.Addr().Interface().(interface{ named() place }).named(), "%s lacks %s: %s", subject(path), f.name, clause(f.help))
		}
	}
}

func (d *decoder) mapping(n *node, v reflect.Value, path string) {
	if !d.shaped(n, mapping, path) {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	syntax := reflect.Zero(v.Type().Key()).Interface().(written).syntax()
	for i, p := range d.entries(n, path) {
		name := join(path, p.key.text)
		if syntax.private {
			name = fmt.Sprintf("%s[%d]", path, i)
		}
		if !d.spelled(p.key, syntax, name) {
			continue
		}
		key := reflect.New(v.Type().Key()).Elem()
		key.SetString(p.key.text)
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(p.value, p.key, value, name)
		v.SetMapIndex(key, value)
	}
}

// list reads a list. A list of scalars may be written as one scalar.
func (d *decoder) list(n *node, v reflect.Value, path string) {
	items := n.items
	if _, ok := reflect.New(v.Type().Elem()).Interface().(written); ok && n.shape >= textScalar {
		items = []*node{n}
	} else if !d.shaped(n, sequence, path) {
		return
	}
	if len(items) == 0 {
		d.problems.add(n.place, "%s is empty, want at least one entry", subject(path))
	}
	for i, item := range items {
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(item, nil, value, fmt.Sprintf("%s[%d]", path, i))
		v.Set(reflect.Append(v, value))
	}
}

// entries are the pairs of a mapping, without those whose key came before.
func (d *decoder) entries(n *node, path string) []pair {
	seen := map[string]place{}
	var pairs []pair
	for _, p := range n.pairs {
		if first, twice := seen[p.key.text]; twice {
			d.problems.add(p.key.place, "%s: %s stands twice, first in line %d", subject(path), quoted(p.key.text), first.line)
			continue
		}
		seen[p.key.text] = p.key.place
		pairs = append(pairs, p)
	}
	return pairs
}

// quoted writes a key into a message, and no address of a person.
func quoted(key string) string {
	if strings.Contains(key, "@") {
		return "the same key"
	}
	return fmt.Sprintf("%q", key)
}

func (d *decoder) shaped(n *node, want shape, path string) bool {
	if n.shape != want {
		d.problems.add(n.place, "%s is %s, want %s", subject(path), n.shape, want)
	}
	return n.shape == want
}

// timeOfDay is what YAML 1.1 reads as a number in base 60.
var timeOfDay = lazyregexp.New(`^[0-9]+(:[0-5]?[0-9])+$`)

func (d *decoder) scalar(n *node, s syntax, path string) bool {
	switch {
	case n.shape < textScalar:
		d.problems.add(n.place, "%s is %s, want %s", subject(path), n.shape, s.want)
		return false
	case n.shape == textScalar && n.style == plain && timeOfDay.MatchString(n.text):
		d.problems.add(n.place, "%s is a time of day without quotes, which YAML 1.1 reads as a number; want %s", subject(path), s.want)
		return false
	case n.shape != textScalar && !s.literal:
		d.problems.add(n.place, "%s is %s, want %s; put text into quotes", subject(path), n.shape, s.want)
		return false
	}
	return d.spelled(n, s, path)
}

// spelled checks words and pattern of a scalar or key.
func (d *decoder) spelled(n *node, s syntax, path string) bool {
	switch {
	case s.words != nil && !slices.Contains(s.words, n.text):
		d.problems.add(n.place, "%s: unknown word %q, %s", subject(path), n.text, didYouMean(n.text, s.words))
	case s.pattern != nil && (!s.pattern.MatchString(n.text) || n.text == ""):
		d.problems.add(n.place, "%s: want %s", subject(path), s.want)
	default:
		return true
	}
	return false
}

// has reports whether a mapping has the key. Nothing has none.
func (n *node) has(key string) bool {
	return n != nil && slices.ContainsFunc(n.pairs, func(p pair) bool { return p.key.text == key })
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for _, f := range fieldsOf(t) {
		names = append(names, f.name)
	}
	return names
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// clause turns a description into the end of a message.
func clause(help string) string {
	return strings.ToLower(help[:1]) + strings.TrimSuffix(help[1:], ".")
}

// subject is what a message calls the value at a path.
func subject(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}
