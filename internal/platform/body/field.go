// Package body reads the JSON bodies of platforms exactly: every value as it
// stands in the text, so that no digit is lost and missing, null, blank and zero
// stay four values. It remembers the first value that cannot be read, by its
// place and what would be right, and never repeats a value.
//
// What the values mean is left to the platforms.
package body

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"unicode/utf8"

	json "github.com/goccy/go-json"

	"github.com/plumbline/plumbline/internal/platform"
)

const (
	// maxDepth bounds the nesting of a body.
	maxDepth = 64
	// maxElements bounds each of its lists: an element of two bytes becomes a
	// struct of hundreds.
	maxElements = 25_000
)

// Field is one value as it stands in the body. It is nil when the body does not
// have it. Bodies are decoded into structs whose leaves are fields.
type Field []byte

var errTwice = errors.New("body: a name stands twice in one object")

// UnmarshalJSON keeps the value. A second value of one name is refused: other
// readers of the same bytes may have believed the first.
func (f *Field) UnmarshalJSON(raw []byte) error {
	if *f != nil {
		return errTwice
	}
	*f = raw
	return nil
}

// Absent reports that the body does not have the value.
func (f Field) Absent() bool { return f == nil }

// Null reports that the value is null.
func (f Field) Null() bool { return len(f) > 0 && f[0] == 'n' }

// Given reports that there is a value and that it is not null.
func (f Field) Given() bool { return len(f) > 0 && f[0] != 'n' }

// False reports that the value is false.
func (f Field) False() bool { return len(f) > 0 && f[0] == 'f' }

// Text returns the text of a JSON string, and false for any other value.
func (f Field) Text() (string, bool) {
	if len(f) < 2 || f[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(f, '\\') < 0 {
		return string(f[1 : len(f)-1]), true
	}
	var text string
	err := json.Unmarshal(f, &text)
	// Half of a surrogate pair is read as the character that stands for what was
	// lost, and two texts would become one.
	lost := strings.ContainsRune(text, utf8.RuneError) && !bytes.ContainsRune(f, utf8.RuneError)
	return text, err == nil && !lost
}

// Decode reads a whole body into a pointer to a struct of fields, or returns a
// *platform.BodyError. What the struct does not name is not looked at.
func Decode(raw []byte, shape any) error {
	if !utf8.Valid(raw) {
		return &platform.BodyError{Where: "body", Want: "valid UTF-8"}
	}
	// Before it is read: what it would take grows with both.
	depth, elements := extent(raw)
	if elements > maxElements {
		return &platform.BodyError{Where: "body", Want: "lists of at most 25000 elements"}
	}
	if err := json.Unmarshal(raw, shape); err != nil {
		return undecodable(err)
	}
	if depth > maxDepth {
		return &platform.BodyError{Where: "body", Want: "at most 64 levels of nesting"}
	}
	return nil
}

func undecodable(err error) error {
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errTwice):
		return &platform.BodyError{Where: "body", Want: "every name once in an object"}
	case !errors.As(err, &mismatch):
		return &platform.BodyError{Where: "body", Want: "one JSON object and nothing else"}
	}
	where, want := mismatch.Field, "an object"
	if where == "" {
		where = "body"
	}
	if mismatch.Type != nil && mismatch.Type.Kind() == reflect.Slice {
		want = "a list"
	}
	return &platform.BodyError{Where: where, Want: want}
}

// extent is how deep a document goes, and how many elements its longest list has.
// Of a text that is no document it says anything. Levels beyond the limit are not
// counted apart.
func extent(raw []byte) (depth, elements int) {
	var counts [maxDepth + 2]int
	var lists [maxDepth + 2]bool
	at, level := 0, 0
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '"':
			i = closingQuote(raw, i+1)
		case '{', '[':
			level++
			at = min(level, maxDepth+1)
			counts[at], lists[at], depth = 1, c == '[', max(depth, level)
		case '}', ']':
			level = max(level-1, 0)
			at = min(level, maxDepth+1)
		case ',':
			if counts[at]++; lists[at] {
				elements = max(elements, counts[at])
			}
		}
	}
	return depth, elements
}

// closingQuote finds the end of the string whose text starts at the index.
func closingQuote(raw []byte, i int) int {
	for {
		at := bytes.IndexByte(raw[i:], '"')
		if at < 0 {
			return len(raw)
		}
		end, slashes := i+at, 0
		for end-slashes > i && raw[end-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return end
		}
		i = end + 1
	}
}
