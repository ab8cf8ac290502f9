package source

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/compare/report"
	"github.com/plumbline/plumbline/internal/export"
)

// Size is how many bytes both files have together, as far as that is known.
func (p Pair) Size() int64 {
	var n int64
	for _, r := range p.Readings {
		if info, err := os.Stat(r.Path); err == nil {
			n += info.Size()
		}
	}
	return n
}

// Shown says how each file was read, once its files were.
func (p Pair) Shown(files compare.Files) [2]report.File {
	var shown [2]report.File
	for side, r := range p.Readings {
		f := report.File{
			Name: filepath.Base(r.Path), Recognised: cmp.Or(r.Title, unknownTitle), Format: r.Format.String(),
			Unpaired: p.Unpaired[side],
		}
		for _, k := range r.Mapping.Key {
			f.Key = append(f.Key, keyName(k))
		}
		for _, want := range p.Plan.Facets {
			for _, c := range facetsOf(r.Mapping) {
				if c.Facet == want.Name {
					f.Columns = append(f.Columns, report.Column{Facet: c.Facet, Column: c.Column, Type: typeName(want, c)})
				}
			}
		}
		if read, ok := files[side].(*File); ok {
			f.LeftOut, f.Unknown = read.LeftOut(), read.Unknown()
		}
		shown[side] = f
	}
	return shown
}

func keyName(k export.KeyColumn) string {
	switch {
	case k.Column == "" && k.Constant == export.Everywhere:
		return "all locations together"
	case k.Column == "":
		return k.Constant
	case k.Part == "" || sameName(k.Part, k.Column):
		return k.Column
	default:
		return k.Part + " ← " + k.Column
	}
}

func typeName(f compare.Facet, c export.FacetColumn) string {
	name := cmp.Or(c.Type, export.Text)
	if c.Style != "" {
		name += " as " + c.Style
	}
	if !f.Within.IsZero() {
		name += ", within " + f.Within.String()
	}
	if f.Hidden {
		name += ", not shown"
	}
	return name
}
