package tuesday

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// payLate: the order is placed unpaid and paid a minute later; the news of its
// payment arrives before the news of the order.
func (c *company) payLate() {
	c.At(c.Clock(12, 3, 0), func() {
		o := c.newOrder([]want{{"TEE-RED-S", 1, east}})
		o.payment = "pending"
		c.fromShop("orders/create", c.orderBody(o), travel{delay: 90 * time.Second})
		c.takeFromShelves(o, travel{})
		c.In(70*time.Second, func() {
			o.payment = "paid"
			c.update(o, "orders/paid")
		})
		c.Healthy(day.Silent{
			Name: "paid before it was created", Kind: "order", Keys: []string{o.key()},
			Why: "orders/paid arrived before orders/create; the older state changes nothing",
		})
	})
}

// cancelUnpaid: an order that nobody paid is cancelled before any import.
func (c *company) cancelUnpaid() {
	c.At(c.Clock(12, 7, 0), func() {
		o := c.buy([]want{{"BEAN-BLK-M", 1, east}}, func(o *order) { o.payment = "pending" })
		c.In(4*time.Minute, func() {
			o.cancelled, o.payment = c.Now, "voided"
			c.update(o, "orders/cancelled")
			v := o.lines[0].variant
			c.setLevel(v, east, c.shop.available[shelf{v, east}]+1, travel{})
		})
		c.Healthy(day.Silent{Name: "cancelled before import", Kind: "order", Keys: []string{o.key()}, Why: "never paid, cancelled in the shop after four minutes"})
	})
}

// split: one line ships today at noon, the other in the afternoon, with an
// invoice each.
func (c *company) split() {
	c.At(c.Clock(8, 51, 30), func() {
		o := c.buy([]want{{"PANT-NVY-M", 1, east}, {"SHRT-SND-L", 2, east}}, func(o *order) { o.progress.backOrdered = []int{1} })
		c.At(c.Clock(13, 45, 0), func() { o.progress.backOrdered = nil })
		c.Healthy(day.Silent{
			Name: "split shipment", Kind: "order", Keys: []string{o.key()},
			Why: "two parcels and two invoices; the sales order disappears when the second one took over",
		})
	})
}

// takeBack: goods come back damaged, and the credit memo is booked.
func (c *company) takeBack() {
	var o *order
	c.At(c.Clock(6, 20, 40), func() { o = c.buy([]want{{"SHRT-SND-M", 2, east}}) })
	c.At(c.Clock(13, 5, 0), func() {
		l := o.lines[0]
		r := refund{amount: l.price + o.tax(ordered) - script.TaxOn(l.price), line: l, units: 1, note: "damaged"}
		c.payBack(o, r)
		c.In(17*time.Minute, func() { c.creditMemo(o, r) })
		c.Healthy(day.Silent{
			Name: "refund with credit memo", Kind: "refund", Keys: []string{o.key()},
			Why: "paid back at 13:05, booked at 13:22; invoices less the credit memo equal the shop's total",
		})
	})
}

// oddOrders are orders that the ERP must not have.
func (c *company) oddOrders() {
	odd := []struct {
		name, why string
		what      want
		change    func(*order)
	}{
		{"test order", "marked as a test", want{"TEE-BLK-S", 1, east}, func(o *order) { o.test = true }},
		{"unpaid order", "not paid yet", want{"POSTER-A2", 1, east}, func(o *order) { o.payment = "pending" }},
		{"sale in a store", "sold at the till of location 70001, which is left out", want{"TEE-BLK-L", 1, east}, func(o *order) { o.source, o.shipping = "pos", 0 }},
		{"gift card alone", "nothing to ship: a gift card is no unit", want{"GIFT-25", 1, east}, func(o *order) { o.shipping = 0 }},
		{"order for nothing", "paid in full by a discount; the ERP has it with 0.00", want{"TEE-BLU-S", 1, east}, func(o *order) {
			o.shipping, o.discount = 0, o.goods(ordered)
		}},
	}
	for i, scene := range odd {
		c.At(c.Clock(16, 40, 0).Add(time.Duration(i)*47*time.Second), func() {
			o := c.buy([]want{scene.what}, scene.change)
			c.Healthy(day.Silent{Name: scene.name, Kind: "order", Keys: []string{o.key()}, Why: scene.why})
			if o.source == "pos" {
				c.fromShop("inventory_levels/update", c.levelBody(o.lines[0].variant, storeLocation, 3),
					travel{outcome: day.Ignored, why: "the registry leaves the location out"})
			}
		})
	}
	c.At(c.Clock(16, 45, 0), func() {
		c.fromShop("draft_orders/create", draftBody{ID: c.newID(), Name: "#D41", Status: "open", Currency: "USD", TotalPrice: "24.50", CreatedAt: second(c.Now)},
			travel{outcome: day.Ignored, why: "a draft is no order"})
		c.Healthy(day.Silent{Name: "draft order", Kind: "order", Why: "a draft is no order; the topic is acknowledged and counted", Counts: map[string]int{"ignored": 1}})
	})
}

// roundedTax counts what the ERP rounds on its own.
func (c *company) roundedTax() {
	var keys []string
	invoiced := 0
	for _, o := range c.shop.orders {
		if o.progress.invoices > 0 {
			invoiced++
		}
		if !o.progress.imported.IsZero() && o.booked() != o.totalCurrent() {
			keys = append(keys, o.key())
		}
	}
	c.Healthy(day.Silent{Name: "tax rounded by a cent", Kind: "order", Keys: keys, Why: "one cent for each line is within the rule", Counts: map[string]int{"orders": len(keys)}})
	c.Healthy(day.Silent{
		Name: "sales orders that disappear", Kind: "order", Counts: map[string]int{"orders": invoiced},
		Why: "a sales order that is through is gone in the ERP, and its last invoice took over",
	})
}
