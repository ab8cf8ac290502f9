package full

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// setTraps plans everything healthy that looks like a fault.
func (c *company) setTraps() {
	c.stocktake()
	c.flashSale()
	c.oddDeliveries()
	c.split()
	c.exchange()
	c.tip()
	c.giftCard()
	c.roundCash()
	c.succeed()
	c.oddOrders()
}

// stocktake: west is counted five times over while its stock job rests, inside a
// quiet window.
func (c *company) stocktake() {
	const rounds = 5
	var places []place
	var keys []string
	for _, sku := range c.counts() {
		places = append(places, place{sku, west})
		keys = append(keys, place{sku, west}.key())
	}
	c.At(c.Clock(7, 31, 0), func() {
		for _, p := range places {
			c.erp.paused[p] = true
		}
	})
	found := map[bin]int{}
	for i := range rounds * len(places) {
		p := places[i%len(places)]
		c.At(c.Clock(7, 40, 0).Add(time.Duration(i)*2400*time.Millisecond), func() {
			units := c.Chance.IntN(5) - 2
			found[bin{p.sku, "WEST"}] += units
			c.count(p, units)
		})
	}
	c.At(c.Clock(8, 9, 0), func() { c.adjust(found) })
	c.At(c.Clock(8, 14, 0), func() { clear(c.erp.paused) })
	c.Healthy(day.Silent{
		Name: "stocktake at west", Kind: "inventory", Keys: keys, Counts: map[string]int{"moves": rounds * len(places)},
		Why: "600 moves from 07:40, posted in the ERP at 08:09 and passed on at 08:17; a quiet window until 08:30 covers it",
	})
}

// flashSale: one SKU sells 140 times in twenty minutes while the ERP imports
// every quarter of an hour.
func (c *company) flashSale() {
	const sales = 140
	span := c.Clock(9, 19, 50).Sub(c.Clock(9, 0, 5))
	var times []time.Time
	for range sales {
		times = append(times, offMinute(c.Clock(9, 0, 5).Add(time.Duration(c.Chance.Int64N(int64(span))).Truncate(time.Millisecond))))
	}
	slices.SortFunc(times, time.Time.Compare)
	for _, t := range times {
		c.At(t, func() { c.buy([]want{{hot, 1, east}}) })
	}
	c.Healthy(day.Silent{
		Name: "flash sale", Kind: "inventory", Keys: []string{place{hot, east}.key()}, Counts: map[string]int{"orders": sales},
		Why: "the shop's stock falls at once, the ERP follows with each import; units on orders in flight explain it",
	})
}

// offMinute keeps a sale away from the full minute, so that its order and its
// stock arrive before the same tick.
func offMinute(t time.Time) time.Time {
	if t.Second() > 56 {
		return t.Add(5 * time.Second)
	}
	return t
}

// oddDeliveries: a forged one, a pair that overtakes itself, and what is repeated
// when the day is over.
func (c *company) oddDeliveries() {
	c.At(c.Clock(10, 15, 30), func() {
		c.send(shopName, "inventory_levels/update", c.levelBody(c.find("TEE-BLK-M"), eastLocation, 0),
			travel{forged: true, outcome: day.Refused, why: "the signature is not the shop's"})
	})
	for i, delay := range []time.Duration{9 * time.Second, 300 * time.Millisecond} {
		c.At(c.Clock(10, 15, 5+3*i), func() {
			c.shop.levelDelay = delay
			c.buy([]want{{swapped, 1, east}})
			c.shop.levelDelay = 0
		})
	}
}

