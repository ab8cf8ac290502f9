package body

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Facets collects an observation's facets. A value that the body does not have
// stays missing, and null stays null: neither is ever filled with a default.
type Facets struct {
	*Reader
	Values commerce.Facets
}

// NewFacets starts with no facet.
func NewFacets(r *Reader) Facets { return Facets{r, commerce.Facets{}} }

// Put sets a facet.
func (f Facets) Put(facet string, v commerce.Value) { f.Values[facet] = v }

// Count sets a facet to a whole number.
func (f Facets) Count(facet string, n int64) { f.Put(facet, commerce.Number(commerce.Int(n))) }

// PutText sets a facet to the text that stands at the name.
func (f Facets) PutText(facet, name string, v Field) {
	f.put(facet, v, func() commerce.Value { return commerce.Text(f.Text(name, v)) })
}

// PutNumber sets a facet to the number that stands at the name.
func (f Facets) PutNumber(facet, name string, v Field) {
	f.put(facet, v, func() commerce.Value { return commerce.Number(f.Number(name, v)) })
}

// PutTruth sets a facet to the truth that stands at the name.
func (f Facets) PutTruth(facet, name string, v Field) {
	f.put(facet, v, func() commerce.Value { return commerce.Bool(f.Truth(name, v)) })
}

// PutInstant sets a facet to the instant that stands at the name.
func (f Facets) PutInstant(facet, name string, v Field) {
	f.put(facet, v, func() commerce.Value { return commerce.Time(f.Instant(name, v)) })
}

// PutWall sets a facet to the instant at which clocks of the zone show what
// stands at the name.
func (f Facets) PutWall(facet, name string, v Field, zone *time.Location, received time.Time) {
	f.put(facet, v, func() commerce.Value { return commerce.Time(f.Wall(name, v, zone, received)) })
}

func (f Facets) put(facet string, v Field, value func() commerce.Value) {
	switch {
	case v.Null():
		f.Put(facet, commerce.Null())
	case v.Given():
		f.Put(facet, value())
	}
}
