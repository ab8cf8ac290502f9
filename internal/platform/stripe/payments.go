package stripe

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type paymentIntent struct {
	Object    body.Field `json:"object"`
	ID        body.Field `json:"id"`
	Amount    body.Field `json:"amount"`
	Received  body.Field `json:"amount_received"`
	Currency  body.Field `json:"currency"`
	Status    body.Field `json:"status"`
	Created   body.Field `json:"created"`
	Metadata  body.Field `json:"metadata"`
	LastError body.Field `json:"last_payment_error"`
	Charge    body.Field `json:"latest_charge"`
}

// The order of a payment's states within one second.
const (
	rankFailed uint64 = iota + 1
	rankEnded
)

// payment observes a payment intent that came to an end, or whose last try
// failed. One that waits for somebody is no fact yet.
func (n *normaliser) payment(raw body.Field) {
	var p paymentIntent
	n.open(raw, &p)
	n.kind("payment_intent", p.Object)
	id, currency := n.id("id", p.ID), n.currency(p.Currency)
	amount := n.amount("amount", p.Amount, currency)
	status, rank := "", rankEnded
	switch n.Text("status", p.Status) {
	case "succeeded":
		status, amount = "success", n.amount("amount_received", p.Received, currency)
	case "canceled":
		status = "cancelled"
	case "requires_payment_method":
		if p.LastError.Given() {
			status, rank = "failure", rankFailed
		}
	}
	order, known := n.order(p.Metadata)
	if known {
		n.remember(id, order)
	}
	if status == "" {
		n.skip("payment that is not finished")
		return
	}
	o := commerce.Observation{
		Kind: commerce.Payment, Key: commerce.Key{id}, Part: paymentPart, Native: id, Created: n.seconds("created", p.Created),
		Facets: commerce.Facets{
			"type": commerce.Text("sale"), "status": commerce.Text(status), "gateway": commerce.Text(gateway),
			"amount": commerce.Number(amount), "currency": commerce.Text(currency),
		},
	}
	n.observe(o, rank)
	if status != "success" {
		return
	}
	if known {
		o.Kind, o.Key = commerce.Order, order
		o.Facets = commerce.Facets{"total": commerce.Number(amount), "currency": commerce.Text(currency)}
		n.observe(o, rank)
	}
	n.fee(id, currency, p.Charge)
}

// fee observes what a payment cost. An event does not say it: the payment is
// asked for with its charge and that one's balance transaction.
func (n *normaliser) fee(id, currency string, charge body.Field) {
	_, whole := n.reference("latest_charge", charge)
	if whole == nil {
		if !n.answered {
			n.ask("payment_intent", target{set: sets["payment_intent"], id: id, at: n.at})
		}
		return
	}
	var c struct {
		Balance body.Field `json:"balance_transaction"`
	}
	n.open(whole, &c)
	n.Inside("latest_charge")
	defer n.Leave()
	_, raw := n.reference("balance_transaction", c.Balance)
	if raw == nil {
		return
	}
	var b balance
	n.open(raw, &b)
	n.Inside("balance_transaction")
	defer n.Leave()
	settledIn := n.currency(b.Currency)
	fee, net := n.amount("fee", b.Fee, settledIn), n.amount("net", b.Net, settledIn)
	clock := n.Clock("created", n.seconds("created", b.Created), n.delivery.Received)
	if settledIn != currency {
		return
	}
	// The amounts of a balance transaction never change.
	n.add(commerce.Observation{
		Kind: commerce.Payment, Key: commerce.Key{id}, Part: "balance", Native: id,
		Facets: commerce.Facets{"fee": commerce.Number(fee), "net": commerce.Number(net)},
	}, commerce.VersionParts{Clock: clock, Normaliser: revision})
}

// balance is a movement of money on the account's balance, in the currency in
// which it is settled.
type balance struct {
	Amount   body.Field `json:"amount"`
	Fee      body.Field `json:"fee"`
	Net      body.Field `json:"net"`
	Currency body.Field `json:"currency"`
	Created  body.Field `json:"created"`
	Category body.Field `json:"reporting_category"`
}

type charge struct {
	Object   body.Field `json:"object"`
	ID       body.Field `json:"id"`
	Payment  body.Field `json:"payment_intent"`
	Metadata body.Field `json:"metadata"`
	Balance  body.Field `json:"balance_transaction"`
	Refunds  *struct {
		Data []body.Field `json:"data"`
		More body.Field   `json:"has_more"`
	} `json:"refunds"`
}

// settledCharge asks for a payment whose charge has got its balance transaction
// after the payment had succeeded.
func (n *normaliser) settledCharge(raw body.Field) {
	var c charge
	n.open(raw, &c)
	n.kind("charge", c.Object)
	payment, _ := n.reference("payment_intent", c.Payment)
	if payment == "" || !c.Balance.Given() {
		n.skip("charge without a payment intent or without a fee yet")
		return
	}
	n.ask("payment_intent", target{set: sets["payment_intent"], id: payment, at: n.at})
}
