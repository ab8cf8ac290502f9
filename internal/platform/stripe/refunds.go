package stripe

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type refund struct {
	Object   body.Field `json:"object"`
	ID       body.Field `json:"id"`
	Amount   body.Field `json:"amount"`
	Currency body.Field `json:"currency"`
	Status   body.Field `json:"status"`
	Created  body.Field `json:"created"`
	Payment  body.Field `json:"payment_intent"`
	Metadata body.Field `json:"metadata"`
}

// refundList is the topic of a charge's refunds.
const refundList = "charge/refunds"

// The order of a refund's states within one second.
const (
	rankPaid uint64 = iota + 1
	rankTakenBack
)

func (n *normaliser) refund(raw body.Field) { n.refundOf(raw, nil) }

// refundOf observes a refund of the order, or of the one that its own metadata,
// its payment, or the payment's link knows.
func (n *normaliser) refundOf(raw body.Field, order commerce.Key) {
	var r refund
	n.open(raw, &r)
	n.kind("refund", r.Object)
	id, currency := n.id("id", r.ID), n.currency(r.Currency)
	created, amount := n.seconds("created", r.Created), n.amount("amount", r.Amount, currency)
	o := commerce.Observation{Kind: commerce.Refund, Part: "refund", Native: id, Created: created}
	rank := rankPaid
	switch n.OptionalText("status", r.Status) {
	case "succeeded":
		o.Facets = commerce.Facets{
			"amount": commerce.Number(amount), "currency": commerce.Text(currency), "booked_at": commerce.Time(created),
		}
	case "failed", "canceled":
		o.Gone, rank = true, rankTakenBack
	default:
		n.skip("refund that is not paid yet")
		return
	}
	if own, ok := n.order(r.Metadata); ok {
		order = own
	}
	n.place(o, rank, order, r.Payment)
}

// place gives a refund its order. A refund that knows only its payment waits for
// the payment's link, and is asked for with the payment.
func (n *normaliser) place(o commerce.Observation, rank uint64, order commerce.Key, paid body.Field) {
	payment, whole := n.reference("payment_intent", paid)
	if whole != nil {
		var p struct {
			Metadata body.Field `json:"metadata"`
		}
		n.open(whole, &p)
		n.Inside("payment_intent")
		of, ok := n.order(p.Metadata)
		n.Leave()
		if ok {
			n.remember(payment, of)
		}
		if ok && order == nil {
			order = of
		}
	}
	switch {
	case order != nil:
		o.Key = order
	case payment == "" || whole != nil:
		n.skip("refund of no web order")
		return
	default:
		o.Key, o.Via = commerce.Key{"", ""}, &commerce.Via{Type: paymentLink, Native: payment}
		if !n.answered {
			n.ask("refund", target{set: sets["refund"], id: o.Native, at: n.at})
		}
	}
	n.observe(o, rank)
}

// refundedCharge reads the refunds of a charge, or asks for them: newer versions
// of the API leave them out.
func (n *normaliser) refundedCharge(raw body.Field) {
	var c charge
	n.open(raw, &c)
	n.kind("charge", c.Object)
	id := n.id("id", c.ID)
	payment, _ := n.reference("payment_intent", c.Payment)
	order, known := n.order(c.Metadata)
	if known && payment != "" {
		n.remember(payment, order)
	}
	if c.Refunds == nil || len(c.Refunds.Data) == 0 || !c.Refunds.More.False() {
		n.ask(refundList, target{set: chargeRefunds, id: id, at: n.at})
		return
	}
	n.Inside("refunds")
	defer n.Leave()
	n.each(c.Refunds.Data, func(element body.Field) { n.refundOf(element, order) })
}

// each reads the elements of a list.
func (n *normaliser) each(elements []body.Field, read func(body.Field)) {
	n.Limit("data", len(elements), maxElements)
	for i, element := range elements[:min(len(elements), maxElements)] {
		n.Enter("data", i)
		read(element)
		n.Leave()
	}
}
