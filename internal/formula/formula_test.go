package formula_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

var types = map[string]commerce.Type{
	"from.free": commerce.NumberType, "from.on_hand": commerce.NumberType, "to.cost": commerce.NumberType, "to.price": commerce.NumberType,
	"from.tracked": commerce.BoolType, "to.tracked": commerce.BoolType,
	"buffer": commerce.NumberType, "in_flight": commerce.NumberType, "unposted": commerce.NumberType, "delta": commerce.NumberType,
	"from.payment": commerce.TextType, "from.channel": commerce.TextType, "from.consent": commerce.TextType,
	"from.test": commerce.BoolType, "from.cancelled": commerce.BoolType, "to.cancelled": commerce.BoolType, "from.b2b": commerce.BoolType,
	"from.units": commerce.NumberType, "from.lines": commerce.NumberType, "from.orders": commerce.NumberType, "to.locations": commerce.NumberType,
	"from.total_current": commerce.NumberType, "from.exchanged": commerce.NumberType,
	"from.tax": commerce.NumberType, "from.tax_channel_liable": commerce.NumberType,
	"from.units_shipped": commerce.NumberType, "to.units_shipped": commerce.NumberType,
	"from.gross": commerce.NumberType, "from.refunds": commerce.NumberType, "from.adjustments": commerce.NumberType, "from.fees": commerce.NumberType,
	"from.regular": commerce.NumberType, "from.sale": commerce.NumberType,
	"from.created": commerce.TimeType, "to.created": commerce.TimeType,
}

func names(name string) (commerce.Type, bool) {
	t, ok := types[name]
	return t, ok
}

// facets reads "name=value" pairs; "null" is null, what is not named is
// missing.
func facets(t *testing.T, pairs string) formula.Lookup {
	t.Helper()
	values := map[string]commerce.Value{}
	for pair := range strings.FieldsSeq(pairs) {
		name, text, _ := strings.Cut(pair, "=")
		v, err := commerce.ParseValue(types[name], text)
		if text == "null" {
			v, err = commerce.Null(), nil
		}
		if err != nil {
			t.Fatalf("%s: %v", pair, err)
		}
		values[name] = v
	}
	return from(values)
}

func compile(t *testing.T, source string, want commerce.Type) *formula.Formula {
	t.Helper()
	f, err := formula.Compile(source, names, want)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return f
}

// The rules that merchants write, with values of an ordinary day.
func TestRulesOfMerchants(t *testing.T) {
	for _, c := range []struct {
		source string
		typ    commerce.Type
		facets string
		want   string
	}{
		{"from.tracked && to.tracked", commerce.BoolType, "from.tracked=true to.tracked=true", "true"},
		{"from.tracked && to.tracked", commerce.BoolType, "from.tracked=true to.tracked=false", "false"},
		{"max(0, floor(from.free) - buffer) - in_flight", commerce.NumberType, "from.free=12 buffer=3 in_flight=2", "7"},
		{"max(0, floor(from.free) - buffer) - in_flight", commerce.NumberType, "from.free=2.75 buffer=3 in_flight=0", "0"},
		{"max(0, floor(from.free) - buffer) - in_flight", commerce.NumberType, "from.free=-4 buffer=3 in_flight=1", "-1"},
		{"from.on_hand + unposted", commerce.NumberType, "from.on_hand=40 unposted=-3", "37"},
		{"abs(delta) * to.cost", commerce.NumberType, "delta=-3 to.cost=4.15", "12.45"},
		{"abs(delta) * to.price", commerce.NumberType, "delta=2 to.price=19.90", "39.8"},
		{
			`from.payment in ["paid", "partially_refunded"] && !from.test && !from.cancelled && from.channel != "pos" && from.units > 0`, commerce.BoolType,
			"from.payment=paid from.test=false from.cancelled=false from.channel=web from.units=3", "true",
		},
		{
			`from.payment in ["paid", "partially_refunded"] && !from.test && !from.cancelled && from.channel != "pos" && from.units > 0`, commerce.BoolType,
			"from.payment=paid from.test=false from.cancelled=false from.channel=pos from.units=3", "false",
		},
		{"from.total_current - from.exchanged", commerce.NumberType, "from.total_current=186.40 from.exchanged=20", "166.4"},
		{"0.01 * from.lines", commerce.NumberType, "from.lines=7", "0.07"},
		{"max(from.units_shipped, to.units_shipped)", commerce.NumberType, "from.units_shipped=2 to.units_shipped=3", "3"},
		{"!to.cancelled && to.locations == 1", commerce.BoolType, "to.cancelled=false to.locations=1", "true"},
		{"from.regular", commerce.NumberType, "from.regular=24.00", "24"},
		{"from.sale", commerce.NumberType, "from.sale=null", "null"},
		{"from.tax - from.tax_channel_liable", commerce.NumberType, "from.tax=8.25 from.tax_channel_liable=8.25", "0"},
		{"from.gross - from.refunds + from.adjustments - from.fees", commerce.NumberType, "from.gross=1000 from.refunds=40.10 from.adjustments=-5 from.fees=29.3", "925.6"},
		{"from.orders > 0 && !from.b2b", commerce.BoolType, "from.orders=0 from.b2b=false", "false"},
	} {
		got, err := compile(t, c.source, c.typ).Eval(facets(t, c.facets))
		if err != nil || got.String() != c.want {
			t.Errorf("%s with %s = %s, %v; want %s", c.source, c.facets, got, err, c.want)
		}
	}
}

