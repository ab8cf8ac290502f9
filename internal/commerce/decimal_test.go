package commerce_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestDecimalsHaveOneCanonicalForm(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "0.00": "0", "-0.000": "0", "000": "0",
		"17": "17", "17.00": "17", "017": "17", "-017.50": "-17.5",
		"0.10": "0.1", "-0.01": "-0.01",
		"9999999999999999999":          "9999999999999999999",
		"-9999999999999999999":         "-9999999999999999999",
		"0.0000000000000000001":        "0.0000000000000000001",
		"123456789012345678.90":        "123456789012345678.9",
		"1.00000000000000000000":       "1",
		"0000000000000000000001.5":     "1.5",
		strings.Repeat("0", 62) + ".5": "0.5",
	} {
		d, err := commerce.ParseDecimal(text)
		if err != nil || d.String() != want {
			t.Errorf("%q = %s, %v; want %s", text, d, err, want)
		}
	}
	if commerce.MustDecimal("17") != commerce.MustDecimal("17.00") {
		t.Error("17 and 17.00 are different values")
	}
	if (commerce.Decimal{}) != commerce.MustDecimal("-0.00") {
		t.Error("the zero value is not 0")
	}
}

func TestDecimalsAreRefused(t *testing.T) {
	for text, want := range map[string]error{
		"": commerce.ErrDecimal, "-": commerce.ErrDecimal, ".": commerce.ErrDecimal, "-.": commerce.ErrDecimal,
		"1e3": commerce.ErrDecimal, "1E3": commerce.ErrDecimal, "+1": commerce.ErrDecimal, "--1": commerce.ErrDecimal, "1-": commerce.ErrDecimal,
		".5": commerce.ErrDecimal, "-.5": commerce.ErrDecimal, "1.": commerce.ErrDecimal, "1.2.3": commerce.ErrDecimal,
		"10,00": commerce.ErrDecimal, "1,000.00": commerce.ErrDecimal, "1_000": commerce.ErrDecimal, "1'000": commerce.ErrDecimal,
		"NaN": commerce.ErrDecimal, "Inf": commerce.ErrDecimal, "-Infinity": commerce.ErrDecimal, "0x10": commerce.ErrDecimal, "null": commerce.ErrDecimal,
		" 1": commerce.ErrDecimal, "1 ": commerce.ErrDecimal, "1\n": commerce.ErrDecimal, "$1": commerce.ErrDecimal, "1%": commerce.ErrDecimal,
		"١٢": commerce.ErrDecimal, "１": commerce.ErrDecimal, "−1": commerce.ErrDecimal, "1\x00": commerce.ErrDecimal,
		strings.Repeat("0", 65): commerce.ErrDecimal, strings.Repeat("9", 1<<20): commerce.ErrDecimal,

		"12345678901234567890":     commerce.ErrInexact,
		"10000000000000000000":     commerce.ErrInexact,
		"1.2345678901234567890123": commerce.ErrInexact,
		"1234567890.1234567891":    commerce.ErrInexact,
		"0.00000000000000000001":   commerce.ErrInexact,
		strings.Repeat("9", 64):    commerce.ErrInexact,
	} {
		if d, err := commerce.ParseDecimal(text); !errors.Is(err, want) {
			t.Errorf("%.30q = %s, %v; want %v", text, d, err, want)
		}
	}
}

func TestRefusalsDoNotRepeatTheText(t *testing.T) {
	for _, parse := range []func(string) error{
		func(s string) error { _, err := commerce.ParseDecimal(s); return err },
		func(s string) error { _, err := commerce.ParseValue(commerce.BoolType, s); return err },
		func(s string) error { _, err := commerce.ParseValue(commerce.TimeType, s); return err },
	} {
		if err := parse("dana@acme.example"); err == nil || strings.Contains(err.Error(), "dana") {
			t.Errorf("got %v, want an error without the text", err)
		}
	}
}

func TestMustDecimalPanicsOnWhatIsNoNumber(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	commerce.MustDecimal("1e3")
}

