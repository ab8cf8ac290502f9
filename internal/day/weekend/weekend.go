// Package weekend owns the script of the third recorded stretch: the weekend in
// which the clocks go forward, of a wholesaler with an order portal, an ERP and a
// warehouse on the standard format, a shop whose customers are mailed, and a
// pipeline that tells what it deploys.
//
// It has what a single day cannot hold: audits that learn, a quiet Sunday and a
// dead Monday morning, what people decide, and what is told once a week. It leaves
// the format of days and the check of what came out to package day.
package weekend

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// The company's systems, as the registry names them.
const (
	portalName = "portal"
	erpName    = "erp"
	wmsName    = "wms"
	shopName   = "shopify-us"
	mailName   = "mail"
)

// The days of the stretch, in March 2026.
const (
	friday   = 6
	saturday = 7
	sunday   = 8
	monday   = 9
)

// The zone on either side of Sunday at 02:00, fixed so that the generator needs no
// time zone database.
var (
	winter = time.FixedZone("EST", -5*60*60)
	summer = time.FixedZone("EDT", -4*60*60)
)

const timezone = "America/New_York"

// Seed is what the recorded stretch was made with.
const Seed = 20260306

// company is the simulated company.
type company struct {
	*script.Script
	senders  map[string]sender
	sequence uint64
}

// Generate simulates the weekend. One seed always gives the same one.
func Generate(seed uint64) day.Day {
	c := &company{Script: script.New(on(friday, 0, 0), timezone, seed), senders: newSenders()}
	c.Until(on(monday, 12, 0))
	c.stock()
	c.kits()
	c.decide()
	c.orders()
	c.items()
	c.packs()
	c.prices()
	c.taxed()
	c.accounts()
	c.warehouse()
	c.own()
	return c.Day()
}

// on is a moment of a day of March, as the clock on the wall shows it.
func on(date, hour, minute int) time.Time {
	zone := winter
	if date > sunday || date == sunday && hour >= 2 {
		zone = summer
	}
	return time.Date(2026, time.March, date, hour, minute, 0, 0, zone)
}

// clock writes a moment as the truth does.
func clock(t time.Time) string { return t.Format("01-02 " + script.ClockLayout) }

// planted notes a fault whose alert opens within ten minutes of a moment, and ends
// at another one, if it does.
func (c *company) planted(a day.Alert, opens, ends time.Time) {
	a.From, a.Until = clock(opens), clock(opens.Add(10*time.Minute))
	if !ends.IsZero() {
		a.Resolves = clock(ends)
	}
	c.Planted(a)
}
