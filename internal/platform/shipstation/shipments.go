package shipstation

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts that an order's shipments are, and the one that a parcel's way is.
const (
	shipmentPart   = "shipment"
	fulfilmentPart = "fulfilment"
	trackingPart   = "tracking"
)

// shipment is one that was made with a label, or one that somebody else fulfilled.
type shipment struct {
	ShipmentID   body.Field     `json:"shipmentId"`
	FulfilmentID body.Field     `json:"fulfillmentId"`
	Number       body.Field     `json:"orderNumber"`
	Tracking     body.Field     `json:"trackingNumber"`
	Carrier      body.Field     `json:"carrierCode"`
	Warehouse    body.Field     `json:"warehouseId"`
	Created      body.Field     `json:"createDate"`
	Shipped      body.Field     `json:"shipDate"`
	Voided       body.Field     `json:"voided"`
	VoidedAt     body.Field     `json:"voidDate"`
	Return       body.Field     `json:"isReturnLabel"`
	Items        []shipmentItem `json:"shipmentItems"`
	Advanced     options        `json:"advancedOptions"`
}

type shipmentItem struct {
	Quantity body.Field `json:"quantity"`
}

// shipment observes a parcel, and what it adds to its order. One that was voided
// ships nothing.
func (n *normaliser) shipment(s *shipment, part string, id body.Field, name string) {
	native := n.ID(name, id)
	voided := s.Voided.Given() && n.Truth("voided", s.Voided)
	changed := n.moment("createDate", s.Created)
	if voided && s.VoidedAt.Given() {
		changed = n.moment("voidDate", s.VoidedAt)
	}
	key, ok := n.webOrder(s.Advanced.Store, s.Number)
	f := body.NewFacets(&n.Reader)
	f.Put("voided", commerce.Bool(voided))
	f.PutText("carrier", "carrierCode", s.Carrier)
	f.PutWall("shipped_at", "shipDate", s.Shipped, n.pacific, n.delivery.Received)
	units, counted := n.pieces(s)
	if counted {
		f.Put("units", commerce.Number(units))
	}
	tracking := n.OptionalText("trackingNumber", s.Tracking)
	location, ignored := n.locate(s.Warehouse)
	switch {
	case s.Return.Given() && n.Truth("isReturnLabel", s.Return):
		n.skip("label of a return")
		return
	case ignored:
		n.skip("location is ignored by the registry")
		return
	case !ok:
		return
	}
	if location != "" {
		f.Put("location", commerce.Text(location))
	}
	if counted {
		n.shipped(key, part, native, units, voided, changed)
	}
	if tracking == "" || len(tracking) > maxText {
		n.skip("shipment without a tracking number")
		return
	}
	n.observe(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{key[0], key[1], tracking}, Part: part, Native: native, Slot: part, Facets: f.Values,
	}, changed)
	n.remember(tracking, key, changed)
}

// shipped observes what a shipment adds to its order.
func (n *normaliser) shipped(key commerce.Key, part, native string, units commerce.Decimal, voided bool, changed time.Time) {
	o := commerce.Observation{Kind: commerce.Order, Key: key, Part: part, Native: native, Gone: voided}
	if !voided {
		o.Facets = commerce.Facets{"units_shipped": commerce.Number(units)}
	}
	n.observe(o, changed)
}

// pieces counts what is in a parcel, if the answer says so.
func (n *normaliser) pieces(s *shipment) (units commerce.Decimal, counted bool) {
	n.Limit("shipmentItems", len(s.Items), maxElements)
	for i, item := range s.Items {
		n.Enter("shipmentItems", i)
		units = n.Sum("quantity", units, n.Number("quantity", item.Quantity))
		n.Leave()
	}
	return units, s.Items != nil
}

type track struct {
	Tracking body.Field `json:"tracking_number"`
	Status   body.Field `json:"status_code"`
}

// statuses are the words for the codes of a parcel's way.
var statuses = map[string]string{
	"AC": "accepted", "AT": "delivery_attempted", "DE": "delivered", "EX": "exception", "IT": "in_transit",
	"NY": "pre_transit", "SP": "available_for_pickup", "UN": "unknown",
}

// track observes where a parcel is. Its order is known by the parcel's number, and
// no time orders what is told: the newest received counts. Carrier and date of
// the second generation are other words than the first's, and not read.
func (n *normaliser) track(t *track) {
	if t == nil {
		n.Fail("data", "an object")
		return
	}
	n.Inside("data")
	defer n.Leave()
	tracking := n.Text("tracking_number", t.Tracking)
	status, known := statuses[n.Text("status_code", t.Status)]
	if tracking == "" || len(tracking) > maxText || !known {
		n.Fail("status_code", "a code such as IT, of a parcel with a tracking number")
	}
	n.observe(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{"", "", tracking}, Via: &commerce.Via{Type: trackingLink, Native: tracking},
		Part: trackingPart, Native: tracking, Slot: trackingPart, Facets: commerce.Facets{"status": commerce.Text(status)},
	}, n.delivery.Received)
}
