package day

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// The company's systems, as the registry names them.
const (
	shopName = "shopify-us"
	erpName  = "erp"
	wmsName  = "wms"
)

// The places where goods are kept.
const (
	east = "east"
	west = "west"
)

// company is the simulated company: a shop, its ERP and its WMS, connected by
// jobs, under the hand of one clock and one source of chance.
type company struct {
	agenda
	chance *rand.Rand
	*catalogue
	shop  shop
	erp   erp
	wms   wms
	sent  []sent
	truth Truth
}

// sent is a delivery under way and what must become of it.
type sent struct {
	Delivery
	is, why string
}

// Generate simulates the day. One seed always gives the same day.
func Generate(seed uint64) Day {
	c := &company{chance: rand.New(rand.NewPCG(seed, 0)), catalogue: newCatalogue()}
	c.truth = Truth{Day: date, Timezone: timezone, Seed: seed}
	c.setUp()
	c.beforeDawn()
	c.jobs()
	c.business()
	c.plantFaults()
	c.setTraps()
	c.run()
	c.repeatSome()
	return c.day()
}

// day puts what was sent into the order of its arrival.
func (c *company) day() Day {
	slices.SortStableFunc(c.sent, func(a, b sent) int { return a.At.Compare(b.At) })
	d := Day{Truth: c.truth}
	for i, s := range c.sent {
		d.Deliveries = append(d.Deliveries, s.Delivery)
		if s.is != Accepted {
			d.Truth.Outcomes = append(d.Truth.Outcomes, Outcome{Line: i + 1, Is: s.is, Why: s.why})
		}
	}
	d.Truth.Deliveries = len(d.Deliveries)
	d.Truth.Planted, d.Truth.Traps = len(d.Truth.Alerts), len(d.Truth.Silent)
	slices.SortStableFunc(d.Truth.Alerts, func(a, b Alert) int {
		return slices.Compare([]string{a.From, a.Name}, []string{b.From, b.Name})
	})
	return d
}

// planted notes an alert that the day must raise.
func (c *company) planted(a Alert) { c.truth.Alerts = append(c.truth.Alerts, a) }

// healthy notes a trap that must stay silent.
func (c *company) healthy(s Silent) {
	if s.Keys == nil {
		s.Keys = []string{}
	}
	c.truth.Silent = append(c.truth.Silent, s)
}

// jitter is a duration between the two.
func (c *company) jitter(least, most time.Duration) time.Duration {
	return least + time.Duration(c.chance.Int64N(int64(most-least))).Truncate(time.Millisecond)
}

// uuid is a random identifier.
func (c *company) uuid() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(c.chance.UintN(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// pick chooses one of them.
func pick[T any](c *company, from []T) T { return from[c.chance.IntN(len(from))] }
