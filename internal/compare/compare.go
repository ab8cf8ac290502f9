// Package compare compares two exports of one kind of record: what both have,
// what one lacks, where values differ, and what explains it.
//
// It owns the join, the explanations and the words for them. The first pass over
// both files adds up, and keeps 24 bytes of each record: hashes of its key and of
// its values, and its line. The second reads the records that are not simply equal
// again. So memory grows with the number of keys and differences, not with what a
// record says.
//
// How a file is read, and which of its columns are what, it leaves to File; how
// a result is shown, to internal/compare/report.
package compare

import (
	"context"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Side is one of the two files: Left, which is believed, or Right.
type Side int

// The sides.
const (
	Left Side = iota
	Right
)

// Other is the opposite side.
func (s Side) Other() Side { return 1 - s }

// String returns "left" or "right".
func (s Side) String() string { return [...]string{"left", "right"}[s] }

// Facet is one compared value.
type Facet struct {
	// Name is the facet's, or that of a column that is no facet of any kind.
	Name string
	Type commerce.Type
	// Within is how far numbers may be off.
	Within Tolerance
	// Money says that amounts are in Currency, or in that of the record.
	Money bool
	// Hidden values are compared and never shown, such as an e-mail address.
	Hidden bool
}

// Plan says what is compared.
type Plan struct {
	// Kind is blank when the files hold no kind that is known.
	Kind   commerce.Kind
	Facets []Facet
	// Segments name what records can be grouped by, such as "location".
	Segments []string
	// HiddenKey says that keys are never shown, only lines.
	HiddenKey bool
	// AsOf is when each file was exported, or zero.
	AsOf [2]time.Time
	// Flight are units on orders that the right side does not show yet. Nil: none.
	Flight *Flight
	// Judge decides about records in place of equality, or is nil.
	Judge Judge
	// Keep is how many findings keep their values; DefaultKeep when 0.
	Keep int

	// round is how many odd keys are looked at in one reading; roundSize when 0.
	round int
	// workers is how many goroutines read each file; by the processors when 0.
	workers int
}

// DefaultKeep is how many findings a result lists.
const DefaultKeep = 1_000_000

// Files are the two exports.
type Files [2]File

// Compare compares two files. The result does not depend on the order of the
// rows of either; of equals that it lists, the smallest key is first.
func Compare(ctx context.Context, files Files, plan Plan) (*Result, error) {
	keys, err := index(ctx, files, plan)
	if err != nil {
		return nil, err
	}
	return study(ctx, files, plan, keys)
}
