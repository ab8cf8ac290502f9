// Package shape notices that a platform has changed what it sends: which fields
// there are and of what types, never their values.
//
// It is pure. What of each topic is read is known beforehand, from the samples
// of every platform (read/*.json, written by the conformance suite). What a
// topic's deliveries look like is learnt from them, and a field that is read and
// vanishes, or has another type, is a difference. What nobody reads is counted
// and nothing more. Who looks, stores and tells is left to archive.
package shape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Types is a set of JSON types.
type Types uint8

// The types. Integers and other numbers are one: platforms mix them.
const (
	Null Types = 1 << iota
	Bool
	Number
	Text
	Object
	List
)

// types are the names of each type: what people say, and the word in files.
var types = []struct {
	t          Types
	name, word string
}{
	{Null, "null", "null"},
	{Bool, "true or false", "bool"},
	{Number, "a number", "number"},
	{Text, "text", "text"},
	{Object, "an object", "object"},
	{List, "a list", "list"},
}

// String names the types as people do: "text or null" is two of them.
func (t Types) String() string {
	var names []string
	for _, n := range types {
		if t&n.t != 0 {
			names = append(names, n.name)
		}
	}
	if len(names) > 1 && t&Null != 0 {
		names = append(names[1:], names[0])
	}
	return strings.Join(names, " or ")
}

// MarshalText writes the set as words: "number|null".
func (t Types) MarshalText() ([]byte, error) {
	var all []string
	for _, w := range types {
		if t&w.t != 0 {
			all = append(all, w.word)
		}
	}
	return []byte(strings.Join(all, "|")), nil
}

// UnmarshalText reads what MarshalText writes. A word that it does not know is
// an error.
func (t *Types) UnmarshalText(text []byte) error {
	*t = 0
	for word := range strings.SplitSeq(string(text), "|") {
		before := *t
		for _, n := range types {
			if n.word == word {
				*t |= n.t
			}
		}
		if *t == before && word != "" {
			return fmt.Errorf("shape: no type %q", word)
		}
	}
	return nil
}

// Shape is which paths a payload has and of what types: "line_items[].price".
// The whole is the blank path. Keys of digits alone are written *, because they
// are ids and no names.
type Shape map[string]Types

const (
	// maxPaths bounds a shape; what is beyond is left out.
	maxPaths = 5000
	// maxDepth bounds how deep a payload is looked into.
	maxDepth = 32
)

// Of is the shape of a payload, and false for what is not one JSON value.
func Of(body []byte) (Shape, bool) {
	v, err := decode(body)
	if err != nil {
		return nil, false
	}
	s := Shape{}
	s.add("", v, 0)
	return s, true
}

func decode(body []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

func (s Shape) add(path string, v any, depth int) {
	if _, known := s[path]; !known && len(s) >= maxPaths || depth > maxDepth {
		return
	}
	s[path] |= typeOf(v)
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			s.add(below(path, key), child, depth+1)
		}
	case []any:
		for _, child := range v {
			s.add(path+"[]", child, depth+1)
		}
	}
}

func typeOf(v any) Types {
	switch v.(type) {
	case nil:
		return Null
	case bool:
		return Bool
	case string:
		return Text
	case map[string]any:
		return Object
	case []any:
		return List
	default:
		return Number
	}
}

// below is the path of a key.
func below(path, key string) string {
	if strings.Trim(key, "0123456789") == "" {
		key = "*"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// Parent is the path that a path lies in: of a list's elements the list, of a
// field its object.
func Parent(path string) string {
	if list, ok := strings.CutSuffix(path, "[]"); ok {
		return list
	}
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)]
}

// Without returns the payload without all that lies at the path, and false when
// there is nothing, or no JSON. Elements of a list are taken out of it.
func Without(body []byte, path string) ([]byte, bool) {
	v, err := decode(body)
	if err != nil || path == "" {
		return nil, false
	}
	v, removed := without("", v, path)
	if !removed {
		return nil, false
	}
	text, err := json.Marshal(v)
	return text, err == nil
}

func without(at string, v any, path string) (rest any, removed bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			if below(at, key) == path {
				delete(v, key)
				removed = true
				continue
			}
			var some bool
			v[key], some = without(below(at, key), child, path)
			removed = removed || some
		}
		return v, removed
	case []any:
		if at+"[]" == path {
			return []any{}, len(v) > 0
		}
		for i, child := range v {
			var some bool
			v[i], some = without(at+"[]", child, path)
			removed = removed || some
		}
		return v, removed
	default:
		return v, false
	}
}
