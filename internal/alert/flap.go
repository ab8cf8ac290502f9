package alert

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

// ClassFlapping is the class of alerts about records that differ and agree again
// and again.
const ClassFlapping finding.Class = "flapping"

// TakesFlapping reports whether another record that flaps may join the alert.
func (a Alert) TakesFlapping(now time.Time) bool {
	return a.Takes(now) && len(a.Members) < MaxMembers && len(a.Beyond) == 0
}

// Flap makes the alert tell a record that flaps as it is now, and reports
// whether that changed anything: a finding of it opened, changed or ended. The
// record stays a member while it comes and goes, and ends only by coming to
// rest. Spells is how often it came by now, since when it first did. The alert
// given is not modified.
func Flap(a Alert, m Member, spells int, since time.Time) (Alert, bool) {
	m.Spells, m.Since = spells, since.UTC()
	change := later(m.Opened, m.Resolved)
	if m.State == finding.Resolved {
		m.State = finding.Open
	}
	i := slices.IndexFunc(a.Members, func(was Member) bool { return was.Key == kept(m.Key, maxKey) })
	if i < 0 {
		next, joined := Join(a, m, m.Opened)
		next.JoinUntil = later(next.JoinUntil, change.Add(a.Calm))
		return next, joined
	}
	was := a.Members[i]
	m = bounded(m)
	m.Opened, m.Joined, m.Changed, m.Back, m.Traits = was.Opened, was.Joined, was.Changed, was.Back, was.Traits
	if m.Finding != was.Finding && was.State == finding.Acknowledged {
		m.State = was.State
	}
	old := m.Spells < was.Spells || m.Finding == was.Finding && m.Resolved.IsZero() && !was.Resolved.IsZero()
	if old || was.State == finding.Resolved && m.Finding == was.Finding || same(was, m) && m.Spells == was.Spells {
		return a, false
	}
	a.Seq++
	m.Changed = a.Seq
	a.Members = slices.Clone(a.Members)
	a.Members[i] = m
	a.JoinUntil = later(a.JoinUntil, change.Add(a.Calm))
	return a.settled(m), true
}

// rest ends the records that have agreed long enough after they flapped, and
// says when the next one will have.
func (a Alert) rest(now time.Time) (next Alert, at time.Time) {
	if a.Class != ClassFlapping {
		return a, at
	}
	for i, m := range a.Members {
		if m.State == finding.Resolved || m.Resolved.IsZero() {
			continue
		}
		if end := m.Resolved.Add(a.Calm); end.After(now) {
			at = earliest(at, end)
			continue
		}
		a.Seq++
		m.State, m.Changed = finding.Resolved, a.Seq
		a.Members = slices.Clone(a.Members)
		a.Members[i] = m
		a = a.settled(m)
	}
	return a, at
}

// flappingFact: "MUG-BLU at east differs and agrees again, 4 times since 09:10".
func (s story) flappingFact() string {
	most, first := 0, s.oldest().Since
	for _, m := range s.told {
		most = max(most, m.Spells)
	}
	times := fmt.Sprintf("%d times since %s", most, clock(first, s.now))
	if s.count > 1 {
		return fmt.Sprintf("%s differ and agree again, up to %s", s.subject(), times)
	}
	return fmt.Sprintf("%s differs and agrees again, %s", upper(s.subject()), times)
}

// flapping says of one record that flaps how it stands now.
func (s story) flapping(m Member) string {
	if m.Resolved.IsZero() {
		return fmt.Sprintf("%d times, differs now", m.Spells)
	}
	return fmt.Sprintf("%d times, agrees since %s", m.Spells, clock(m.Resolved, s.now))
}
