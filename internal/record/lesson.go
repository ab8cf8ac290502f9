package record

import (
	"time"

	"github.com/plumbline/plumbline/internal/trend"
)

// Lesson is what a row remembers of how its record stood under one rule while
// nothing was wrong. It changes together with the row and never costs a write of
// its own. The zero Lesson is none. Stores keep its instants and spans to the
// second.
type Lesson struct {
	// Settled is when the other side last showed a change that it had not shown
	// at once, or zero.
	Settled time.Time
	// Took is how old that change was by then.
	Took time.Duration
	// Leak is what the settled differences inside the tolerance come to.
	Leak trend.Leak
}
