package shopify

import (
	"bytes"
	"errors"
	"reflect"
	"unicode/utf8"

	// Five to eight times as fast as encoding/json on order bodies, and the same
	// answers: a test and a fuzz target compare the two.
	json "github.com/goccy/go-json"

	"github.com/plumbline/plumbline/internal/platform"
)

// maxDepth bounds the nesting of a body. Shopify's own are less than 10 deep.
const maxDepth = 64

// field is one value as it stands in the body, so that no digit is lost. It is
// nil when the body does not have it.
type field []byte

var errTwice = errors.New("shopify: a name stands twice in one object")

// UnmarshalJSON keeps the value. A second value of one name is refused: other
// readers of the same bytes may have believed the first.
func (f *field) UnmarshalJSON(raw []byte) error {
	if *f != nil {
		return errTwice
	}
	*f = raw
	return nil
}

func (f field) absent() bool { return f == nil }

func (f field) null() bool { return len(f) > 0 && f[0] == 'n' }

// given reports that there is a value and that it is not null.
func (f field) given() bool { return len(f) > 0 && f[0] != 'n' }

// decode reads a whole body into one of the shapes of this package.
func decode(body []byte, shape any) error { return decodeWith(json.Unmarshal, body, shape) }

func decodeWith(unmarshal func([]byte, any) error, body []byte, shape any) error {
	if !utf8.Valid(body) {
		return &platform.BodyError{Where: "body", Want: "valid UTF-8"}
	}
	if err := unmarshal(body, shape); err != nil {
		return undecodable(err)
	}
	if !shallow(body) {
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

// shallow reports whether a valid document stays within maxDepth.
func shallow(body []byte) bool {
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = closingQuote(body, i+1)
		case '{', '[':
			if depth++; depth > maxDepth {
				return false
			}
		case '}', ']':
			depth--
		}
	}
	return true
}

// closingQuote finds the end of the string whose text starts at the index.
func closingQuote(body []byte, i int) int {
	for {
		at := bytes.IndexByte(body[i:], '"')
		if at < 0 {
			return len(body)
		}
		end, slashes := i+at, 0
		for end-slashes > i && body[end-slashes-1] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return end
		}
		i = end + 1
	}
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
