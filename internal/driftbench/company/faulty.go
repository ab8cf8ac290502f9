package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// slow is a shelf that moves little and is right everywhere.
func (c *Company) slow(suitable func(*shelf) bool) *shelf {
	for range 500 {
		s := c.shelves[c.rand.IntN(len(c.shelves))]
		if s.rank > itemCount/3 && s.wrong == nil && s.per == 1 && !s.dirty && s.waiting == 0 && suitable(s) {
			return s
		}
	}
	return nil
}

// spoil lets an app write a wrong number to the storefront.
func (c *Company) spoil(cause *Cause) {
	delta := 2 + c.rand.IntN(10)
	if c.chance(500) {
		delta = -delta
	}
	s := c.slow(func(s *shelf) bool { return s.available+delta >= 0 })
	if s == nil {
		c.In(time.Hour, func() { cause.Start = c.Now(); c.spoil(cause) })
		return
	}
	s.available += delta
	s.wrong = c.begin(cause, commerce.Inventory, s.key(), stockRules...)
	c.tell(Shop, shopLevel(s))
}

// doubleItem lets the storefront have an item as two, at one location.
func (c *Company) doubleItem(cause *Cause) {
	s := c.slow(func(*shelf) bool { return true })
	if s == nil {
		c.In(time.Hour, func() { cause.Start = c.Now(); c.doubleItem(cause) })
		return
	}
	c.begin(cause, commerce.Product, commerce.Key{s.sku}, "products/one-sku")
	c.begin(cause, commerce.Inventory, s.key(), stockRules...).Faint = true
	twin, level := s.atShop(), shopLevel(s)
	twin.Native += "-copy"
	level.Native += "-copy"
	c.tell(Shop, twin, level)
	c.repair(10*time.Hour, 20*time.Hour, func() {
		twin.Gone, twin.Facets = true, nil
		level.Gone, level.Facets = true, nil
		c.tell(Shop, twin, level)
		for _, e := range cause.Episodes {
			c.end(e)
		}
	})
}

// spoilPrice lets somebody change a price in the storefront.
func (c *Company) spoilPrice(cause *Cause) {
	it := c.items[c.rand.IntN(itemCount)]
	if it.wrongPrice != nil {
		c.In(time.Hour, func() { cause.Start = c.Now(); c.spoilPrice(cause) })
		return
	}
	it.shownCents -= 100
	it.wrongPrice = c.begin(cause, commerce.Price, commerce.Key{it.sku, "base"}, "prices/price")
	c.tell(Shop, price(it, it.shownCents, it.shownSale))
	c.At(clock(c.Now().In(c.zone).AddDate(0, 0, 1), 11, 0), func() {
		if it.wrongPrice != nil {
			c.tell(Shop, c.showPrice(it))
		}
	})
}

// stopJob stops the stock job of a location for some hours.
func (c *Company) stopJob(cause *Cause) {
	location := locations[c.rand.IntN(len(locations))]
	c.stopped[location] = cause
	cause.What = location
	c.In(c.between(90*time.Minute, 5*time.Hour), func() {
		delete(c.stopped, location)
		cause.End = c.Now()
		c.stockJob()
	})
}

// breakKit lets the ERP forget what a kit is made of: its orders do not arrive.
func (c *Company) breakKit(cause *Cause) {
	kit := c.rand.IntN(len(c.kits))
	c.brokenKit[kit] = cause
	cause.What = fmt.Sprintf("kit %d", kit)
	c.repair(6*time.Hour, 24*time.Hour, func() {
		delete(c.brokenKit, kit)
		for _, o := range c.waitingOf(cause) {
			c.late(o)
		}
	})
}

func (c *Company) waitingOf(cause *Cause) []*order {
	waiting := c.stuck[cause]
	delete(c.stuck, cause)
	return waiting
}

// taxTwice lets two systems report tax for some hours.
func (c *Company) taxTwice(cause *Cause) {
	c.doubleTax = cause
	c.In(c.between(2*time.Hour, 5*time.Hour), func() { c.doubleTax = nil })
}

// changeUnit lets the ERP count an item in boxes.
func (c *Company) changeUnit(cause *Cause) {
	it := c.items[5+c.rand.IntN(60)]
	cause.What = it.sku
	set := func(per int) {
		var levels []commerce.Observation
		for _, location := range locations {
			s := c.place[[2]string{it.sku, location}]
			s.per = per
			c.moved(s)
			levels = append(levels, erpLevel(s))
		}
		c.tell(ERP, levels...)
	}
	var episodes []*Episode
	for _, location := range locations {
		s := c.place[[2]string{it.sku, location}]
		episodes = append(episodes, c.begin(cause, commerce.Inventory, s.key(), "count/wms-count"))
	}
	set(perBox)
	c.repair(26*time.Hour, 40*time.Hour, func() {
		set(1)
		for _, e := range episodes {
			c.end(e)
		}
	})
}

// shiftFeed lets the marketplace's feed be off by some units, of an item that
// sells all the time.
func (c *Company) shiftFeed(cause *Cause) {
	var s *shelf
	for s == nil || !s.onMarket || s.shifted != 0 || s.leaking {
		s = c.shelves[c.rand.IntN(2*31)]
	}
	cause.What = s.sku
	s.shifted = 3 + c.rand.IntN(4)
	e := c.begin(cause, commerce.Inventory, s.key(), "market/market-stock")
	c.feed(s)
	c.In(c.between(20*time.Hour, 40*time.Hour), func() {
		s.shifted = 0
		c.feed(s)
		c.end(e)
	})
}