func TestResults(t *testing.T) {
	for source, want := range map[string]string{
		// Literals are read from the source text, all 19 digits of it.
		"123456789012345678.9":  "123456789012345678.9",
		"9999999999999999999":   "9999999999999999999",
		"0.0000000000000000001": "0.0000000000000000001",
		"007.50":                "7.5",
		"0.1 + 0.2":             "0.3",
		"123456789012345678.9 - 123456789012345678.8": "0.1",
		"-3":         "-3",
		"--3":        "3",
		"2 - -3":     "5",
		"-(2 + 3)":   "-5",
		"2 + 3 * 4":  "14",
		"(2+3)*4":    "20",
		"2 - 3 - 4":  "-5",
		"-2 * 3":     "-6",
		"12 / 4 / 3": "1",
		"1 / 8":      "0.125",
		"1 / 3":      "0.3333333333333333333",
		"2 / 3":      "0.6666666666666666667",
		"1000 / 3":   "333.3333333333333333",
		"\t1\r\n+ 1": "2",

		"17 == 17.00":              "true",
		"17 != 17.00":              "false",
		"0 == -0":                  "true",
		"9.9 < 10":                 "true",
		"10 <= 10.0":               "true",
		"-2 > -1":                  "false",
		"3 >= 2 + 1":               "true",
		`"9" < "10"`:               "false",
		`"" == ""`:                 "true",
		`"a\"b\\c" == "a\"b\\c"`:   "true",
		`"Grün" == "Grün"`:         "true",
		"true == !false":           "true",
		"true != false":            "true",
		"!true == false":           "true",
		"(1 < 2) == (2 < 3)":       "true",
		"null == null":             "true",
		"null != null":             "false",
		"1 == null":                "false",
		`"" == null`:               "false",
		"null != 0":                "true",
		"false == null":            "false",
		"true || false && false":   "true",
		"(true || false) && false": "false",
		"!(1 > 2)":                 "true",

		`"paid" in ["paid"]`:         "true",
		`"paid" in ["open", "Paid"]`: "false",
		"1.0 in [2, 1]":              "true",
		"-1 in [-1.00]":              "true",
		"1 + 1 in [2] && true":       "true",
		`!("a" in ["b"])`:            "true",

		"min(3, 1, 2)":       "1",
		"max(3, 1, 2)":       "3",
		"min(-1, 1.5)":       "-1",
		"abs(-2.5)":          "2.5",
		"floor(-2.5)":        "-3",
		"ceil(-2.5)":         "-2",
		"floor(2.999)":       "2",
		"ceil(2.001)":        "3",
		"round(2.5)":         "2",
		"round(3.5)":         "4",
		"round(-2.5)":        "-2",
		"round(2.345, 2)":    "2.34",
		"round(2.355, 2)":    "2.36",
		"round(2.3, 19)":     "2.3",
		"if(1 < 2, 10, 20)":  "10",
		"if(1 > 2, 10, 20)":  "20",
		"if(false, 1, null)": "null",
		"if(true, null, 1)":  "null",
		"null":               "null",
	} {
		typ := commerce.NumberType
		if want == "true" || want == "false" {
			typ = commerce.BoolType
		}
		got, err := compile(t, source, typ).Eval(facets(t, ""))
		if err != nil || got.String() != want {
			t.Errorf("%s = %s, %v; want %s", source, got, err, want)
		}
	}
}

func TestTimesAreComparedAsInstants(t *testing.T) {
	lookup := facets(t, "from.created=2026-03-03T09:14:00-05:00 to.created=2026-03-03T14:14:00Z")
	for source, want := range map[string]bool{
		"from.created == to.created": true,
		"from.created < to.created":  false,
		"from.created <= to.created": true,
	} {
		got, err := compile(t, source, commerce.BoolType).Eval(lookup)
		if err != nil || got.IsTrue() != want {
			t.Errorf("%s = %s, %v; want %t", source, got, err, want)
		}
	}
	later := from(map[string]commerce.Value{
		"from.created": commerce.Time(time.Date(2026, 3, 3, 14, 14, 0, 5, time.UTC)),
		"to.created":   commerce.Time(time.Date(2026, 3, 3, 14, 14, 0, 40, time.UTC)),
	})
	if got, err := compile(t, "from.created < to.created", commerce.BoolType).Eval(later); err != nil || !got.IsTrue() {
		t.Errorf("nanoseconds are lost: %s, %v", got, err)
	}
}

func TestNamesAreSortedAndDistinct(t *testing.T) {
	f := compile(t, "max(to.price, from.free) + from.free + buffer", commerce.NumberType)
	want := []string{"buffer", "from.free", "to.price"}
	if diff := cmp.Diff(want, f.Names()); diff != "" {
		t.Error(diff)
	}
	if !f.Uses("from.free") || f.Uses("free") {
		t.Error("a formula uses its names and no other")
	}
	f.Names()[0] = "changed"
	if !slices.Equal(f.Names(), want) {
		t.Error("a caller can change a formula through its names")
	}
	if got := compile(t, " 1 +1 ", commerce.NumberType).String(); got != " 1 +1 " {
		t.Errorf("source text changed to %q", got)
	}
}

func BenchmarkEval(b *testing.B) {
	f, err := formula.Compile("max(0, floor(from.free) - buffer) - in_flight", names, commerce.NumberType)
	if err != nil {
		b.Fatal(err)
	}
	lookup := from(map[string]commerce.Value{
		"from.free": commerce.Number(commerce.MustDecimal("12.5")),
		"buffer":    commerce.Number(commerce.Int(3)),
		"in_flight": commerce.Number(commerce.Int(2)),
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Eval(lookup); err != nil {
			b.Fatal(err)
		}
	}
}
