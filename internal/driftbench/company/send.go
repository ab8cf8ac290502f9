package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// latest is how late a webhook arrives at most. Its copies may come hours later.
const latest = 90 * time.Second

// tell sends what a system has to say of its records now. Webhooks overtake
// each other, and some come twice or are sent again hours later.
func (c *Company) tell(system string, observations ...commerce.Observation) {
	if len(observations) == 0 {
		return
	}
	c.sequence++
	for i := range observations {
		observations[i].System = system
		observations[i].Stamp(commerce.VersionParts{Clock: c.Now().UTC(), Sequence: uint64(c.sequence)})
	}
	c.deliveries++
	d := Delivery{ID: fmt.Sprintf("d%08d", c.deliveries), System: system, Observations: observations}
	c.travel(d)
}

func (c *Company) travel(d Delivery) {
	c.arrive(d, c.lag(2*time.Second, latest))
	if c.chance(20) {
		c.arrive(d, c.lag(time.Minute, 20*time.Minute))
	}
	if c.chance(5) {
		c.arrive(d, c.between(2*time.Hour, 4*time.Hour))
	}
}

func (c *Company) arrive(d Delivery, after time.Duration) {
	c.In(after, func() {
		if c.silent[d.System] != nil {
			c.held[d.System] = append(c.held[d.System], d)
			return
		}
		d.Received = c.Now().UTC()
		c.options.Deliver(d)
	})
}

// silence keeps what a system sends from arriving until the time, when its
// platform tries again.
func (c *Company) silence(cause *Cause, system string, until time.Time) {
	cause.System = system
	c.silent[system] = cause
	c.At(until, func() {
		delete(c.silent, system)
		cause.End = c.Now()
		for _, d := range c.held[system] {
			c.arrive(d, c.lag(2*time.Second, latest))
		}
		delete(c.held, system)
	})
}
