package silence

import (
	"math"
	"time"
)

// wall is the clock on the wall of a zone, for who reads it slot by slot: it asks
// the zone only where the clocks change.
type wall struct {
	zone *time.Location
	// from and until bound the seconds since 1970 in which the clock is so many
	// seconds ahead of UTC.
	from, until, ahead int64
}

// wallOf is the clock of a zone, UTC where there is none.
func wallOf(zone *time.Location) *wall {
	if zone == nil {
		zone = time.UTC
	}
	return &wall{zone: zone}
}

const (
	secondsOfHour = int64(time.Hour / time.Second)
	secondsOfDay  = 24 * secondsOfHour
	// thursday is the day of the week of the first of January 1970.
	thursday = int64(time.Thursday)
)

// at is the weekday and the hour in which a slot begins.
func (w *wall) at(s Slot) (time.Weekday, int) {
	t := int64(s) * int64(Length/time.Second)
	if t < w.from || t >= w.until {
		w.read(s.Start().In(w.zone))
	}
	// A week more, so that no zone is before 1970.
	local := t + w.ahead + 7*secondsOfDay
	return time.Weekday((local/secondsOfDay + thursday) % 7), int(local % secondsOfDay / secondsOfHour)
}

func (w *wall) read(t time.Time) {
	_, ahead := t.Zone()
	from, until := t.ZoneBounds()
	w.ahead, w.from, w.until = int64(ahead), math.MinInt64, math.MaxInt64
	if !from.IsZero() {
		w.from = from.Unix()
	}
	if !until.IsZero() {
		w.until = until.Unix()
	}
}
