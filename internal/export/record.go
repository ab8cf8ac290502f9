package export

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Record is what a file says about one record: one row, or several that belong
// together. It holds no name and no address of a person.
type Record struct {
	// Line is where it begins, as sheet.Row counts.
	Line int
	// Kind is blank when the mapping's is.
	Kind commerce.Kind
	// Part is the part of the platform's record that the file tells about.
	Part string
	// Key identifies the record as all systems write it. Without a kind its parts
	// are the texts of the key columns.
	Key commerce.Key
	// Native is the platform's own id, or the key as the file writes it.
	Native string
	// Slot is the native place in which one live native is meant, or blank.
	Slot string
	// Updated is the row's own time of its last change, or zero.
	Updated time.Time
	Created time.Time
	Facets  commerce.Facets
	// Lines are the units per SKU of an order.
	Lines []commerce.Line
}
