package adobecommerce

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type creditMemo struct {
	dates
	ID         body.Field `json:"entity_id"`
	Order      body.Field `json:"order_id"`
	State      body.Field `json:"state"`
	Currency   body.Field `json:"base_currency_code"`
	Total      body.Field `json:"base_grand_total"`
	Items      body.Field `json:"base_subtotal"`
	Shipping   body.Field `json:"base_shipping_amount"`
	Tax        body.Field `json:"base_tax_amount"`
	Adjustment body.Field `json:"base_adjustment"`
}

// creditMemo observes a refund. One that is open is none yet, and one that was
// canceled is gone. Which order it is of its link knows.
func (n *normaliser) creditMemo(raw body.Field) {
	var c creditMemo
	n.open(raw, &c)
	native, order := n.id("entity_id", c.ID), n.id("order_id", c.Order)
	changed, created := n.changed(c.dates), n.created(c.dates)
	o := commerce.Observation{
		Kind: commerce.Refund, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: order},
		Part: "refund", Native: native, Created: created,
	}
	switch plain(c.State) {
	case "1":
		n.skip("credit memo that is not paid yet")
		return
	case "3":
		o.Gone = true
	}
	f := n.facets()
	f.Put("amount", commerce.Number(n.number("base_grand_total", c.Total)))
	n.put(f, "items", "base_subtotal", c.Items)
	n.put(f, "shipping", "base_shipping_amount", c.Shipping)
	n.put(f, "tax", "base_tax_amount", c.Tax)
	n.put(f, "adjustment", "base_adjustment", c.Adjustment)
	n.putText(f, "currency", "base_currency_code", c.Currency)
	n.putDate(f, "booked_at", "created_at", c.Created)
	o.Facets = f.Values
	n.observe(o, changed)
}

type shipment struct {
	dates
	ID     body.Field `json:"entity_id"`
	Order  body.Field `json:"order_id"`
	Units  body.Field `json:"total_qty"`
	Tracks body.Field `json:"tracks"`
}

// track is how a shipment is followed.
type track struct {
	Number  body.Field `json:"track_number"`
	Carrier body.Field `json:"carrier_code"`
}

// shipment observes a shipment. It is known by its first tracking number, or by its
// own id as long as it has none: when a later event brings the number, the
// shipment under the id is gone.
func (n *normaliser) shipment(raw body.Field) {
	var s shipment
	n.open(raw, &s)
	native, order := n.id("entity_id", s.ID), n.id("order_id", s.Order)
	changed, created := n.changed(s.dates), n.created(s.dates)
	f := n.facets()
	f.Put("units", commerce.Number(n.number("total_qty", s.Units)))
	n.putDate(f, "shipped_at", "created_at", s.Created)
	f.Put("voided", commerce.Bool(false))
	o := commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{"", "", native}, Via: &commerce.Via{Type: orderLink, Native: order},
		Part: "shipment", Native: native, Slot: "shipment", Created: created,
	}
	if t, tracked := n.firstTrack(s.Tracks); tracked {
		before := o
		before.Gone = true
		n.observe(before, changed)
		n.Enter("tracks", 0)
		o.Key = commerce.Key{"", "", strings.TrimSpace(n.Text("track_number", t.Number))}
		n.putText(f, "carrier", "carrier_code", t.Carrier)
		n.Leave()
	}
	o.Facets = f.Values
	n.observe(o, changed)
}

// firstTrack is the first of the tracks, if there is one with a number.
func (n *normaliser) firstTrack(raw body.Field) (track, bool) {
	if !raw.Given() || raw[0] != '[' {
		return track{}, false
	}
	var tracks []track
	n.open(raw, &tracks)
	if len(tracks) == 0 {
		return track{}, false
	}
	return tracks[0], given(tracks[0].Number)
}
