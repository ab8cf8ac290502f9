package full

import (
	"fmt"
	"time"
)

// The places where goods are kept, and the shop's native ids of them.
const (
	east = "east"
	west = "west"

	eastLocation  = 655441491
	westLocation  = 655441520
	storeLocation = 70001
	popUpLocation = 70002 // nobody told Plumbline of it
)

func nativeLocation(location string) int64 {
	if location == west {
		return westLocation
	}
	return eastLocation
}

// shop is the storefront.
type shop struct {
	orders []*order
	// holds says where orders to come will be held, by number.
	holds map[int]string
	// available is what the shop sells of each place.
	available map[place]int
	// buyers counts those who were never here before, lines and other ids what
	// was given out.
	buyers            int
	lineIDs, otherIDs int64
	// levelDelay is how long the next news of a level takes, 0 for the usual.
	levelDelay time.Duration
	// count is how many orders of the day count.
	count int
}

// place is a SKU at one of the company's locations.
type place struct{ sku, location string }

func (p place) key() string { return p.sku + "@" + p.location }

// want is one line of an order to come.
type want struct {
	sku      string
	units    int
	location string
}

// buy places an order now: paid, in the web shop, unless change says otherwise.
func (c *company) buy(wants []want, change ...func(*order)) *order {
	n := firstNumber + len(c.shop.orders)
	o := &order{
		n: n, store: shopName, id: firstOrder + int64(n-firstNumber), created: c.Now, updated: c.Now,
		payment: "paid", source: "web", shipping: 595, progress: progress{held: c.shop.holds[n]},
	}
	for _, w := range wants {
		o.lines = append(o.lines, c.line(w))
	}
	c.shop.orders = append(c.shop.orders, o)
	o.buyer = c.buyer(o)
	for _, f := range change {
		f(o)
	}
	c.send(shopName, "orders/create", c.orderBody(o), travel{})
	c.takeFromShelves(o)
	if o.web() {
		c.shop.count++
		c.charge(o)
	}
	if o.payment == "paid" && !o.test {
		c.commitTax(o)
	}
	return o
}

func (c *company) line(w want) *line {
	c.shop.lineIDs++
	v := c.find(w.sku)
	return &line{id: 14123400000000 + c.shop.lineIDs, variant: v, price: v.price, units: w.units, location: w.location}
}

// takeFromShelves lowers the shop's stock as an order is placed.
func (c *company) takeFromShelves(o *order) {
	for _, l := range o.lines {
		if p := (place{l.variant.sku, l.location}); c.counted(p) && !o.test && o.source != "pos" {
			c.setLevel(p, c.shop.available[p]-l.units, travel{delay: c.shop.levelDelay})
		}
	}
}

// counted reports whether anybody counts the place.
func (c *company) counted(p place) bool {
	_, ok := c.shop.available[p]
	return ok
}

// setLevel changes the shop's stock and tells of it.
func (c *company) setLevel(p place, available int, t travel) {
	c.shop.available[p] = available
	c.send(shopName, "inventory_levels/update", c.levelBody(c.find(p.sku), nativeLocation(p.location), available), t)
}

// update tells of a changed order.
func (c *company) update(o *order, topic string) {
	o.updated = c.Now
	c.send(shopName, topic, c.orderBody(o), travel{})
}

// fulfil tells the shop of a parcel.
func (c *company) fulfil(p parcel) {
	o := p.order
	f := fulfilment{id: c.newID(), at: c.Now, tracking: p.tracking, location: p.lines[0].location, lines: p.lines, units: p.units}
	for i, l := range p.lines {
		l.told += p.units[i]
	}
	o.fulfilments = append(o.fulfilments, f)
	c.send(shopName, "fulfillments/create", o.fulfilmentBody(len(o.fulfilments)-1), travel{})
	topic := "orders/fulfilled"
	if fulfilmentStatus(o) == "partial" {
		topic = "orders/updated"
	}
	c.update(o, topic)
}

// payBack refunds the shipping of an order.
func (c *company) payBack(o *order, r refund) {
	r.id, r.at = c.newID(), c.Now
	o.refunds = append(o.refunds, r)
	o.payment = "partially_refunded"
	c.send(shopName, "refunds/create", o.refundBody(r), travel{})
	c.update(o, "orders/updated")
}

// newID leaves room for the ids of what belongs to the entity.
func (c *company) newID() int64 {
	c.shop.otherIDs++
	return 5512300000000 + 10*c.shop.otherIDs
}

// unimported are units that buyers took and the ERP does not know of.
func (c *company) unimported(p place) (sum int) {
	for _, o := range c.shop.orders {
		if !o.progress.imported.IsZero() || o.test || o.source == "pos" {
			continue
		}
		for _, l := range o.lines {
			if l.variant.sku == p.sku && l.location == p.location {
				sum += l.units
			}
		}
	}
	return sum
}

// findOrder returns the order of a number.
func (c *company) findOrder(n int) *order { return c.shop.orders[n-firstNumber] }

// publish tells of a product as it is now.
func (c *company) publish(p *product) {
	c.send(shopName, "products/update", c.productBody(p), travel{})
}

// gid is the shop's global id of an entity.
func gid(kind string, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }
