package body

import (
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

const (
	maxText     = 512
	maxExponent = 40
)

// Reader turns fields into values and remembers the first that cannot be read.
// After that its results mean nothing; the caller asks Problem at the end.
type Reader struct {
	path    []string
	problem *platform.BodyError
}

// Enter makes the names that follow those of one element of a list.
func (r *Reader) Enter(list string, index int) {
	r.path = append(r.path, list+"["+strconv.Itoa(index)+"].")
}

// Inside makes the names that follow those of an object.
func (r *Reader) Inside(object string) { r.path = append(r.path, object+".") }

// Leave ends the last Enter or Inside.
func (r *Reader) Leave() { r.path = r.path[:len(r.path)-1] }

// Fail remembers a problem at the name, unless there is one already.
func (r *Reader) Fail(name, want string) {
	if r.problem == nil {
		r.problem = &platform.BodyError{Where: strings.Join(r.path, "") + name, Want: want}
	}
}

// Problem is the first value that could not be read, or nil.
func (r *Reader) Problem() error {
	if r.problem == nil {
		return nil
	}
	return r.problem
}

// Limit fails for a list of more elements than most.
func (r *Reader) Limit(name string, n, most int) {
	if n > most {
		r.Fail(name, "at most "+strconv.Itoa(most)+" of them")
	}
}

// Text reads a value that must be a text of at most 512 bytes.
func (r *Reader) Text(name string, f Field) string {
	text, ok := f.Text()
	if !ok || len(text) > maxText {
		r.Fail(name, "a text of at most 512 bytes")
	}
	return text
}

// OptionalText reads a text, or "" where there is none.
func (r *Reader) OptionalText(name string, f Field) string {
	if !f.Given() {
		return ""
	}
	return r.Text(name, f)
}

// Truth reads true or false.
func (r *Reader) Truth(name string, f Field) bool {
	if len(f) == 0 || (f[0] != 't' && f[0] != 'f') {
		r.Fail(name, "true or false")
		return false
	}
	return f[0] == 't'
}

// Number reads a decimal out of a number or a text, digit by digit. A number
// with an exponent is written out: 1e-05 is 0.00001, exactly.
func (r *Reader) Number(name string, f Field) commerce.Decimal {
	text := string(f)
	if len(f) > 0 && f[0] == '"' {
		text, _ = f.Text()
	}
	d, err := commerce.ParseDecimal(writtenOut(text))
	if err != nil {
		r.Fail(name, "a decimal number of at most 19 digits")
	}
	return d
}

// writtenOut moves the point of a number as its exponent says. Any other text
// is returned as it is.
func writtenOut(text string) string {
	mantissa, power, ok := strings.Cut(strings.Replace(text, "E", "e", 1), "e")
	n, err := strconv.Atoi(power)
	sign, digits := "", mantissa
	if strings.HasPrefix(mantissa, "-") {
		sign, digits = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	if !ok || err != nil || n < -maxExponent || n > maxExponent || whole == "" {
		return text
	}
	if n < 0 {
		whole = strings.Repeat("0", max(0, 1-n-len(whole))) + whole
		return sign + whole[:len(whole)+n] + "." + whole[len(whole)+n:] + fraction
	}
	fraction += strings.Repeat("0", max(0, n-len(fraction)))
	if n == len(fraction) {
		return sign + whole + fraction
	}
	return sign + whole + fraction[:n] + "." + fraction[n:]
}

// Sum adds two amounts.
func (r *Reader) Sum(name string, a, b commerce.Decimal) commerce.Decimal {
	sum, err := a.Add(b)
	if err != nil {
		r.Fail(name, "amounts whose sum has at most 19 digits")
	}
	return sum
}

// ID reads the digits of a positive integer as they stand, whatever their size.
func (r *Reader) ID(name string, f Field) string {
	const maxDigits = 20
	digits := string(f)
	if len(digits) > maxDigits || digits == "" || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		r.Fail(name, "an id: an integer greater than 0")
	}
	return digits
}
