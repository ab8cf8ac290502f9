package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// parcel is what left the warehouse and the ERP has not posted.
type parcel struct {
	order    *order
	tracking string
	lines    []sent
	// outlet says that it left from a place that does not ship.
	outlet bool
	// astray is why it left from another place than the ERP says, or nil, which
	// nobody can know before the ERP has posted it.
	astray *Cause
}

type sent struct {
	*shelf
	units int
}

// ships sends what is left of an order, or the first part of it.
func (c *Company) ships(o *order) {
	if o.cancelled || o.posted {
		return
	}
	if !o.inERP || o.undone || len(o.wrong) > 0 {
		c.At(c.working(c.Now().Add(2*time.Hour)), func() { c.ships(o) })
		return
	}
	if len(o.lines) > 1 && o.units(shipped) == 0 {
		if cause := c.take(LineCancelled, true); cause != nil {
			c.cancelsLine(o, cause)
		}
	}
	split := len(o.lines) > 1 && o.units(shipped) == 0 && c.chance(200)
	p := &parcel{order: o, tracking: fmt.Sprintf("T%s-%d", o.number, o.units(shipped)+1)}
	var levels []commerce.Observation
	for i := range o.lines {
		l := &o.lines[i]
		units := left(*l)
		if units == 0 || split && i > 0 {
			continue
		}
		l.shipped += units
		l.counted -= units
		p.lines = append(p.lines, sent{l.shelf, units})
		levels = append(levels, wmsLevel(l.shelf))
	}
	if len(p.lines) == 0 {
		return
	}
	c.tell(WMS, levels...)
	c.tell(WMS, c.wmsOrder(o))
	c.route(p)
	c.unposted = append(c.unposted, p)
	c.tellsShop(o, split)
	if split {
		c.trap("split shipment")
		c.At(c.working(c.Now().Add(c.between(time.Hour, 24*time.Hour))), func() { c.ships(o) })
	}
}

// route reports from where a parcel left.
func (c *Company) route(p *parcel) {
	location := p.lines[0].location
	if cause := c.take(WrongRoute, true); cause != nil {
		p.astray = cause
		location = map[string]string{east: west, west: east}[location]
	} else if cause := c.take(WrongPlace, true); cause != nil {
		p.outlet, location = true, outlet
		e := c.begin(cause, commerce.Shipment, commerce.Key{Shop, p.order.number, p.tracking}, "routing/places")
		c.repair(10*time.Hour, 40*time.Hour, func() {
			c.end(e)
			p.outlet = false
			c.tell(WMS, c.shipment(p, p.lines[0].location))
			c.tell(ERP, c.shipment(p, p.lines[0].location))
		})
	}
	c.tell(WMS, c.shipment(p, location))
}

func (c *Company) shipment(p *parcel, location string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{Shop, p.order.number, p.tracking}, Part: "shipment", Native: p.tracking,
		Facets: commerce.Facets{"location": commerce.Text(location)},
	}
}

// tellsShop lets the storefront know what was shipped, unless it does not.
func (c *Company) tellsShop(o *order, split bool) {
	now := make([]int, len(o.lines))
	for i, l := range o.lines {
		now[i] = l.shipped
	}
	arrives := func() {
		for i := range now {
			o.lines[i].told = max(o.lines[i].told, now[i])
		}
		c.tell(Shop, c.shopOrder(o))
	}
	rules := []string{"fulfilment/shipped-told", "fulfilment/line-cancelled"}
	if cause := c.take(LateShipment, !split); cause != nil {
		e := c.begin(cause, commerce.Order, o.key(), rules...)
		c.In(c.between(50*time.Minute, 4*time.Hour), func() { arrives(); c.end(e) })
		return
	}
	if cause := c.take(ShipmentNotTold, !split && len(o.lines) > 1); cause != nil {
		e := c.begin(cause, commerce.Order, o.key(), rules...)
		c.repair(5*time.Hour, 30*time.Hour, func() { arrives(); c.end(e) })
		return
	}
	c.In(c.lag(3*time.Minute, 24*time.Minute), func() {
		arrives()
		if cause := c.take(StateOverwritten, !split && o.units(left) == 0); cause != nil {
			c.In(c.between(10*time.Minute, 2*time.Hour), func() { c.overwrites(o, cause) })
		} else if cause := c.take(StateBackwards, !split && o.units(left) == 0); cause != nil {
			c.In(c.between(10*time.Minute, 2*time.Hour), func() { c.unpays(o, cause) })
		}
	})
}

