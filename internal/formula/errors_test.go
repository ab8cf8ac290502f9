package formula_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// Whatever is wrong with a formula is found when it is checked, at the byte
// where it is wrong, and the message says what would be right.
func TestProblemsAreFoundWhereTheyAre(t *testing.T) {
	for _, c := range []struct {
		source  string
		want    commerce.Type
		offset  int
		message string
	}{
		{"", commerce.NumberType, 0, "found the end, want a number, a text, a name or ("},
		{"1 +", commerce.NumberType, 3, "found the end, want a number, a text, a name or ("},
		{"1 2", commerce.NumberType, 2, "found 2, want an operator or the end"},
		{"(1", commerce.NumberType, 2, "found the end, want an operator or )"},
		{"1)", commerce.NumberType, 1, "found ), want an operator or the end"},
		{"()", commerce.NumberType, 1, "found ), want a number, a text, a name or ("},
		{"in", commerce.NumberType, 0, "found in, want a number, a text, a name or ("},
		{`"a" "b"`, commerce.TextType, 4, "found a text, want an operator or the end"},

		{"from.fre + 1", commerce.NumberType, 0, "unknown name from.fre"},
		{"1 + from.fre", commerce.NumberType, 4, "unknown name from.fre"},
		{"shopify-us.total", commerce.NumberType, 0, "unknown name shopify"},
		{"max + 1", commerce.NumberType, 0, "max is a function, write max(…) with two or more numbers"},
		{"sum(1, 2)", commerce.NumberType, 0, "unknown function sum, want one of min, max, abs, floor, ceil, round, if"},
		{"from.free(1)", commerce.NumberType, 0, "unknown function from.free, want one of min, max, abs, floor, ceil, round, if"},
		{"from.", commerce.NumberType, 4, "a name ends in a dot, write a facet after it, as in from.total"},
		{"from.a.b", commerce.NumberType, 6, "a name has two dots, write at most one, as in from.total"},
		{"from.Free", commerce.NumberType, 5, "a name has a capital letter, write names in lower case"},
		{"inFlight", commerce.NumberType, 2, "a name has a capital letter, write names in lower case"},
		{"Free", commerce.NumberType, 0, "a name has a capital letter, write names in lower case"},

		{"1e3", commerce.NumberType, 1, "a number is followed by a letter, write numbers with digits alone and no exponent"},
		{"1E3", commerce.NumberType, 1, "a number is followed by a letter, write numbers with digits alone and no exponent"},
		{"1_000", commerce.NumberType, 1, "a number is followed by a letter, write numbers with digits alone and no exponent"},
		{"1. + 2", commerce.NumberType, 1, "a number ends in a point, write a digit after it or leave it out"},
		{".5", commerce.NumberType, 0, "'.' is not understood, write a digit before the point, as in 0.5"},
		{"1.000.000", commerce.NumberType, 5, "a number has two points, write one and no separators between thousands"},
		{"1 + 12345678901234567890", commerce.NumberType, 4, "a number has more than 19 digits, write it shorter"},
		{"0.00000000000000000001", commerce.NumberType, 0, "a number has more than 19 digits, write it shorter"},
		{"+1", commerce.NumberType, 0, "found +, want a number, a text, a name or ("},

		{`"paid`, commerce.TextType, 0, `a text does not end, write " after it`},
		{`"pa\`, commerce.TextType, 3, `a text has an unknown escape, only \" and \\ exist`},
		{`"pa\nid"`, commerce.TextType, 3, `a text has an unknown escape, only \" and \\ exist`},
		{`from.payment == 'paid'`, commerce.BoolType, 16, `'\'' is not understood, write texts in double quotes, as in "paid"`},
		{`from.payment = "paid"`, commerce.BoolType, 13, "'=' is not understood, write == to compare"},
		{"from.test & from.b2b", commerce.BoolType, 10, "'&' is not understood, write &&"},
		{"from.test and from.b2b", commerce.BoolType, 10, "and is not understood, write &&"},
		{"not from.test", commerce.BoolType, 0, "not is not understood, write !"},
		{"from.free × 2", commerce.NumberType, 10, "'×' is not understood, write *"},
		{"from.free ≥ 2", commerce.BoolType, 10, "'≥' is not understood, write >="},
		{"1 # 2", commerce.NumberType, 2, "'#' is not understood"},
		{"1 \xff", commerce.NumberType, 2, "'�' is not understood"},

		{"from.free", commerce.BoolType, 0, "the formula gives a number, want a bool"},
		{`"12"`, commerce.NumberType, 0, "the formula gives a text, want a number"},
		{"(from.free > 1)", commerce.NumberType, 0, "the formula gives a bool, want a number"},
		{`1 + "1"`, commerce.NumberType, 4, "+ takes a number, this is a text"},
		{"from.test * 2", commerce.NumberType, 0, "* takes a number, this is a bool"},
		{"from.created - to.created", commerce.NumberType, 0, "- takes a number, this is a time"},
		{"-from.test", commerce.NumberType, 1, "- takes a number, this is a bool"},
		{"!from.free", commerce.BoolType, 1, "! takes a bool, this is a number"},
		{"from.test && from.free", commerce.BoolType, 13, "&& takes a bool, this is a number"},
		{`from.free == "1"`, commerce.BoolType, 10, "== compares a number with a text, both sides must have one type"},
		{"from.test != 1", commerce.BoolType, 10, "!= compares a bool with a number, both sides must have one type"},
		{"from.free < from.created", commerce.BoolType, 10, "< compares a number with a time, both sides must have one type"},
		{"from.test < true", commerce.BoolType, 0, "< takes no bool, compare bools with == and !="},
		{"from.free < null", commerce.BoolType, 12, "< does not take null, compare null with == and !="},
		{"null + 1", commerce.NumberType, 0, "+ takes a number, null can only be compared with == and !="},
		{"from.test || null", commerce.BoolType, 13, "|| takes a bool, null can only be compared with == and !="},
		{"1 < 2 < 3", commerce.BoolType, 6, "comparisons do not chain, write a < b && b < c"},
		{"1 == 1 in [1]", commerce.BoolType, 7, "comparisons do not chain, write a < b && b < c"},

		{"from.free in 1", commerce.BoolType, 13, `found 1, want a list, as in ["paid", "refunded"]`},
		{"from.free in []", commerce.BoolType, 14, "found ], want a number or a text"},
		{"from.free in [1", commerce.BoolType, 15, "found the end, want a comma or ]"},
		{"from.free in [1,]", commerce.BoolType, 16, "found ], want a number or a text"},
		{"from.free in [buffer]", commerce.BoolType, 14, "found buffer, want a number or a text"},
		{`from.free in [-"a"]`, commerce.BoolType, 15, "found a text, want a number or a text"},
		{`from.free in [1, "a"]`, commerce.BoolType, 17, "in looks for a number, this is a text"},
		{"from.test in [1]", commerce.BoolType, 0, "in takes a number or a text on its left"},
		{"null in [1]", commerce.BoolType, 0, "in takes a number or a text on its left"},

		{"max(1)", commerce.NumberType, 0, "max takes two or more numbers"},
		{"min()", commerce.NumberType, 0, "min takes two or more numbers"},
		{"max(1, true)", commerce.NumberType, 7, "max takes a number, this is a bool"},
		{"floor(1, 2)", commerce.NumberType, 0, "floor takes one number"},
		{"abs(null)", commerce.NumberType, 4, "abs takes a number, null can only be compared with == and !="},
		{"ceil(1 2)", commerce.NumberType, 7, "found 2, want an operator, a comma or )"},
		{"ceil(1", commerce.NumberType, 6, "found the end, want an operator, a comma or )"},
		{"round(1, 20)", commerce.NumberType, 9, "round takes places as a literal from 0 to 19"},
		{"round(1, -1)", commerce.NumberType, 9, "round takes places as a literal from 0 to 19"},
		{"round(1, 1.5)", commerce.NumberType, 9, "round takes places as a literal from 0 to 19"},
		{"round(1, buffer)", commerce.NumberType, 9, "round takes places as a literal from 0 to 19"},
		{"round(1, 2, 3)", commerce.NumberType, 0, "round takes a number, and places as a literal from 0 to 19"},
		{"if(true, 1)", commerce.NumberType, 0, "if takes a condition and two values"},
		{"if(1, 2, 3)", commerce.NumberType, 3, "if takes a bool, this is a number"},
		{`if(true, 1, "a")`, commerce.NumberType, 12, "if gives a number or a text, both values must have one type"},
	} {
		_, err := formula.Compile(c.source, names, c.want)
		var found *formula.Error
		if !errors.As(err, &found) {
			t.Errorf("%s: got %v, want a *formula.Error", c.source, err)
			continue
		}
		if found.Offset != c.offset || found.Error() != c.message {
			t.Errorf("%s:\n got %d: %s\nwant %d: %s", c.source, found.Offset, found.Message, c.offset, c.message)
		}
	}
}

func TestLengthAndDepthAreBounded(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("(", n) + "1" + strings.Repeat(")", n) }
	long := "1" + strings.Repeat("+1", (formula.MaxLength-1)/2)
	for _, source := range []string{nested(formula.MaxDepth - 1), strings.Repeat("-", formula.MaxDepth-1) + "1", long} {
		if f, err := formula.Compile(source, nil, commerce.NumberType); err != nil {
			t.Errorf("%.20s…: %v", source, err)
		} else if _, err := f.Eval(nil); err != nil {
			t.Errorf("%.20s…: %v", source, err)
		}
	}
	for source, offset := range map[string]int{
		nested(formula.MaxDepth):                        formula.MaxDepth,
		strings.Repeat("!", formula.MaxDepth) + "true":  formula.MaxDepth,
		strings.Repeat("abs(", formula.MaxDepth) + "1":  4 * formula.MaxDepth,
		long + strings.Repeat(" ", formula.MaxLength):   formula.MaxLength,
		strings.Repeat("(", formula.MaxLength):          formula.MaxDepth,
		strings.Repeat("from.free+", formula.MaxLength): formula.MaxLength,
	} {
		var found *formula.Error
		if _, err := formula.Compile(source, names, commerce.NumberType); !errors.As(err, &found) || found.Offset != offset {
			t.Errorf("%.20s…: got %v, want an error at %d", source, err, offset)
		}
	}
}

