package easypost

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// shipmentPart is what a shipment says of itself, and trackerPart what the
// carrier says of it.
const (
	shipmentPart = "shipment"
	trackerPart  = "tracker"
)

type shipment struct {
	ID           body.Field            `json:"id"`
	Mode         body.Field            `json:"mode"`
	Reference    body.Field            `json:"reference"`
	Options      map[string]body.Field `json:"options"`
	Return       body.Field            `json:"is_return"`
	TrackingCode body.Field            `json:"tracking_code"`
	RefundStatus body.Field            `json:"refund_status"`
	Created      body.Field            `json:"created_at"`
	Updated      body.Field            `json:"updated_at"`
	Rate         struct {
		Carrier body.Field `json:"carrier"`
	} `json:"selected_rate"`
	Tracker tracker `json:"tracker"`
}

type tracker struct {
	ID      body.Field `json:"id"`
	Status  body.Field `json:"status"`
	Updated body.Field `json:"updated_at"`
	Details []struct {
		Status body.Field `json:"status"`
		At     body.Field `json:"datetime"`
	} `json:"tracking_details"`
}

// shipment observes a label that was bought for an order.
func (n *normaliser) shipment(raw body.Field) {
	var s shipment
	n.open(raw, &s)
	native, updated := n.shipmentID("id", s.ID), n.clock("updated_at", s.Updated)
	code := strings.TrimSpace(n.OptionalText("tracking_code", s.TrackingCode))
	if !n.ours(s.Mode) || n.Problem() != nil {
		return
	}
	store, number, web := n.order(&s)
	switch {
	case s.Return.Given() && n.Truth("is_return", s.Return):
		n.skip("label for a return")
		return
	case code == "":
		n.skip("shipment without a label")
		return
	case !web:
		n.skip("order number is not a web order's")
		return
	}
	o := commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{store, number, code}, Via: &commerce.Via{Type: shipmentLink, Native: native},
		Part: shipmentPart, Native: native, Slot: shipmentPart, Created: n.Instant("created_at", s.Created),
	}
	o.Facets = n.labelFacets(&s)
	n.observe(o, updated)
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, shipmentLink, native}, Part: "link", Native: native,
		Facets: commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number), "tracking": commerce.Text(code)},
	}, updated)
	if !s.Tracker.ID.Given() {
		return
	}
	n.Inside("tracker")
	defer n.Leave()
	o.Part, o.Slot, o.Native, o.Facets = trackerPart, trackerPart, n.Text("id", s.Tracker.ID), n.trackerFacets(&s.Tracker)
	n.observe(o, n.clock("updated_at", s.Tracker.Updated))
}

// order finds the web order: the first of the configured fields that holds a
// number.
func (n *normaliser) order(s *shipment) (store, number string, ok bool) {
	for _, name := range n.orderFields {
		f := s.Reference
		if option, found := strings.CutPrefix(name, "options."); found {
			f = s.Options[option]
		}
		if store, number, ok = n.OrderNumber.Read("", n.OptionalText(name, f)); ok {
			return store, number, true
		}
	}
	return "", "", false
}

// labelFacets are what is known when the label is bought. A refund that was asked
// for voids a label, unless the carrier refuses it.
func (n *normaliser) labelFacets(s *shipment) commerce.Facets {
	f := body.NewFacets(&n.Reader)
	f.PutText("carrier", "selected_rate.carrier", s.Rate.Carrier)
	refund := n.OptionalText("refund_status", s.RefundStatus)
	f.Put("voided", commerce.Bool(refund == "submitted" || refund == "refunded"))
	f.Put("test", commerce.Bool(n.mode == test))
	return f.Values
}

// waiting are the states of a parcel that the carrier does not have yet.
var waiting = map[string]bool{"": true, "unknown": true, "pre_transit": true, "error": true, "cancelled": true}

// trackerFacets are what the carrier says: how far the parcel is, and when it was
// first seen on its way.
func (n *normaliser) trackerFacets(t *tracker) commerce.Facets {
	f := body.NewFacets(&n.Reader)
	f.PutText("status", "status", t.Status)
	var first time.Time
	n.Limit("tracking_details", len(t.Details), maxItems)
	for i, d := range t.Details[:min(len(t.Details), maxItems)] {
		n.Enter("tracking_details", i)
		if status := n.OptionalText("status", d.Status); !waiting[status] && d.At.Given() {
			if at := n.Instant("datetime", d.At); first.IsZero() || at.Before(first) {
				first = at
			}
		}
		n.Leave()
	}
	if !first.IsZero() {
		f.Put("shipped_at", commerce.Time(first))
	}
	return f.Values
}
