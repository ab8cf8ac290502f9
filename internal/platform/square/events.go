package square

import (
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// overlap is how long before a change of the catalogue it is searched: one change
// takes a moment to be written.
const overlap = 2 * time.Minute

type event struct {
	Merchant body.Field `json:"merchant_id"`
	Type     body.Field `json:"type"`
	ID       body.Field `json:"event_id"`
	Data     struct {
		Object struct {
			OrderCreated body.Field `json:"order_created"`
			OrderUpdated body.Field `json:"order_updated"`
			Fulfilment   body.Field `json:"order_fulfillment_updated"`
			Catalog      body.Field `json:"catalog_version"`
			Counts       []count    `json:"inventory_counts"`
			Payment      body.Field `json:"payment"`
			Refund       body.Field `json:"refund"`
		} `json:"object"`
	} `json:"data"`
}

// topics are the events that are read.
var topics = map[string]func(*normaliser, *event){
	"order.created":             func(n *normaliser, e *event) { n.changedOrder("order_created", e.Data.Object.OrderCreated) },
	"order.updated":             func(n *normaliser, e *event) { n.changedOrder("order_updated", e.Data.Object.OrderUpdated) },
	"order.fulfillment.updated": func(n *normaliser, e *event) { n.changedOrder("order_fulfillment_updated", e.Data.Object.Fulfilment) },
	"catalog.version.updated":   func(n *normaliser, e *event) { n.changedCatalog(e.Data.Object.Catalog) },
	"inventory.count.updated":   func(n *normaliser, e *event) { n.counts("inventory_counts", e.Data.Object.Counts) },
	"payment.created":           func(n *normaliser, e *event) { n.payment(e.Data.Object.Payment) },
	"payment.updated":           func(n *normaliser, e *event) { n.payment(e.Data.Object.Payment) },
	"refund.created":            func(n *normaliser, e *event) { n.refund(e.Data.Object.Refund) },
	"refund.updated":            func(n *normaliser, e *event) { n.refund(e.Data.Object.Refund) },
}

// topicNames lists the topics in alphabetical order.
func topicNames() []string { return slices.Sorted(maps.Keys(topics)) }

// read reads an event, or an answer. No webhook can carry the header by which an
// answer is known.
func (n *normaliser) read() {
	if asked, ok := n.delivery.Header[platform.FetchedHeader]; ok {
		n.answer(asked)
		return
	}
	var e event
	n.open(n.delivery.Body, &e)
	topic, merchant := n.Text("type", e.Type), n.Text("merchant_id", e.Merchant)
	n.Text("event_id", e.ID)
	switch {
	case n.Problem() != nil:
	case merchant != n.merchant:
		n.skip("event of another seller")
	case topics[topic] == nil:
		n.skip("unknown topic")
	default:
		n.Inside("data.object")
		topics[topic](n, &e)
		n.Leave()
	}
}

// changedOrder asks for the order that an event names. What else the event says
// is a hint.
func (n *normaliser) changedOrder(name string, raw body.Field) {
	var o struct {
		ID body.Field `json:"order_id"`
	}
	n.within(name, raw, &o, func() { n.ask(target{set: orderSet, id: n.id("order_id", o.ID)}) })
}

// changedCatalog asks for what changed. The event says only when.
func (n *normaliser) changedCatalog(raw body.Field) {
	var c struct {
		Updated body.Field `json:"updated_at"`
	}
	n.within("catalog_version", raw, &c, func() {
		at := n.clock("updated_at", c.Updated)
		n.ask(target{set: catalogSet, since: at.Add(-overlap).UTC().Truncate(time.Second)})
	})
}