// What cannot be told is an error that says why. A value is never guessed.
func TestWhatCannotBeTold(t *testing.T) {
	const missing, null = "from.free is missing", "from.free is null"
	for _, c := range []struct{ source, facets, want string }{
		{"from.free", "", missing},
		{"from.free == null", "", missing},
		{"from.free == from.free", "", missing},
		{"buffer + from.free", "buffer=1", missing},
		{"max(buffer, from.free)", "buffer=1", missing},
		{"from.free in [1]", "", missing},
		{"-from.free", "", missing},
		{"from.free > 0", "", missing},

		{"from.free", "from.free=null", ""},
		{"from.free == null", "from.free=null", ""},
		{"from.free != 1", "from.free=null", ""},
		{"from.free in [0]", "from.free=null", ""},
		{"from.free + 1", "from.free=null", null},
		{"-from.free", "from.free=null", null},
		{"floor(from.free)", "from.free=null", null},
		{"min(1, from.free)", "from.free=null", null},
		{"from.free < 1", "from.free=null", null},
		{"1 <= from.free", "from.free=null", null},
		{"!from.test", "from.test=null", "from.test is null"},
		{"from.test && true", "from.test=null", "from.test is null"},
		{"false || from.test", "from.test=null", "from.test is null"},
		{"if(from.test, 1, 2)", "from.test=null", "from.test is null"},
		{"if(true, null, 1) + 1", "", "an operand is null"},

		// What the left side or the condition decides needs no right side.
		{"false && from.free > 0", "", ""},
		{"true || from.free > 0", "", ""},
		{"true && from.free > 0", "", missing},
		{"false || from.free > 0", "", missing},
		{"from.free > 0 && false", "", missing},
		{"from.free > 0 || true", "", missing},
		{"if(true, 1, from.free)", "", ""},
		{"if(false, from.free, 1)", "", ""},
		{"if(false, 1, from.free)", "", missing},

		{"1 / from.free", "from.free=0", commerce.ErrDivideByZero.Error()},
		{"0 / 0", "", commerce.ErrDivideByZero.Error()},
		{"9999999999999999999 + 1", "", commerce.ErrInexact.Error()},
		{"-9999999999999999999 - 1", "", commerce.ErrInexact.Error()},
		{"10000000000 * 10000000000", "", commerce.ErrInexact.Error()},
		{"0.0000000001 * 0.0000000001", "", commerce.ErrInexact.Error()},
		{"9999999999999999999 + 0.1", "", commerce.ErrInexact.Error()},
		{"9999999999999999999 / 0.1", "", commerce.ErrInexact.Error()},
	} {
		f, err := formula.Compile(c.source, names, commerce.NumberType)
		if err != nil {
			f = compile(t, c.source, commerce.BoolType)
		}
		v, err := f.Eval(facets(t, c.facets))
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%s with %q = %s, %v; want %s", c.source, c.facets, v, err, c.want)
		}
	}
}

