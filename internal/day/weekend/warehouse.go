package weekend

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

func counted(sku string, units int) object {
	return record("inventory", object{"sku": sku, "location": east}, object{"on_hand": units, "tracked": true})
}

// warehouse: it is counted on workdays from eight to five, and shipped from.
func (c *company) warehouse() {
	c.working()
	c.dead()
	c.ship()
}

// working are two weeks of a warehouse that reports in each ten minutes of its
// working hours, and never at weekends.
func (c *company) working() {
	c.tell(on(1, 12, 0).AddDate(0, 0, -14), erpName, counted("PALLET", 100), counted("CRATE", 80))
	for date := on(friday, 0, 0).AddDate(0, 0, -15); !date.After(on(friday, 0, 0)); date = date.AddDate(0, 0, 1) {
		if date.Weekday() == time.Saturday || date.Weekday() == time.Sunday {
			continue
		}
		for slot := range 9 * 6 {
			c.tell(date.Add(8*time.Hour+time.Duration(slot)*10*time.Minute+3*time.Minute), wmsName, counted("PALLET", 100))
		}
	}
	c.tell(on(friday, 16, 55), wmsName, counted("CRATE", 80))
}

// dead: on Monday the warehouse is heard for an hour and then for two hours not.
func (c *company) dead() {
	for at := on(monday, 8, 3); at.Before(on(monday, 9, 5)); at = at.Add(10 * time.Minute) {
		c.tell(at, wmsName, counted("PALLET", 100))
	}
	for at := on(monday, 11, 3); at.Before(on(monday, 12, 0)); at = at.Add(10 * time.Minute) {
		c.tell(at, wmsName, counted("PALLET", 100))
	}
	c.planted(day.Alert{
		Name: "a dead Monday morning", Class: "silent", Keys: []string{"wms/silence/inventory"},
		Why: "nothing of the warehouse from 09:03 on, where something comes in each ten minutes of a Monday: with two weeks known it takes an hour to be sure",
	}, on(monday, 10, 5), on(monday, 11, 1))
	c.Healthy(day.Silent{
		Name: "a quiet weekend", Kind: "inventory", Why: "63 hours without a word from the warehouse, as on each weekend before",
	})
	c.tell(on(monday, 9, 20), erpName, counted("CRATE", 70))
	c.tell(on(monday, 11, 1), wmsName, counted("CRATE", 70))
	c.Healthy(day.Silent{
		Name: "a difference that silence explains", Kind: "inventory", Keys: []string{"CRATE@east"},
		Why: "the ERP posts a count of 09:20, which the warehouse does not tell before 11:01: while it is silent that cannot be told",
	})
}

// parcel is one that leaves the warehouse.
type parcel struct {
	number, tracking, country, sku string
}

func (p parcel) key() object {
	return object{"store": portalName, "number": p.number, "tracking": p.tracking}
}

func (p parcel) text() string { return portalName + "/" + p.number + "/" + p.tracking }

func (p parcel) leaves(location string, voided bool) object {
	r := record("shipment", p.key(), object{"location": location, "units": 2, "voided": voided, "carrier": "ups"})
	r["lines"] = []object{{"sku": p.sku, "units": 2}}
	return r
}

// packed lets the portal tell where a parcel goes, and the warehouse from where it
// leaves.
func (c *company) packed(at time.Time, p parcel, location string, voided bool) {
	c.tell(at, portalName, record("shipment", p.key(), object{"country": p.country, "units": 2}))
	c.tell(at.Add(20*time.Second), wmsName, p.leaves(location, voided))
}

// ship: parcels for Canada leave from the west, and sofas too.
func (c *company) ship() {
	const cups, sofa = "MUG-BLU", "SOFA-3"
	wrong, moved := parcel{"P2001", "1Z001", "CA", cups}, parcel{"P2002", "1Z002", "CA", cups}
	voided, near := parcel{"P2003", "1Z003", "CA", cups}, parcel{"P2004", "1Z004", "US", cups}
	for i, p := range []parcel{wrong, moved, voided, near} {
		c.packed(on(friday, 18, 50+2*i), p, east, p == voided)
	}
	c.tell(on(friday, 19, 20), wmsName, moved.leaves(west, false))
	c.planted(day.Alert{
		Name: "shipped from the wrong side", Integration: "parcels", Rule: "routing", Class: "misrouted", Keys: []string{wrong.text()},
		Why: "a parcel for Canada leaves from the east",
	}, on(friday, 19, 50), time.Time{})
	c.Healthy(day.Silent{
		Name: "parcels that are on their way right", Kind: "shipment", Keys: []string{moved.text(), voided.text(), near.text()},
		Why: "one is moved to the west within the hour, one has a label that was voided, and one stays in the country",
	})

	heavy, right := parcel{"P2005", "1Z005", "US", sofa}, parcel{"P2006", "1Z006", "US", sofa}
	c.packed(on(saturday, 9, 30), heavy, east, false)
	c.packed(on(saturday, 9, 32), right, west, false)
	c.planted(day.Alert{
		Name: "a sofa from the east", Integration: "parcels", Rule: "routing", Class: "misrouted", Keys: []string{heavy.text()},
		Why: "it stays in the country, where both sides ship, and sofas leave from the west",
	}, on(saturday, 10, 30), time.Time{})
	c.Healthy(day.Silent{
		Name: "a sofa from the west", Kind: "shipment", Keys: []string{right.text()}, Why: "that is where sofas leave from",
	})
}
