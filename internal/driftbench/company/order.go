package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// order is a web order, as each system has it.
type order struct {
	number   string
	created  time.Time
	paid     time.Time
	lines    []line
	customer *customer
	kit      int // of which it is, or -1
	// In cents. Total holds tips, gift cards sold and exchanged goods as well.
	total, tips, gift, exchanged, tax, booked int
	unpaid, test, cancelled, refunded         bool
	// inERP: the ERP has it. Posted: it has invoiced it.
	inERP, posted bool
	documents     int
	native        string // the ERP's live document
	undone        bool   // the storefront's state was overwritten
	wrong         []*Episode
	untaxed       *Episode // or taxed twice
}

type line struct {
	*shelf
	units, shipped, told int
	cancelled            bool // by the warehouse
	refunded             bool // in the storefront as well
}

func (o *order) key() commerce.Key { return commerce.Key{Shop, o.number} }

// units sums over the lines.
func (o *order) units(of func(line) int) int {
	n := 0
	for _, l := range o.lines {
		n += of(l)
	}
	return n
}

func ordered(l line) int { return l.units }
func shipped(l line) int { return l.shipped }
func told(l line) int    { return l.told }

func left(l line) int {
	if l.cancelled {
		return 0
	}
	return l.units - l.shipped
}

func unfulfilled(l line) int {
	if l.refunded {
		return 0
	}
	return l.units - l.told
}

func (o *order) payment() string {
	switch {
	case o.unpaid:
		return "pending"
	case o.cancelled:
		return "voided"
	case o.refunded:
		return "partially_refunded"
	default:
		return "paid"
	}
}

func (c *Company) document(system, part, native, slot string, o *order, facets commerce.Facets) commerce.Observation {
	return commerce.Observation{
		System: system, Kind: commerce.Order, Key: o.key(), Part: part, Native: native, Slot: slot, Created: o.created.UTC(), Facets: facets,
	}
}

func (c *Company) shopOrder(o *order) commerce.Observation {
	open, done := o.units(unfulfilled), o.units(told)
	if o.cancelled {
		open = 0
	}
	if o.undone {
		open, done = o.units(ordered), 0
	}
	d := c.document(Shop, "order", "S"+o.number, "order", o, commerce.Facets{
		"payment": commerce.Text(o.payment()), "test": commerce.Bool(o.test), "cancelled": commerce.Bool(o.cancelled),
		"units": count(o.units(ordered)), "units_current": count(o.units(ordered)), "units_open": count(open), "units_shipped": count(done),
		"lines": count(len(o.lines)), "total_current": cents(o.total), "tips": cents(o.tips), "gift_sold": cents(o.gift),
		"exchanged": cents(o.exchanged), "tax": cents(o.tax), "currency": commerce.Text("USD"),
	})
	for _, l := range o.lines {
		location := ""
		if c.habits.located {
			location = l.location
		}
		if left(l) > 0 {
			d.Lines = append(d.Lines, commerce.Line{SKU: l.sku, Location: location, Units: commerce.Int(int64(l.units))})
		}
	}
	return d
}

func (c *Company) erpOrder(o *order) commerce.Observation {
	return c.document(ERP, "order", o.native, "order", o, commerce.Facets{
		"total_current": cents(o.booked), "units_current": count(o.units(ordered)), "currency": commerce.Text("USD"),
	})
}

func (c *Company) wmsOrder(o *order) commerce.Observation {
	open := o.units(left)
	if o.cancelled {
		open = 0
	}
	return c.document(WMS, "order", "W"+o.number, "order", o, commerce.Facets{
		"units_open": count(open), "units_shipped": count(o.units(shipped)),
	})
}

func (c *Company) taxOrder(o *order, native string) commerce.Observation {
	return c.document(Tax, "transaction", native, "transaction", o, commerce.Facets{"tax": cents(o.tax), "currency": commerce.Text("USD")})
}

// hour lets the buyers of an hour come.
func (c *Company) hour() {
	local := c.Now().In(c.zone)
	rate := float64(c.habits.orders) * float64(hourly[local.Hour()]) / 1000
	if local.Weekday() == time.Sunday {
		rate *= 0.6
	}
	for range c.poisson(rate) {
		c.In(c.between(0, time.Hour), func() { c.buy(nil) })
	}
	if local.Weekday() == time.Sunday || local.Hour() < 8 || local.Hour() > 17 {
		return
	}
	for range c.poisson(float64(c.habits.orders*c.habits.phone) / 1000) {
		c.In(c.between(0, time.Hour), c.phone)
	}
}

// hourly is how many of a thousand orders come in an hour of the day.
var hourly = [24]int{12, 8, 5, 4, 4, 8, 15, 28, 42, 52, 58, 60, 62, 58, 55, 54, 55, 58, 64, 70, 76, 72, 50, 30}

func (c *Company) someItem() *item {
	n := c.rand.IntN(c.weights)
	for _, it := range c.items {
		if n -= it.weight; n < 0 {
			return it
		}
	}
	return c.items[0]
}

// pick is a shelf that shows so many units of an item, if there is one.
func (c *Company) pick(it *item, units int) *shelf {
	first, second := east, west
	if c.chance(400) {
		first, second = west, east
	}
	for _, location := range []string{first, second} {
		if s := c.place[[2]string{it.sku, location}]; s.available >= units {
			return s
		}
	}
	return nil
}

// buy places a web order: of the item of a sale, or of what buyers like.
func (c *Company) buy(flash *item) {
	o := &order{created: c.Now(), kit: -1}
	switch {
	case flash != nil:
		o.add(c.pick(flash, 1), 1)
	case c.chance(60):
		o.kit = c.rand.IntN(len(c.kits))
		for _, it := range c.kits[o.kit] {
			o.add(c.pick(it, 1), 1)
		}
		if len(o.lines) < len(c.kits[o.kit]) {
			return
		}
	default:
		for range []int{1, 1, 1, 1, 1, 1, 2, 2, 2, 3}[c.rand.IntN(10)] {
			units := []int{1, 1, 1, 1, 2, 3}[c.rand.IntN(6)]
			o.add(c.pick(c.someItem(), units), units)
		}
	}
	if len(o.lines) == 0 {
		return
	}
	c.orders++
	o.number = fmt.Sprintf("US%06d", 100000+c.orders)
	o.customer = c.someCustomer()
	c.price(o)
	c.placed(o)
}

func (o *order) add(s *shelf, units int) {
	if s == nil {
		return
	}
	for i := range o.lines {
		if o.lines[i].shelf == s {
			return
		}
	}
	o.lines = append(o.lines, line{shelf: s, units: units})
}

// price sums an order up, with what makes totals hard to compare.
func (c *Company) price(o *order) {
	for _, l := range o.lines {
		each := l.cents
		if l.sale > 0 {
			each = l.sale
		}
		o.total += each * l.units
	}
	o.tax = o.total * 8 / 100
	o.total += o.tax
	if c.chance(30) {
		o.tips = 100 + c.rand.IntN(900)
		c.trap("tip")
	}
	if c.chance(15) {
		o.gift = 2500
		c.trap("gift card sold")
	}
	if c.chance(10) {
		o.exchanged = 1000 + c.rand.IntN(2000)
		c.trap("exchange")
	}
	o.total += o.tips + o.gift + o.exchanged
	o.test = c.chance(5)
	o.unpaid = !o.test && c.chance(20)
}
