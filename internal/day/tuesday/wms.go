package tuesday

import (
	"slices"
	"strconv"
	"time"
)

// wms is the warehouse system: it gets orders from the ERP and ships them.
type wms struct {
	// cancelled units of an order that the warehouse will not ship.
	cancelled map[*order]int
}

// The habits of the warehouse.
const (
	waveSize = 6
	// ripening is how long an order waits at the warehouse before it is picked.
	ripening = 45 * time.Minute
)

// release hands orders to the warehouse.
func (c *company) release(orders []*order) {
	var records []reported
	for _, o := range orders {
		if o.progress.held != heldAtERP {
			o.progress.released = c.Now
			records = append(records, c.warehouseOrder(o))
		}
	}
	c.report(wmsName, records, travel{})
}

func (c *company) warehouseOrder(o *order) reported {
	open := o.units() - o.shipped() - c.wms.cancelled[o]
	return reported{
		Kind: "order", ID: "W-" + strconv.Itoa(o.n), Key: map[string]any{"store": "ACME-US", "number": o.number()},
		CreatedAt: stamp(o.progress.released), UpdatedAt: stamp(c.Now),
		Facets: map[string]any{
			"units": strconv.Itoa(o.units()), "units_open": strconv.Itoa(open), "units_shipped": strconv.Itoa(o.shipped()),
		},
	}
}

// wave picks, packs and ships what has ripened.
func (c *company) wave() {
	var parcels []parcel
	var records []reported
	for _, o := range c.shop.orders {
		if len(parcels) == waveSize {
			break
		}
		if p := c.pack(o); len(p.lines) > 0 {
			parcels = append(parcels, p)
			records = append(records, c.warehouseOrder(o))
		}
	}
	if len(parcels) == 0 {
		return
	}
	c.report(wmsName, records, travel{})
	for _, p := range parcels {
		told := c.Now.Add(c.Jitter(time.Minute, 5*time.Minute))
		if p.order.progress.toldLater.After(told) {
			told = p.order.progress.toldLater.Add(c.Jitter(0, 40*time.Second))
		}
		c.At(told, func() { c.fulfil(p.order, p.lines) })
	}
	c.In(12*time.Minute, func() { c.invoice(parcels) })
}

// pack takes the lines of an order that can go now.
func (c *company) pack(o *order) parcel {
	p := parcel{order: o}
	if o.progress.released.IsZero() || c.Now.Sub(o.progress.released) < ripening || o.progress.held != "" {
		return p
	}
	for i, l := range o.lines {
		if open := l.units - l.refunded - l.shipped; open > 0 && !slices.Contains(o.progress.backOrdered, i) {
			p.lines, p.units = append(p.lines, l), append(p.units, open)
			l.shipped += open
		}
	}
	return p
}
