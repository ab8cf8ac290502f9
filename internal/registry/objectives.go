package registry

import (
	"strconv"
	"strings"
	"time"
)

// Objectives are what an integration is held to. What is zero is no objective.
type Objectives struct {
	// Agreement is the share of judged records that agree, in percent.
	Agreement float64
	// CatchUp is the time within which 95 of 100 changes are shown.
	CatchUp time.Duration
}

// Weekly is a time of a week on somebody's wall.
type Weekly struct {
	Day time.Weekday
	// Minute is that after midnight.
	Minute int
}

// ReportAt is when weekly reports go out where the registry does not say
// otherwise.
var ReportAt = Weekly{Day: time.Monday, Minute: 8*60 + 30}

// Last is the last time that the clock on the wall showed the time of the week.
func (w Weekly) Last(zone *time.Location, now time.Time) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	local := now.In(zone)
	back := (int(local.Weekday()) - int(w.Day) + 7) % 7
	at := time.Date(local.Year(), local.Month(), local.Day()-back, w.Minute/60, w.Minute%60, 0, 0, zone)
	if at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()-back-7, w.Minute/60, w.Minute%60, 0, 0, zone)
	}
	return at
}

func (c *checker) objectives(name string, y yamlObjectives) Objectives {
	var o Objectives
	if y.Agreement.given() {
		percent, err := strconv.ParseFloat(y.Agreement.text(), 64)
		if err != nil || percent < 50 || percent >= 100 {
			c.errors.add(y.Agreement.at(), "integrations.%s.objectives.agreement: want a percentage from 50 to below 100, such as 99.5", name)
		}
		o.Agreement = percent
	}
	o.CatchUp = c.duration(y.CatchUp.origin)
	return o
}

// report is when weekly reports go out, nil for never.
func (c *checker) report() *Weekly {
	y := c.file.Defaults.Report
	if !y.given() {
		at := ReportAt
		return &at
	}
	day, clock, found := strings.Cut(y.text(), " ")
	if !found {
		return nil
	}
	return &Weekly{Day: weekdays[day], Minute: minuteOfDay(clock)}
}
