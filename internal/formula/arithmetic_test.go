package formula_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// Arithmetic is checked against math/big.Rat: a formula gives exactly the
// rational result, a quotient the nearest number of 19 digits, and whatever
// does not fit is an error.
func TestArithmeticIsExact(t *testing.T) { rapid.Check(t, arithmeticIsExact) }

func FuzzEval(f *testing.F) {
	for _, seed := range []string{"", "\x01\x02\x03\x04\x05\x06\x07\x08", strings.Repeat("plumb line", 40)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(rapid.MakeFuzz(arithmeticIsExact))
}

func arithmeticIsExact(t *rapid.T) {
	values := map[string]commerce.Value{}
	want := drawTerm(t, 4, values)
	f, err := formula.Compile(want.source, numbers, commerce.NumberType)
	if err != nil {
		t.Fatalf("%s: %v", want.source, err)
	}
	got, err := f.Eval(from(values))
	if !errors.Is(err, want.err) || (err == nil) != (want.err == nil) {
		t.Fatalf("%s with %v: error %v, want %v", want.source, values, err, want.err)
	}
	if err == nil && rat(got).Cmp(want.value) != 0 {
		t.Fatalf("%s with %v = %s, want %s", want.source, values, got, want.value.FloatString(20))
	}
}

// term is a formula and what it must give.
type term struct {
	source string
	value  *big.Rat
	err    error
}

var (
	inexact = term{err: commerce.ErrInexact}
	byZero  = term{err: commerce.ErrDivideByZero}
)

func drawTerm(t *rapid.T, depth int, values map[string]commerce.Value) term {
	if depth == 0 || rapid.IntRange(0, 5).Draw(t, "leaf") == 0 {
		return drawLeaf(t, values)
	}
	draw := func() term { return drawTerm(t, depth-1, values) }
	a, b := draw(), draw()
	switch op := rapid.SampledFrom([]string{"+", "-", "*", "/", "neg", "abs", "floor", "ceil", "round", "min", "max", "if"}).Draw(t, "op"); op {
	case "+", "-", "*", "/":
		return result(fmt.Sprintf("(%s) %s (%s)", a.source, op, b.source), both(a, b, binary[op]))
	case "neg":
		return result("-("+a.source+")", both(a, a, func(x, _ *big.Rat) term { return exact(new(big.Rat).Neg(x)) }))
	case "abs":
		return result("abs("+a.source+")", both(a, a, func(x, _ *big.Rat) term { return exact(new(big.Rat).Abs(x)) }))
	case "floor":
		return result("floor("+a.source+")", both(a, a, func(x, _ *big.Rat) term { return exact(floor(x)) }))
	case "ceil":
		return result("ceil("+a.source+")", both(a, a, func(x, _ *big.Rat) term {
			return exact(new(big.Rat).Neg(floor(new(big.Rat).Neg(x))))
		}))
	case "round":
		places := rapid.IntRange(0, commerce.MaxDigits).Draw(t, "places")
		return result(fmt.Sprintf("round(%s, %d)", a.source, places), both(a, a, func(x, _ *big.Rat) term {
			return exact(halfEven(x, places))
		}))
	case "min", "max":
		return result(fmt.Sprintf("%s(%s, %s)", op, a.source, b.source), both(a, b, func(x, y *big.Rat) term {
			if (x.Cmp(y) <= 0) == (op == "min") {
				return exact(x)
			}
			return exact(y)
		}))
	default:
		c, d := draw(), draw()
		source := fmt.Sprintf("if(%s < %s, %s, %s)", a.source, b.source, c.source, d.source)
		return result(source, both(a, b, func(x, y *big.Rat) term {
			if x.Cmp(y) < 0 {
				return c
			}
			return d
		}))
	}
}

// drawLeaf draws a literal, or a name with a value that may be negative.
func drawLeaf(t *rapid.T, values map[string]commerce.Value) term {
	text := rapid.OneOf(
		rapid.SampledFrom([]string{"0", "1", "2", "3", "0.5", "0.10", "10000000000", "9999999999999999999", "0.0000000000000000001", "0.000000005", "2000000000000000000"}),
		rapid.StringMatching(`[0-9]{1,5}`),
		rapid.StringMatching(`[0-9]{1,6}\.[0-9]{1,4}`),
		rapid.StringMatching(`[0-9]{9}\.[0-9]{10}`),
		rapid.StringMatching(`[0-9]{19}`),
		rapid.StringMatching(`0\.[0-9]{19}`),
	).Draw(t, "number")
	value, _ := new(big.Rat).SetString(text)
	switch rapid.IntRange(0, 2).Draw(t, "leaf kind") {
	case 0:
		return term{source: text, value: value}
	case 1:
		text, value = "-"+text, value.Neg(value)
	}
	name := fmt.Sprintf("n%d", len(values))
	values[name] = commerce.Number(commerce.MustDecimal(text))
	return term{source: name, value: value}
}

func result(source string, r term) term {
	r.source = source
	return r
}

// both applies op unless an operand failed; the left one fails first.
func both(a, b term, op func(x, y *big.Rat) term) term {
	switch {
	case a.err != nil:
		return a
	case b.err != nil:
		return b
	default:
		return op(a.value, b.value)
	}
}

var binary = map[string]func(x, y *big.Rat) term{
	"+": func(x, y *big.Rat) term { return exact(new(big.Rat).Add(x, y)) },
	"-": func(x, y *big.Rat) term { return exact(new(big.Rat).Sub(x, y)) },
	"*": func(x, y *big.Rat) term { return exact(new(big.Rat).Mul(x, y)) },
	"/": func(x, y *big.Rat) term {
		if y.Sign() == 0 {
			return byZero
		}
		return nearest(new(big.Rat).Quo(x, y))
	},
}

// exact is r when 19 digits and 19 places hold it.
func exact(r *big.Rat) term {
	if places, finite := r.FloatPrec(); !finite || places > commerce.MaxDigits || !fits(r, places) {
		return inexact
	}
	return term{value: r}
}

// nearest is the number of at most 19 digits that is nearest to r.
func nearest(r *big.Rat) term {
	for places := commerce.MaxDigits; places >= 0; places-- {
		if rounded := halfEven(r, places); fits(rounded, places) {
			return term{value: rounded}
		}
	}
	return inexact
}

// fits reports whether r × 10^places has at most 19 digits.
func fits(r *big.Rat, places int) bool {
	scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(pow10(places)))
	return scaled.Abs(scaled).Cmp(new(big.Rat).SetInt(pow10(commerce.MaxDigits))) < 0
}

func halfEven(r *big.Rat, places int) *big.Rat {
	unit := new(big.Rat).SetFrac(big.NewInt(1), pow10(places))
	scaled := new(big.Rat).Quo(r, unit)
	down := floor(scaled)
	switch half := new(big.Rat).Sub(scaled, down).Cmp(big.NewRat(1, 2)); {
	case half > 0, half == 0 && down.Num().Bit(0) == 1:
		down.Add(down, big.NewRat(1, 1))
	}
	return down.Mul(down, unit)
}

func floor(r *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(r.Num(), r.Denom()))
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func rat(v commerce.Value) *big.Rat {
	r, _ := new(big.Rat).SetString(v.String())
	return r
}

// numbers knows every name as a number.
func numbers(string) (commerce.Type, bool) { return commerce.NumberType, true }

func from(values map[string]commerce.Value) formula.Lookup {
	return func(name string) (commerce.Value, bool) {
		v, ok := values[name]
		return v, ok
	}
}
