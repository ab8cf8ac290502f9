// Package company simulates a mid-sized shop: systems, jobs with schedules,
// people, lags, and everything that goes wrong on a plan. The same seed makes
// the same company, which tells whoever listens what its systems would send to
// Plumbline, and knows the truth about every fault.
//
// It owns no judgement: what the faults look like in Plumbline, and who finds
// them how soon, is for the benchmark.
package company

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/rerun"
)

// The systems of every company.
const (
	Shop   = "shop"
	ERP    = "erp"
	WMS    = "wms"
	Tax    = "tax"
	CRM    = "crm"
	Pay    = "pay"
	Market = "market"
)

const (
	east = "east"
	west = "west"
	// outlet is a shop that does not ship.
	outlet = "outlet"
)

var locations = []string{east, west}

// Options say which company to simulate.
type Options struct {
	Seed uint64
	// Days is how long it is watched. The clocks go forward in the middle, or
	// after 45 days.
	Days int
	// Faults are planted; nil plants all there are, an empty list none.
	Faults []Fault
	// Deliver takes what reaches Plumbline, at the time when it does.
	Deliver func(Delivery)
	// Rest lets a part of Plumbline stand still, or go on.
	Rest func(part rerun.Part, rests bool)
}

// Delivery is what one system says in one call.
type Delivery struct {
	ID           string
	System       string
	Received     time.Time
	Observations []commerce.Observation
}

// Company is a simulated company.
type Company struct {
	*rerun.Agenda
	Truth Truth
	// Start and End bound the simulated time.
	Start, End time.Time
	// Change is when the safety buffers change.
	Change time.Time

	options Options
	zone    *time.Location
	rand    *rand.Rand
	habits  habits
	items   []*item
	kits    [][]*item
	// listings are the prices on the marketplace; slowPrices is the fault of the job
	// that passes them on, which then runs next at pricesNext.
	listings   []*listing
	slowPrices *Cause
	pricesNext time.Time
	busySince  time.Time
	weights    int
	shelves    []*shelf
	place      map[[2]string]*shelf

	orders                      int
	open, shipped               []*order
	customers                   []*customer
	transactions, returns, paid int
	payoutGross, payoutRefunds  int
	unposted                    []*parcel
	memos                       []func()
	priceJob                    []*item
	armed                       map[Fault][]*Cause
	planned                     []span
	stopped, silent             map[string]*Cause // by location, or system
	held                        map[string][]Delivery
	doubleTax, cents            *Cause
	brokenKit                   map[int]*Cause
	stuck                       map[*Cause][]*order // that a broken kit keeps out of the ERP
	sequence, deliveries        int
	jobPaused                   bool
}

// habits are what differs from company to company.
type habits struct {
	orders int // web orders on a usual day
	phone  int // of a hundred web orders, so many orders are entered in the ERP
	// reserves: the job that sets the shop's stock takes off what is on web
	// orders that the ERP does not have yet.
	reserves bool
	// located: web orders say from where their lines will leave.
	located bool
}

// forward is when the clocks of New York go forward in 2026.
var forward = time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC)

// New makes a company that has not opened yet. Run lets it.
func New(o Options, zone *time.Location) *Company {
	local := forward.In(zone).AddDate(0, 0, -min(o.Days/2, 45))
	start := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	c := &Company{
		Agenda: rerun.NewAgenda(start), Start: start, End: start.AddDate(0, 0, o.Days), options: o, zone: zone,
		rand:  rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)),
		place: map[[2]string]*shelf{}, armed: map[Fault][]*Cause{}, stopped: map[string]*Cause{},
		silent: map[string]*Cause{}, held: map[string][]Delivery{}, brokenKit: map[int]*Cause{}, stuck: map[*Cause][]*order{},
		Truth: Truth{Traps: map[string]int{}},
	}
	c.Change = start.AddDate(0, 0, max(o.Days*3/5, 1))
	c.habits = habits{
		orders: 60 + c.rand.IntN(51), phone: 15 + c.rand.IntN(30),
		reserves: c.rand.IntN(2) == 0, located: c.rand.IntN(2) == 0,
	}
	c.stock()
	c.list()
	return c
}

// Run lets the company work until its end, or until something goes wrong with
// whoever listens.
func (c *Company) Run(wrong func() error) error {
	c.opening()
	c.daily(c.everyDay)
	c.every(15*time.Minute, c.stockJob)
	c.every(10*time.Minute, c.marketFeed)
	c.every(10*time.Minute, c.marketSays)
	c.every(30*time.Minute, c.saysItems)
	c.every(time.Hour, c.hour)
	c.every(time.Hour, c.reprices)
	c.In(repricing, c.marketPrices)
	c.traps()
	c.plant()
	return c.Agenda.Run(c.End, wrong)
}

// every lets something happen again and again.
func (c *Company) every(d time.Duration, what func()) {
	var again func()
	again = func() {
		what()
		c.In(d, again)
	}
	c.At(c.Start.Add(d), again)
}

// daily calls once for each day, at its midnight, which then notes its times.
func (c *Company) daily(what func(day time.Time)) {
	for day := c.Start; day.Before(c.End); day = day.AddDate(0, 0, 1) {
		c.At(day, func() { what(day) })
	}
}

func (c *Company) everyDay(day time.Time) {
	c.At(clock(day, 2, 0), c.post)
	c.At(clock(day, 2, 30), c.pricesJob)
	c.At(clock(day, 3, 10), c.fullJob)
	c.At(clock(day, 8, 0), c.people)
	c.At(clock(day, 17, 0), c.payout)
	if day.Weekday() == time.Monday || day.Weekday() == time.Thursday {
		c.At(clock(day, 9, 30), c.replenish)
	}
	if day.Weekday() == time.Saturday {
		c.At(clock(day, 22, 0), c.takeStock)
	}
}

// clock is a time of a day, right over daylight saving.
func clock(day time.Time, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, day.Location())
}

// chance is true so many times in a thousand.
func (c *Company) chance(thousandths int) bool { return c.rand.IntN(1000) < thousandths }

// between is a time from least to most.
func (c *Company) between(least, most time.Duration) time.Duration {
	return least + time.Duration(c.rand.Int64N(int64(most-least)+1))
}

// lag is a delay with a heavy tail: half are shorter than the median, and none
// is longer than most.
func (c *Company) lag(median, most time.Duration) time.Duration {
	lag := time.Duration(float64(median) * math.Exp(0.9*c.rand.NormFloat64()))
	if lag > most {
		return c.between(most/2, most)
	}
	return lag
}

// poisson is how often something happens that happens so often on average.
func (c *Company) poisson(mean float64) int {
	limit, product := math.Exp(-mean), c.rand.Float64()
	n := 0
	for ; product > limit; n++ {
		product *= c.rand.Float64()
	}
	return n
}

// working is the first time from t on at which people work: Monday to Saturday,
// 7 to 21 h.
func (c *Company) working(t time.Time) time.Time {
	for {
		local := t.In(c.zone)
		switch {
		case local.Weekday() == time.Sunday || local.Hour() >= 21:
			t = clock(local.AddDate(0, 0, 1), 7, 0).Add(c.between(0, 2*time.Hour))
		case local.Hour() < 7:
			t = clock(local, 7, 0).Add(c.between(0, 2*time.Hour))
		default:
			return t
		}
	}
}

func cents(n int) commerce.Value {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return commerce.Number(commerce.MustDecimal(fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)))
}

func count(n int) commerce.Value { return commerce.Number(commerce.Int(int64(n))) }
