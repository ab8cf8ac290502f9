package shipstation

import (
	"strconv"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// answered is a page of any of the lists.
type answered struct {
	Orders      []order    `json:"orders"`
	Shipments   []shipment `json:"shipments"`
	Fulfilments []shipment `json:"fulfillments"`
	Page        body.Field `json:"page"`
	Pages       body.Field `json:"pages"`
}

// answer reads a page of what was asked for, and asks for the next one.
func (n *normaliser) answer(asked string) {
	t, ok := readTarget(asked)
	switch {
	case !ok:
		n.Fail(platform.FetchedHeader, "what this platform asks for")
		return
	case n.delivery.Header[platform.StatusHeader] == "404":
		n.Fail(platform.StatusHeader, "a list, which may be empty")
		return
	}
	var a answered
	n.open(&a)
	switch t.topic {
	case ordersTopic:
		each(n, t.topic, a.Orders, n.order)
	case shipmentsTopic:
		each(n, t.topic, a.Shipments, func(s *shipment) { n.shipment(s, shipmentPart, s.ShipmentID, "shipmentId") })
	default:
		each(n, t.topic, a.Fulfilments, func(s *shipment) { n.shipment(s, fulfilmentPart, s.FulfilmentID, "fulfillmentId") })
	}
	n.turn(t, &a)
	n.skip("nothing on the page that is compared")
}

func each[T any](n *normaliser, list string, all []T, read func(*T)) {
	if all == nil {
		n.Fail(list, "a list")
	}
	n.Limit(list, len(all), maxElements)
	for i := range all[:min(len(all), maxElements)] {
		n.Enter(list, i)
		read(&all[i])
		n.Leave()
	}
}

// turn asks for the page behind the one that was asked for.
func (n *normaliser) turn(t target, a *answered) {
	asked, _ := t.page()
	page, err := strconv.Atoi(string(a.Page))
	pages, errPages := strconv.Atoi(string(a.Pages))
	if err != nil || errPages != nil || page != asked || pages > maxPages {
		n.Fail("page", "the page that was asked for, and the number of pages")
		return
	}
	if page < pages {
		n.fetch(t.turned(page + 1))
	}
}