func TestReasonsAreTypedAndNamed(t *testing.T) {
	f := compile(t, "from.free + buffer", commerce.NumberType)
	var missing *formula.MissingError
	if _, err := f.Eval(facets(t, "from.free=1")); !errors.As(err, &missing) || missing.Name != "buffer" {
		t.Errorf("got %v, want buffer missing", err)
	}
	var null *formula.NullError
	if _, err := f.Eval(facets(t, "from.free=null buffer=3")); !errors.As(err, &null) || null.Name != "from.free" {
		t.Errorf("got %v, want from.free null", err)
	}
	var wrong *formula.TypeError
	text := from(map[string]commerce.Value{"from.free": commerce.Text("12")})
	if _, err := f.Eval(text); !errors.As(err, &wrong) || err.Error() != "from.free is a text, want a number" {
		t.Errorf("got %v, want from.free of a wrong type", err)
	}
}

// No text makes checking or evaluating panic, and problems lie in the text.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"max(0, floor(from.free) - buffer) - in_flight",
		`from.payment in ["paid", "a\"\\"] && !from.test || 1.50 / 0 <= round(-from.free, 2)`,
		"if(from.sale == null, from.regular, min(1, 2))",
		"((1", "1e3", `"`, `"\`, "from.", "null", "\xff×",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, want := range []commerce.Type{commerce.NumberType, commerce.TextType, commerce.BoolType, commerce.TimeType} {
			compiled, err := formula.Compile(source, names, want)
			var found *formula.Error
			if err != nil {
				if !errors.As(err, &found) || found.Offset < 0 || found.Offset > len(source) || found.Message == "" {
					t.Fatalf("%q: unplaced error %v", source, err)
				}
				continue
			}
			for _, lookup := range []formula.Lookup{facets(t, ""), everything, nothing} {
				v, err := compiled.Eval(lookup)
				if err == nil && !v.IsNull() && v.Type() != want {
					t.Fatalf("%q gives a %s, want a %s", source, v.Type(), want)
				}
			}
		}
	})
}

// everything knows a value for every name.
func everything(name string) (commerce.Value, bool) {
	v, err := commerce.ParseValue(types[name], map[commerce.Type]string{
		commerce.NumberType: "12.5", commerce.TextType: "paid", commerce.BoolType: "true", commerce.TimeType: "2026-03-03T14:14:00Z",
	}[types[name]])
	return v, err == nil
}

// nothing knows that every name is null.
func nothing(string) (commerce.Value, bool) { return commerce.Null(), true }
