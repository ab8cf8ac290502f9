package standard

import "time"

// localTime is a time as a system without offsets writes it.
const localTime = "2006-01-02T15:04:05.999999999"

// instant reads RFC 3339, or a local time of the zone.
func instant(text string, zone *time.Location) (time.Time, bool) {
	if !timeShaped(text) {
		return time.Time{}, false
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, true
	}
	wall, err := time.Parse(localTime, text)
	return resolve(wall, zone), err == nil
}

// timeShaped refuses what time.Parse reads generously: hours of one digit and
// a comma before the fraction.
func timeShaped(text string) bool {
	const separators = "0000-00-00T00:00:00"
	if len(text) < len(separators) {
		return false
	}
	for i := range separators {
		if separators[i] != '0' && text[i] != separators[i] {
			return false
		}
	}
	return len(text) == len(separators) || text[len(separators)] != ','
}

// resolve finds the instant at which clocks of the zone show the wall time,
// which is given in UTC. Of two instants (clocks were set back) it is the
// earlier; for none (clocks were set forward) it is when clocks show a time
// again.
func resolve(wall time.Time, zone *time.Location) time.Time {
	const day = 24 * time.Hour
	_, before := wall.Add(-day).In(zone).Zone()
	_, after := wall.Add(day).In(zone).Zone()
	early := wall.Add(-time.Duration(max(before, after)) * time.Second)
	late := wall.Add(-time.Duration(min(before, after)) * time.Second)
	if shows(early, wall, zone) {
		return early
	}
	if shows(late, wall, zone) {
		return late
	}
	forward, _ := late.In(zone).ZoneBounds()
	return forward.UTC()
}

func shows(at, wall time.Time, zone *time.Location) bool {
	_, offset := at.In(zone).Zone()
	return at.Add(time.Duration(offset) * time.Second).Equal(wall)
}
