package export

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// machineStyle is how programs write numbers: 1234.56, and perhaps 1,234.56.
const machineStyle = "1,234.56"

// numberReader reads a number as a file writes it.
type numberReader func(text []byte) (commerce.Decimal, error)

// numberStyle prepares to read numbers of a style. Blank leaves it open: then a
// number has to be plain by itself.
func numberStyle(example string) (numberReader, error) {
	style := sheet.NumberStyle{}
	if example != "" {
		var err error
		if style, err = sheet.ParseNumberStyle(example); err != nil {
			return nil, fmt.Errorf("%w: style, want one such as 1,234.56 or 1.234,56 or 1234,56", ErrMapping)
		}
	}
	return func(text []byte) (commerce.Decimal, error) { return sheet.ParseNumber(text, style) }, nil
}
