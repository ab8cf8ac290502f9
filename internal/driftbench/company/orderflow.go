package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// placed lets the storefront tell of a new order, and everybody else get it.
func (c *Company) placed(o *order) {
	c.tell(Shop, c.shopOrder(o))
	if o.test {
		c.trap("test order")
		return
	}
	c.buys(o.customer)
	if !o.unpaid {
		c.takes(o)
		return
	}
	c.trap("order paid later")
	c.In(c.between(time.Hour, 20*time.Hour), func() {
		for _, l := range o.lines {
			o.cancelled = o.cancelled || l.available < l.units
		}
		o.unpaid = false
		c.tell(Shop, c.shopOrder(o))
		if !o.cancelled {
			c.takes(o)
		}
	})
}

// takes lets the storefront take a paid order's goods off its stock, and everybody
// else get the order.
func (c *Company) takes(o *order) {
	o.paid = c.Now()
	for _, l := range o.lines {
		l.available -= l.units
		l.waiting += l.units
		c.tell(Shop, shopLevel(l.shelf))
	}
	c.pays(o)
	c.In(c.lag(4*time.Minute, 25*time.Minute), func() { c.imports(o) })
	c.In(c.lag(5*time.Minute, 2*time.Hour), func() { c.taxes(o) })
}

// imports takes a web order into the ERP, unless that fails.
func (c *Company) imports(o *order) {
	if cause := c.brokenKit[o.kit]; cause != nil {
		c.notInERP(o, cause)
		c.stuck[cause] = append(c.stuck[cause], o)
		return
	}
	if cause := c.take(MissingOrder, true); cause != nil {
		c.notInERP(o, cause)
		c.repair(12*time.Hour, 30*time.Hour, func() { c.late(o) })
		return
	}
	if cause := c.take(LateOrder, true); cause != nil {
		c.notInERP(o, cause)
		c.In(c.between(50*time.Minute, 3*time.Hour), func() { c.late(o) })
		return
	}
	c.booksOrder(o)
	if cause := c.take(DuplicateOrder, true); cause != nil {
		c.duplicateOrder(o, cause)
	} else if cause := c.take(DeletedOrder, true); cause != nil {
		c.In(c.between(5*time.Minute, 50*time.Minute), func() { c.deleteOrder(o, cause) })
	} else if c.chance(30) {
		c.In(c.between(5*time.Minute, 50*time.Minute), func() { c.edits(o) })
	} else if c.chance(20) {
		c.In(c.between(5*time.Minute, 50*time.Minute), func() { c.cancels(o) })
	}
}

func (c *Company) notInERP(o *order, cause *Cause) {
	e := c.beginAt(cause, o.paid, commerce.Order, o.key(), "orders/order-in-erp")
	o.wrong = append(o.wrong, e)
}

// late imports an order after all.
func (c *Company) late(o *order) {
	c.booksOrder(o)
	c.right(o)
}

func (c *Company) right(o *order) {
	for _, e := range o.wrong {
		c.end(e)
	}
	o.wrong = nil
}

// booksOrder writes a sales order in the ERP, which the warehouse gets from there.
func (c *Company) booksOrder(o *order) {
	first := o.documents == 0
	o.documents++
	o.inERP, o.native = true, fmt.Sprintf("SO-%s-%d", o.number, o.documents)
	o.booked = o.total - o.tips - o.gift - o.exchanged
	c.rounds(o)
	shelves := make([]*shelf, 0, len(o.lines))
	for _, l := range o.lines {
		l.committed += l.units
		l.waiting -= l.units
		c.moved(l.shelf)
		shelves = append(shelves, l.shelf)
	}
	c.tell(ERP, c.erpOrder(o))
	c.tell(ERP, c.erpLevels(shelves)...)
	if !first {
		return
	}
	c.open = append(c.open, o)
	c.In(c.lag(3*time.Minute, 20*time.Minute), func() {
		if !o.cancelled {
			c.tell(WMS, c.wmsOrder(o))
		}
	})
	c.At(c.working(c.Now().Add(c.between(time.Hour, 12*time.Hour))), func() { c.ships(o) })
}

// rounds lets the ERP round tax its own way: a cent up or down in one order of
// ten, unless it was set to round per line.
func (c *Company) rounds(o *order) {
	switch {
	case c.cents != nil:
		if c.chance(600) {
			o.booked++
			e := c.begin(c.cents, commerce.Order, o.key(), "orders/order-money")
			e.Faint = true
		}
	case c.chance(50):
		o.booked++
	case c.chance(50):
		o.booked--
	}
}

