package sheet

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Inert keeps a spreadsheet from taking a cell that is written for people for a
// formula: a quote stands before it. Numbers stay as they are.
func Inert(cell string) string {
	if !Armed(cell) {
		return cell
	}
	return "'" + cell
}

// Armed reports whether a spreadsheet would take the text for a formula. What
// machines read as well cannot be made inert: it would be another text.
func Armed(cell string) bool {
	if !strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
		return false
	}
	_, err := commerce.ParseDecimal(cell)
	return err != nil
}
