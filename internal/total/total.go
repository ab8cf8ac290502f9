// Package total adds records up by period and tells how much of a difference
// between two systems' totals is known already, record by record. It is pure.
//
// It owns the sums, what they come to, and what a month's close says of them. It
// leaves to judge what one record adds, to registry when a period closes, and to
// drift where sums are kept and who hears of them.
package total

import (
	"github.com/plumbline/plumbline/internal/commerce"
)

// Records is the measure that counts records. No facet has its name.
const Records = "records"

// All stands for the by-values of totals that are by day alone.
const All = "all"

// Entry is what one record adds to a total.
type Entry struct {
	// Period is the day that the record belongs to, "2026-11-22", and By its other
	// by-values, such as "USD" or "USD/east".
	Period, By string
	// Currency is what its amounts are in, or blank.
	Currency string
	// Record is the record's key as people write it.
	Record string
	// Sums are by measure: both sides, and what is allowed.
	Sums map[string]Sum
	// Terms are what it adds to the terms of a law, by name.
	Terms map[string]commerce.Decimal
	// Finding is the open finding that tells what is wrong with the record, and
	// Waits the rule whose settle time goes on for it. Blank for none.
	Finding, Waits string
	// Unknown says why the record cannot be added, or is blank.
	Unknown string
}

// Sum is one measure of both sides, and what of their difference is known.
// Actual − Expected is always Allowed + Explained + Waiting + Rest.
type Sum struct {
	// Expected is what the believed side says, Actual what the other one shows.
	Expected, Actual commerce.Decimal `json:",omitzero"`
	// Allowed is what the rules about single records allow: policy, and rounding.
	Allowed commerce.Decimal `json:",omitzero"`
	// Explained is the part of records that have an open finding, Waiting that of
	// records inside a settle time, Rest what nothing explains.
	Explained, Waiting, Rest commerce.Decimal `json:",omitzero"`
}

// Difference is Actual − Expected.
func (s Sum) Difference() (commerce.Decimal, error) { return s.Actual.Sub(s.Expected) }

// open is the difference without what is allowed.
func (s Sum) open() (commerce.Decimal, error) {
	d, err := s.Difference()
	if err != nil {
		return d, err
	}
	return d.Sub(s.Allowed)
}

// Part is a record that the two sides do not agree on.
type Part struct {
	Record string
	// Deltas are actual minus expected by measure, without what is allowed. Zeros
	// are left out.
	Deltas map[string]commerce.Decimal
	// Finding tells it already, or Waits names the rule that still waits; both
	// blank: nothing explains it.
	Finding string `json:",omitempty"`
	Waits   string `json:",omitempty"`
}

// explained reports whether something says why the sides differ on the record.
func (p Part) explained() bool { return p.Finding != "" || p.Waits != "" }

// Bucket is the total of one period and one set of by-values.
type Bucket struct {
	Period, By string
	Currency   string         `json:",omitempty"`
	Sums       map[string]Sum `json:",omitempty"`
	// Terms are the sums of a law's terms, by name.
	Terms map[string]commerce.Decimal `json:",omitempty"`
	// Parts are records that differ: those that nothing explains first, then the
	// largest, at most MaxParts; More counts the others.
	Parts []Part `json:",omitempty"`
	More  int    `json:",omitempty"`
	// Findings and Waits count the records that are explained, Loose those that
	// differ and are not.
	Findings, Waits, Loose int `json:",omitempty"`
	// Unknown counts the records that cannot be added; Why is what keeps one of
	// them, named in it.
	Unknown int    `json:",omitempty"`
	Why     string `json:",omitempty"`
}

// Limits of what is kept, so that it is one document however many records differ.
const (
	// MaxParts is how many records a bucket names.
	MaxParts = 20
	// MaxBuckets is how many buckets all sheets of a walk may have.
	MaxBuckets = 400
	// maxAllParts is how many records all sheets of a walk name.
	maxAllParts = 250
)
