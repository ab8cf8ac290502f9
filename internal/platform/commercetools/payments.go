package commercetools

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type payment struct {
	ID        body.Field `json:"id"`
	Version   body.Field `json:"version"`
	Interface body.Field `json:"interfaceId"`
	Method    struct {
		Interface body.Field `json:"paymentInterface"`
	} `json:"paymentMethodInfo"`
	Transactions []transaction `json:"transactions"`
}

type transaction struct {
	ID          body.Field `json:"id"`
	Type        body.Field `json:"type"`
	State       body.Field `json:"state"`
	Amount      body.Field `json:"amount"`
	Interaction body.Field `json:"interactionId"`
	At          body.Field `json:"timestamp"`
}

// moves are the transactions that move money, and what others call them. An
// authorisation moves none.
var moves = map[string]string{"Charge": "sale", "Refund": "refund", "Chargeback": "dispute"}

// ended are the states that a transaction ends in.
var ended = map[string]string{"Success": "success", "Failure": "failure"}

// payment observes each transaction of a payment that came to an end.
func (n *normaliser) payment(raw []byte) {
	var p payment
	n.decode(raw, &p)
	n.whole(p.Version)
	id := n.id(p.ID)
	n.Limit("transactions", len(p.Transactions), maxItems)
	for i := range p.Transactions {
		n.Enter("transactions", i)
		n.transaction(&p, &p.Transactions[i], id)
		n.Leave()
	}
	n.skip("payment without a finished transaction")
}

func (n *normaliser) transaction(p *payment, t *transaction, payment string) {
	what, state := moves[n.Text("type", t.Type)], ended[n.Text("state", t.State)]
	amount, currency := n.money("amount", t.Amount)
	native := payment + "/" + n.id(t.ID)
	shared := n.OptionalText("interactionId", t.Interaction)
	if n.endpoint.payment == byInterface {
		shared = ""
		if what == "sale" {
			shared = n.OptionalText("interfaceId", p.Interface)
		}
	}
	f := n.facets()
	f.PutText("gateway", "paymentInterface", p.Method.Interface)
	if what == "" || state == "" || shared == "" || n.Problem() != nil {
		return
	}
	f.Put("type", commerce.Text(what))
	f.Put("status", commerce.Text(state))
	f.Put("amount", commerce.Number(amount))
	f.Put("currency", commerce.Text(currency))
	o := commerce.Observation{Kind: commerce.Payment, Key: commerce.Key{shared}, Part: "transaction", Native: native, Slot: "transaction", Facets: f.Values}
	if t.At.Given() {
		o.Created = n.Instant("timestamp", t.At)
	}
	n.observe(o)
	n.link(paymentLink, payment, native, commerce.Facets{"transaction": commerce.Text(shared), "of": commerce.Text(native)})
}

// paymentGone ends the transactions of a payment, which its link knows.
func (n *normaliser) paymentGone(id string) {
	n.final(commerce.Observation{
		Kind: commerce.Payment, Key: commerce.Key{""}, Via: &commerce.Via{Type: paymentLink, Native: id, Each: true},
		Part: "transaction", Native: "{of}", Slot: "transaction",
	})
}
