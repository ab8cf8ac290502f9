package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// stockJob passes changed stock on to the storefront, a minute later, unless it
// does not run.
func (c *Company) stockJob() {
	if c.jobPaused {
		return
	}
	c.In(c.between(20*time.Second, 80*time.Second), func() {
		for _, s := range c.shelves {
			if !s.dirty {
				continue
			}
			if cause := c.stopped[s.location]; cause != nil {
				c.notPassed(s, cause)
				continue
			}
			s.dirty = false
			if c.target(s) == s.available {
				c.rightAtShop(s)
				continue
			}
			if cause := c.take(LostUpdate, s.rank > itemCount/2 && s.wrong == nil && !c.explained(s)); cause != nil {
				s.wrong = c.begin(cause, commerce.Inventory, s.key(), stockRules...)
				continue
			}
			c.push(s)
		}
	})
}

// notPassed notes what a stopped job leaves behind.
func (c *Company) notPassed(s *shelf, cause *Cause) {
	switch same := c.explained(s); {
	case same && s.wrong != nil && s.wrong.Cause == cause:
		c.rightAtShop(s)
	case !same && s.wrong == nil:
		s.wrong = c.begin(cause, commerce.Inventory, s.key(), stockRules...)
	}
}

// explained reports whether orders on their way account for what the storefront
// shows.
func (c *Company) explained(s *shelf) bool {
	most := c.target(s)
	if c.habits.reserves {
		most += s.waiting
	}
	return s.available <= most && s.available >= most-s.waiting
}

// push sets the storefront's stock.
func (c *Company) push(s *shelf) {
	s.available = c.target(s)
	c.tell(Shop, shopLevel(s))
	c.rightAtShop(s)
}

func (c *Company) rightAtShop(s *shelf) {
	c.end(s.wrong)
	s.wrong = nil
}

// fullJob passes everything on that is not as it should be.
func (c *Company) fullJob() {
	for _, s := range c.shelves {
		if c.stopped[s.location] == nil && c.target(s) != s.available {
			s.dirty = false
			c.push(s)
		}
	}
}

// marketFeed passes changed stock on to the marketplace.
func (c *Company) marketFeed() {
	if c.jobPaused {
		return
	}
	c.In(c.between(20*time.Second, 80*time.Second), func() {
		for _, s := range c.shelves {
			if !s.marketDirty {
				continue
			}
			s.marketDirty = false
			if c.marketTarget(s) != s.market {
				c.feed(s)
			}
		}
	})
}

// feed sets the marketplace's stock.
func (c *Company) feed(s *shelf) {
	s.market = c.marketTarget(s)
	c.tell(Market, marketLevel(s))
}

// replenish receives goods of what runs low: in the warehouse now, in the ERP at
// night.
func (c *Company) replenish() {
	for _, s := range c.shelves {
		low := 8 + c.month(s.item, s.location)/4
		if s.onHand-s.committed+s.unreceived > low {
			continue
		}
		n := 24 + c.month(s.item, s.location)
		c.In(c.between(0, 8*time.Hour), func() {
			s.counted += n
			s.unreceived += n
			c.tell(WMS, wmsLevel(s))
		})
	}
}
