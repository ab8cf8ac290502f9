package registry

import (
	"strings"
	"time"
)

var weekdays = map[string]time.Weekday{
	"Sun": time.Sunday, "Mon": time.Monday, "Tue": time.Tuesday, "Wed": time.Wednesday,
	"Thu": time.Thursday, "Fri": time.Friday, "Sat": time.Saturday,
}

func (c *checker) quiet() []Quiet {
	var windows []Quiet
	for _, y := range c.file.Quiet {
		if !y.At.given() {
			continue
		}
		day, hours, _ := strings.Cut(y.At.text(), " ")
		from, until, _ := strings.Cut(hours, "-")
		q := Quiet{
			Day: weekdays[day], EveryDay: day == "daily", From: minuteOfDay(from), Until: minuteOfDay(until),
			Zone: c.quietZone(y), Why: y.Why.text(),
		}
		if q.From >= q.Until {
			c.errors.add(y.At.at(), "quiet.at ends before it begins; a window over midnight is two, such as 22:00-24:00 and 00:00-02:00")
		}
		for _, name := range y.Integrations {
			q.Integrations = append(q.Integrations, c.knownIntegration(name))
		}
		windows = append(windows, q)
	}
	return windows
}

// quietZone is the window's zone: its own, or the one that all systems share.
func (c *checker) quietZone(y yamlQuiet) *time.Location {
	if y.Timezone.given() || y.node.has("timezone") {
		return c.zone(y.Timezone, time.UTC)
	}
	zone, shared := c.sharedZone()
	if !shared {
		c.errors.add(y.At.at(), "quiet lacks timezone: the systems are in different zones")
	}
	return zone
}

// sharedZone is the zone that all systems are in. It is UTC, and not shared,
// when they are in several.
func (c *checker) sharedZone() (zone *time.Location, shared bool) {
	for _, s := range c.systems {
		if zone != nil && zone.String() != s.Timezone.String() {
			return time.UTC, false
		}
		zone = s.Timezone
	}
	if zone == nil {
		zone = time.UTC
	}
	return zone, true
}

func (c *checker) knownIntegration(name ruleName) string {
	if _, ok := c.file.Integrations[nameKey(name.text())]; name.given() && !ok {
		var known []string
		for i := range ordered(c.file.Integrations) {
			known = append(known, string(i))
		}
		c.errors.add(name.at(), "unknown integration %q, %s", name.text(), didYouMean(name.text(), known))
	}
	return name.text()
}