// repeat delivers a part of the day again: soon after, as senders do that saw no
// answer, and three hours later.
func (c *company) repeat() {
	const duplicates = 16
	all := c.fromShop(c.Clock(6, 0, 0), c.Clock(22, 0, 0))
	for n := range duplicates {
		c.again(all[(n*2+1)*len(all)/(2*duplicates)], c.Jitter(2*time.Second, 50*time.Second))
	}
	late := c.fromShop(c.Clock(9, 40, 0), c.Clock(10, 0, 0), "inventory_levels/update", "orders/create")
	for _, s := range late {
		c.again(s, 3*time.Hour)
	}
	c.Healthy(day.Silent{
		Name: "forged, repeated, swapped and late deliveries", Kind: "inventory", Keys: []string{place{"TEE-BLK-M", east}.key(), place{swapped, east}.key()},
		Why:    "a wrong signature has no effect, the same delivery again says nothing new, an older one changes nothing that is newer",
		Counts: map[string]int{"refused": 1, "repeated": duplicates, "swapped": 2, "three hours late": len(late)},
	})
}

// fromShop lists what the shop sent between two moments and was accepted, of some
// topics or of all.
func (c *company) fromShop(from, until time.Time, topics ...string) []script.Sent {
	return slices.DeleteFunc(c.Sent(), func(s script.Sent) bool {
		other := len(topics) > 0 && !slices.Contains(topics, s.Headers["X-Shopify-Topic"])
		return s.System != shopName || s.Is != day.Accepted || s.At.Before(from) || !s.At.Before(until) || other
	})
}

// again delivers frozen bytes once more.
func (c *company) again(s script.Sent, after time.Duration) {
	s.At = s.At.Add(after)
	c.Deliver(s)
}

// split: one line waits for its goods, so that the order leaves in two parcels,
// with an invoice each.
func (c *company) split() {
	c.At(c.Clock(8, 51, 30), func() {
		o := c.buy([]want{{"POSTER-A3", 1, east}, {"SOCK-S", 2, east}}, func(o *order) {
			o.progress.backOrdered = map[*line]bool{o.lines[1]: true}
		})
		c.At(c.Clock(12, 29, 0), func() { o.progress.backOrdered = nil })
		c.Healthy(day.Silent{
			Name: "split shipment", Kind: "order", Keys: []string{o.key()},
			Why: "two parcels and two invoices; after the first one the sales order holds what is left. Of the second parcel the shop is not told, which is another matter",
		})
	})
}

// exchange: a piece comes back and a dearer one goes out. The ERP credits the one
// and invoices the other by itself.
func (c *company) exchange() {
	var o *order
	c.At(c.Clock(7, 2, 20), func() { o = c.buy([]want{{"SOCK-S", 1, east}, {"SOCK-M", 1, east}}) })
	c.At(c.Clock(13, 10, 0), func() {
		back, dearer := o.lines[0], c.line(want{"POSTER-A2", 1, east})
		back.removed = 1
		dearer.added, dearer.apart, dearer.invoiced = true, true, 1
		o.lines = append(o.lines, dearer)
		c.update(o, "orders/updated")
		c.tellOrder(o, "Order Allocated")
		c.In(11*time.Minute, func() {
			memo, invoice := c.document(creditMemos, "PS-CR"), c.document(invoices, "PS-INV")
			c.answer(memo.call(), "", c.memoBody(memo, o, back.price+back.tax(1), back.tax(1), back))
			body := c.invoiceBody(invoice, o, o.number()+"-X1", dearer.price+dearer.tax(1), dearer.tax(1), []*line{dearer}, []int{1})
			body["orderId"] = "00000000-0000-0000-0000-000000000000"
			c.answer(invoice.call(), "", body)
			c.notify(change{memo, "created"}, change{invoice, "created"})
		})
		c.Healthy(day.Silent{
			Name: "exchange for a dearer item", Kind: "order", Keys: []string{o.key()},
			Why: "the goods of an exchange are invoiced by themselves, under the order's number with a suffix: parts of one order",
		})
	})
}

