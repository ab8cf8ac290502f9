package square

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// fulfilment is how an order, or some of it, reaches the buyer. Who that is
// stands beside what is read.
type fulfilment struct {
	UID     body.Field `json:"uid"`
	Type    body.Field `json:"type"`
	State   body.Field `json:"state"`
	Details struct {
		Carrier  body.Field `json:"carrier"`
		Tracking body.Field `json:"tracking_number"`
		Shipped  body.Field `json:"shipped_at"`
	} `json:"shipment_details"`
}

// fulfilled is how far an order has reached the buyer. What is sold over a
// counter has no fulfilments.
func (n *normaliser) fulfilled(o *order, state string) string {
	done, open := 0, 0
	n.each("fulfillments", len(o.Fulfilments), func(i int) {
		switch n.OptionalText("state", o.Fulfilments[i].State) {
		case completed:
			done++
		case canceled, "FAILED":
		default:
			open++
		}
	})
	switch {
	case done > 0 && open > 0:
		return "partial"
	case done > 0, len(o.Fulfilments) == 0 && state == completed:
		return "fulfilled"
	default:
		return "unfulfilled"
	}
}

// shipments observes what is sent by parcel. A shipment is known by its tracking
// number, or by its own id as long as it has none; its link says which.
func (n *normaliser) shipments(o *order, order string, key commerce.Key, updated time.Time, version uint64) {
	n.each("fulfillments", len(o.Fulfilments), func(i int) {
		s := &o.Fulfilments[i]
		if n.OptionalText("type", s.Type) != "SHIPMENT" {
			return
		}
		native := order + "/" + n.id("uid", s.UID)
		tracking := strings.TrimSpace(n.OptionalText("shipment_details.tracking_number", s.Details.Tracking))
		if tracking == "" {
			tracking = native
		}
		f := n.facets()
		f.PutText("carrier", "shipment_details.carrier", s.Details.Carrier)
		f.PutInstant("shipped_at", "shipment_details.shipped_at", s.Details.Shipped)
		f.Put("voided", commerce.Bool(n.OptionalText("state", s.State) == canceled))
		if n.Problem() != nil {
			return
		}
		n.observe(commerce.Observation{
			Kind: commerce.Shipment, Key: commerce.Key{key[0], key[1], tracking}, Via: &commerce.Via{Type: shipmentLink, Native: native},
			Part: "shipment", Native: native, Slot: "shipment", Facets: f.Values,
		}, updated, version)
		n.link(shipmentLink, native, native, commerce.Facets{
			"store": commerce.Text(key[0]), "number": commerce.Text(key[1]), "tracking": commerce.Text(tracking),
		}, updated)
	})
}
