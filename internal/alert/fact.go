package alert

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Fact is what an alert with findings tells first, without what changes by itself:
// how long it has lasted and the money.
func Fact(a Alert, now time.Time) string {
	s := newStory(a, now)
	switch {
	case len(s.told) == 0:
		return s.headline()
	case s.waived, s.closed:
		return s.opening()
	default:
		return s.fact()
	}
}

// opening is the fact as it was told when the alert opened.
func (s story) opening() string {
	s.closed, s.waived, s.More = false, false, 0
	return s.fact()
}

// Subject names what an alert is about: one record as people call it, or how many.
func Subject(a Alert, now time.Time) string {
	s := newStory(a, now)
	if len(s.told) == 0 {
		return clean(a.Integration)
	}
	return s.subject()
}

// Lasting writes a duration in the units that people would use.
func Lasting(d time.Duration) string { return lasting(d) }

// About writes an estimate of money: "$304", "18 CAD".
func About(d commerce.Decimal, currency string) string { return about(d, currency) }
