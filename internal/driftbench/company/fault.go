package company

import (
	"time"
)

// Fault is a kind of fault that can be planted.
type Fault string

// The faults.
const (
	// One record, in stock.
	LostUpdate Fault = "lost update"
	WrongValue Fault = "wrong value once"
	SKUTwice   Fault = "item twice in one place"
	// One record, in orders.
	LateOrder        Fault = "order late"
	MissingOrder     Fault = "order missing"
	DeletedOrder     Fault = "order deleted on one side"
	DuplicateOrder   Fault = "order imported twice"
	TotalDiffers     Fault = "edit not passed on"
	StateOverwritten Fault = "state overwritten by older data"
	StateBackwards   Fault = "state goes backwards"
	// One record, in fulfilment.
	LateShipment      Fault = "shipment told late"
	ShipmentNotTold   Fault = "shipment not told"
	LineCancelled     Fault = "cancelled line not told"
	ReturnNotRefunded Fault = "return not refunded"
	WrongRoute        Fault = "shipped from the wrong place"
	// One record, elsewhere.
	MissingTax         Fault = "tax missing"
	MissingRefund      Fault = "refund not booked"
	RefundAmount       Fault = "refund in the wrong currency"
	MissingPayment     Fault = "payment missing"
	PayoutDiffers      Fault = "payout booked wrong"
	MissingContact     Fault = "customer missing"
	CustomerTwice      Fault = "customer twice"
	CustomerSplit      Fault = "customer split across systems"
	ConsentOverwritten Fault = "consent overwritten"
	WrongPrice         Fault = "price changed by hand"
	// Many records for one cause.
	StoppedJob   Fault = "job stopped"
	PriceJob     Fault = "price job leaves items out"
	BrokenKit    Fault = "kit component missing"
	DoubleTax    Fault = "tax committed twice"
	UnitChanged  Fault = "unit changed"
	MovingOffset Fault = "feed off by some units"
	NewLocation  Fault = "unknown location"
	Unreadable   Fault = "deliveries unreadable"
	SilentSystem Fault = "system silent"
	SlowLeak     Fault = "slow leak"
	OneSidedCent Fault = "one-sided cent"
	NewItem      Fault = "item that the ERP does not know"
	StrayPayment Fault = "payment of no order"
	WrongPlace   Fault = "shipped from a place that does not ship"
	VendorPacks  Fault = "packs of a vendor wrong"
	SlowPrices   Fault = "job that takes hours for once"
	NeverEqual   Fault = "both sides move and never meet"
	OwnerLeft    Fault = "trouble after the owner's last day"
	// What Plumbline itself does not do.
	StoodStill Fault = "Plumbline's schedule stands still"
	NoAudit    Fault = "audit left out"
	NoCanary   Fault = "canary not heard"
	// What platforms do.
	Reshaped    Fault = "deliveries of another shape"
	Outdated    Fault = "version of an API that ends"
	Unsubscribe Fault = "webhook taken away"
	Refused     Fault = "credential refused"
	// What files and tables say.
	LostWebhook Fault = "webhooks lost, as a file says"
	UnknownPart Fault = "part of a kit never reported"
)

// plan says how often a fault is planted in 90 days, and how long before the end
// it has to begin so that there is time to find and mend it.
type plan struct {
	fault   Fault
	often   int
	tail    time.Duration
	through time.Duration // for which nothing else large is planted, or 0
	begin   func(*Company, *Cause)
}

const day = 24 * time.Hour