// newLocation lets a warehouse appear that the registry does not know.
func (c *Company) newLocation(cause *Cause) {
	native := fmt.Sprintf("POP-%d", c.rand.IntN(1000))
	c.maps(cause, commerce.Key{WMS, "location", native}, "unknown location")
}

// unreadable lets a platform change its bodies.
func (c *Company) unreadable(cause *Cause) {
	c.maps(cause, commerce.Key{CRM, "topic", fmt.Sprintf("contacts/v%d", c.rand.IntN(100))}, "contact.id: want a number")
}

// maps tells of something that the registry does not know, again and again until
// somebody sees to it.
func (c *Company) maps(cause *Cause, key commerce.Key, reason string) {
	e := c.begin(cause, commerce.Mapping, key)
	of := commerce.Observation{
		Kind: commerce.Mapping, Key: key, Part: "mapping", Native: key[2], Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text(reason)},
	}
	c.tell(key[0], of)
	for range 5 {
		c.In(c.between(time.Minute, 4*time.Hour), func() { c.tell(key[0], of) })
	}
	c.repair(5*time.Hour, 24*time.Hour, func() {
		of.Gone, of.Facets = true, nil
		c.tell(key[0], of)
		c.end(e)
	})
}

// fallSilent lets a system send nothing for some hours of the next working day.
func (c *Company) fallSilent(cause *Cause) {
	begin := clock(c.Now().In(c.zone), 9, 0)
	for c.Now().After(begin) || begin.Weekday() == time.Sunday || begin.Weekday() == time.Saturday {
		begin = begin.AddDate(0, 0, 1)
	}
	if begin.After(c.End.AddDate(0, 0, -1)) {
		return
	}
	c.At(begin.Add(c.between(0, 3*time.Hour)), func() { c.silences(cause) })
}

func (c *Company) silences(cause *Cause) {
	cause.Start = c.Now()
	system := []string{WMS, ERP, Shop}[c.rand.IntN(3)]
	cause.What = system
	c.Truth.Causes = append(c.Truth.Causes, cause)
	c.silence(cause, system, c.Now().Add(c.between(5*time.Hour, 8*time.Hour)))
}

// startLeak lets the marketplace lose a unit or two of an item each day, which the
// nightly feed sets right. It is never more than two at once.
func (c *Company) startLeak(cause *Cause) {
	var s *shelf
	for s == nil || !s.onMarket || s.rank == 0 || s.shifted != 0 || s.leaking {
		s = c.shelves[c.rand.IntN(len(c.shelves))]
	}
	cause.What = s.sku
	s.leaking = true
	until := c.Now().Add(20 * day)
	var loses func()
	loses = func() {
		if c.Now().After(until) {
			s.leaking = false
			cause.End = c.Now()
			return
		}
		e := c.begin(cause, commerce.Inventory, s.key(), "market/market-stock")
		e.Faint = true
		s.shifted -= 1 + c.rand.IntN(2)
		c.feed(s)
		night := clock(c.Now().In(c.zone).AddDate(0, 0, 1), 3, 15)
		c.At(night, func() {
			s.shifted = 0
			c.feed(s)
			c.end(e)
		})
		c.At(night.Add(c.between(6*time.Hour, 18*time.Hour)), loses)
	}
	loses()
}

// startCents lets the ERP round tax up for ten days.
func (c *Company) startCents(cause *Cause) {
	c.cents = cause
	c.In(10*day, func() {
		c.cents = nil
		cause.End = c.Now()
	})
}

// newItem lets the warehouse receive an item that nobody created in the ERP.
func (c *Company) newItem(cause *Cause) {
	key := commerce.Key{fmt.Sprintf("NEW-%04d", c.rand.IntN(10000)), east}
	told := c.begin(cause, commerce.Mapping, commerce.Key{ERP, "sku", WMS})
	alone := c.begin(cause, commerce.Inventory, key, "count/known-sku")
	alone.Faint = true
	says := func(system string, facets commerce.Facets) {
		slot := natives[system][east]
		c.tell(system, commerce.Observation{
			Kind: commerce.Inventory, Key: key, Part: "level", Native: key[0] + "/" + slot, Slot: slot, Facets: facets,
		})
	}
	says(WMS, commerce.Facets{"on_hand": count(24)})
	c.repair(60*time.Hour, 80*time.Hour, func() {
		says(ERP, commerce.Facets{"on_hand": count(24), "free": count(24), "tracked": commerce.Bool(false)})
		c.end(alone)
		c.end(told)
	})
}

// strayPayment lets the payment service take money for nothing that the storefront
// knows.
func (c *Company) strayPayment(cause *Cause) {
	key := commerce.Key{fmt.Sprintf("S%07d", c.rand.IntN(10000000))}
	cause.What = c.Now().In(c.zone).Format(time.DateOnly)
	e := c.begin(cause, commerce.Payment, key, "payments/paid-day")
	of := commerce.Observation{
		Kind: commerce.Payment, Key: key, Part: "payment", Native: key[0], Slot: key[0], Created: c.Now().UTC(),
		Facets: commerce.Facets{"amount": cents(1000 + c.rand.IntN(9000)), "currency": commerce.Text("USD")},
	}
	c.tell(Pay, of)
	c.repair(40*time.Hour, 60*time.Hour, func() {
		of.Gone, of.Facets = true, nil
		c.tell(Pay, of)
		c.end(e)
	})
}
