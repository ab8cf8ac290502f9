package judge

import (
	"time"

	"github.com/plumbline/plumbline/internal/registry"
)

// again is when to look again at a row of which nothing can be told yet.
const again = 2 * time.Minute

// LookAt is when an unsettled verdict may have become another, although nothing
// of the row changes. It is v.Due or earlier, except where v says to look again.
func LookAt(rule registry.Rule, v Verdict, now time.Time) time.Time {
	switch {
	case v.Again:
		return later(v.Due, now.Add(again))
	case rule.UsesInFlight():
		// What is in flight is sampled, so that the moment in which it last
		// explained the difference is known to a quarter of the settle time.
		settle := rule.Settle.Due(now).Sub(now)
		if sample := now.Add(max(settle/4, time.Minute)); sample.Before(v.Due) {
			return sample
		}
	}
	return v.Due
}
