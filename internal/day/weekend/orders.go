package weekend

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// order is one order of the portal.
type order struct {
	number  string
	channel string
	created time.Time
	total   script.Cents
	// booked is what the ERP has of it.
	booked script.Cents
}

func (o order) key() object { return object{"store": portalName, "number": o.number} }

// placed is the order as the portal shows it.
func (o order) placed(facets object) object {
	all := object{
		"payment": "paid", "cancelled": false, "test": false, "currency": "USD", "units": 2, "units_current": 2, "lines": 1,
		"total": o.total.String(), "total_current": o.total.String(), "channel": o.channel, "fulfilment": "unfulfilled",
		"created": second(o.created), "units_shipped": 0, "units_open": 2,
	}
	for name, value := range facets {
		all[name] = value
	}
	r := record("order", o.key(), all)
	r["created_at"] = second(o.created)
	return r
}

func (o order) imported(at time.Time) object {
	r := record("order", o.key(), object{"total_current": o.booked.String(), "units_current": 2, "currency": "USD"})
	r["created_at"] = second(at)
	return r
}

// place lets both systems have an order, eight minutes apart.
func (c *company) place(o order) order {
	c.tell(o.created, portalName, o.placed(nil))
	at := o.created.Add(8 * time.Minute)
	c.tell(at, erpName, o.imported(at))
	return o
}

// orders: trade orders lose a cent each on their way to the ERP, those of the web
// are a cent off either way.
func (c *company) orders() {
	const trade, web, before = "trade", "web", 48
	n := 0
	next := func(at time.Time, channel string) {
		n++
		o := order{number: fmt.Sprintf("P%d", 2000+n), channel: channel, created: at, total: script.Cents(4000 + c.Chance.IntN(9000))}
		o.booked = o.total - 1
		if channel == web && n%4 < 2 {
			o.booked = o.total + 1
		}
		c.place(o)
	}
	for i := range before {
		at := on(2, 9, 0).Add(time.Duration(i) * 2 * time.Hour)
		next(at, trade)
		next(at.Add(time.Hour), web)
	}
	for i := range 14 {
		at := on(saturday, 7, 10).Add(time.Duration(i) * 41 * time.Minute)
		next(at, trade)
		next(at.Add(17*time.Minute), web)
	}
	for i := range 6 {
		next(on(sunday, 10, 5).Add(time.Duration(i)*97*time.Minute), web)
	}
	c.planted(day.Alert{
		Name: "a cent of each order", Integration: "orders-to-erp", Rule: "order-money-trend", Class: "one_sided", Records: 1,
		Why: "each trade order loses a cent: the ERP cuts where the portal rounds. One finding about a policy, not one for each order",
	}, on(saturday, 19, 0), time.Time{})
	c.Healthy(day.Silent{
		Name: "cents either way", Kind: "order", Why: "web orders are rounded, up as often as down", Counts: map[string]int{"orders": before + 20},
	})
	c.totals()
	c.states()
}

// totals: somebody enters an order in the ERP that the portal does not have.
func (c *company) totals() {
	late := c.place(order{number: "P2901", channel: "web", created: on(saturday, 23, 57), total: 6400, booked: 6400})
	c.Healthy(day.Silent{
		Name: "sold before midnight, booked after it", Kind: "order", Keys: []string{portalName + "/" + late.number},
		Why: "both sides are added to the day on which the portal took the order",
	})
	extra := order{number: "P2990", channel: "trade", booked: 5150}
	c.tell(on(saturday, 15, 20), erpName, extra.imported(on(saturday, 15, 20)))
	c.planted(day.Alert{
		Name: "an order that the portal does not know", Integration: "orders-to-erp", Rule: "day-close", Class: "total_differs",
		Why: "Saturday has one order and $51.50 more in the ERP, which no finding about an order explains",
	}, on(sunday, 9, 0), time.Time{})
}

// states: what an order can and cannot become.
func (c *company) states() {
	at := on(friday, 9, 0)
	back := c.place(order{number: "P2801", channel: "web", created: at, total: 8800, booked: 8800})
	c.tell(on(friday, 15, 0), portalName, back.placed(object{"payment": "refunded"}))
	c.tell(on(saturday, 11, 10), portalName, back.placed(object{"payment": "paid"}))
	c.planted(day.Alert{
		Name: "a refund is undone", Integration: "fulfilment", Rule: "state", Class: "impossible", Keys: []string{portalName + "/P2801"},
		Why: "refunded on Friday, paid again on Saturday at 11:10: a job that replays old messages",
	}, on(saturday, 13, 10), time.Time{})

	edited := c.place(order{number: "P2802", channel: "web", created: at.Add(time.Minute), total: 7700, booked: 7700})
	c.tell(on(saturday, 11, 20), portalName, edited.placed(object{"payment": "partially_paid"}))
	c.tell(on(saturday, 12, 5), portalName, edited.placed(nil))
	c.Healthy(day.Silent{
		Name: "an order that is edited", Kind: "order", Keys: []string{portalName + "/P2802"}, Why: "a line is added, and paid later: paid, partially paid, paid",
	})

	gone := c.place(order{number: "P2803", channel: "trade", created: at.Add(2 * time.Minute), total: 9900, booked: 9900})
	c.tell(on(friday, 9, 30), wmsName, atWarehouse(gone, 0))
	c.tell(on(friday, 18, 45), portalName, gone.placed(object{"cancelled": true, "units_open": 0}))
	c.tell(on(monday, 8, 22), wmsName, atWarehouse(gone, 2))
	c.planted(day.Alert{
		Name: "shipped after it was cancelled", Integration: "fulfilment", Rule: "state", Class: "impossible", Keys: []string{portalName + "/P2803"},
		Why: "cancelled on Friday evening, and the warehouse ships it on Monday morning",
	}, on(monday, 10, 22), time.Time{})
}

func atWarehouse(o order, shipped int) object {
	return record("order", o.key(), object{"units": 2, "units_open": 2 - shipped, "units_shipped": shipped})
}
