package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Repriced is for how long a price of the marketplace may differ at most, as the
// company promises. Nobody told the registry: its rule learns it.
const Repriced = 45 * time.Minute

const (
	// repricing is how often the job for the marketplace's prices runs.
	repricing = 15 * time.Minute
	// listed is which part of the items the marketplace has prices of: one in so
	// many.
	listed = 3
)

// listing is an item's price on the marketplace, in cents.
type listing struct {
	*item
	cents, shown int
	// changed is when the ERP changed it, for a price that is on its way.
	changed time.Time
	wrong   *Episode
	// apart is the fault for which the marketplace follows with other prices.
	apart *Cause
}

func (l *listing) says(value int) commerce.Observation {
	o := price(l.item, value, 0)
	o.Key = commerce.Key{l.sku, "market"}
	o.Native, o.Slot = l.sku+"/market", "market"
	return o
}

// list gives items a price on the marketplace.
func (c *Company) list() {
	for i := 0; i < len(c.items); i += listed {
		it := c.items[i]
		c.listings = append(c.listings, &listing{item: it, cents: it.cents + 100, shown: it.cents + 100})
	}
}

// openListings tells all prices of the marketplace.
func (c *Company) openListings() {
	var all []commerce.Observation
	for _, l := range c.listings {
		all = append(all, l.says(l.cents))
	}
	c.tell(ERP, all...)
	c.tell(Market, append([]commerce.Observation(nil), all...)...)
}

// marketSays lets the marketplace tell again what it has of an item, as it does all
// the time.
func (c *Company) marketSays() {
	s := c.shelves[c.rand.IntN(len(c.shelves))]
	for !s.onMarket {
		s = c.shelves[c.rand.IntN(len(c.shelves))]
	}
	said := []commerce.Observation{marketLevel(s)}
	if l := c.listings[c.rand.IntN(len(c.listings))]; l.apart == nil {
		said = append(said, l.says(l.shown))
	}
	c.tell(Market, said...)
}

// reprices lets the ERP follow competitors, by day and a little at night.
func (c *Company) reprices() {
	rate := 0.5
	if hour := c.Now().In(c.zone).Hour(); hour >= 7 && hour < 21 {
		rate = 5
	}
	for range c.poisson(rate) {
		c.In(c.between(0, time.Hour), func() {
			if l := c.listings[c.rand.IntN(len(c.listings))]; l.apart == nil {
				c.relists(l)
			}
		})
	}
}

func (c *Company) relists(l *listing) {
	l.cents += 10 * (1 + c.rand.IntN(20))
	if l.changed.IsZero() {
		l.changed = c.Now()
	}
	c.tell(ERP, l.says(l.cents))
	if l.apart != nil {
		c.In(c.between(20*time.Second, 80*time.Second), func() { c.tell(Market, l.says(l.cents+1+c.rand.IntN(9))) })
	}
}

// marketPrices passes changed prices on to the marketplace, when it is time.
func (c *Company) marketPrices() {
	late := c.slowPrices != nil && c.Now().Before(c.pricesNext)
	for _, l := range c.listings {
		switch {
		case l.apart != nil || l.changed.IsZero():
		case late && l.wrong == nil:
			l.wrong = c.beginAt(c.slowPrices, l.changed, commerce.Price, commerce.Key{l.sku, "market"}, "listings/listing")
		case !late:
			c.passes(l)
		}
	}
	if !late {
		c.slowPrices = nil
	}
	c.In(c.season(), c.marketPrices)
}

func (c *Company) passes(l *listing) {
	c.In(c.between(20*time.Second, 80*time.Second), func() {
		l.shown, l.changed = l.cents, time.Time{}
		c.tell(Market, l.says(l.shown))
		c.end(l.wrong)
		l.wrong = nil
	})
}

// season is how long it takes until the job runs again: in the busy weeks of every
// second month a third longer, by and by.
func (c *Company) season() time.Duration {
	const (
		rest = 24 * day
		busy = 10 * day
		more = 5 * time.Minute
	)
	into := c.Now().Sub(c.Start) % (rest + busy)
	if into < rest {
		return repricing
	}
	if c.Now().Sub(c.busySince) > busy {
		c.busySince = c.Now()
		c.trap("busy season")
	}
	share := min(1, 2*float64(into-rest)/float64(busy))
	return repricing + time.Duration(share*float64(more))
}

// slowed is how long a run takes that usually takes a minute: longer than the rule
// has learnt, and less than it waits for what it has not learnt.
const slowed = 3 * time.Hour

// slowsDown lets one run of the job for the marketplace's prices take hours.
func (c *Company) slowsDown(cause *Cause) {
	if c.slowPrices != nil {
		c.In(12*time.Hour, func() { cause.Start = c.Now(); c.slowsDown(cause) })
		return
	}
	c.slowPrices, c.pricesNext = cause, c.Now().Add(slowed)
}

// never lets two jobs set the price of an item that changes all the time, so that
// the marketplace moves with it and is never right.
func (c *Company) never(cause *Cause) {
	l := c.quietListing()
	if l == nil {
		c.In(time.Hour, func() { cause.Start = c.Now(); c.never(cause) })
		return
	}
	l.apart = cause
	l.wrong = c.begin(cause, commerce.Price, commerce.Key{l.sku, "market"}, "listings/listing")
	c.chases(l, c.Now().Add(12*time.Hour), func() {
		l.apart = nil
		c.passes(l)
	})
}

// busyListing lets the price of an item change all the time, which the marketplace
// follows as it should.
func (c *Company) busyListing() {
	if l := c.quietListing(); l != nil {
		c.trap("price that changes all the time")
		c.chases(l, c.Now().Add(6*time.Hour), func() {})
	}
}

// chases changes a price every two minutes until the time: more often than a row
// remembers within a settle time.
func (c *Company) chases(l *listing, until time.Time, over func()) {
	if c.Now().After(until) {
		over()
		return
	}
	c.relists(l)
	c.In(2*time.Minute, func() { c.chases(l, until, over) })
}

func (c *Company) quietListing() *listing {
	for range 100 {
		if l := c.listings[c.rand.IntN(len(c.listings))]; l.apart == nil && l.wrong == nil && l.changed.IsZero() && c.slowPrices == nil {
			return l
		}
	}
	return nil
}
