package sheet

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

const wantDigits = "a number of at most 19 digits"

// canonical returns the canonical form of a number of JSON or XML, which may
// have an exponent. The error is commerce.ErrInexact or commerce.ErrDecimal.
func canonical(text []byte) ([]byte, error) {
	if isCanonical(text) {
		return text, nil
	}
	plain, err := unfold(string(text))
	if err != nil {
		return nil, err
	}
	d, err := commerce.ParseDecimal(plain)
	return []byte(d.String()), err
}

// isCanonical reports whether a short number is in canonical form already.
func isCanonical(text []byte) bool {
	digits := bytes.TrimPrefix(text, []byte("-"))
	if len(digits) == 0 || len(digits) > commerce.MaxDigits || bytes.Equal(text, []byte("-0")) {
		return false
	}
	whole, fraction, point := bytes.Cut(digits, []byte("."))
	return count(string(whole)) == len(whole) && len(whole) > 0 && (whole[0] != '0' || len(whole) == 1 && (point || len(text) == 1)) &&
		(!point || len(fraction) > 0 && count(string(fraction)) == len(fraction) && fraction[len(fraction)-1] != '0')
}

// unfold writes a number without its exponent.
func unfold(text string) (string, error) {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(text), "e")
	if !ok {
		return text, nil
	}
	shift, err := strconv.Atoi(exponent)
	if err != nil || shift > 40 || shift < -40 {
		return "", commerce.ErrInexact
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	point := len(whole) + shift
	digits = whole + fraction
	switch {
	case point <= 0:
		digits = "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		digits += strings.Repeat("0", point-len(digits))
	default:
		digits = digits[:point] + "." + digits[point:]
	}
	if negative {
		digits = "-" + digits
	}
	return digits, nil
}

// shownDigits is how many digits a spreadsheet program shows and keeps of a
// number. What a file has behind them is an artefact of binary fractions:
// 0.30000000000000004.
const shownDigits = 15

// shortened rounds a fraction, or a number with an exponent, to the digits that
// a spreadsheet program shows. A whole number stays as the file has it.
func shortened(text []byte) []byte {
	if len(text) <= shownDigits || !bytes.ContainsAny(text, ".eE") {
		return text
	}
	mantissa, exponent := text, []byte(nil)
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], text[i:]
	}
	digits := bytes.Clone(mantissa)
	significant, cut := 0, -1
	for i, c := range digits {
		if c < '0' || c > '9' || significant == 0 && c == '0' {
			continue
		}
		if significant++; significant == shownDigits+1 {
			cut = i
			break
		}
	}
	if cut < 0 {
		return text
	}
	up := digits[cut] >= '5'
	point := bytes.IndexByte(digits, '.')
	for i := cut; i < len(digits); i++ {
		if i != point {
			digits[i] = '0'
		}
	}
	if up {
		digits = roundedUp(digits, cut)
	}
	return append(digits, exponent...)
}

// roundedUp adds one to the digit before a place.
func roundedUp(digits []byte, before int) []byte {
	for i := before - 1; i >= 0; i-- {
		switch c := digits[i]; {
		case c == '9':
			digits[i] = '0'
		case c >= '0' && c < '9':
			digits[i]++
			return digits
		}
	}
	first := bytes.IndexAny(digits, "0123456789")
	return append(append(bytes.Clone(digits[:first]), '1'), digits[first:]...)
}