// overwrites lets an app write an order's state of yesterday over today's.
func (c *Company) overwrites(o *order, cause *Cause) {
	e := c.begin(cause, commerce.Order, o.key(), "fulfilment/shipped-told", "fulfilment/line-cancelled")
	o.undone = true
	c.tell(Shop, c.shopOrder(o))
	c.repair(5*time.Hour, 30*time.Hour, func() {
		o.undone = false
		c.tell(Shop, c.shopOrder(o))
		c.end(e)
	})
}

// unpays lets a paid order become unpaid again, which no other system contradicts.
func (c *Company) unpays(o *order, cause *Cause) {
	e := c.begin(cause, commerce.Order, o.key(), "fulfilment/state")
	o.unpaid = true
	c.tell(Shop, c.shopOrder(o))
	c.repair(5*time.Hour, 30*time.Hour, func() {
		o.unpaid = false
		c.tell(Shop, c.shopOrder(o))
		c.end(e)
	})
}

// cancelsLine lets the warehouse cancel what it cannot find, and tell nobody.
func (c *Company) cancelsLine(o *order, cause *Cause) {
	e := c.begin(cause, commerce.Order, o.key(), "fulfilment/line-cancelled", "fulfilment/shipped-told")
	i := len(o.lines) - 1
	o.lines[i].cancelled = true
	c.repair(5*time.Hour, 24*time.Hour, func() {
		l := &o.lines[i]
		l.refunded, o.refunded = true, true
		c.tell(Shop, c.shopOrder(o))
		c.end(e)
		l.committed -= l.units
		c.moved(l.shelf)
		c.tell(ERP, erpLevel(l.shelf))
		c.refunds(o, l.cents*l.units)
	})
}

// post is the ERP's nightly posting: what was shipped, received and refunded.
func (c *Company) post() {
	touched := map[*shelf]bool{}
	var waiting []*parcel
	for _, p := range c.unposted {
		if p.order != nil && !p.order.inERP {
			waiting = append(waiting, p)
			continue
		}
		c.postParcel(p, touched)
	}
	c.unposted = waiting
	var levels []commerce.Observation
	for _, s := range c.shelves {
		if s.unreceived != 0 {
			s.onHand += s.unreceived
			s.unreceived = 0
			c.moved(s)
			touched[s] = true
		}
		if touched[s] {
			levels = append(levels, erpLevel(s))
		}
	}
	c.tell(ERP, levels...)
	for _, memo := range c.memos {
		memo()
	}
	c.memos = nil
}

func (c *Company) postParcel(p *parcel, touched map[*shelf]bool) {
	for _, l := range p.lines {
		l.committed -= l.units
		l.onHand -= l.units
		touched[l.shelf] = true
	}
	if p.order == nil {
		return
	}
	location := p.lines[0].location
	if p.outlet {
		location = outlet
	}
	c.tell(ERP, c.shipment(p, location))
	if p.astray != nil {
		e := c.begin(p.astray, commerce.Shipment, commerce.Key{Shop, p.order.number, p.tracking}, "routing/ships-from")
		c.repair(10*time.Hour, 40*time.Hour, func() {
			c.end(e)
			c.tell(WMS, c.shipment(p, p.lines[0].location))
		})
	}
	if o := p.order; o.units(left) == 0 && o.units(shipped) > 0 && !o.posted {
		c.invoices(o)
	}
}

// invoices posts a sales order, which then is an invoice.
func (c *Company) invoices(o *order) {
	o.posted = true
	gone := c.erpOrder(o)
	invoice := gone
	invoice.Part, invoice.Native, invoice.Slot = "invoice", "INV-"+o.number, ""
	gone.Gone, gone.Facets, gone.SucceededBy = true, nil, invoice.Native
	c.tell(ERP, gone, invoice)
	c.shipped = append(c.shipped, o)
	if len(c.shipped) > 2000 {
		c.shipped = c.shipped[1000:]
	}
}
