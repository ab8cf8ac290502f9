package square

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// page is an answer that lists something.
type page struct {
	Orders        []body.Field   `json:"orders"`
	Objects       []body.Field   `json:"objects"`
	Counts        []count        `json:"counts"`
	Subscriptions []subscription `json:"subscriptions"`
	Cursor        body.Field     `json:"cursor"`
}

// answer reads what the API said of what was asked for.
func (n *normaliser) answer(asked string) {
	t, ok := readTarget(asked)
	if !ok {
		n.Fail(platform.FetchedHeader, "what this platform asks for")
		return
	}
	n.answered = true
	if n.delivery.Header[platform.StatusHeader] == "404" {
		n.missing(t)
		return
	}
	if t.set == orderSet {
		n.oneOrder(t)
		return
	}
	var p page
	n.open(n.delivery.Body, &p)
	switch t.set {
	case ordersSet:
		n.each("orders", len(p.Orders), func(i int) { n.order(p.Orders[i]) })
	case catalogSet:
		n.each("objects", len(p.Objects), func(i int) { n.object(p.Objects[i]) })
	case countsSet:
		n.counts("counts", p.Counts)
	case subscriptionSet:
		n.subscriptions(t, &p)
	}
	// The next page comes after everything that this one asks for.
	n.turn(t, p.Cursor)
	n.skip("nothing on the page that is compared")
}

// turn asks for the next page, if there is one.
func (n *normaliser) turn(t target, next body.Field) {
	text := n.long("cursor", next)
	if text == "" || n.Problem() != nil {
		return
	}
	if !cursor.MatchString(text) || text == t.cursor {
		n.Fail("cursor", "where the next page begins")
		return
	}
	t.cursor = text
	n.ask(t)
}

// long reads a text that may be longer than others, or "" where there is none.
func (n *normaliser) long(name string, f body.Field) string {
	if !f.Given() {
		return ""
	}
	text, ok := f.Text()
	if !ok {
		n.Fail(name, "a text")
	}
	return text
}

// oneOrder reads an order, which must be the one that was asked for.
func (n *normaliser) oneOrder(t target) {
	var answer struct {
		Order body.Field `json:"order"`
	}
	var named struct {
		ID body.Field `json:"id"`
	}
	n.open(n.delivery.Body, &answer)
	n.Inside("order")
	defer n.Leave()
	n.open(answer.Order, &named)
	if id, _ := named.ID.Text(); id != t.id {
		n.Fail("id", "the order that was asked for")
		return
	}
	n.order(answer.Order)
}

// missing reads an answer of status 404. It must be Square's: any other says
// nothing of an order. Which number the order had its link knows.
func (n *normaliser) missing(t target) {
	var failure struct {
		Errors []struct {
			Code body.Field `json:"code"`
		} `json:"errors"`
	}
	n.open(n.delivery.Body, &failure)
	known := false
	for _, e := range failure.Errors {
		code, _ := e.Code.Text()
		known = known || code == "NOT_FOUND"
	}
	if !known || t.set != orderSet {
		n.Fail("errors", "Square's answer that there is no such order: is the access token the seller's?")
		return
	}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: t.id},
		Part: orderPart, Native: t.id, Slot: orderPart, Gone: true,
	})
}
