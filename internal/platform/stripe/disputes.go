package stripe

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type dispute struct {
	Object   body.Field `json:"object"`
	ID       body.Field `json:"id"`
	Amount   body.Field `json:"amount"`
	Currency body.Field `json:"currency"`
	Status   body.Field `json:"status"`
	Created  body.Field `json:"created"`
	Moves    []balance  `json:"balance_transactions"`
}

// advance ranks the states of a dispute within one second, before the number of
// times that it moved money. What neither orders is left to what the API says
// later.
var advance = map[string]uint64{
	"warning_needs_response": 1, "warning_under_review": 2, "warning_closed": 3,
	"needs_response": 4, "under_review": 5, "won": 6, "lost": 6,
}

// dispute observes a payment that the customer's bank took back, or wants to.
func (n *normaliser) dispute(raw body.Field) {
	var d dispute
	n.open(raw, &d)
	n.kind("dispute", d.Object)
	id, status, currency := n.id("id", d.ID), n.Text("status", d.Status), n.currency(d.Currency)
	f := commerce.Facets{
		"type": commerce.Text("dispute"), "status": commerce.Text(status), "gateway": commerce.Text(gateway),
		"amount": commerce.Number(n.amount("amount", d.Amount, currency)), "currency": commerce.Text(currency),
	}
	if d.Moves != nil {
		n.moved(f, d.Moves, currency)
	}
	n.observe(commerce.Observation{
		Kind: commerce.Payment, Key: commerce.Key{id}, Part: paymentPart, Native: id,
		Created: n.seconds("created", d.Created), Facets: f,
	}, advance[status]*(maxElements+1)+uint64(min(len(d.Moves), maxElements)))
	if !n.answered {
		n.ask("dispute", target{set: sets["dispute"], id: id, at: n.at})
	}
}

// moved adds up fees and net of what a dispute moved. Money in another currency
// has no sum with it.
func (n *normaliser) moved(f commerce.Facets, moves []balance, currency string) {
	var fee, net commerce.Decimal
	n.Limit("balance_transactions", len(moves), maxElements)
	for i, m := range moves {
		n.Enter("balance_transactions", i)
		in := n.currency(m.Currency)
		fee, net = n.Sum("fee", fee, n.amount("fee", m.Fee, in)), n.Sum("net", net, n.amount("net", m.Net, in))
		n.Leave()
		if in != currency {
			return
		}
	}
	f["fee"], f["net"] = commerce.Number(fee), commerce.Number(net)
}
