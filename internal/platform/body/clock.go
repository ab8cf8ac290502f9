package body

import "time"

const (
	// ahead is how far a clock in a body may be ahead of its delivery.
	ahead = 24 * time.Hour
	// astray is how far two machines' clocks may differ in everyday life.
	astray = 5 * time.Minute
)

// Instant reads RFC 3339 with an offset.
func (r *Reader) Instant(name string, f Field) time.Time {
	text, _ := f.Text()
	at, err := time.Parse(time.RFC3339Nano, text)
	return r.storable(name, "a time as in RFC 3339, with an offset", at, err)
}

// Wall reads "2026-03-02 14:14:07.123456" without an offset as clocks of the
// zone show it, with or without a fraction and with a space or a T, or a date
// alone, which is its midnight. Of the two instants of an hour that clocks show
// twice it is the later one that is not after the received time.
func (r *Reader) Wall(name string, f Field, zone *time.Location, received time.Time) time.Time {
	text, _ := f.Text()
	var wall time.Time
	var err error
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if wall, err = time.Parse(layout, text); err == nil {
			break
		}
	}
	return r.storable(name, "a time such as 2026-03-02 14:14:07, without an offset", shown(wall, zone, received.Add(astray)), err)
}

// Clock reports a source's time of a change that is more than a day after the
// received time.
func (r *Reader) Clock(name string, at, received time.Time) time.Time {
	if at.After(received.Add(ahead)) {
		r.Fail(name, "a time at most 24 hours after the delivery was received")
	}
	return at
}

func (r *Reader) storable(name, want string, at time.Time, err error) time.Time {
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		r.Fail(name, want)
	}
	return at
}

// shown finds the instant at which clocks of the zone show the wall time, which
// is given in UTC: the latest that is not after the bound, or else the earliest.
// In the hour that clocks leave out, it is as if they had not been set forward.
func shown(wall time.Time, zone *time.Location, bound time.Time) time.Time {
	const day = 24 * time.Hour
	_, before := wall.Add(-day).In(zone).Zone()
	_, after := wall.Add(day).In(zone).Zone()
	early := wall.Add(-time.Duration(max(before, after)) * time.Second)
	late := wall.Add(-time.Duration(min(before, after)) * time.Second)
	shows := func(at time.Time) bool {
		_, offset := at.In(zone).Zone()
		return at.Add(time.Duration(offset) * time.Second).Equal(wall)
	}
	if shows(late) && (!late.After(bound) || !shows(early)) {
		return late
	}
	if shows(early) {
		return early
	}
	return wall.Add(-time.Duration(before) * time.Second)
}
