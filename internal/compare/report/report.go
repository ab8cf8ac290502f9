// Package report shows what a comparison came to: on a terminal, as one HTML
// file, as CSV to act on, and as JSON.
//
// It owns form and order; what is said it takes from compare. It never writes a
// value of a hidden column or key.
package report

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/finding"
)

// File says how a file was read.
type File struct {
	Name string `json:"name"`
	// Recognised is what kind of file it is, and Format how it is written.
	Recognised string `json:"recognised"`
	Format     string `json:"format"`
	// Key are the columns that identify a record, Columns those that are compared.
	Key     []string `json:"key"`
	Columns []Column `json:"columns"`
	// Unpaired are columns that are not compared.
	Unpaired []string `json:"unpaired,omitempty"`
	// LeftOut counts rows that make no record although nothing is wrong, by reason.
	LeftOut map[string]int `json:"left_out,omitempty"`
	// Unknown counts rows of unknown locations.
	Unknown map[string]int `json:"unknown_locations,omitempty"`
}

// Column is one compared column.
type Column struct {
	Facet  string `json:"facet"`
	Column string `json:"column"`
	Type   string `json:"type"`
}

// Report is a comparison with all that is shown of it.
type Report struct {
	Files [2]File
	// Reasons say why the columns belong together, Notes what else could be meant.
	Reasons, Notes []string
	Result         *compare.Result
	// Limit is how many findings a terminal shows; 0 shows none.
	Limit int
}

func (r Report) facet(name string) compare.Facet {
	for _, f := range r.Result.Plan.Facets {
		if f.Name == name {
			return f
		}
	}
	return compare.Facet{}
}

// values are what a finding says of both sides, as may be shown.
func (r Report) values(f compare.Finding) (left, right string) {
	switch {
	case f.Facet == "":
		return "", ""
	case r.facet(f.Facet).Hidden:
		return "not shown", "not shown"
	default:
		return f.Left.String(), f.Right.String()
	}
}

func deltaText(d *commerce.Decimal) string {
	switch {
	case d == nil:
		return ""
	case d.Sign() > 0:
		return "+" + d.String()
	default:
		return d.String()
	}
}

// headline says in one sentence what a finding is.
func headline(f compare.Finding) string {
	switch f.Class {
	case finding.Missing:
		return "missing on the " + f.Side.String()
	case finding.Duplicate:
		return "more than once on the " + f.Side.String() + ": " + f.Why
	case finding.Unreadable:
		return "the " + f.Side.String() + " row cannot be read: " + f.Why
	default:
		return f.Why
	}
}
