package source

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// However a large file is given away in parts, its records, lines, errors and the
// count of rows that make none are those of the whole file.
func TestPartsOfAFileSayWhatItsRowsSay(t *testing.T) {
	var text strings.Builder
	text.WriteString("sku,stock\n")
	for i := range 40_000 {
		switch i % 500 {
		case 3:
			fmt.Fprintf(&text, "\"MUG\n%d\",1\n", i)
		case 4:
			text.WriteString(",5\n")
		case 5:
			fmt.Fprintf(&text, "MUG-%d,many\n", i)
		default:
			fmt.Fprintf(&text, "MUG-%d,%d.50\n", i, i%90)
		}
	}
	m := export.Mapping{
		Key:    []export.KeyColumn{{Part: "sku", Column: "sku"}},
		Facets: []export.FacetColumn{{Facet: "stock", Column: "stock", Type: export.Number}},
	}
	plan := compare.Plan{Facets: []compare.Facet{{Name: "stock", Type: commerce.NumberType}}}
	path := write(t, "file.csv", text.String())
	read := func(say func(compare.Rows) []string) ([]string, map[string]int) {
		f := NewFile(path, sheet.Options{}, m, export.Options{}, plan, nil)
		rows, err := f.Rows()
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close() //nolint:errcheck // it was only read
		return say(rows), f.LeftOut()
	}
	want, wantLeft := read(func(rows compare.Rows) []string { return said(t, rows) })
	parts := 0
	got, gotLeft := read(func(rows compare.Rows) (all []string) {
		next := rows.(compare.Parted).Parts()
		for {
			part, err := next()
			if errors.Is(err, io.EOF) {
				return all
			}
			if err != nil {
				t.Fatal(err)
			}
			parts++
			all = append(all, said(t, part)...)
			if err := part.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
	if d := cmp.Diff(want, got); d != "" || !cmp.Equal(wantLeft, gotLeft) || parts < 3 {
		t.Errorf("%d parts, left out %v and %v, -rows +parts: %.2000s", parts, wantLeft, gotLeft, d)
	}
}
