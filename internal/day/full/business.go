package full

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// What the day comes to: so many orders that count, worth so much when it is over.
const (
	orderCount = 412
	orderTotal = script.Cents(3821460)
)

// hours are when how many people buy of their own accord.
var hours = []struct {
	from, until, orders int
}{
	{0, 7, 22}, {7, 9, 20}, {9, 12, 56}, {12, 17, 86}, {17, 20, 42}, {20, 23, 26},
}

// business plans the orders that nothing is special about, and at last one that
// makes the sum of the day what it is.
func (c *company) business() {
	for _, h := range hours {
		span := int64(h.until-h.from) * int64(time.Hour)
		var times []time.Time
		for range h.orders {
			times = append(times, c.Clock(h.from, 0, 0).Add(time.Duration(c.Chance.Int64N(span)).Truncate(time.Millisecond)))
		}
		slices.SortFunc(times, time.Time.Compare)
		for _, t := range times {
			c.At(t, c.shopAtRandom)
		}
	}
	for n := range 24 {
		c.At(c.Clock(6, 10, 0).Add(time.Duration(n)*37*time.Minute), c.sellLeftovers)
	}
	c.At(c.Clock(23, 5, 0), c.closeTheDay)
}

// shopAtRandom places an order of one to three lines.
func (c *company) shopAtRandom() {
	if c.shop.count >= orderCount-1 {
		return
	}
	location := east
	if c.Chance.IntN(4) == 0 {
		location = west
	}
	var wants []want
	for range 1 + c.Chance.IntN(3) {
		sku := script.Pick(c.Script, sellers)
		if (place{sku, location}) == (place{leaky, west}) {
			continue // nothing but the leak moves there
		}
		if !slices.ContainsFunc(wants, func(w want) bool { return w.sku == sku }) {
			wants = append(wants, want{sku, 1 + c.Chance.IntN(4)/3, location})
		}
	}
	if len(wants) > 0 {
		c.buy(wants)
	}
}

// closeTheDay places what is left of the day's orders, the last one for a price
// that was agreed on.
func (c *company) closeTheDay() {
	if c.shop.count < orderCount-1 {
		c.shopAtRandom()
		c.In(20*time.Second, c.closeTheDay)
		return
	}
	c.buy([]want{{giftBox, 1, east}}, func(o *order) {
		o.lines[0].untaxed = true
		o.lines[0].price = orderTotal - c.shop.worth(o) - o.shipping
	})
}

// worth is what the orders that count are worth by now, but for one.
func (s *shop) worth(but *order) (sum script.Cents) {
	for _, o := range s.orders {
		if o.web() && o != but {
			sum += o.totalCurrent()
		}
	}
	return sum
}
