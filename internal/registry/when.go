package registry

import (
	"regexp"
	"strconv"
	"time"
	// Zones must be known wherever the binary runs.
	_ "time/tzdata"
)

// dayHours is a day of a duration: 3d is 72 hours, whatever the clocks do.
const dayHours = 24

var durationUnit = regexp.MustCompile(`([0-9]+)([dhms])`)

// duration reads what the durations pattern matches.
func (c *checker) duration(written origin) time.Duration {
	if !written.given() {
		return 0
	}
	total := parseDuration(written.text())
	if total <= 0 {
		c.errors.add(written.at(), "a duration of nothing, want at least 1s")
	}
	return total
}

func parseDuration(written string) time.Duration {
	units := map[string]time.Duration{"d": dayHours * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second}
	var total time.Duration
	for _, part := range durationUnit.FindAllStringSubmatch(written, -1) {
		n, err := strconv.Atoi(part[1])
		if err != nil {
			return 0
		}
		total += time.Duration(n) * units[part[2]]
	}
	return total
}

// minuteOfDay reads 06:30 as minutes after midnight.
func minuteOfDay(written string) int {
	at, err := time.Parse("15:04", written)
	if err != nil {
		return dayHours * 60
	}
	return at.Hour()*60 + at.Minute()
}

// instant reads a time, or the start of a day in the zone.
func (c *checker) instant(written instant, zone *time.Location) time.Time {
	if !written.given() {
		return time.Time{}
	}
	if dates.MatchString(written.text()) {
		return c.day(written.origin, zone)
	}
	at, err := time.Parse(time.RFC3339, written.text())
	if err != nil {
		c.errors.add(written.at(), "not a time of the calendar, want %s", written.syntax().want)
	}
	return at
}

// day reads a date as its start.
func (c *checker) day(written origin, zone *time.Location) time.Time {
	if !written.given() {
		return time.Time{}
	}
	day, err := time.ParseInLocation(time.DateOnly, written.text(), zone)
	if err != nil {
		c.errors.add(written.at(), "not a day of the calendar, want one such as 2027-06-30")
	}
	return day
}
