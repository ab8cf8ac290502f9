package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Truth is what really went wrong in a company.
type Truth struct {
	Causes   []*Cause
	Episodes []*Episode
	// Traps counts the healthy events that look like faults, by name.
	Traps map[string]int
	// Breaks are the times in which Plumbline's own schedule stood still.
	Breaks []Break
}

// Break is a time in which nothing of Plumbline's runs.
type Break struct{ From, Until time.Time }

// Cause is one thing that went wrong: a job that stopped, an update that was
// lost. It may touch any number of records.
type Cause struct {
	Fault Fault
	// What names the place in a word or two, for people who look into a run.
	What string
	// Start is when it began, End when it was over or repaired, zero while it is
	// not.
	Start, End time.Time
	// System is the system that fell silent, for causes that touch everything of
	// one.
	System   string
	Episodes []*Episode
}

// Episode is one record that is wrong for one cause.
type Episode struct {
	Cause *Cause
	Kind  commerce.Kind
	Key   commerce.Key
	// Rules are the names of the rules that it breaks.
	Rules []string
	// Start is when the systems began to differ for the cause, End when they
	// stopped to, zero while they do.
	Start, End time.Time
	// Faint episodes are inside the tolerance of every rule: only many of them
	// together are a fault.
	Faint bool
}

// Covers reports whether the time is inside the episode, or at most so long
// behind it.
func (e *Episode) Covers(at time.Time, grace time.Duration) bool {
	return !at.Before(e.Start) && (e.End.IsZero() || !at.After(e.End.Add(grace)))
}

// begin notes that a record is wrong from now on.
func (c *Company) begin(cause *Cause, kind commerce.Kind, key commerce.Key, rules ...string) *Episode {
	return c.beginAt(cause, c.Now(), kind, key, rules...)
}

func (c *Company) beginAt(cause *Cause, at time.Time, kind commerce.Kind, key commerce.Key, rules ...string) *Episode {
	if len(cause.Episodes) == 0 {
		c.Truth.Causes = append(c.Truth.Causes, cause)
	}
	e := &Episode{Cause: cause, Kind: kind, Key: key, Rules: rules, Start: at}
	cause.Episodes = append(cause.Episodes, e)
	c.Truth.Episodes = append(c.Truth.Episodes, e)
	return e
}

// end notes that a record is right again. Nil is right already.
func (c *Company) end(e *Episode) {
	if e == nil || !e.End.IsZero() {
		return
	}
	e.End = c.Now()
	for _, other := range e.Cause.Episodes {
		if other.End.IsZero() {
			return
		}
	}
	e.Cause.End = c.Now()
}

func (c *Company) trap(name string) { c.Truth.Traps[name]++ }