// duplicateOrder lets the ERP import an order twice.
func (c *Company) duplicateOrder(o *order, cause *Cause) {
	o.wrong = append(o.wrong, c.begin(cause, commerce.Order, o.key(), "orders/order-in-erp"))
	twin := c.erpOrder(o)
	twin.Native += "B"
	c.tell(ERP, twin)
	c.repair(6*time.Hour, 30*time.Hour, func() {
		gone := c.erpOrder(o)
		gone.Native, gone.Gone, gone.Facets = twin.Native, true, nil
		c.tell(ERP, gone)
		c.right(o)
	})
}

// deleteOrder lets somebody delete a sales order in the ERP.
func (c *Company) deleteOrder(o *order, cause *Cause) {
	if !o.inERP || o.posted || o.cancelled {
		c.arm(cause)
		return
	}
	e := c.begin(cause, commerce.Order, o.key(), "orders/order-in-erp")
	o.wrong = append(o.wrong, e)
	c.leavesERP(o)
	for _, l := range o.lines {
		l.waiting += l.units
	}
	c.repair(4*time.Hour, 30*time.Hour, func() { c.late(o) })
}

// leavesERP takes the sales order and what it has committed out of the ERP.
func (c *Company) leavesERP(o *order) {
	o.inERP = false
	gone := c.erpOrder(o)
	gone.Gone, gone.Facets = true, nil
	var shelves []*shelf
	for _, l := range o.lines {
		l.committed -= l.units - l.shipped
		c.moved(l.shelf)
		shelves = append(shelves, l.shelf)
	}
	c.tell(ERP, gone)
	c.tell(ERP, c.erpLevels(shelves)...)
}

// edits adds a piece to an order after its import; the ERP follows, or not.
func (c *Company) edits(o *order) {
	l := &o.lines[0]
	if !o.inERP || o.posted || o.cancelled || l.available < 1 || o.units(shipped) > 0 {
		return
	}
	o.total += l.cents
	l.units++
	l.available--
	c.tell(Shop, c.shopOrder(o))
	c.tell(Shop, shopLevel(l.shelf))
	follow := func() {
		o.booked += l.cents
		l.committed++
		c.moved(l.shelf)
		c.tell(ERP, c.erpOrder(o))
		c.tell(ERP, erpLevel(l.shelf))
		c.In(c.lag(3*time.Minute, 20*time.Minute), func() { c.tell(WMS, c.wmsOrder(o)) })
	}
	cause := c.take(TotalDiffers, true)
	if cause == nil {
		c.trap("order edit")
		c.In(c.lag(2*time.Minute, 4*time.Minute), func() {
			if o.inERP && !o.posted {
				follow()
			}
		})
		return
	}
	o.wrong = append(o.wrong, c.begin(cause, commerce.Order, o.key(), "orders/order-money", "fulfilment/line-cancelled"))
	sold := c.begin(cause, commerce.Inventory, l.key(), stockRules...)
	sold.Faint = true
	c.repair(5*time.Hour, 24*time.Hour, func() {
		follow()
		c.right(o)
		c.In(30*time.Minute, func() { c.end(sold) })
	})
}

// cancels takes an order back before it is shipped.
func (c *Company) cancels(o *order) {
	if !o.inERP || o.posted || o.units(shipped) > 0 {
		return
	}
	c.trap("cancelled order")
	o.cancelled = true
	c.end(o.untaxed) // tax of what is not sold is nobody's concern
	c.tell(Shop, c.shopOrder(o))
	for _, l := range o.lines {
		l.available += l.units
		c.tell(Shop, shopLevel(l.shelf))
	}
	c.In(c.lag(2*time.Minute, 4*time.Minute), func() {
		c.leavesERP(o)
		c.tell(WMS, c.wmsOrder(o))
	})
}

// repair lets people find and mend something, in their working hours.
func (c *Company) repair(least, most time.Duration, what func()) {
	c.At(c.working(c.Now().Add(c.between(least, most))), what)
}

// phone enters an order in the ERP that no storefront knows.
func (c *Company) phone() {
	it := c.someItem()
	units := 1 + c.rand.IntN(4)
	s := c.place[[2]string{it.sku, locations[c.rand.IntN(2)]}]
	if s.free() < units+1 || s.per > 1 {
		return
	}
	s.committed += units
	c.moved(s)
	c.tell(ERP, erpLevel(s))
	c.At(c.working(c.Now().Add(c.between(2*time.Hour, 24*time.Hour))), func() {
		s.counted -= units
		c.tell(WMS, wmsLevel(s))
		c.unposted = append(c.unposted, &parcel{lines: []sent{{s, units}}})
	})
}
