package commerce

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/govalues/decimal"
)

// Decimal is an exact decimal number of at most 19 significant digits. Equal
// numbers are equal values: 17 == 17.00 with ==. The zero value is 0.
//
// Add, Sub and Mul are exact or return ErrInexact. Nothing is ever a float.
type Decimal struct{ d decimal.Decimal }

var (
	// ErrInexact means that a result needs more than 19 digits. It is not
	// rounded, because a rounded amount could agree with a wrong one.
	ErrInexact = errors.New("commerce: result needs more than 19 digits")
	// ErrDivideByZero is returned by Quo.
	ErrDivideByZero = errors.New("commerce: division by zero")
	// ErrDecimal means that a text is not a plain decimal number. It does not
	// repeat the text, which may be anybody's.
	ErrDecimal = errors.New("commerce: not a plain decimal number, such as -12.50")
)

// MaxDigits is the greatest number of significant digits, and of digits after
// the point.
const MaxDigits = decimal.MaxPrec

// maxDecimalText bounds what ParseDecimal looks at.
const maxDecimalText = 64

// ParseDecimal reads -?digits[.digits], with leading and trailing zeros
// allowed. It refuses exponents, signs other than one minus, separators and
// everything that has more than 19 significant digits, with ErrDecimal or
// ErrInexact.
func ParseDecimal(text string) (Decimal, error) {
	if !plainNumber(text) {
		return Decimal{}, ErrDecimal
	}
	d, err := decimal.Parse(trimNumber(text))
	if err != nil || countDigits(text) > MaxDigits {
		return Decimal{}, ErrInexact
	}
	return canonical(d), nil
}

// MustDecimal is ParseDecimal for literals in code and tests. It panics.
func MustDecimal(text string) Decimal {
	d, err := ParseDecimal(text)
	if err != nil {
		panic(err) //nolint:forbidigo // the text is a literal of the code
	}
	return d
}

// Int returns the decimal of an integer. Every int64 is exact.
func Int(n int64) Decimal {
	// Whole numbers of 64 bits always fit, so that New has nothing to refuse.
	d, _ := decimal.New(n, 0)
	return canonical(d)
}

func plainNumber(text string) bool {
	if len(text) > maxDecimalText {
		return false
	}
	digits, point := 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' && i == 0:
		case c == '.' && !point && digits > 0 && i+1 < len(text):
			point = true
		default:
			return false
		}
	}
	return digits > 0
}

func trimNumber(text string) string {
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
		text = strings.TrimSuffix(text, ".")
	}
	return text
}

// countDigits counts what must be kept: leading zeros do not count before the
// point, all places behind it do.
func countDigits(text string) int {
	text = strings.TrimPrefix(trimNumber(text), "-")
	whole, fraction, _ := strings.Cut(text, ".")
	return len(strings.TrimLeft(whole, "0")) + len(fraction)
}

func canonical(d decimal.Decimal) Decimal {
	if d.IsZero() {
		return Decimal{}
	}
	return Decimal{d.Trim(0)}
}

// String returns the canonical form: no exponent, no trailing zeros, no
// leading zeros but one, "0" for zero.
func (a Decimal) String() string { return a.d.String() }

// MarshalText writes the number as String does, so that JSON carries a text and
// never a float.
func (a Decimal) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote, with the errors of ParseDecimal.
func (a *Decimal) UnmarshalText(text []byte) error {
	d, err := ParseDecimal(string(text))
	if err != nil {
		return err
	}
	*a = d
	return nil
}

// Sign returns -1, 0 or 1.
func (a Decimal) Sign() int { return a.d.Sign() }

// Cmp compares numbers.
func (a Decimal) Cmp(b Decimal) int { return a.d.Cmp(b.d) }

// Neg returns -a, always exact.
func (a Decimal) Neg() Decimal { return canonical(a.d.Neg()) }

// Abs returns |a|, always exact.
func (a Decimal) Abs() Decimal { return canonical(a.d.Abs()) }

// Add returns a+b or ErrInexact.
func (a Decimal) Add(b Decimal) (Decimal, error) {
	scale := max(a.d.Scale(), b.d.Scale())
	if sum, err := a.d.AddExact(b.d, scale); err == nil {
		return canonical(sum), nil
	}
	return fit(new(big.Int).Add(a.coefficient(scale), b.coefficient(scale)), scale)
}

// Sub returns a-b or ErrInexact.
func (a Decimal) Sub(b Decimal) (Decimal, error) { return a.Add(b.Neg()) }

// Mul returns a*b or ErrInexact.
func (a Decimal) Mul(b Decimal) (Decimal, error) {
	scale := a.d.Scale() + b.d.Scale()
	if scale <= MaxDigits {
		if product, err := a.d.MulExact(b.d, scale); err == nil {
			return canonical(product), nil
		}
	}
	return fit(new(big.Int).Mul(a.coefficient(a.d.Scale()), b.coefficient(b.d.Scale())), scale)
}

// coefficient returns a × 10^scale, for a scale that is not below a's own.
func (a Decimal) coefficient(scale int) *big.Int {
	shift := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale-a.d.Scale())), nil)
	n := new(big.Int).SetUint64(a.d.Coef())
	if a.Sign() < 0 {
		n.Neg(n)
	}
	return n.Mul(n, shift)
}

// fit returns coefficient / 10^scale or ErrInexact. It is the slow way, for
// results that fit only without their trailing zeros: 0.5 × 2×10^18.
func fit(coefficient *big.Int, scale int) (Decimal, error) {
	for ten := big.NewInt(10); scale > 0; scale-- {
		shorter, digit := new(big.Int).QuoRem(coefficient, ten, new(big.Int))
		if digit.Sign() != 0 {
			break
		}
		coefficient = shorter
	}
	return exact(decimal.ParseExact(fmt.Sprintf("%de-%d", coefficient, scale), scale))
}

// Quo returns a/b rounded half to even to at most 19 significant digits, or
// ErrDivideByZero, or ErrInexact when the whole part does not fit.
func (a Decimal) Quo(b Decimal) (Decimal, error) {
	if b.d.IsZero() {
		return Decimal{}, ErrDivideByZero
	}
	return exact(a.d.Quo(b.d))
}

// Floor returns the greatest integer not above a.
func (a Decimal) Floor() Decimal { return canonical(a.d.Floor(0)) }

// Ceil returns the least integer not below a.
func (a Decimal) Ceil() Decimal { return canonical(a.d.Ceil(0)) }

// Round rounds half to even to the given number of places, 0 to 19.
func (a Decimal) Round(places int) Decimal { return canonical(a.d.Round(places)) }

func exact(d decimal.Decimal, err error) (Decimal, error) {
	if err != nil {
		return Decimal{}, ErrInexact
	}
	return canonical(d), nil
}