// tip: it is part of what the buyer paid, and no part of the sales order.
func (c *company) tip() {
	c.At(c.Clock(13, 11, 30), func() {
		o := c.buy([]want{{"SOCK-L", 2, east}}, func(o *order) { o.tip = 420 })
		c.Healthy(day.Silent{
			Name: "tip", Kind: "order", Keys: []string{o.key()}, Why: "the ERP books the tip to an account of its own: the gap is exactly the tip, 4.20",
		})
	})
}

// giftCard: a gift card pays a part, so that less is charged.
func (c *company) giftCard() {
	c.At(c.Clock(13, 13, 10), func() {
		o := c.buy([]want{{"POSTER-A3", 1, east}}, func(o *order) { o.gift = 2500 })
		c.Healthy(day.Silent{
			Name: "gift card used", Kind: "order", Keys: []string{o.key()}, Why: "a gift card is a payment: the order is worth the same, and Stripe has 25.00 less",
		})
	})
}

// roundCash: the till rounds what is paid in cash.
func (c *company) roundCash() {
	c.At(c.Clock(13, 14, 50), func() {
		o := c.buy([]want{{"POSTER-A2", 1, east}}, func(o *order) { o.source, o.shipping, o.rounding = "pos", 0, 4 })
		c.Healthy(day.Silent{
			Name: "cash rounding", Kind: "order", Keys: []string{o.key()}, Why: "34.56 in cash are 34.60: the ERP invoices the rounding, the shop tells it apart",
		})
	})
}

// succeed notes the sales orders that are posted at 14:20 and gone then.
func (c *company) succeed() {
	c.At(c.Clock(14, 20, 1), func() {
		var posted []*order
		for _, o := range c.shop.orders {
			if n := len(o.progress.parcels); n > 0 && o.progress.parcels[n-1].at.Equal(c.Clock(14, 15, 0)) {
				posted = append(posted, o)
			}
		}
		c.Healthy(day.Silent{
			Name: "sales orders that disappear", Kind: "order", Keys: keysOf(posted), Counts: map[string]int{"orders": len(posted)},
			Why: "what is fully posted at 14:20 is gone in the ERP, and its invoices took over",
		})
	})
}

// oddOrders are orders that the ERP must not have, or the tax service.
func (c *company) oddOrders() {
	odd := []struct {
		name, why string
		what      want
		change    func(*order)
	}{
		{"sale in a store", "sold at the till of location 70001, which is left out", want{"SOCK-S", 1, east}, func(o *order) { o.source, o.shipping = "pos", 0 }},
		{"test order", "marked as a test", want{"TEE-BLK-S", 1, east}, func(o *order) { o.test = true }},
		{"unpaid order", "not paid yet", want{"POSTER-A2", 1, east}, func(o *order) { o.payment = "pending" }},
		{"marketplace tax", "the marketplace remits the tax itself", want{"SOCK-M", 1, east}, func(o *order) { o.source, o.marketplace = "amazon-us", true }},
	}
	for i, scene := range odd {
		c.At(c.Clock(16, 0, 0).Add(time.Duration(i)*47*time.Second), func() {
			o := c.buy([]want{scene.what}, scene.change)
			c.Healthy(day.Silent{Name: scene.name, Kind: "order", Keys: []string{o.key()}, Why: scene.why})
			if o.source == "pos" {
				c.send(shopName, "inventory_levels/update", c.levelBody(o.lines[0].variant, storeLocation, 3),
					travel{outcome: day.Ignored, why: "the registry leaves the location out"})
			}
		})
	}
	c.At(c.Clock(16, 4, 0), func() {
		c.send(shopName, "draft_orders/create", object{"id": c.newID(), "name": "#D41", "status": "open", "currency": "USD", "total_price": "24.50"},
			travel{outcome: day.Ignored, why: "a draft is no order"})
		c.Healthy(day.Silent{
			Name: "draft order", Kind: "order", Why: "a draft is no order; the topic is acknowledged and counted",
			Counts: map[string]int{"ignored": 1},
		})
	})
}
