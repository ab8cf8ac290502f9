package source

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/sheet"
)

// sampleRows is how many rows are looked at to recognise a file.
const sampleRows = 500

// Look is what the beginning of a file shows.
type Look struct {
	Path   string
	Format sheet.Format
	Header []string
	// Samples are the cells of the first rows, as texts.
	Samples [][]string

	options sheet.Options
}

// LookAt reads the beginning of a file.
func LookAt(path string, options sheet.Options) (Look, error) {
	o, err := open(path, options, nil)
	if err != nil {
		return Look{}, err
	}
	l := Look{Path: path, Format: o.Format(), Header: slices.Clone(o.Header()), options: options}
	for len(l.Samples) < sampleRows {
		row, err := o.Next()
		var bad *sheet.RowError
		switch {
		case errors.As(err, &bad):
			continue
		case errors.Is(err, io.EOF):
			return l, o.Close()
		case err != nil:
			return Look{}, errors.Join(err, o.Close())
		}
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = string(c.Text)
		}
		l.Samples = append(l.Samples, cells)
	}
	return l, o.Close()
}

// column is the place of a column in a header, and -1 for one that is not there.
// Letter case and spaces around names do not count.
func column(header []string, name string) int {
	if strings.TrimSpace(name) == "" {
		return -1
	}
	return slices.IndexFunc(header, func(h string) bool { return sameName(h, name) })
}

func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// texts are the samples of one column.
func (l Look) texts(at int) []string {
	all := make([]string, 0, len(l.Samples))
	for _, row := range l.Samples {
		if at < len(row) {
			all = append(all, strings.TrimSpace(row[at]))
		}
	}
	return all
}
