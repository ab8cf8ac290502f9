package commerce_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestMissingNullBlankAndZeroAreFourValues(t *testing.T) {
	reported := commerce.Facets{"null": commerce.Null(), "blank": commerce.Text(""), "zero": commerce.Number(commerce.Decimal{})}
	if _, ok := reported["missing"]; ok {
		t.Error("what was not reported is there")
	}
	for a, x := range reported {
		for b, y := range reported {
			if (x == y) != (a == b) {
				t.Errorf("%s == %s is %t", a, b, x == y)
			}
		}
	}
	for name, other := range map[string]commerce.Facets{
		"missing and null":  {"a": commerce.Null()},
		"missing and blank": {"a": commerce.Text("")},
		"missing and zero":  {"a": commerce.Number(commerce.Decimal{})},
	} {
		if (commerce.Facets{}).Equal(other) {
			t.Errorf("%s are equal", name)
		}
	}
	if !commerce.Null().IsNull() || commerce.Text("").IsNull() || commerce.Text("null").IsNull() || !(commerce.Value{}).IsNull() {
		t.Error("null is null and nothing else is")
	}
	if commerce.Text("null") == commerce.Null() || commerce.Text("0") == commerce.Number(commerce.Decimal{}) || commerce.Text("true") == commerce.Bool(true) {
		t.Error("a text equals what it spells")
	}
}

func TestEqualValuesMeanTheSame(t *testing.T) {
	newYork := time.FixedZone("EST", -5*60*60)
	noon := time.Date(2026, 3, 3, 12, 0, 0, 0, newYork)
	if commerce.Time(noon) != commerce.Time(noon.UTC()) {
		t.Error("one instant in two zones is two values")
	}
	if commerce.Number(commerce.MustDecimal("17")) != commerce.Number(commerce.MustDecimal("17.00")) {
		t.Error("17 and 17.00 are two values")
	}
}

func TestTypes(t *testing.T) {
	for _, c := range []struct {
		value commerce.Value
		typ   commerce.Type
		name  string
		text  string
	}{
		{commerce.Null(), 0, "unknown", "null"},
		{commerce.Number(commerce.MustDecimal("-1.50")), commerce.NumberType, "number", "-1.5"},
		{commerce.Text("paid"), commerce.TextType, "text", "paid"},
		{commerce.Bool(true), commerce.BoolType, "bool", "true"},
		{commerce.Bool(false), commerce.BoolType, "bool", "false"},
		{commerce.Time(time.Date(2026, 3, 3, 14, 14, 0, 500, time.UTC)), commerce.TimeType, "time", "2026-03-03T14:14:00.0000005Z"},
	} {
		if c.value.Type() != c.typ || c.typ.String() != c.name || c.value.String() != c.text {
			t.Errorf("%s is a %s (%d), want %s, a %s", c.value, c.value.Type(), c.value.Type(), c.text, c.name)
		}
		if _, ok := c.value.Decimal(); ok != (c.typ == commerce.NumberType) {
			t.Errorf("%s gives a number: %t", c.value, ok)
		}
		if c.value.IsTrue() != (c.text == "true") {
			t.Errorf("%s is true: %t", c.value, c.value.IsTrue())
		}
	}
	if commerce.Text("true").IsTrue() {
		t.Error("the text true is true")
	}
}

// What String writes, ParseValue reads as the same value.
func TestParseValueIsTheInverseOfString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values.Draw(t, "value")
		if again, err := commerce.ParseValue(v.Type(), v.String()); err != nil || again != v {
			t.Fatalf("%s %q reads as %q, %v", v.Type(), v, again, err)
		}
	})
}

func TestParseValueRefuses(t *testing.T) {
	for _, c := range []struct {
		typ  commerce.Type
		text string
	}{
		{commerce.NumberType, "1e3"},
		{commerce.NumberType, ""},
		{commerce.BoolType, "True"},
		{commerce.BoolType, "1"},
		{commerce.BoolType, ""},
		{commerce.BoolType, "null"},
		{commerce.TimeType, "2026-03-03"},
		{commerce.TimeType, "2026-03-03T14:14:00"},
		{commerce.TimeType, "2026-02-30T00:00:00Z"},
		{commerce.TimeType, ""},
		{0, "null"},
		{9, "1"},
	} {
		if v, err := commerce.ParseValue(c.typ, c.text); err == nil {
			t.Errorf("%q reads as the %s %s", c.text, c.typ, v)
		}
	}
}

func TestValuesOfOneTypeAreOrdered(t *testing.T) {
	at := func(ns int) commerce.Value { return commerce.Time(time.Date(2026, 3, 3, 14, 14, 0, ns, time.UTC)) }
	for _, c := range []struct{ less, more commerce.Value }{
		{number("9.9"), number("10")},
		{number("-2"), number("-1")},
		{commerce.Text(""), commerce.Text("a")},
		{commerce.Text("Z"), commerce.Text("a")},
		{commerce.Text("10"), commerce.Text("9")},
		{commerce.Bool(false), commerce.Bool(true)},
		// Written out, .5 follows .1234 and Z follows a point.
		{at(123400000), at(500000000)},
		{at(0), at(1)},
	} {
		if got, ok := c.less.Compare(c.more); got != -1 || !ok {
			t.Errorf("%s against %s = %d, %t", c.less, c.more, got, ok)
		}
		if got, ok := c.more.Compare(c.less); got != 1 || !ok {
			t.Errorf("%s against %s = %d, %t", c.more, c.less, got, ok)
		}
		if got, ok := c.less.Compare(c.less); got != 0 || !ok {
			t.Errorf("%s against itself = %d, %t", c.less, got, ok)
		}
	}
	for _, pair := range [][2]commerce.Value{
		{commerce.Null(), commerce.Null()}, {commerce.Null(), number("1")}, {number("1"), commerce.Text("1")}, {commerce.Bool(true), commerce.Text("true")},
	} {
		if _, ok := pair[0].Compare(pair[1]); ok {
			t.Errorf("%s and %s have an order", pair[0], pair[1])
		}
	}
}

// Systems write the end of 9999 for "never". In UTC that may be a year which
// RFC 3339 cannot write.
func TestTimesBeyondTheCalendarStayReadable(t *testing.T) {
	for text, want := range map[string]string{
		"9999-12-31T23:59:59-05:00": "9999-12-31T23:59:59.999999999Z",
		"0000-01-01T00:00:00+05:00": "0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00Z":      "0001-01-01T00:00:00Z",
	} {
		v, err := commerce.ParseValue(commerce.TimeType, text)
		if err != nil || v.String() != want {
			t.Errorf("%s = %s, %v; want %s", text, v, err, want)
		}
		if again, err := commerce.ParseValue(commerce.TimeType, v.String()); err != nil || again != v {
			t.Errorf("%s reads as %s, %v", v, again, err)
		}
	}
}

// times draws instants in any zone, now and then far from today.
var times = rapid.Custom(func(t *rapid.T) time.Time {
	seconds := rapid.OneOf(
		rapid.Int64Range(1_700_000_000, 1_900_000_000),
		rapid.Int64Range(-70_000_000_000, 300_000_000_000),
	).Draw(t, "seconds")
	zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset"))
	return time.Unix(seconds, rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).In(zone)
})

// values draws values of every type but null.
var values = rapid.OneOf(
	rapid.Map(decimals, commerce.Number),
	rapid.Map(rapid.String(), commerce.Text),
	rapid.Map(rapid.Bool(), commerce.Bool),
	rapid.Map(times, commerce.Time),
)
