package heal

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// Format is one import of one platform.
type Format struct {
	// Name ends the names of its files: "shopify-inventory".
	Name string
	// Platform is the registry's word; blank is every platform.
	Platform string
	Kind     commerce.Kind
	// Facets are those that the import can change. Nil is all.
	Facets []string
	// Header are the import's columns.
	Header []string
	// Own says that the import needs columns that only the system's own export has,
	// such as Shopify's handles; the export is then told from others by these
	// columns, of which the first holds the SKU.
	Own []string
	// Row is the record's row, or why no row can be made of it. Own is the record's
	// row of the system's own export, or nil.
	Row func(t Target, own Own, now time.Time) (cells []string, reason string)
	// Where says where a person imports it.
	Where string
	// Verified says where the names of the columns are known from.
	Verified string
}

// Formats lists the imports that are known. What none of them takes is written in
// a form of Plumbline's own. The result is the caller's to keep.
func Formats() []Format {
	return slices.Concat(shopify(), businessCentral(), wooCommerce(), shipHero())
}

// explained are the columns that stand behind those of the import, for the person
// who looks at it.
var explained = []string{"Plumbline finding", "Plumbline current", "Plumbline judged", "Plumbline why"}

// File is one file of a plan.
type File struct {
	Name   string
	System string
	Format Format
	Rows   int
	Body   []byte
}

// LeftFile is the name of the file that lists what no file corrects.
const LeftFile = "not-by-file.csv"

// Write makes the files of a plan: one for each system and import, and one of what
// is left. The same plan makes the same bytes.
func Write(p Plan, exports Exports, now time.Time) (files []File, left []Left) {
	left = slices.Clone(p.Left)
	byName := map[string]*File{}
	rows := map[string][][]string{}
	var names []string
	for _, t := range p.Targets {
		for _, part := range split(t) {
			cells, reason := part.row(exports[t.System.Name], now)
			if reason != "" {
				for _, c := range part.Changes {
					left = append(left, t.leave(c, reason))
				}
				continue
			}
			name := t.System.Name + "-" + part.format.Name + ".csv"
			if byName[name] == nil {
				byName[name] = &File{Name: name, System: t.System.Name, Format: part.format}
				rows[name] = [][]string{slices.Concat(part.format.Header, explained)}
				names = append(names, name)
			}
			byName[name].Rows++
			rows[name] = append(rows[name], cells)
		}
	}
	for _, name := range names {
		f := byName[name]
		f.Body = table(rows[name])
		files = append(files, *f)
	}
	sortLeft(left)
	return append(files, leftFile(left)), left
}

// part is what one import changes of a target.
type part struct {
	Target
	format Format
}

// split gives each change of a target to the first import that can make it.
func split(t Target) []part {
	var parts []part
	for _, c := range t.Changes {
		format := formatFor(t, c.Facet)
		i := slices.IndexFunc(parts, func(p part) bool { return p.format.Name == format.Name })
		if i < 0 {
			one := t
			one.Changes = nil
			parts, i = append(parts, part{one, format}), len(parts)
		}
		parts[i].Changes = append(parts[i].Changes, c)
	}
	return parts
}

func formatFor(t Target, facet string) Format {
	for _, f := range Formats() {
		if f.Platform == t.System.Platform && f.Kind == t.Kind && slices.Contains(f.Facets, facet) {
			return f
		}
	}
	return generic(t.Kind)
}

// row is the import's row and its explanation, or why there is none.
func (p part) row(exports []Export, now time.Time) (cells []string, reason string) {
	var ours Own
	if p.format.Own != nil {
		if ours, reason = find(exports, p.Target, p.format); reason != "" {
			return nil, reason
		}
	}
	if cells, reason = p.format.Row(p.Target, ours, now); reason != "" {
		return nil, reason
	}
	// What is imported cannot be made inert: it would be another text.
	for i, cell := range cells {
		if sheet.Armed(cell) {
			return nil, fmt.Sprintf("a spreadsheet would take %s for a formula", strings.ToLower(p.format.Header[i]))
		}
	}
	return append(cells, p.explanation()...), ""
}

// explanation says what is changed and why, for all changes of the row.
func (p part) explanation() []string {
	columns := make([][]string, len(explained))
	for _, c := range p.Changes {
		for i, text := range []string{c.Finding, c.Facet + " " + c.Current, c.Facet + " " + c.Judged, c.Why} {
			if !slices.Contains(columns[i], text) {
				columns[i] = append(columns[i], text)
			}
		}
	}
	cells := make([]string, len(columns))
	for i, texts := range columns {
		cells[i] = sheet.Inert(strings.Join(texts, "; "))
	}
	return cells
}

func leftFile(left []Left) File {
	rows := [][]string{{"finding", "integration", "rule", "kind", "key", "system", "facet", "current", "judged", "reason"}}
	for _, l := range left {
		cells := []string{l.Finding, l.Integration, l.Rule, string(l.Kind), l.Key.Text(l.Kind), l.System, l.Facet, l.Current, l.Judged, l.Reason}
		for i, cell := range cells {
			cells[i] = sheet.Inert(cell)
		}
		rows = append(rows, cells)
	}
	return File{Name: LeftFile, Rows: len(left), Body: table(rows)}
}

// table is a CSV file as spreadsheets and imports read it.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(rows) // memory takes everything
	return b.Bytes()
}
