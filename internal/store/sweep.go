package store

import (
	"context"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Sweep is how far a walk over all rows is that judges some of them again.
type Sweep struct {
	// Name is what the walk is for; there is one of each at a time.
	Name string
	// Run tells one walk from the next of the same name.
	Run string
	// Generation and Since are the policy that is judged by.
	Generation string
	Since      time.Time
	// Cause is why rows are judged again, in words, or blank.
	Cause string
	// Rules are the rules of the policy by name.
	Rules map[string]SweepRule
	// Changed names the rules whose verdicts may be others than before, those
	// that are gone included.
	Changed []string
	// Kinds are the kinds of rows that are judged.
	Kinds []commerce.Kind
	// Noted is when it was known that rows have to be judged again, Begun when
	// the walk began, and Ended when it was over; zero is not yet.
	Noted, Begun, Ended time.Time
	// Last is when it was known that the walk of that name before had to be made,
	// the last one that came to its end; zero when there was none.
	Last time.Time
	// Segments are the parts of the walk.
	Segments []SweepSegment
	Rev      int64
}

// SweepRule is what a rule judges, and a digest of all that it judges by.
type SweepRule struct {
	Kind   commerce.Kind
	Digest string
}

// SweepSegment is how far one part of a walk is.
type SweepSegment struct {
	// Cursor is the place in Records.Page from which it goes on.
	Cursor string
	Done   bool
	// Rows counts the judged rows, Left those that could not be judged and got
	// a look of their own, and Opened the findings.
	Rows, Left, Opened int
	// Moved is when it last came further.
	Moved time.Time
	// Step counts how often it came further.
	Step int
}

// Sweeps keeps how far walks are, under the promises of Findings. It is safe
// for concurrent use.
type Sweeps interface {
	// GetSweep reads the walk of that name with strong consistency.
	GetSweep(ctx context.Context, name string) (Sweep, error)
	PutSweep(ctx context.Context, s Sweep) error
}
