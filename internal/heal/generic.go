package heal

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// generic is the form of what no known import takes: a line for each record, for a
// person to read or a script to import.
func generic(kind commerce.Kind) Format {
	return Format{
		Name: string(kind), Kind: kind, Where: "by hand, or a script of your own",
		Header: append(kind.KeyParts(), "native", "facets"),
		Row: func(t Target, _ Own, _ time.Time) ([]string, string) {
			text := ""
			for _, c := range t.Changes {
				if text != "" {
					text += "; "
				}
				text += c.Facet + "=" + c.Judged
			}
			cells := append(append([]string{}, t.Key...), t.Native, text)
			for i, cell := range cells {
				cells[i] = sheet.Inert(cell)
			}
			return cells, ""
		},
	}
}
