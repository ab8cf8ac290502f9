package commercetools

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// shipping is how an order, or a part of it, is shipped.
type shipping struct {
	Deliveries []shipped `json:"deliveries"`
}

type shipped struct {
	Items   []item   `json:"items"`
	Parcels []parcel `json:"parcels"`
}

type item struct {
	Quantity body.Field `json:"quantity"`
}

type parcel struct {
	ID       body.Field `json:"id"`
	Created  body.Field `json:"createdAt"`
	Items    []item     `json:"items"`
	Tracking struct {
		Number  body.Field `json:"trackingId"`
		Carrier body.Field `json:"carrier"`
		Return  body.Field `json:"isReturn"`
	} `json:"trackingData"`
}

// shipped observes the parcels of an order's deliveries.
func (n *normaliser) shipped(o *order, key commerce.Key) {
	n.deliveries("shippingInfo", o.Shipping, key)
	n.Limit("shipping", len(o.Ways), maxItems)
	for i := range o.Ways {
		n.Enter("shipping", i)
		n.deliveries("shippingInfo", o.Ways[i].Info, key)
		n.Leave()
	}
}

func (n *normaliser) deliveries(name string, s shipping, key commerce.Key) {
	n.Inside(name)
	defer n.Leave()
	n.Limit("deliveries", len(s.Deliveries), maxItems)
	for i := range s.Deliveries {
		n.Enter("deliveries", i)
		d := &s.Deliveries[i]
		n.Limit("parcels", len(d.Parcels), maxItems)
		for j := range d.Parcels {
			n.Enter("parcels", j)
			items := d.Parcels[j].Items
			if len(items) == 0 && len(d.Parcels) == 1 {
				items = d.Items
			}
			n.parcel(&d.Parcels[j], items, key)
			n.Leave()
		}
		n.Leave()
	}
}

// parcel observes a parcel. It is known by its tracking number, or by its own id as
// long as it has none; when it gets one, its link says so, and what was seen under
// the id is dropped. What comes back is no shipment.
func (n *normaliser) parcel(p *parcel, items []item, key commerce.Key) {
	native := n.id(p.ID)
	n.Inside("trackingData")
	tracking := strings.TrimSpace(n.OptionalText("trackingId", p.Tracking.Number))
	back := p.Tracking.Return.Given() && n.Truth("isReturn", p.Tracking.Return)
	f := n.facets()
	f.PutText("carrier", "carrier", p.Tracking.Carrier)
	n.Leave()
	if tracking == "" {
		tracking = native
	}
	f.PutInstant("shipped_at", "createdAt", p.Created)
	f.Put("voided", commerce.Bool(false))
	f.Put("test", commerce.Bool(false))
	if len(items) > 0 {
		f.Put("units", commerce.Number(n.units(items)))
	}
	if back || n.Problem() != nil {
		return
	}
	n.observe(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{key[0], key[1], tracking}, Via: &commerce.Via{Type: parcelLink, Native: native},
		Part: "shipment", Native: native, Slot: "shipment", Facets: f.Values,
	})
	n.link(parcelLink, native, native, commerce.Facets{
		"store": commerce.Text(key[0]), "number": commerce.Text(key[1]), "tracking": commerce.Text(tracking),
	})
}

func (n *normaliser) units(items []item) commerce.Decimal {
	var sum commerce.Decimal
	n.Limit("items", len(items), maxItems)
	for i, one := range items {
		n.Enter("items", i)
		sum = n.Sum("quantity", sum, n.Number("quantity", one.Quantity))
		n.Leave()
	}
	return sum
}

// parcelLeft ends a parcel that was taken out of its delivery.
func (n *normaliser) parcelLeft(name string, raw body.Field) {
	var p parcel
	n.Inside(name)
	defer n.Leave()
	n.decode(raw, &p)
	n.ended(n.id(p.ID))
}

// deliveryLeft ends the parcels of a delivery that was taken out of its order.
func (n *normaliser) deliveryLeft(d *notification) {
	var s shipped
	n.Inside("delivery")
	defer n.Leave()
	n.decode(d.Delivery, &s)
	n.Limit("parcels", len(s.Parcels), maxItems)
	for i := range s.Parcels {
		n.Enter("parcels", i)
		n.ended(n.id(s.Parcels[i].ID))
		n.Leave()
	}
}

func (n *normaliser) ended(parcel string) {
	n.final(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{"", "", ""}, Via: &commerce.Via{Type: parcelLink, Native: parcel},
		Part: "shipment", Native: parcel, Slot: "shipment",
	})
}
