package tuesday

import (
	"fmt"
	"time"
)

// The shop's native location ids.
const (
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
	// available is what the shop sells from each shelf.
	available map[shelf]int
	// lineIDs and otherIDs count what was given out.
	lineIDs, otherIDs int64
}

// shelf is where units of one variant are kept.
type shelf struct {
	variant  *variant
	location string
}

// want is one line of an order to come.
type want struct {
	sku      string
	units    int
	location string
}

// buy places an order now: paid, in the web shop, unless change says otherwise.
func (c *company) buy(wants []want, change ...func(*order)) *order {
	o := c.newOrder(wants)
	for _, f := range change {
		f(o)
	}
	c.fromShop("orders/create", c.orderBody(o), travel{})
	c.takeFromShelves(o, travel{})
	return o
}

func (c *company) newOrder(wants []want) *order {
	n := firstNumber + len(c.shop.orders)
	o := &order{
		n: n, id: firstOrder + int64(n-firstNumber), email: fmt.Sprintf("buyer%d@customers.example", n),
		created: c.Now, updated: c.Now, payment: "paid", source: "web", shipping: 595,
		progress: progress{held: c.shop.holds[n]},
	}
	for _, w := range wants {
		v := c.find(w.sku)
		c.shop.lineIDs++
		o.lines = append(o.lines, &line{
			id: 14123400000000 + c.shop.lineIDs, variant: v, price: v.price, units: w.units, location: w.location,
		})
	}
	c.shop.orders = append(c.shop.orders, o)
	return o
}

// takeFromShelves lowers the shop's stock as an order is placed.
func (c *company) takeFromShelves(o *order, t travel) {
	for _, l := range o.lines {
		if c.stocked(l.variant) && !o.test && o.source == "web" {
			c.setLevel(l.variant, l.location, c.shop.available[shelf{l.variant, l.location}]-l.units, t)
		}
	}
}

// stocked reports whether anybody counts the variant.
func (c *company) stocked(v *variant) bool {
	_, ok := c.shop.available[shelf{v, east}]
	return ok
}

// setLevel changes the shop's stock and tells of it.
func (c *company) setLevel(v *variant, location string, available int, t travel) {
	c.shop.available[shelf{v, location}] = available
	c.fromShop("inventory_levels/update", c.levelBody(v, nativeLocation(location), available), t)
}

// update tells of a changed order.
func (c *company) update(o *order, topic string) {
	o.updated = c.Now
	c.fromShop(topic, c.orderBody(o), travel{})
}

// fulfil tells the shop of shipped lines.
func (c *company) fulfil(o *order, lines []*line) {
	f := fulfilment{id: c.newID(), at: c.Now, location: lines[0].location}
	f.tracking = fmt.Sprintf("1Z5A%09d", f.id%1e9)
	for _, l := range lines {
		f.lines = append(f.lines, l)
		f.units = append(f.units, l.shipped-l.told)
		l.told = l.shipped
	}
	o.fulfilments = append(o.fulfilments, f)
	c.fromShop("fulfillments/create", o.fulfilmentBody(len(o.fulfilments)-1), travel{})
	topic := "orders/fulfilled"
	if status := fulfilmentStatus(o); status != nil && *status == "partial" {
		topic = "orders/updated"
	}
	c.update(o, topic)
}

// payBack refunds money, with goods or as a goodwill payment.
func (c *company) payBack(o *order, r refund) {
	r.id, r.at = c.newID(), c.Now
	o.refunds = append(o.refunds, r)
	if r.line != nil {
		r.line.refunded += r.units
	}
	o.payment = "partially_refunded"
	c.fromShop("refunds/create", o.refundBody(r), travel{})
	c.update(o, "orders/updated")
}

// newID leaves room for the ids of what belongs to the entity.
func (c *company) newID() int64 {
	c.shop.otherIDs++
	return 5512300000000 + 10*c.shop.otherIDs
}

// unimported are units that buyers took and the ERP does not know of.
func (c *company) unimported(v *variant, location string) (sum int) {
	for _, o := range c.shop.orders {
		if !o.progress.imported.IsZero() || o.test || o.source != "web" || !o.cancelled.IsZero() {
			continue
		}
		for _, l := range o.lines {
			if l.variant.sku == v.sku && l.location == location {
				sum += l.units
			}
		}
	}
	return sum
}

// findOrder returns the order of a number, or nil while it is not placed.
func (c *company) findOrder(n int) *order {
	if n-firstNumber >= len(c.shop.orders) {
		return nil
	}
	return c.shop.orders[n-firstNumber]
}

// publish tells of a product as it is now.
func (c *company) publish(p *product, topic string) {
	c.fromShop(topic, c.productBody(p), travel{})
}

// business hours of the web shop: how long to wait for the next order.
func (c *company) patience() time.Duration {
	switch hour := c.Now.Hour(); {
	case hour < 7:
		return c.Jitter(14*time.Minute, 34*time.Minute)
	case hour < 20:
		return c.Jitter(4*time.Minute, 16*time.Minute)
	default:
		return c.Jitter(9*time.Minute, 20*time.Minute)
	}
}
