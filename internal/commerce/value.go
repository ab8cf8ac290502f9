package commerce

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Type says how a facet's value is read and compared.
type Type uint8

// The types of facets. A time is compared as an instant.
const (
	NumberType Type = iota + 1
	TextType
	BoolType
	TimeType
)

// String returns the type's name as registry errors print it.
func (t Type) String() string {
	return [...]string{"unknown", "number", "text", "bool", "time"}[min(int(t), 4)]
}

// Value is what one system says about one facet: null, or a number, text, bool
// or time. A facet that was not reported is no Value at all: it is absent from
// Facets, and "missing". Missing, null, blank text and zero are four values.
//
// Values are comparable with ==, and equal values mean the same. The zero
// Value is null.
type Value struct {
	typ    Type
	text   string
	number Decimal
}

// Null returns the null value: the system says that there is none.
func Null() Value { return Value{} }

// Text returns a text value; "" is blank, not null.
func Text(s string) Value { return Value{typ: TextType, text: s} }

// Number returns a number value.
func Number(d Decimal) Value { return Value{typ: NumberType, number: d} }

// Bool returns a bool value.
func Bool(b bool) Value { return Value{typ: BoolType, text: strconv.FormatBool(b)} }

// RFC 3339 writes years of four digits. "Until the end of 9999" in New York is
// already the year 10000 in UTC.
var (
	firstInstant = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)
)

// Time returns a time value, as an instant in UTC. An instant outside the years
// 0 to 9999 becomes the nearest inside.
func Time(t time.Time) Value {
	return Value{typ: TimeType, text: within(t.UTC(), firstInstant, lastInstant).Format(time.RFC3339Nano)}
}

// within returns the instant of least to most that is nearest to t.
func within(t, least, most time.Time) time.Time {
	switch {
	case t.Before(least):
		return least
	case t.After(most):
		return most
	default:
		return t
	}
}

// ParseValue reads a text in canonical form as the given type. It is the
// inverse of Value.String for values that are not null. Errors do not repeat
// the text.
func ParseValue(t Type, text string) (Value, error) {
	switch t {
	case NumberType:
		d, err := ParseDecimal(text)
		return Number(d), err
	case TextType:
		return Text(text), nil
	case BoolType:
		if text == "true" || text == "false" {
			return Bool(text == "true"), nil
		}
		return Value{}, errors.New("commerce: not a bool, want true or false")
	case TimeType:
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return Value{}, errors.New("commerce: not a time, want RFC 3339 with an offset")
		}
		return Time(at), nil
	default:
		return Value{}, fmt.Errorf("commerce: type %s has no values", t)
	}
}

// IsNull reports whether the system said that there is no value.
func (v Value) IsNull() bool { return v.typ == 0 }

// Type returns the value's type, 0 for null.
func (v Value) Type() Type { return v.typ }

// Decimal returns the number and true, or false for anything else.
func (v Value) Decimal() (Decimal, bool) { return v.number, v.typ == NumberType }

// Time returns the instant, and reports whether the value is a time.
func (v Value) Time() (time.Time, bool) {
	if v.typ != TimeType {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, v.text)
	return at, err == nil
}

// IsTrue reports whether the value is the bool true.
func (v Value) IsTrue() bool { return v.typ == BoolType && v.text == "true" }

// String returns the canonical form: a decimal without exponent, RFC 3339 in
// UTC, true or false, or the text itself. Null is written "null".
func (v Value) String() string {
	switch v.typ {
	case 0:
		return "null"
	case NumberType:
		return v.number.String()
	default:
		return v.text
	}
}

// Compare orders two values of one type: numbers by size, times by instant,
// false before true, texts bytewise. It reports false for different types and
// for null.
func (v Value) Compare(w Value) (int, bool) {
	if v.typ != w.typ || v.typ == 0 {
		return 0, false
	}
	switch v.typ {
	case NumberType:
		return v.number.Cmp(w.number), true
	case TimeType:
		a, _ := time.Parse(time.RFC3339Nano, v.text)
		b, _ := time.Parse(time.RFC3339Nano, w.text)
		return a.Compare(b), true
	default:
		return cmp.Compare(v.text, w.text), true
	}
}
