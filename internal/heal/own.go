package heal

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/sheet"
)

// Exports are the systems' own exports, by system. A system may have one of stock
// and another one of products.
type Exports map[string][]Export

// Export is a system's own export, of which imports need columns that Plumbline
// does not keep. The zero Export is none.
type Export struct {
	header []string
	rows   []Own
}

// Own is one row of a system's own export, by column.
type Own map[string]string

// maxOwn bounds an export, in rows.
const maxOwn = 1_000_000

// ReadExport reads a system's own export.
func ReadExport(r io.Reader, name string) (Export, error) {
	s, err := sheet.Open(r, sheet.Options{Name: name})
	if err != nil {
		return Export{}, fmt.Errorf("read %s: %w", name, err)
	}
	defer s.Close() //nolint:errcheck // it is only read
	e := Export{header: slices.Clone(s.Header())}
	for {
		row, err := s.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			return e, nil
		case errors.As(err, &bad):
			continue // whoever lacks in the export is told so
		case err != nil:
			return Export{}, fmt.Errorf("read %s: %w", name, err)
		case len(e.rows) == maxOwn:
			return Export{}, fmt.Errorf("read %s: more than %d rows", name, maxOwn)
		}
		own := Own{}
		for i, cell := range row.Cells {
			if i < len(e.header) {
				own[e.header[i]] = string(cell.Text)
			}
		}
		e.rows = append(e.rows, own)
	}
}

// find is the record's row of the export that the import goes by.
func find(exports []Export, t Target, f Format) (Own, string) {
	fits := func(e Export) bool {
		return !slices.ContainsFunc(f.Own, func(column string) bool { return !slices.Contains(e.header, column) })
	}
	i := slices.IndexFunc(exports, fits)
	if i < 0 {
		return nil, fmt.Sprintf("%s needs what only the system's own export has (%s): give it with --export %s=FILE",
			f.Where, strings.Join(f.Own, ", "), t.System.Name)
	}
	return exports[i].find(t, f)
}

func (e Export) find(t Target, f Format) (Own, string) {
	location := ""
	if slices.Contains(f.Own, locationColumn) {
		var reason string
		if location, reason = locationName(t); reason != "" {
			return nil, reason
		}
	}
	var found []Own
	for _, own := range e.rows {
		if own[f.Own[0]] == t.Key[0] && (location == "" || strings.EqualFold(own[locationColumn], location)) {
			found = append(found, own)
		}
	}
	switch len(found) {
	case 0:
		return nil, "the system's export does not have it"
	case 1:
		return found[0], ""
	default:
		return nil, "the system's export has its SKU several times"
	}
}

// locationColumn is the column in which exports name a location.
const locationColumn = "Location"
