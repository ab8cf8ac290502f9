// Package trend finds what differs a little, and always one way. Each difference
// is inside the tolerance of its rule; what gives them away is their sign. A Leak
// is what one record's row remembers, a Series what the audits know of all records
// of a rule and segment.
//
// Both are cumulative sums against a fixed reference, which is agreement: nothing
// is learnt that a fault could teach. Every sample counts for at most one, so that
// the rate of false alarms holds for whatever size and shape harmless differences
// have, as long as they go either way. docs/drift/trend.md states it.
//
// The package is pure. It leaves to judge when a difference has settled, to drift
// what is kept where, and all words to alert. Amounts are exact; only the sums of
// the statistic are floats.
package trend

import "time"

const (
	// forgets is after how long without a step what a row remembers of its
	// differences is over.
	forgets = 30 * day
	day     = 24 * time.Hour
)

// quiet is how long nothing may have gone one way for a trend to be over that took
// so long to find: as long again, but at least a day and at most a month.
func quiet(took time.Duration) time.Duration { return min(max(took, day), forgets) }
