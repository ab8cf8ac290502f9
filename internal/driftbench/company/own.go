package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/rerun"
)

// rests lets a part of Plumbline stand still for a while.
func (c *Company) rests(part rerun.Part, d time.Duration, then func()) {
	c.options.Rest(part, true)
	c.In(d, func() {
		c.options.Rest(part, false)
		then()
	})
}

// own is about something of Plumbline's own.
func own(what, native string) commerce.Key { return commerce.Key{commerce.Plumbline, what, native} }

// standsStill keeps Plumbline from running for some minutes, of which people are
// told for half an hour.
func (c *Company) standsStill(cause *Cause) {
	e := c.begin(cause, commerce.Mapping, own("schedule", "run"))
	c.rests(rerun.Minute, c.between(12*time.Minute, 40*time.Minute), func() {
		c.Truth.Breaks = append(c.Truth.Breaks, Break{From: cause.Start, Until: c.Now()})
		c.In(30*time.Minute, func() { c.end(e) })
	})
}

// runsLate lets Plumbline's runs be late by minutes.
func (c *Company) runsLate() {
	// The run of each fifth minute takes place in any case.
	c.At(c.Now().Truncate(5*time.Minute).Add(6*time.Minute), func() {
		c.trap("run that is late")
		c.rests(rerun.Minute, 3*time.Minute, func() {})
	})
}

// skipsAudit leaves the next night's audit out.
func (c *Company) skipsAudit(cause *Cause) {
	night := clock(c.Now().In(c.zone).AddDate(0, 0, 1), 2, 45)
	c.At(night, func() {
		cause.Start = c.Now()
		e := c.begin(cause, commerce.Mapping, own("schedule", "audit"))
		c.rests(rerun.Audit, 2*time.Hour, func() {})
		c.At(clock(night.AddDate(0, 0, 1), 4, 30), func() { c.end(e) })
	})
}

// losesCanary keeps what Plumbline sends to itself from arriving for long.
func (c *Company) losesCanary(cause *Cause) {
	e := c.begin(cause, commerce.Mapping, own("canary", "difference"))
	c.rests(rerun.Messages, c.between(40*time.Minute, 90*time.Minute), func() {
		c.In(10*time.Minute, func() { c.end(e) })
	})
}

// slowCanary lets what Plumbline sends to itself take two minutes.
func (c *Company) slowCanary() {
	c.trap("slow canary")
	c.rests(rerun.Messages, 2*time.Minute, func() {})
}
