package registry

import "time"

// Due is when a change received at t must have been shown. It is right over
// daylight saving: By is wall time.
func (s Settle) Due(t time.Time) time.Time {
	if s.By < 0 {
		return t.Add(s.For)
	}
	day := t.In(s.Zone)
	if due := s.on(day); due.After(t) {
		return due
	}
	return s.on(time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, s.Zone))
}

// AtOnce says that the sides may not differ at all.
func (s Settle) AtOnce() bool { return s.By < 0 && s.For == 0 }

// on is By on a day of the zone. Where the clocks are put back and By comes
// twice, it is the second of both; where they skip it, it is what the clocks
// would show had they not been put forward yet. So no deadline comes before the
// job that it waits for, whichever of both a scheduler takes.
func (s Settle) on(day time.Time) time.Time {
	wall := time.Date(day.Year(), day.Month(), day.Day(), s.By/60, s.By%60, 0, 0, time.UTC)
	var latest time.Time
	shown := false
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(s.Zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(s.Zone)
		shows := at.Hour() == wall.Hour() && at.Minute() == wall.Minute()
		if shows && !shown || shows == shown && at.After(latest) {
			latest, shown = at, shows
		}
	}
	return latest
}
