package sheet

import (
	"bytes"
	"errors"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/commerce"
)

var (
	// ErrNumber means that a text is no number, or none in the given style. A number
	// with an exponent is none: a spreadsheet program has rounded it.
	ErrNumber = errors.New("sheet: not a number in the style of the column")
	// ErrAmbiguous means that a text is two things: 1.234 is one and a bit, or over
	// a thousand; 03/04/2026 is in March or in April.
	ErrAmbiguous = errors.New("sheet: can be read in two ways")
)

// hundredth is a percent.
var hundredth = commerce.MustDecimal("0.01")

// ParseNumber reads a number as people and spreadsheet programs write it: with a
// decimal comma, marks between thousands (1,234,567 and 12,34,567), a currency,
// a minus before or behind or parentheses for it. 12.5% is 0.125.
//
// What the style leaves open has to be plain from the text alone, else the error
// is [ErrAmbiguous]. Other errors are [ErrNumber] and [commerce.ErrInexact].
func ParseNumber(text []byte, style NumberStyle) (commerce.Decimal, error) {
	if style.Decimal == '.' && isPlain(text) {
		return commerce.ParseDecimal(string(text))
	}
	n, ok := undress(text)
	if !ok {
		return commerce.Decimal{}, ErrNumber
	}
	var found []NumberStyle
	for _, reading := range readings(n.digits) {
		if style.allows(reading) {
			found = append(found, reading)
		}
	}
	switch len(found) {
	case 0:
		return commerce.Decimal{}, ErrNumber
	case 1:
		return n.value(found[0])
	default:
		return commerce.Decimal{}, ErrAmbiguous
	}
}

// isPlain reports whether a text is a number with nothing but a minus before its
// digits and a point between them.
func isPlain(text []byte) bool {
	points := 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
		case c == '-' && i == 0 && len(text) > 1:
		case c == '.' && i > 0 && text[i-1] != '-' && i+1 < len(text):
			points++
		default:
			return false
		}
	}
	return len(text) > 0 && points < 2
}

// bare is a number without what is around its digits.
type bare struct {
	digits   []byte
	negative bool
	percent  bool
}

// value puts the digits together as a reading says.
func (n bare) value(as NumberStyle) (commerce.Decimal, error) {
	plain := make([]byte, 0, 32)
	if n.negative {
		plain = append(plain, '-')
	}
	if first, _ := utf8.DecodeRune(n.digits); first == as.Decimal {
		plain = append(plain, '0')
	}
	for _, c := range string(n.digits) {
		switch {
		case c >= '0' && c <= '9':
			plain = append(plain, byte(c))
		case c == as.Decimal:
			plain = append(plain, '.')
		}
	}
	d, err := commerce.ParseDecimal(string(plain))
	if err == nil && n.percent {
		d, err = d.Mul(hundredth)
	}
	return d, err
}

// undress takes off spaces, sign, parentheses, currency and percent sign, each
// at most once.
func undress(text []byte) (bare, bool) {
	n := bare{digits: bytes.TrimSpace(text)}
	signed, currency := false, false
	if inner, ok := bytes.CutPrefix(n.digits, []byte("(")); ok {
		if inner, ok = bytes.CutSuffix(inner, []byte(")")); !ok {
			return n, false
		}
		n.digits, n.negative, signed = inner, true, true
	}
	for {
		n.digits = bytes.TrimSpace(n.digits)
		rest, what := takeOff(n.digits)
		switch what {
		case nothing:
			return n, len(n.digits) > 0
		case minus, plus:
			if signed {
				return n, false
			}
			signed, n.negative = true, what == minus
		case percent:
			if n.percent {
				return n, false
			}
			n.percent = true
		case money:
			if currency {
				return n, false
			}
			currency = true
		}
		n.digits = rest
	}
}

// dressing is what may stand around the digits of a number.
type dressing uint8

const (
	nothing dressing = iota
	minus
	plus
	percent
	money
)

// takeOff takes one thing off either end.
func takeOff(text []byte) ([]byte, dressing) {
	first, n := utf8.DecodeRune(text)
	last, m := utf8.DecodeLastRune(text)
	switch {
	case first == '-' || first == '−':
		return text[n:], minus
	case first == '+':
		return text[n:], plus
	case last == '-' || last == '−':
		return text[:len(text)-m], minus
	case last == '%':
		return text[:len(text)-m], percent
	case unicode.Is(unicode.Sc, first):
		return text[n:], money
	case unicode.Is(unicode.Sc, last) && !endsInCode(text):
		return text[:len(text)-m], money
	}
	return takeOffWord(text)
}

func endsInCode(text []byte) bool { return bytes.HasSuffix(text, []byte("R$")) }

// currencies are those that are written in letters and are no code of three
// capitals.
var currencies = []string{
	"R$", "US$", "CA$", "AU$", "NZ$", "HK$", "C$", "A$", "S$", "kr.", "kr", "Kč", "zł", "Ft", "lei", "Fr.", "Rs.", "Rs",
}

func takeOffWord(text []byte) ([]byte, dressing) {
	for _, word := range currencies {
		if rest, ok := bytes.CutPrefix(text, []byte(word)); ok {
			return rest, money
		}
		if rest, ok := bytes.CutSuffix(text, []byte(word)); ok {
			return rest, money
		}
	}
	switch n := len(text); {
	case n > 3 && isCode(text[:3]):
		return text[3:], money
	case n > 3 && isCode(text[n-3:]):
		return text[:n-3], money
	}
	return text, nothing
}

// isCode reports whether three bytes are a currency's code: USD.
func isCode(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return c < 'A' || c > 'Z' })
}
