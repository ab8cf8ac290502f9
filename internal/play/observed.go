package play

import (
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/day"
)

// Observe turns raised alerts into what a day's truth is compared with, with times
// as the truth writes them.
func Observe(alerts []alert.Alert, zone *time.Location, clock string) []day.Observed {
	observed := make([]day.Observed, 0, len(alerts))
	for _, a := range alerts {
		o := day.Observed{Integration: a.Integration, Rule: a.Rule, Class: string(a.Class), Records: a.Size(), Opened: a.Opened.In(zone).Format(clock)}
		for _, m := range a.Members {
			o.Keys = append(o.Keys, m.Key)
		}
		if !a.Closed.IsZero() {
			o.Resolved = a.Closed.In(zone).Format(clock)
		}
		observed = append(observed, o)
	}
	return observed
}
