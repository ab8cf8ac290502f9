// Package full owns the script of the second recorded day: a Tuesday of a company
// with a shop, Business Central, ShipHero, AvaTax, HubSpot, Stripe, an outlet
// shop, labels, a mail service and a ledger, each with its own way of telling,
// and with the answers of those whose APIs are asked.
//
// It leaves the format of days and the check of what came out to package day.
package full

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// The company's systems, as the registry names them.
const (
	shopName   = "shopify-us"
	erpName    = "erp"
	wmsName    = "wms"
	taxName    = "tax"
	crmName    = "crm"
	payName    = "stripe"
	outletName = "outlet"
	labelName  = "labels"
	mailName   = "mail"
	booksName  = "books"
)

// zone is fixed so that the generator needs no time zone database: it is winter
// all day.
var zone = time.FixedZone("EST", -5*60*60)

const timezone = "America/New_York"

// Seed is what the recorded day was made with.
const Seed = 20260303

// company is the simulated company: what each of its systems holds, under the
// hand of one clock and one source of chance.
type company struct {
	*script.Script
	*catalogue
	senders map[string]sender
	shop    shop
	erp     erp
	wms     wms
	tax     tax
	crm     crm
	pay     pay
	outlet  outlet
}

// Generate simulates the day. One seed always gives the same day.
func Generate(seed uint64) day.Day {
	midnight := time.Date(2026, time.March, 3, 0, 0, 0, 0, zone)
	c := &company{
		Script: script.New(midnight, timezone, seed), catalogue: newCatalogue(midnight), senders: newSenders(),
	}
	c.Now = c.Clock(0, -3, 0)
	c.setUp()
	c.beforeDawn()
	c.jobs()
	c.business()
	c.plantFaults()
	c.setTraps()
	c.Run()
	c.repeat()
	return c.Day()
}

// jobs plans what recurs.
func (c *company) jobs() {
	c.Every(c.Clock(0, 13, 0), c.Clock(23, 58, 0), 15*time.Minute, c.importOrders)
	c.Every(c.Clock(0, 14, 50), c.Clock(23, 59, 50), 15*time.Minute, c.tellStock)
	c.Every(c.Clock(0, 14, 55), c.Clock(23, 59, 55), 15*time.Minute, c.listShelves)
	c.Every(c.Clock(0, 16, 0), c.Clock(23, 46, 0), 15*time.Minute, c.stockJob)
	c.Every(c.Clock(0, 59, 50), c.Clock(23, 0, 0), time.Hour, c.listTax)
	c.Every(c.Clock(7, 30, 0), c.Clock(19, 0, 0), 15*time.Minute, c.wave)
	c.Every(c.Clock(8, 20, 0), c.Clock(18, 20, 0), 27*time.Minute, c.moveGoods)
	c.Every(c.Clock(0, 12, 0), c.Clock(7, 32, 0), 20*time.Minute, c.recount)
	c.Every(c.Clock(19, 12, 0), c.Clock(23, 52, 0), 20*time.Minute, c.recount)
	c.At(c.Clock(5, 4, 0), c.payOut)
}
