package platform

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Puller is an API that lists records, so that what no delivery told is found:
// those that changed since a time, or all of them.
type Puller interface {
	API
	// Pulls are the lists, in an order that stays the same. Their names are those of
	// no other chores, but a pull takes the place of a chore of the same name.
	Pulls() []Pull
}

// Pull is one list of an API. Its pages name each other, as a chore's do.
type Pull struct {
	Name string
	// Kinds are those of the records that the list tells about.
	Kinds []commerce.Kind
	// Changed is the first page of what changed since "{since}", in the form that a
	// chore has. It is the zero Fetch for a list that can only be read whole: All is
	// asked for each time.
	Changed Fetch
	// All is the first page of everything.
	All Fetch
	// Parts are the parts of observations that belong to what the list tells about.
	Parts []string
	// Slot is the one slot that the list tells about; blank is every slot.
	Slot string
	// Complete says that All holds everything that there is: what it lacks is gone.
	Complete bool
	// Numbered says that pages are asked for by their number, or may be. When a record
	// is removed meanwhile, another one may move to a page that has been read.
	Numbered bool
	// Told are the kinds of which deliveries tell every change too, and records say
	// when they changed: a change that is only found here was lost.
	Told []commerce.Kind
}

// Whole reports whether the list can only be read whole.
func (p Pull) Whole() bool { return p.Changed == (Fetch{}) }

// Of reports whether the list tells about one of the kinds; no kinds are all.
func (p Pull) Of(kinds []commerce.Kind) bool {
	return len(kinds) == 0 || slices.ContainsFunc(p.Kinds, func(k commerce.Kind) bool { return slices.Contains(kinds, k) })
}

// Throttler is an API that asks for patience in the body of a good answer.
type Throttler interface {
	// Throttled returns for how long nobody is to call the system, and zero where
	// the body is an answer.
	Throttled(body []byte) time.Duration
}
