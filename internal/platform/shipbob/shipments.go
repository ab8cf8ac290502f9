package shipbob

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type shipment struct {
	ID       body.Field `json:"id"`
	Status   body.Field `json:"status"`
	Shipped  body.Field `json:"actual_fulfillment_date"`
	Location struct {
		ID body.Field `json:"id"`
	} `json:"location"`
	Tracking tracking          `json:"tracking"`
	Products []shipmentProduct `json:"products"`
}

type tracking struct {
	Carrier body.Field `json:"carrier"`
	Number  body.Field `json:"tracking_number"`
	OlderID body.Field `json:"tracking_id"`
	Shipped body.Field `json:"shipping_date"`
}

type shipmentProduct struct {
	Quantity body.Field `json:"quantity"`
	Items    []struct {
		Quantity body.Field `json:"quantity"`
	} `json:"inventory_items"`
}

// shipments puts what left and what is open, and returns the shipments that have a
// tracking number. What leaves a fulfilment centre that is ignored is no part of
// it; what is cancelled neither left nor is open.
func (n *normaliser) shipments(f body.Facets, all []shipment) (observed []commerce.Observation) {
	if all == nil {
		return nil
	}
	var left, open commerce.Decimal
	locations := map[string]bool{}
	n.Limit("shipments", len(all), maxLines)
	for i := range all {
		n.Enter("shipments", i)
		s := &all[i]
		location, ignored := n.place(s)
		units, status := n.units(s.Products), n.Text("status", s.Status)
		gone := slices.Contains(n.shipped, status)
		switch {
		case ignored || status == cancelled:
		case gone:
			left = n.Sum("quantity", left, units)
			if location != "" {
				locations[location] = true
			}
		default:
			open = n.Sum("quantity", open, units)
		}
		if !ignored {
			observed = n.tracked(observed, s, location, status, units)
		}
		n.Leave()
	}
	f.Put("units_shipped", commerce.Number(left))
	f.Put("units_open", commerce.Number(open))
	if len(locations) > 0 {
		f.Count("locations", int64(len(locations)))
	}
	return observed
}

// place is where a shipment leaves from.
func (n *normaliser) place(s *shipment) (location string, ignored bool) {
	if !s.Location.ID.Given() {
		return "", false
	}
	return n.locate(n.ID("location.id", s.Location.ID))
}

// units counts the pieces of a shipment, by product where it says how many.
func (n *normaliser) units(products []shipmentProduct) (units commerce.Decimal) {
	n.Limit("products", len(products), maxLines)
	for i, p := range products {
		n.Enter("products", i)
		if p.Quantity.Given() {
			units = n.Sum("quantity", units, n.Number("quantity", p.Quantity))
			n.Leave()
			continue
		}
		for j, it := range p.Items {
			n.Enter("inventory_items", j)
			units = n.Sum("quantity", units, n.Number("quantity", it.Quantity))
			n.Leave()
		}
		n.Leave()
	}
	return units
}

// tracked adds a shipment, if it has a tracking number.
func (n *normaliser) tracked(observed []commerce.Observation, s *shipment, location, status string, units commerce.Decimal) []commerce.Observation {
	native := n.ID("id", s.ID)
	name, field := either("tracking.tracking_number", s.Tracking.Number, "tracking.tracking_id", s.Tracking.OlderID)
	number := n.OptionalText(name, field)
	if number == "" {
		return observed
	}
	f := n.facets()
	f.Put("status", commerce.Text(status))
	f.Put("voided", commerce.Bool(status == cancelled))
	f.Put("units", commerce.Number(units))
	f.PutText("carrier", "tracking.carrier", s.Tracking.Carrier)
	if location != "" {
		f.Put("location", commerce.Text(location))
	}
	for _, at := range []struct {
		name string
		body.Field
	}{{"tracking.shipping_date", s.Tracking.Shipped}, {"actual_fulfillment_date", s.Shipped}} {
		if at.Given() {
			f.Put("shipped_at", commerce.Time(n.instant(at.name, at.Field)))
			break
		}
	}
	return append(observed, commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{"", "", number},
		Part: shipmentPart, Native: native, Slot: shipmentPart, Facets: f.Values,
	})
}
