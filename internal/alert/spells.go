package alert

import (
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

const (
	// spellGap is how soon after its end a difference counts as the same one
	// that comes again.
	spellGap = 24 * time.Hour
	// flaps is the spell from which on a record is flapping: people have heard
	// of those before, and another message would not help them.
	flaps = 3
	// calm is the shortest time without a change after which a record that
	// flapped has come to rest.
	calm = 2 * time.Hour
)

// Spells is how often a record differed and agreed again under one rule, without
// a day of agreement in between. The zero Spells is not at all.
type Spells struct {
	// Count counts the spells that have ended.
	Count int
	// First is when the first of them was found, and Ended when the last one
	// ended.
	First, Ended time.Time
	// Last is the finding of the last one.
	Last string
}

// Of is the number of a finding's spell, and since when its record flaps.
func (s Spells) Of(f finding.Finding) (number int, since time.Time) {
	switch {
	case s.Last == f.ID:
		return s.Count, s.First
	case s.Count == 0 || f.Opened.Sub(s.Ended) > spellGap:
		return 1, f.Opened
	default:
		return s.Count + 1, s.First
	}
}

// After is what is known when a finding has ended, and whether that is news.
func (s Spells) After(f finding.Finding) (Spells, bool) {
	if s.Last == f.ID {
		return s, false
	}
	number, since := s.Of(f)
	return Spells{Count: number, First: since.UTC(), Ended: f.Resolved.UTC(), Last: f.ID}, true
}

// Expires is from when on nobody asks for the spells any more.
func (s Spells) Expires() time.Time { return s.Ended.Add(spellGap + time.Hour) }

// Flapping reports whether a spell of that number is told with those that come
// and go.
func Flapping(number int) bool { return number >= flaps }

// Calm is how long a record has to agree before it has come to rest, by its
// rule's settle time.
func Calm(settle time.Duration) time.Duration { return max(calm, 6*settle) }

// TakesBack reports whether the alert tells again of a record that it told of
// before: it is about few records, of the finding's rule.
func (a Alert) TakesBack(f finding.Finding) bool {
	return a.Integration == f.Integration && a.Rule == f.Rule && a.Class != ClassFlapping && a.Into == "" && a.small()
}
