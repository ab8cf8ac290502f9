package stripe

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// thinEvent is the object that an event without a snapshot is.
const thinEvent = "v2.core.event"

type event struct {
	Object   body.Field `json:"object"`
	ID       body.Field `json:"id"`
	Type     body.Field `json:"type"`
	Created  body.Field `json:"created"`
	Livemode body.Field `json:"livemode"`
	Account  body.Field `json:"account"`
	Context  body.Field `json:"context"`
	Data     struct {
		Object body.Field `json:"object"`
	} `json:"data"`
	Related struct {
		ID   body.Field `json:"id"`
		Type body.Field `json:"type"`
	} `json:"related_object"`
}

// topics are the events that are read, by what they are about.
var topics = map[string]func(*normaliser, body.Field){
	"payment_intent.succeeded":        (*normaliser).payment,
	"payment_intent.payment_failed":   (*normaliser).payment,
	"payment_intent.canceled":         (*normaliser).payment,
	"charge.refunded":                 (*normaliser).refundedCharge,
	"charge.updated":                  (*normaliser).settledCharge,
	"refund.created":                  (*normaliser).refund,
	"refund.updated":                  (*normaliser).refund,
	"refund.failed":                   (*normaliser).refund,
	"charge.refund.updated":           (*normaliser).refund,
	"charge.dispute.created":          (*normaliser).dispute,
	"charge.dispute.updated":          (*normaliser).dispute,
	"charge.dispute.closed":           (*normaliser).dispute,
	"charge.dispute.funds_withdrawn":  (*normaliser).dispute,
	"charge.dispute.funds_reinstated": (*normaliser).dispute,
	"payout.created":                  (*normaliser).payout,
	"payout.updated":                  (*normaliser).payout,
	"payout.paid":                     (*normaliser).payout,
	"payout.failed":                   (*normaliser).payout,
	"payout.canceled":                 (*normaliser).payout,
	"payout.reconciliation_completed": (*normaliser).payout,
}

// topicNames lists the topics in alphabetical order.
func topicNames() []string {
	names := make([]string, 0, len(topics))
	for name := range topics {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// read reads an event, or an answer. No webhook can carry the header by which an
// answer is known.
func (n *normaliser) read() {
	if asked, ok := n.delivery.Header[platform.FetchedHeader]; ok {
		n.answer(asked)
		return
	}
	n.event(n.delivery.Body)
}

// event reads one event, delivered or listed.
func (n *normaliser) event(raw body.Field) {
	var e event
	n.open(raw, &e)
	object, topic := n.Text("object", e.Object), n.Text("type", e.Type)
	live := n.Truth("livemode", e.Livemode)
	account := e.Account
	switch object {
	case "event":
		n.at = n.Clock("created", n.seconds("created", e.Created), n.delivery.Received)
	case thinEvent:
		n.at = n.Clock("created", n.Instant("created", e.Created).Truncate(time.Millisecond), n.delivery.Received)
		account = e.Context
	default:
		n.Fail("object", "event or "+thinEvent)
	}
	if n.Problem() != nil || !n.ours(live, n.OptionalText("account", account)) {
		return
	}
	if object == thinEvent {
		n.thin(&e)
		return
	}
	read, ok := topics[topic]
	if !ok {
		n.skip("unknown topic")
		return
	}
	n.Inside("data")
	n.Inside("object")
	read(n, e.Data.Object)
	n.Leave()
	n.Leave()
}

// ours reports whether the event is of the configured mode and account.
func (n *normaliser) ours(live bool, account string) bool {
	switch {
	case live && !n.livemode:
		n.skip("live event")
	case !live && n.livemode:
		n.skip("test event")
	case account != n.account:
		n.skip("event of another account")
	default:
		return true
	}
	return false
}

// thin asks for the object of an event that says nothing of it. The event names
// an address as well, which is not looked at.
func (n *normaliser) thin(e *event) {
	kind := n.OptionalText("related_object.type", e.Related.Type)
	set, ok := sets[kind]
	if !ok {
		n.skip("unknown topic")
		return
	}
	n.ask(kind, target{set: set, id: n.id("related_object.id", e.Related.ID), at: n.at})
}
