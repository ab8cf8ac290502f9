// Package tuesday owns the script of the first recorded day: a Tuesday of a small
// company with a shop, an ERP and a warehouse that speak the standard format.
//
// It leaves the format of days and the check of what came out to package day.
package tuesday

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// zone is fixed so that the generator needs no time zone database: it is winter
// all day.
var zone = time.FixedZone("EST", -5*60*60)

const timezone = "America/New_York"

// The company's systems, as the registry names them.
const (
	shopName = "shopify-us"
	erpName  = "erp"
	wmsName  = "wms"
)

// The places where goods are kept.
const (
	east = "east"
	west = "west"
)

// company is the simulated company: a shop, its ERP and its WMS, connected by
// jobs, under the hand of one clock and one source of chance.
type company struct {
	*script.Script
	*catalogue
	shop shop
	erp  erp
	wms  wms
}

// Generate simulates the day. One seed always gives the same day.
func Generate(seed uint64) day.Day {
	midnight := time.Date(2026, time.March, 3, 0, 0, 0, 0, zone)
	c := &company{Script: script.New(midnight, timezone, seed), catalogue: newCatalogue()}
	c.setUp()
	c.beforeDawn()
	c.jobs()
	c.business()
	c.plantFaults()
	c.setTraps()
	c.Run()
	c.repeatSome()
	return c.Day()
}
