package weekend

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// The locations, as all systems of the company name them.
const (
	east = "east"
	west = "west"
)

// paces is how many SKUs the settle time of stock is learnt of.
const paces = 120

// free is the ERP's stock of a SKU, shown is the portal's.
func free(sku, location string, units int) object {
	return record("inventory", object{"sku": sku, "location": location}, object{"free": units, "on_hand": units + 2, "tracked": true})
}

func shown(sku, location string, units int) object {
	return record("inventory", object{"sku": sku, "location": location}, object{"available": units, "tracked": true})
}

// both is stock on which the ERP and the portal agree.
func (c *company) both(at time.Time, sku, location string, units int) {
	c.tell(at, erpName, free(sku, location, units))
	c.tell(at.Add(5*time.Minute), portalName, shown(sku, location, units))
}

// stock: the job that tells the portal runs every quarter of an hour, which is
// learnt; one SKU leaks; and one waits longer than any other.
func (c *company) stock() {
	var atERP, atPortal []object
	for i := range paces {
		sku, at := fmt.Sprintf("LINEN-%03d", i), on(friday-1, 9, 0).Add(time.Duration(i)*4*time.Minute)
		atERP, atPortal = append(atERP, free(sku, east, 50)), append(atPortal, shown(sku, east, 50))
		c.tell(at, erpName, free(sku, east, 40+i%7))
		c.tell(at.Add(c.Jitter(2*time.Minute, 14*time.Minute)), portalName, shown(sku, east, 40+i%7))
	}
	c.tell(on(friday-2, 9, 0), erpName, atERP...)
	c.tell(on(friday-2, 9, 5), portalName, atPortal...)
	c.pace()
	c.leak()
}

// pace: what took up to a quarter of an hour in all cases is late after half an
// hour, although two hours would be allowed as long as nothing is learnt.
func (c *company) pace() {
	c.tell(on(saturday, 13, 30), erpName, free("LINEN-007", east, 31))
	c.tell(on(saturday, 15, 30), portalName, shown("LINEN-007", east, 31))
	c.planted(day.Alert{
		Name: "slower than ever", Integration: "stock", Rule: "stock", Class: "late", Keys: []string{"LINEN-007@east"},
		Why: "120 changes came across within 14 minutes, so that the learnt settle time is less than half an hour; without them it would be two hours",
	}, on(saturday, 13, 50), on(saturday, 15, 30))
	c.tell(on(saturday, 14, 0), erpName, free("LINEN-011", east, 22))
	c.tell(on(saturday, 14, 14), portalName, shown("LINEN-011", east, 22))
	c.Healthy(day.Silent{
		Name: "as slow as always", Kind: "inventory", Keys: []string{"LINEN-011@east"}, Why: "14 minutes are what the job takes",
	})
}

// leak: a place loses a unit each day, and each night sets it right again. Another
// one is off as often, and either way.
func (c *company) leak() {
	const leaky, even, days = "TEE-RED-M", "TEE-BLU-M", 9
	units := 90
	for i := range days {
		first := begin.AddDate(0, 0, i-days-1)
		c.both(first.Add(-9*time.Hour), leaky, west, units-i)
		c.both(first.Add(-9*time.Hour), even, west, units)
		c.tell(first, erpName, free(leaky, west, units-i-1))
		c.tell(first, erpName, free(even, west, units+1-2*(i%2)))
	}
	c.planted(day.Alert{
		Name: "one place leaks", Integration: "stock", Rule: "stock", Class: "slow_divergence", Keys: []string{leaky + "@west"},
		Why: "a unit a day, always one way; each night the synchronisation hides it, and no difference is ever above the tolerance of 2",
	}, begin.Add(10*time.Minute), time.Time{})
	c.Healthy(day.Silent{
		Name: "off by one, either way", Kind: "inventory", Keys: []string{even + "@west"}, Why: "chance goes both ways",
	})
}
