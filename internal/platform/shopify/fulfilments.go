package shopify

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// fulfilment observes a shipment. It is known by its first tracking number, or
// by its own id as long as it has none: when a later body brings the number,
// the shipment under the id is gone.
func (n *normaliser) fulfilment() error {
	var ff fulfillment
	if err := body.Decode(n.delivery.Body, &ff); err != nil {
		return err
	}
	native, orderID := n.id("Fulfillment", ff.ref), n.digits("order_id", ff.OrderID)
	updated := n.clock("updated_at", ff.UpdatedAt)
	tracking := n.optionalText("tracking_number", ff.TrackingNumber)
	f := n.facets()
	f.text("status", "status", ff.Status)
	if status := f.values["status"]; !status.IsNull() {
		f.put("voided", commerce.Bool(status.String() == "cancelled"))
	}
	f.text("carrier", "tracking_company", ff.TrackingCompany)
	f.time("shipped_at", "created_at", ff.CreatedAt)
	if to := n.personal("destination", ff.Destination); ff.Destination.Given() {
		f.text("country", "destination.country_code", to.CountryCode)
	}
	if ff.LineItems == nil {
		n.fail("line_items", "a list")
	}
	f.count("units", n.lineUnits(ff.LineItems, false))
	if ff.LocationID.Given() {
		location, compared := n.locate(n.digits("location_id", ff.LocationID))
		if !compared {
			return n.otherwise(ignoredLocation)
		}
		f.put("location", commerce.Text(location))
	}
	o := commerce.Observation{
		Kind: commerce.Shipment, Via: &commerce.Via{Type: orderLink, Native: orderID},
		Part: "shipment", Native: native, Slot: "shipment", Created: n.created(ff.CreatedAt),
		Lines: n.shippedLines(ff.LineItems),
	}
	if tracking == "" {
		o.Key, o.Facets = commerce.Key{"", "", native}, f.values
		n.observe(o, updated)
		return nil
	}
	if n.delivery.Topic == "fulfillments/update" {
		before := o
		before.Lines = nil
		before.Key, before.Gone = commerce.Key{"", "", native}, true
		n.observe(before, updated)
	}
	o.Key, o.Facets = commerce.Key{"", "", tracking}, f.values
	n.observe(o, updated)
	return nil
}

// shippedLines are the units per SKU that the shipment holds.
func (n *normaliser) shippedLines(items []lineItem) []commerce.Line {
	units := map[string]int64{}
	for i, l := range items {
		n.enter("line_items", i)
		if sku := n.optionalText("sku", l.SKU); sku != "" {
			units[sku] += n.units("quantity", l.Quantity)
		}
		n.leave()
	}
	return linesOf(units, "")
}
