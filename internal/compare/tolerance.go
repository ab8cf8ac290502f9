package compare

import (
	"errors"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Tolerance is how far a number may be off. The zero Tolerance is not at all.
type Tolerance struct {
	// Amount is an absolute difference. PerLine says that it counts once for each
	// line of an order, and once where nothing tells how many there are.
	Amount  commerce.Decimal
	PerLine bool
	// Percent is of the left value.
	Percent commerce.Decimal
}

// ErrTolerance means that a text is no tolerance.
var ErrTolerance = errors.New("want a tolerance such as 1, 0.05, 1% or 0.01/line")

// ParseTolerance reads "1", "0.05", "1%" and "0.01/line".
func ParseTolerance(text string) (Tolerance, error) {
	var t Tolerance
	number, isPercent := strings.CutSuffix(text, "%")
	number, t.PerLine = strings.CutSuffix(number, "/line")
	d, err := commerce.ParseDecimal(strings.TrimSpace(number))
	if err != nil || d.Sign() < 0 || isPercent && t.PerLine {
		return Tolerance{}, ErrTolerance
	}
	if isPercent {
		t.Percent = d
	} else {
		t.Amount = d
	}
	return t, nil
}

// IsZero reports whether nothing is tolerated.
func (t Tolerance) IsZero() bool { return t.Amount.Sign() == 0 && t.Percent.Sign() == 0 }

// String writes the tolerance as ParseTolerance reads it.
func (t Tolerance) String() string {
	switch {
	case t.Percent.Sign() != 0:
		return t.Percent.String() + "%"
	case t.PerLine:
		return t.Amount.String() + "/line"
	default:
		return t.Amount.String()
	}
}

var hundredth = commerce.MustDecimal("0.01")

// allows reports whether a delta is tolerated.
func (t Tolerance) allows(left, delta, lines commerce.Decimal) bool {
	allowed, err := t.Amount, error(nil)
	switch {
	case t.Percent.Sign() != 0:
		if allowed, err = t.Percent.Mul(hundredth); err == nil {
			allowed, err = allowed.Mul(left.Abs())
		}
	case t.PerLine:
		allowed, err = t.Amount.Mul(lines)
	}
	return err == nil && delta.Abs().Cmp(allowed) <= 0
}