func TestEveryIntegerIsExact(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 1_000_000_000_000_000_000, math.MaxInt64, math.MinInt64} {
		if got := commerce.Int(n).String(); got != big.NewInt(n).String() {
			t.Errorf("Int(%d) = %s", n, got)
		}
	}
}

func TestDecimalsTravelAsText(t *testing.T) {
	body, err := json.Marshal(commerce.MustDecimal("186.40"))
	if err != nil || string(body) != `"186.4"` {
		t.Errorf("wrote %s, %v", body, err)
	}
	var d commerce.Decimal
	if err := json.Unmarshal([]byte(`"9007199254740993.01"`), &d); err != nil || d.String() != "9007199254740993.01" {
		t.Errorf("read %s, %v", d, err)
	}
	if err := json.Unmarshal([]byte(`"1e3"`), &d); !errors.Is(err, commerce.ErrDecimal) || d.String() != "9007199254740993.01" {
		t.Errorf("a refused text left %s, %v", d, err)
	}
}

// A decimal is read when 19 digits and 19 places hold it, and only then, and
// means exactly the number that was written.
func TestParseDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,22}(\.[0-9]{1,22})?`).Draw(t, "text")
		d, err := commerce.ParseDecimal(text)
		if r := rat(text); holds(r) != (err == nil) {
			t.Fatalf("%s: %v, although 19 digits hold it is %t", text, err, holds(r))
		} else if err == nil && rat(d.String()).Cmp(r) != 0 {
			t.Fatalf("%s reads as %s", text, d)
		}
	})
}

// Sums, differences and products are exact whenever 19 digits hold them.
// Quotients are off by at most half a unit of the last of 19 digits.
func TestDecimalArithmeticIsThatOfRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals.Draw(t, "a"), decimals.Draw(t, "b")
		x, y := rat(a.String()), rat(b.String())
		for _, op := range []struct {
			name string
			got  func(commerce.Decimal) (commerce.Decimal, error)
			want *big.Rat
		}{
			{"+", a.Add, new(big.Rat).Add(x, y)},
			{"-", a.Sub, new(big.Rat).Sub(x, y)},
			{"×", a.Mul, new(big.Rat).Mul(x, y)},
		} {
			got, err := op.got(b)
			switch {
			case !holds(op.want) && !errors.Is(err, commerce.ErrInexact):
				t.Fatalf("%s %s %s = %s, %v; 19 digits do not hold it", a, op.name, b, got, err)
			case holds(op.want) && (err != nil || rat(got.String()).Cmp(op.want) != 0):
				t.Fatalf("%s %s %s = %s, %v; want %s", a, op.name, b, got, err, op.want.FloatString(20))
			case got != commerce.MustDecimal(got.String()):
				t.Fatalf("%s %s %s = %s is not canonical", a, op.name, b, got)
			}
		}
		if a.Cmp(b) != x.Cmp(y) || (a == b) != (x.Cmp(y) == 0) {
			t.Fatalf("%s and %s compare as %d", a, b, a.Cmp(b))
		}
		if a.Neg().Sign() != -a.Sign() || a.Abs().Sign() < 0 || a.Neg().Neg() != a || a.Abs() != a.Neg().Abs() {
			t.Fatalf("sign of %s", a)
		}
	})
}

func TestQuotientsAreNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals.Draw(t, "a"), decimals.Draw(t, "b")
		got, err := a.Quo(b)
		if b.Sign() == 0 {
			if !errors.Is(err, commerce.ErrDivideByZero) {
				t.Fatalf("%s / 0 = %s, %v", a, got, err)
			}
			return
		}
		want := new(big.Rat).Quo(rat(a.String()), rat(b.String()))
		// Of the 19 digits, those before the point are used up first.
		places := commerce.MaxDigits
		if whole := new(big.Int).Quo(new(big.Int).Abs(want.Num()), want.Denom()); whole.Sign() > 0 {
			places -= len(whole.Text(10))
		}
		if places < 0 || errors.Is(err, commerce.ErrInexact) {
			if most := rat("9999999999999999999.5"); err == nil || new(big.Rat).Abs(want).Cmp(most) < 0 {
				t.Fatalf("%s / %s = %s, %v", a, b, got, err)
			}
			return
		}
		half := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Mul(big.NewInt(2), pow10(places)))
		off := new(big.Rat).Sub(rat(got.String()), want)
		if err != nil || off.Abs(off).Cmp(half) > 0 {
			t.Fatalf("%s / %s = %s, %v; want %s", a, b, got, err, want.FloatString(25))
		}
		if got != commerce.MustDecimal(got.String()) {
			t.Fatalf("%s / %s = %s is not canonical", a, b, got)
		}
	})
}

func TestRounding(t *testing.T) {
	for _, c := range []struct{ x, floor, ceil, whole, cents string }{
		{"2.5", "2", "3", "2", "2.5"},
		{"3.5", "3", "4", "4", "3.5"},
		{"-2.5", "-3", "-2", "-2", "-2.5"},
		{"-0.4", "-1", "0", "0", "-0.4"},
		{"2.345", "2", "3", "2", "2.34"},
		{"2.355", "2", "3", "2", "2.36"},
		{"2.345000000000000001", "2", "3", "2", "2.35"},
		{"7", "7", "7", "7", "7"},
		{"9999999999999999999", "9999999999999999999", "9999999999999999999", "9999999999999999999", "9999999999999999999"},
		{"999999999999999999.9", "999999999999999999", "1000000000000000000", "1000000000000000000", "999999999999999999.9"},
	} {
		x := commerce.MustDecimal(c.x)
		got := [4]commerce.Decimal{x.Floor(), x.Ceil(), x.Round(0), x.Round(2)}
		want := [4]commerce.Decimal{commerce.MustDecimal(c.floor), commerce.MustDecimal(c.ceil), commerce.MustDecimal(c.whole), commerce.MustDecimal(c.cents)}
		if got != want {
			t.Errorf("%s: floor, ceil, whole, cents = %v, want %v", c.x, got, want)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"0", "-17.00", "1e3", "+1", ".5", "1.", "10,00", "NaN", "12345678901234567890", "0.0000000000000000001", "\xff", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := commerce.ParseDecimal(text)
		if err != nil {
			if d != (commerce.Decimal{}) {
				t.Fatalf("%q is refused and still gives %s", text, d)
			}
			return
		}
		if rat(text).Cmp(rat(d.String())) != 0 {
			t.Fatalf("%q reads as %s", text, d)
		}
		if again, err := commerce.ParseDecimal(d.String()); err != nil || again != d {
			t.Fatalf("%q: canonical form %s reads as %s, %v", text, d, again, err)
		}
	})
}

// decimals draws amounts of daily life, and those at the edges.
var decimals = rapid.Map(rapid.OneOf(
	rapid.StringMatching(`-?[0-9]{1,6}(\.[0-9]{1,4})?`),
	rapid.StringMatching(`-?[0-9]{9}\.[0-9]{10}`),
	rapid.StringMatching(`-?[0-9]{19}`),
	rapid.StringMatching(`-?0\.[0-9]{19}`),
	rapid.StringMatching(`-?[1-9]0{0,18}`),
	rapid.StringMatching(`-?0\.0{0,18}[1-9]`),
), commerce.MustDecimal)

// holds reports whether 19 digits, at most 19 of them behind the point, are
// enough for r.
func holds(r *big.Rat) bool {
	places, finite := r.FloatPrec()
	if !finite || places > commerce.MaxDigits {
		return false
	}
	digits := new(big.Rat).Mul(r, new(big.Rat).SetInt(pow10(places)))
	return digits.Abs(digits).Cmp(new(big.Rat).SetInt(pow10(commerce.MaxDigits))) < 0
}

func rat(text string) *big.Rat {
	r, _ := new(big.Rat).SetString(text)
	return r
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