func plans() []plan {
	armed := func(c *Company, cause *Cause) { c.arm(cause) }
	return []plan{
		{LostUpdate, 4, day, 0, armed},
		{WrongValue, 4, day, 0, (*Company).spoil},
		{SKUTwice, 2, day, 0, (*Company).doubleItem},
		{LateOrder, 4, day, 0, armed},
		{MissingOrder, 4, 2 * day, 0, armed},
		{DeletedOrder, 3, 2 * day, 0, armed},
		{DuplicateOrder, 3, 2 * day, 0, armed},
		{TotalDiffers, 3, 2 * day, 0, armed},
		{StateOverwritten, 3, 3 * day, 0, armed},
		{StateBackwards, 2, 3 * day, 0, armed},
		{LateShipment, 3, 2 * day, 0, armed},
		{ShipmentNotTold, 3, 3 * day, 0, armed},
		{LineCancelled, 3, 3 * day, 0, armed},
		{ReturnNotRefunded, 3, 5 * day, 0, armed},
		{WrongRoute, 3, 4 * day, 0, armed},
		{MissingTax, 3, 2 * day, 0, armed},
		{MissingRefund, 3, 4 * day, 0, armed},
		{RefundAmount, 3, 4 * day, 0, armed},
		{MissingPayment, 3, 2 * day, 0, armed},
		{PayoutDiffers, 2, 5 * day, 0, armed},
		{MissingContact, 3, 2 * day, 0, armed},
		{CustomerTwice, 3, 2 * day, 0, armed},
		{CustomerSplit, 3, 2 * day, 0, armed},
		{ConsentOverwritten, 3, 3 * day, 0, armed},
		{WrongPrice, 3, 2 * day, 0, (*Company).spoilPrice},
		{StoppedJob, 3, day, 6 * time.Hour, (*Company).stopJob},
		{PriceJob, 3, 2 * day, 0, armed},
		{BrokenKit, 2, 2 * day, 0, (*Company).breakKit},
		{DoubleTax, 2, 3 * day, 0, (*Company).taxTwice},
		{UnitChanged, 2, 3 * day, 2 * day, (*Company).changeUnit},
		{MovingOffset, 2, 2 * day, 0, (*Company).shiftFeed},
		{NewLocation, 2, 2 * day, 0, (*Company).newLocation},
		{Unreadable, 2, 2 * day, 0, (*Company).unreadable},
		{SilentSystem, 2, 3 * day, 2 * day, (*Company).fallSilent},
		{SlowLeak, 1, 24 * day, 0, (*Company).startLeak},
		{OneSidedCent, 1, 15 * day, 0, (*Company).startCents},
		{NewItem, 2, 5 * day, 4 * day, (*Company).newItem},
		{StrayPayment, 2, 4 * day, 0, (*Company).strayPayment},
		{WrongPlace, 3, 2 * day, 0, armed},
		{Reshaped, 2, 2 * day, 0, (*Company).reshaped},
		{Outdated, 2, 2 * day, 0, (*Company).outdated},
		{Unsubscribe, 2, 2 * day, 0, (*Company).unsubscribed},
		{Refused, 2, 2 * day, 0, (*Company).refused},
		{LostWebhook, 2, 2 * day, 0, (*Company).losesWebhooks},
		{UnknownPart, 2, 2 * day, 0, (*Company).unknownPart},
		{VendorPacks, 2, 2 * day, 0, (*Company).spoilsPacks},
		{SlowPrices, 2, 2 * day, 0, (*Company).slowsDown},
		{NeverEqual, 2, 2 * day, 0, (*Company).never},
		{OwnerLeft, 2, 2 * day, 0, (*Company).misreads},
		{StoodStill, 2, 2 * day, 3 * time.Hour, (*Company).standsStill},
		{NoAudit, 1, 4 * day, 2 * day, (*Company).skipsAudit},
		{NoCanary, 2, 2 * day, 0, (*Company).losesCanary},
	}
}

// Faults lists everything that can be planted.
func Faults() []Fault {
	var all []Fault
	for _, p := range plans() {
		all = append(all, p.fault)
	}
	return all
}

// span is a time that something large takes for itself.
type span struct{ from, until time.Time }

// plant notes when which faults begin: some working day's hour, from the second
// day on.
func (c *Company) plant() {
	for _, p := range plans() {
		if !c.wants(p.fault) {
			continue
		}
		first, last := c.first(p.fault), c.End.Add(-p.tail)
		if !first.Before(last) {
			continue
		}
		for range max(1, p.often*c.options.Days/90) {
			at := c.free(first, last, p.through)
			c.At(at, func() { p.begin(c, &Cause{Fault: p.fault, Start: c.Now()}) })
		}
	}
}

// first is from when on a fault may begin.
func (c *Company) first(f Fault) time.Time {
	switch f {
	case SilentSystem:
		return clock(c.Start.AddDate(0, 0, listened), 8, 0)
	case SlowPrices, NeverEqual:
		return clock(c.Start.AddDate(0, 0, learnt), 8, 0)
	case OwnerLeft:
		return c.Left().Add(12 * time.Hour)
	default:
		return c.Start.Add(day + 8*time.Hour)
	}
}

// learnt is after how many days a rule has learnt how long prices take.
const learnt = 10

// listened is how long a company has to be watched before anybody can know what is
// usual there.
const listened = 28

func (c *Company) wants(f Fault) bool {
	if f == SilentSystem && c.options.Days <= listened+1 {
		return false
	}
	if c.options.Faults == nil {
		return true
	}
	for _, wanted := range c.options.Faults {
		if f == wanted {
			return true
		}
	}
	return false
}

// free is a working time at which nothing large goes on, if there is one.
func (c *Company) free(first, last time.Time, through time.Duration) time.Time {
	at := first
	for range 50 {
		at = c.working(c.earliest(first, last))
		if through == 0 {
			return at
		}
		taken := false
		for _, s := range c.planned {
			taken = taken || at.Before(s.until) && at.Add(through).After(s.from)
		}
		if !taken {
			break
		}
	}
	c.planned = append(c.planned, span{at, at.Add(through)})
	return at
}

func (c *Company) earliest(first, last time.Time) time.Time {
	return first.Add(c.between(0, last.Sub(first)))
}

// arm lets the next event of the fault's kind go wrong.
func (c *Company) arm(cause *Cause) { c.armed[cause.Fault] = append(c.armed[cause.Fault], cause) }

// take is the fault that the event at hand suffers, or nil.
func (c *Company) take(f Fault, suitable bool) *Cause {
	if !suitable || len(c.armed[f]) == 0 {
		return nil
	}
	cause := c.armed[f][0]
	c.armed[f] = c.armed[f][1:]
	cause.Start = c.Now()
	return cause
}
