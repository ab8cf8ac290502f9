package local

import (
	"sync"
	"time"
)

// Clock is the time that the functions of a local stack are told: the wall's,
// or a stepped one that a recorded day moves. It is safe for use by several
// goroutines.
type Clock struct {
	mu      sync.Mutex
	stepped bool
	// at is a stepped clock's time; ahead is how far a flowing one is from the
	// wall.
	at    time.Time
	ahead time.Duration
}

// WallClock returns a clock that shows the real time.
func WallClock() *Clock { return &Clock{} }

// SteppedClock returns a clock that stands at t until Set moves it.
func SteppedClock(t time.Time) *Clock { return &Clock{stepped: true, at: t.UTC()} }

// Now is the clock's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stepped {
		return c.at
	}
	return time.Now().Add(c.ahead).UTC()
}

// Set moves a stepped clock to t. Time does not go back: an earlier t changes
// nothing, and a flowing clock is not moved.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stepped && t.After(c.at) {
		c.at = t.UTC()
	}
}

// Flow lets a stepped clock show the real time from now on, as after a recorded
// day. Time does not go back: a clock that is ahead of the wall stays ahead.
func (c *Clock) Flow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stepped {
		c.stepped, c.ahead = false, max(0, time.Until(c.at))
	}
}

// Wall says that the clock moves by itself, at the wall's speed.
func (c *Clock) Wall() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stepped
}

// real says that the clock shows the real time.
func (c *Clock) real() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stepped && c.ahead == 0
}
