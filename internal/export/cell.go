package export

import (
	"bytes"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// ReadCell prepares to read the cells of one column that hold a text, as a Reader
// reads them: by type, style, layout and factor. It is for whoever needs values
// without records; texts of another meaning, blank cells and further columns are
// the caller's. What it returns for a cell that cannot be read is what would be
// right. The error wraps ErrMapping.
func ReadCell(c FacetColumn, header []string, zone *time.Location) (func(sheet.Cell) (v commerce.Value, want string), error) {
	if zone == nil {
		zone = time.UTC
	}
	p, err := newFacet("", c, columnsOf(header), zone)
	if err != nil {
		return nil, err
	}
	return func(cell sheet.Cell) (commerce.Value, string) { return p.typed(cell, bytes.TrimSpace(cell.Text)) }, nil
}
