package trend

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	// steps is how many steps one way are a trend, where none ever went the other.
	steps = 8
	// back is how many steps one way a step the other way takes back: sums of a
	// half for each step one way and one and a half for one the other way are the
	// cumulative sum with a reference of half a step.
	back = 3
	// rough is how many times as many steps it takes where some went both ways.
	rough = 2
)

// Leak is what a row remembers of the settled differences of its record under one
// rule. The zero Leak is none: the sides have always agreed.
//
// A step is a difference that grew. That it became smaller, or none, says nothing:
// something, such as a nightly job, sets it right. So the steps of a leak that is
// mended each night add up, and one that stands is counted once.
type Leak struct {
	// Level is the difference that the last step went to, or what is left of it.
	Level commerce.Decimal
	Run
}

// Run are the steps that went one way.
type Run struct {
	// Score is the cumulative sum in half steps, with the sign of the differences.
	Score int
	// Rough says that there were steps both ways before.
	Rough bool
	// Steps counts those one way, Against those the other way meanwhile.
	Steps, Against int
	// Sum is what the steps add up to, and Most the greatest difference at once.
	Sum, Most commerce.Decimal
	// Since is when the first step was made, Last when the last one one way was.
	Since, Last time.Time
	// Found is when the step was made that made them a trend, or zero.
	Found time.Time
	// Moved is the last step, whichever way, and MovedAt when it was known to be one.
	Moved   commerce.Decimal
	MovedAt time.Time
}

// Rest is a difference that stood for long: neither side changed from one time to
// another. Delta is zero when they agreed exactly.
type Rest struct {
	Delta       commerce.Decimal
	From, Until time.Time
}

// Step takes the leak one rest further. Instants are kept to the second. The same
// rest twice changes nothing the second time.
func (l Leak) Step(r Rest) Leak {
	r.From, r.Until = r.From.UTC().Truncate(time.Second), r.Until.UTC().Truncate(time.Second)
	l.Run = l.at(r.Until)
	if r.Delta.Sign() != l.Level.Sign() {
		l.Level = commerce.Decimal{}
	}
	if beyond(r.Delta, l.Level) {
		l.Run = l.step(r.Delta, l.Level, r.From)
		l.Moved, l.MovedAt = plus(r.Delta, l.Level.Neg()), r.Until
	}
	l.Level = r.Delta
	return l
}

// beyond reports whether a difference is further from zero than another one.
func beyond(a, b commerce.Decimal) bool { return a.Abs().Cmp(b.Abs()) > 0 }

// Trend reports whether the steps are a trend at the time: they were found to be
// one, and it is not over.
func (l Leak) Trend(at time.Time) bool { return !l.at(at).Found.IsZero() }

// at is what is left of the steps at a time.
func (r Run) at(now time.Time) Run {
	rest := now.Sub(r.Last)
	if r.Found.IsZero() && rest < forgets || !r.Found.IsZero() && rest < quiet(r.Found.Sub(r.Since)) {
		return r
	}
	return Run{}
}

// step counts one step to a difference from the one before. While a trend is open
// what it is measured by stays as it is.
func (r Run) step(to, from commerce.Decimal, at time.Time) Run {
	way := to.Sign()
	if r.Score*way < 0 {
		r.Against++
		if !r.Found.IsZero() {
			return r
		}
		r.Rough = true
		if r.Score += back * way; r.Score*way < 0 {
			return r.add(to, from)
		}
		r = Run{Rough: true}
	}
	if r.Steps == 0 {
		r.Since = at
	}
	r.Steps++
	r.Last = at
	if beyond(to, r.Most) {
		r.Most = to
	}
	r = r.add(to, from)
	if r.Found.IsZero() {
		r.Score += way
		if r.Score*way >= r.limit() {
			r.Found = at
		}
	}
	return r
}

func (r Run) limit() int {
	if r.Rough {
		return rough * steps
	}
	return steps
}

// add adds the size of a step to the sum.
func (r Run) add(to, from commerce.Decimal) Run {
	r.Sum = plus(r.Sum, plus(to, from.Neg()))
	return r
}
