package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// traps notes the healthy events that look like faults.
func (c *Company) traps() {
	c.At(c.Change, func() { c.trap("policy change"); c.fullJob() })
	c.At(c.HandOver(), func() { c.trap("owner who hands over") })
	c.At(forward, func() { c.trap("daylight saving") })
	for n := range max(1, c.options.Days/10) {
		begin := c.Start.AddDate(0, 0, 10*n)
		end := begin.AddDate(0, 0, min(9, c.options.Days-1))
		c.At(c.earliest(begin.Add(24*time.Hour), end), c.flashSale)
		c.At(c.earliest(begin.Add(12*time.Hour), end), c.hugeImport)
		c.At(clock(c.earliest(begin, end.AddDate(0, 0, -1)).In(c.zone), 18, 0), func() {
			c.campaign(c.items[c.rand.IntN(itemCount)].vendor, 3)
		})
		for _, trap := range []func(){c.repacks, c.busyListing, c.runsLate, c.slowCanary} {
			c.At(c.earliest(begin.Add(12*time.Hour), end), trap)
		}
	}
}

// flashSale sells one item as fast as buyers can click.
func (c *Company) flashSale() {
	c.trap("flash sale")
	s := c.shelves[2*c.rand.IntN(30)]
	c.adjust([]*shelf{s}, func(*shelf) int { return 150 })
	s.counted += 150
	c.tell(WMS, wmsLevel(s))
	c.In(2*time.Hour, func() {
		for range 60 + c.rand.IntN(80) {
			c.In(c.between(0, 20*time.Minute), func() { c.buy(s.item) })
		}
	})
}

// hugeImport lets the ERP write everything again, and receive a container.
func (c *Company) hugeImport() {
	c.trap("huge import")
	all := c.erpLevels(c.shelves)
	for _, it := range c.items {
		all = append(all, price(it, it.cents, it.sale), product(it))
	}
	c.tell(ERP, all...)
	var received []*shelf
	var counted []commerce.Observation
	for i, s := range c.shelves {
		if i%4 == 0 {
			s.counted += 5
			received, counted = append(received, s), append(counted, wmsLevel(s))
		}
	}
	c.tell(WMS, counted...)
	c.adjust(received, func(*shelf) int { return 5 })
}

// takeStock counts a location while the jobs rest.
func (c *Company) takeStock() {
	c.trap("stocktake")
	c.jobPaused = true
	location := locations[c.rand.IntN(len(locations))]
	var counted []*shelf
	var levels []commerce.Observation
	deltas := map[*shelf]int{}
	for _, s := range c.shelves {
		if s.location == location && s.per == 1 && c.chance(600) {
			deltas[s] = c.rand.IntN(5) - 2
			s.counted += deltas[s]
			counted, levels = append(counted, s), append(levels, wmsLevel(s))
		}
	}
	c.tell(WMS, levels...)
	c.adjust(counted, func(s *shelf) int { return deltas[s] })
	c.In(95*time.Minute, func() { c.jobPaused = false })
}

// cycleCount counts a few shelves, and is off by a piece now and then.
func (c *Company) cycleCount() {
	for range 8 {
		s := c.shelves[c.rand.IntN(len(c.shelves))]
		noise := c.rand.IntN(3) - 1
		s.counted += noise - s.noise
		s.noise = noise
		c.tell(WMS, wmsLevel(s))
	}
}
