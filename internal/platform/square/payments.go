package square

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// gateway is what this platform's payments are said to be made with.
const gateway = "square"

type payment struct {
	ID      body.Field `json:"id"`
	Status  body.Field `json:"status"`
	Total   money      `json:"total_money"`
	Created body.Field `json:"created_at"`
	Updated body.Field `json:"updated_at"`
	Fees    []struct {
		Amount money `json:"amount_money"`
	} `json:"processing_fee"`
}

// paymentStates are those at which a payment has ended.
var paymentStates = map[string]string{completed: "success", canceled: "cancelled", "FAILED": "failure"}

// payment observes a payment that came to an end. Its fee is known only later,
// and missing until then.
func (n *normaliser) payment(raw body.Field) {
	var p payment
	n.within("payment", raw, &p, func() {
		id, updated := n.id("id", p.ID), n.clock("updated_at", p.Updated)
		status := paymentStates[n.Text("status", p.Status)]
		amount, currency := n.money("total_money", p.Total)
		if status == "" {
			n.skip("payment that is not finished")
			return
		}
		facets := commerce.Facets{
			"type": commerce.Text("sale"), "status": commerce.Text(status), "gateway": commerce.Text(gateway),
			"amount": commerce.Number(amount), "currency": commerce.Text(currency),
		}
		if fee, ok := n.fee(&p, currency); ok {
			facets["fee"] = commerce.Number(fee)
			facets["net"] = commerce.Number(n.Sum("processing_fee", amount, fee.Neg()))
		}
		n.observe(commerce.Observation{
			Kind: commerce.Payment, Key: commerce.Key{id}, Part: "payment", Native: id, Created: n.created(p.Created), Facets: facets,
		}, updated, 0)
	})
}

// fee adds up what a payment cost, in the payment's currency.
func (n *normaliser) fee(p *payment, currency string) (sum commerce.Decimal, ok bool) {
	ok = len(p.Fees) > 0
	n.each("processing_fee", len(p.Fees), func(i int) {
		fee, in := n.money("amount_money", p.Fees[i].Amount)
		ok = ok && in == currency
		sum = n.Sum("amount_money", sum, fee)
	})
	return sum, ok
}

type refund struct {
	ID      body.Field `json:"id"`
	Status  body.Field `json:"status"`
	Amount  money      `json:"amount_money"`
	Payment body.Field `json:"payment_id"`
	Order   body.Field `json:"order_id"`
	Created body.Field `json:"created_at"`
	Updated body.Field `json:"updated_at"`
}

// refund observes a refund that was paid, or was not after all. It names the
// payment; which order that paid only the order knows, so that it is asked for.
func (n *normaliser) refund(raw body.Field) {
	var r refund
	n.within("refund", raw, &r, func() {
		id, updated := n.id("id", r.ID), n.clock("updated_at", r.Updated)
		created, status := n.created(r.Created), n.Text("status", r.Status)
		amount, currency := n.money("amount_money", r.Amount)
		if !r.Payment.Given() {
			n.skip("refund of no payment")
			return
		}
		o := commerce.Observation{
			Kind: commerce.Refund, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: paymentLink, Native: n.id("payment_id", r.Payment)},
			Part: "refund", Native: id, Created: created,
		}
		switch status {
		case completed:
			o.Facets = commerce.Facets{"amount": commerce.Number(amount), "currency": commerce.Text(currency), "booked_at": commerce.Time(updated)}
			if !created.IsZero() {
				o.Facets["booked_at"] = commerce.Time(created)
			}
		case "REJECTED", "FAILED":
			o.Gone = true
		default:
			n.skip("refund that is not paid yet")
			return
		}
		n.observe(o, updated, 0)
		if r.Order.Given() {
			n.ask(target{set: orderSet, id: n.id("order_id", r.Order)})
		}
	})
}
