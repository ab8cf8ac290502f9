package stripe

import (
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// answer reads what the API said of what was asked for.
func (n *normaliser) answer(asked string) {
	t, ok := readTarget(asked)
	if !ok {
		n.Fail(platform.FetchedHeader, "what this platform asks for")
		return
	}
	if n.delivery.Header[platform.StatusHeader] == "404" {
		// No object is ever deleted: the key sees another account than the events.
		n.Fail(platform.StatusHeader, "an object of this account; the credential may be another account's, or of the other mode")
		return
	}
	if t.set == eventList {
		n.events(t)
		return
	}
	n.answered, n.at, n.late = true, t.at, platform.ReadBack(n.delivery, t.at)
	switch t.set {
	case payoutTransactions:
		n.transactions(t)
	case chargeRefunds:
		n.refundsOf(t)
	default:
		n.single(t)
	}
}

// single reads one object, which must be the one that was asked for.
func (n *normaliser) single(t target) {
	var named struct {
		ID body.Field `json:"id"`
	}
	n.open(n.delivery.Body, &named)
	if id, _ := named.ID.Text(); id != t.id {
		n.Fail("id", "the object that was asked for")
		return
	}
	read := map[string]func(*normaliser, body.Field){
		"payment_intents": (*normaliser).payment, "refunds": (*normaliser).refund,
		"disputes": (*normaliser).dispute, "payouts": (*normaliser).payout,
	}
	read[t.set](n, n.delivery.Body)
}

// events reads a page of events like those that were delivered.
func (n *normaliser) events(t target) {
	n.turn(eventList, t, n.event)
}

// refundsOf reads a page of a charge's refunds.
func (n *normaliser) refundsOf(t target) {
	n.turn(refundList, t, n.refund)
}

// turn reads a page and asks for the next one, after everything that the page
// itself asks for: a run of a chore carries what is left.
func (n *normaliser) turn(topic string, t target, read func(body.Field)) {
	more, last := n.page(read)
	if more {
		t.after = last
		n.ask(topic, t)
	}
	n.skip("nothing on the page")
}

// page reads the elements of an answer's list. It returns the id of the last, and
// whether there are more behind it.
func (n *normaliser) page(read func(body.Field)) (more bool, last string) {
	var page struct {
		Object body.Field   `json:"object"`
		Data   []body.Field `json:"data"`
		More   body.Field   `json:"has_more"`
	}
	n.open(n.delivery.Body, &page)
	n.kind("list", page.Object)
	if page.Data == nil {
		n.Fail("data", "a list")
	}
	if more = n.Truth("has_more", page.More); more && len(page.Data) == 0 {
		n.Fail("has_more", "false behind an empty page")
	}
	n.each(page.Data, func(element body.Field) {
		var named struct {
			ID body.Field `json:"id"`
		}
		n.open(element, &named)
		last = n.id("id", named.ID)
		read(element)
	})
	return more, last
}
