package alert

import (
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

// erased stands where an alert told a record that had to be forgotten.
const erased = "erased record"

// forgotten reports whether everything that is told was erased.
func (s story) forgotten() bool {
	return len(s.told) > 0 && !slices.ContainsFunc(s.told, func(m Member) bool { return m.Key != erased })
}

// Forget makes the alert say nothing more of a finding than that it was there,
// and ends it, because its record was erased. It reports whether that changed
// the alert: a finding that it does not have changes nothing, nor does one that
// it has forgotten. The alert given is not modified.
func Forget(a Alert, id string, at time.Time) (Alert, bool) {
	if ended, beyond := a.Beyond[id]; beyond {
		if !ended.IsZero() {
			return a, false
		}
		m := Member{Finding: id, State: finding.Resolved, Resolved: at.UTC()}
		a.Seq++
		a.Beyond = maps.Clone(a.Beyond)
		a.Beyond[id] = m.Resolved
		return a.aside(m).settled(m), true
	}
	i := a.index(id)
	if i < 0 || a.Members[i].Key == erased {
		return a, false
	}
	was := a.Members[i]
	m := Member{
		Finding: id, Key: erased, State: finding.Resolved, Since: was.Since, Opened: was.Opened, Resolved: was.Resolved,
		Joined: was.Joined, Back: was.Back, Rev: was.Rev,
	}
	if m.Resolved.IsZero() {
		m.Resolved = at.UTC()
	}
	a.Seq++
	m.Changed = a.Seq
	a.Members = slices.Clone(a.Members)
	a.Members[i] = m
	return a.settled(m), true
}
