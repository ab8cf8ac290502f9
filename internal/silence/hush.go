package silence

import "time"

// Hushed reports whether a system says so little that it may have fallen silent,
// and since when: nothing of any kind has come from it, which at least for one of
// them is odder than Faint.
func Hushed(all map[Source]History, system string, now time.Time) (since time.Time, hushed bool) {
	for source, h := range all {
		if source.System == system {
			since = latest(since, h.Last())
		}
	}
	for source, h := range all {
		if source.System != system || h.none {
			continue
		}
		h.rules.Watched = latest(h.rules.Watched, since)
		if h.Judge(now).Chance <= Faint {
			return since, true
		}
	}
	return since, false
}
