package bigcommerce

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type shipment struct {
	ID       body.Field `json:"id"`
	Order    body.Field `json:"order_id"`
	Created  body.Field `json:"date_created"`
	Tracking body.Field `json:"tracking_number"`
	Carrier  body.Field `json:"tracking_carrier"`
	Provider body.Field `json:"shipping_provider"`
	Items    []struct {
		Quantity body.Field `json:"quantity"`
	} `json:"items"`
}

// shipment observes a shipment. It is known by its tracking number, or by its own
// id as long as it has none; when it gets one, its link says so, and what was
// seen under the id is dropped.
func (n *normaliser) shipment(raw []byte) error {
	var s shipment
	if err := body.Decode(raw, &s); err != nil {
		return err
	}
	native, order := n.ID("id", s.ID), n.ID("order_id", s.Order)
	tracking := strings.TrimSpace(n.OptionalText("tracking_number", s.Tracking))
	if tracking == "" {
		tracking = native
	}
	f := n.facets()
	carrier, name := s.Carrier, "tracking_carrier"
	if !dated(carrier) {
		carrier, name = s.Provider, "shipping_provider"
	}
	f.PutText("carrier", name, carrier)
	f.Put("shipped_at", commerce.Time(n.date("date_created", s.Created)))
	f.Put("voided", commerce.Bool(false))
	if s.Items == nil {
		n.Fail("items", "a list")
	}
	f.Put("units", commerce.Number(n.shippedUnits(&s)))
	store, number, web := n.OrderNumber.Read("", order)
	if err := n.Problem(); err != nil {
		return err
	}
	if !web {
		return n.ignore(notWebOrder)
	}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{store, number, tracking}, Via: &commerce.Via{Type: shipmentLink, Native: native},
		Part: "shipment", Native: native, Slot: "shipment", Facets: f.Values,
	})
	n.observeReceived(n.link(shipmentLink, native, native, commerce.Facets{
		"store": commerce.Text(store), "number": commerce.Text(number), "tracking": commerce.Text(tracking),
	}))
	return nil
}

func (n *normaliser) shippedUnits(s *shipment) commerce.Decimal {
	var units commerce.Decimal
	n.Limit("items", len(s.Items), maxItems)
	for i, item := range s.Items {
		n.Enter("items", i)
		units = n.Sum("quantity", units, n.Number("quantity", item.Quantity))
		n.Leave()
	}
	return units
}

var shipmentTarget = lazyregexp.New(`^v2/orders/\d+/shipments/(\d+)$`)

// shipmentGone ends a shipment that was deleted. What it was known by its link
// knows.
func (n *normaliser) shipmentGone() {
	ids, ok := n.asked(shipmentTarget)
	if !ok {
		return
	}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{"", "", ""}, Via: &commerce.Via{Type: shipmentLink, Native: ids[0]},
		Part: "shipment", Native: ids[0], Slot: "shipment", Gone: true,
	})
}
