package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// taxes reports the tax of an order to the tax service, once or not.
func (c *Company) taxes(o *order) {
	if o.cancelled || o.unpaid {
		return
	}
	if cause := c.take(MissingTax, true); cause != nil {
		o.untaxed = c.beginAt(cause, o.paid, commerce.Order, o.key(), "tax/tax-once")
		c.repair(10*time.Hour, 30*time.Hour, func() { c.tell(Tax, c.taxOrder(o, "X"+o.number)); c.end(o.untaxed) })
		return
	}
	c.tell(Tax, c.taxOrder(o, "X"+o.number))
	if c.doubleTax == nil {
		return
	}
	o.untaxed = c.begin(c.doubleTax, commerce.Order, o.key(), "tax/tax-once")
	twin := c.taxOrder(o, "E"+o.number)
	c.tell(Tax, twin)
	c.repair(24*time.Hour, 48*time.Hour, func() {
		twin.Gone, twin.Facets = true, nil
		c.tell(Tax, twin)
		c.end(o.untaxed)
	})
}

// pays takes the money.
func (c *Company) pays(o *order) {
	c.transactions++
	id := fmt.Sprintf("P%07d", c.transactions)
	amount := o.total
	c.payoutGross += amount
	payment := func() commerce.Observation {
		return commerce.Observation{
			Kind: commerce.Payment, Key: commerce.Key{id}, Part: "payment", Native: id, Slot: id, Created: o.created.UTC(),
			Facets: commerce.Facets{"amount": cents(amount), "currency": commerce.Text("USD")},
		}
	}
	c.tell(Shop, payment())
	if cause := c.take(MissingPayment, true); cause != nil {
		e := c.begin(cause, commerce.Payment, commerce.Key{id}, "payments/captured")
		c.repair(5*time.Hour, 30*time.Hour, func() { c.tell(Pay, payment()); c.end(e) })
		return
	}
	c.In(c.lag(2*time.Minute, 50*time.Minute), func() { c.tell(Pay, payment()) })
}

// payout pays the day's money out, which the ERP books the next morning.
func (c *Company) payout() {
	c.paid++
	id := fmt.Sprintf("PO-%04d", c.paid)
	gross, refunds := c.payoutGross, c.payoutRefunds
	fees := gross * 29 / 1000
	c.payoutGross, c.payoutRefunds = 0, 0
	created := c.Now().UTC()
	net := gross - refunds - fees
	of := func(facets commerce.Facets) commerce.Observation {
		facets["currency"] = commerce.Text("USD")
		return commerce.Observation{
			Kind: commerce.Payout, Key: commerce.Key{id}, Part: "payout", Native: id, Slot: id, Created: created, Facets: facets,
		}
	}
	c.tell(Pay, of(commerce.Facets{
		"gross": cents(gross), "refunds": cents(refunds), "adjustments": cents(0), "fees": cents(fees), "net": cents(net),
	}))
	cause := c.take(PayoutDiffers, true)
	c.In(c.between(12*time.Hour, 20*time.Hour), func() {
		if cause == nil {
			c.tell(ERP, of(commerce.Facets{"net": cents(net)}))
			return
		}
		e := c.begin(cause, commerce.Payout, commerce.Key{id}, "payments/payout")
		c.tell(ERP, of(commerce.Facets{"net": cents(net - 100 - c.rand.IntN(9000))}))
		c.repair(72*time.Hour, 90*time.Hour, func() { c.tell(ERP, of(commerce.Facets{"net": cents(net)})); c.end(e) })
	})
}

// people do in the morning what people do: send goods back, change prices, change
// their minds about letters.
func (c *Company) people() {
	for range c.poisson(float64(c.habits.orders) / 25) {
		c.At(c.working(c.Now().Add(c.between(0, 9*time.Hour))), c.returned)
	}
	for range c.poisson(5) {
		c.In(c.between(time.Hour, 9*time.Hour), c.reprice)
	}
	for range c.poisson(3) {
		c.In(c.between(0, 12*time.Hour), c.consents)
	}
	if c.Now().In(c.zone).Weekday() != time.Sunday {
		c.cycleCount()
	}
}

// returned lets goods come back: the warehouse has them, the storefront pays the
// money back within a day, the ERP books it at night.
func (c *Company) returned() {
	if len(c.shipped) == 0 {
		return
	}
	o := c.shipped[c.rand.IntN(len(c.shipped))]
	if o.refunded || len(o.wrong) > 0 || o.undone || o.unpaid {
		return
	}
	o.refunded = true
	c.returns++
	rma := fmt.Sprintf("R%05d", c.returns)
	created := c.Now().UTC()
	of := func(facet string, value bool) commerce.Observation {
		return commerce.Observation{
			Kind: commerce.Return, Key: commerce.Key{Shop, o.number, rma}, Part: "return", Native: rma, Slot: rma, Created: created,
			Facets: commerce.Facets{facet: commerce.Bool(value)},
		}
	}
	c.tell(Shop, of("refunded", false))
	amount := o.lines[0].cents * o.lines[0].units
	c.In(c.between(time.Hour, 8*time.Hour), func() {
		for _, l := range o.lines[:1] {
			l.counted += l.units
			l.unreceived += l.units
			c.tell(WMS, wmsLevel(l.shelf))
		}
		c.tell(WMS, of("received", true))
		pays := func() {
			c.tell(Shop, of("refunded", true), c.shopOrder(o))
			c.refunds(o, amount)
		}
		if cause := c.take(ReturnNotRefunded, true); cause != nil {
			e := c.begin(cause, commerce.Return, commerce.Key{Shop, o.number, rma}, "fulfilment/return-refunded")
			c.repair(90*time.Hour, 110*time.Hour, func() { pays(); c.end(e) })
			return
		}
		c.In(c.between(time.Hour, 20*time.Hour), pays)
	})
}

// refunds pays money back; the ERP's nightly posting makes a credit memo of it.
func (c *Company) refunds(o *order, amount int) {
	c.payoutRefunds += amount
	created := c.Now().UTC()
	of := func(amount int) commerce.Observation {
		return commerce.Observation{
			Kind: commerce.Refund, Key: o.key(), Part: "refund", Native: "F" + o.number, Slot: "refund", Created: created,
			Facets: commerce.Facets{"amount": cents(amount), "currency": commerce.Text("USD")},
		}
	}
	c.tell(Shop, of(amount))
	if cause := c.take(MissingRefund, true); cause != nil {
		e := c.begin(cause, commerce.Refund, o.key(), "refunds/refund-booked")
		c.repair(40*time.Hour, 60*time.Hour, func() { c.tell(ERP, of(amount)); c.end(e) })
		return
	}
	if cause := c.take(RefundAmount, true); cause != nil {
		e := c.begin(cause, commerce.Refund, o.key(), "refunds/refund-booked")
		c.memos = append(c.memos, func() { c.tell(ERP, of(amount*73/100)) })
		c.repair(50*time.Hour, 70*time.Hour, func() { c.tell(ERP, of(amount)); c.end(e) })
		return
	}
	c.memos = append(c.memos, func() { c.tell(ERP, of(amount)) })
}
