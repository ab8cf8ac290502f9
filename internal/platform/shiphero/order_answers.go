package shiphero

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type order struct {
	ID        body.Field        `json:"id"`
	Number    body.Field        `json:"order_number"`
	Shop      body.Field        `json:"shop_name"`
	Status    body.Field        `json:"fulfillment_status"`
	Date      body.Field        `json:"order_date"`
	Lines     list[orderLine]   `json:"line_items"`
	Shipments []fetchedShipment `json:"shipments"`
}

type orderLine struct {
	SKU       body.Field `json:"sku"`
	Quantity  body.Field `json:"quantity"`
	Shipped   body.Field `json:"quantity_shipped"`
	Pending   body.Field `json:"quantity_pending_fulfillment"`
	Warehouse body.Field `json:"warehouse_id"`
}

type fetchedShipment struct {
	ID        body.Field         `json:"id"`
	Warehouse body.Field         `json:"warehouse_id"`
	Created   body.Field         `json:"created_date"`
	Labels    []label            `json:"shipping_labels"`
	Lines     list[shipmentLine] `json:"line_items"`
}

type label struct {
	Tracking body.Field `json:"tracking_number"`
	Carrier  body.Field `json:"carrier"`
}

// order observes an order with its shipments. One that does not exist is gone.
func (n *normaliser) order(o *order) error {
	if o == nil {
		return n.orderGone()
	}
	native := n.entity("Order", "id", o.ID)
	key, ok := n.webOrder(o.Shop, o.Number)
	status := strings.ToLower(n.OptionalText("fulfillment_status", o.Status))
	cancelled := status == "canceled" || status == "cancelled"
	observed := commerce.Observation{Kind: commerce.Order, Key: key, Part: orderPart, Native: native, Slot: orderPart}
	f := n.facets()
	if o.Date.Given() {
		observed.Created = n.instant("order_date", o.Date)
		f.Put("created", commerce.Time(observed.Created))
	}
	if lines := n.orderUnits(f, o); !cancelled {
		observed.Lines = lines
	}
	observed.Facets = f.Values
	if !ok {
		return n.ignore(notWebOrder)
	}
	n.observe(observed)
	n.state(key, native, cancelled)
	n.linkOrder(key, native)
	n.Limit("shipments", len(o.Shipments), maxLines)
	for i := range o.Shipments {
		n.Enter("shipments", i)
		n.fetchedShipment(key, &o.Shipments[i])
		n.Leave()
	}
	return nil
}

// orderUnits puts the pieces of an order, and returns them by SKU and location.
// Of an order with more lines than an answer has, they are not known.
func (n *normaliser) orderUnits(f body.Facets, o *order) (lines []commerce.Line) {
	if o.Lines.Edges == nil || n.Truth("line_items.hasNextPage", o.Lines.Page.More) {
		return nil
	}
	var units, open, shipped commerce.Decimal
	n.Limit("line_items", len(o.Lines.Edges), maxLines)
	for i, e := range o.Lines.Edges {
		n.Enter("line_items.edges", i)
		quantity := n.Number("quantity", e.Node.Quantity)
		units = n.Sum("quantity", units, quantity)
		open = n.Sum("quantity_pending_fulfillment", open, n.Number("quantity_pending_fulfillment", e.Node.Pending))
		shipped = n.Sum("quantity_shipped", shipped, n.Number("quantity_shipped", e.Node.Shipped))
		lines = n.take(lines, e.Node, quantity)
		n.Leave()
	}
	f.Put("units", commerce.Number(units))
	f.Put("units_open", commerce.Number(open))
	// Shipments add what was shipped; before the first it is known to be none.
	f.Count("units_shipped", 0)
	f.Count("lines", int64(len(o.Lines.Edges)))
	f.Put("fulfilment", commerce.Text(fulfilment(open, shipped)))
	return lines
}

func fulfilment(open, shipped commerce.Decimal) string {
	switch {
	case shipped.Sign() == 0:
		return "unfulfilled"
	case open.Sign() > 0:
		return "partial"
	default:
		return "fulfilled"
	}
}

// take adds the pieces of a line, in a fixed order.
func (n *normaliser) take(lines []commerce.Line, l orderLine, units commerce.Decimal) []commerce.Line {
	line := commerce.Line{SKU: n.OptionalText("sku", l.SKU), Units: units}
	if text, _ := l.Warehouse.Text(); text != "" {
		warehouse := n.entity("Warehouse", "warehouse_id", l.Warehouse)
		location, known, ignored := n.Locations.Locate(warehouse)
		if ignored {
			return lines
		}
		if known {
			line.Location = location
		}
	}
	if line.SKU == "" || units.Sign() <= 0 {
		return lines
	}
	at, found := slices.BinarySearchFunc(lines, line, func(a, b commerce.Line) int {
		return strings.Compare(a.SKU+"\x00"+a.Location, b.SKU+"\x00"+b.Location)
	})
	if found {
		lines[at].Units = n.Sum("quantity", lines[at].Units, units)
		return lines
	}
	return slices.Insert(lines, at, line)
}

// fetchedShipment observes a shipment as webhooks tell it, with each parcel.
func (n *normaliser) fetchedShipment(key commerce.Key, s *fetchedShipment) {
	d := dispatch{native: n.entity("Shipment", "id", s.ID)}
	if text, _ := s.Warehouse.Text(); text != "" {
		d.warehouse = n.entity("Warehouse", "warehouse_id", s.Warehouse)
	}
	if s.Created.Given() {
		d.shipped = n.instant("created_date", s.Created)
	}
	if s.Lines.Edges == nil || n.Truth("line_items.hasNextPage", s.Lines.Page.More) {
		return
	}
	n.Limit("line_items", len(s.Lines.Edges), maxLines)
	for i, e := range s.Lines.Edges {
		n.Enter("line_items.edges", i)
		d.units = n.Sum("quantity", d.units, n.Number("quantity", e.Node.Quantity))
		n.Leave()
	}
	for _, l := range s.Labels {
		if p := (parcel{n.OptionalText("tracking_number", l.Tracking), n.OptionalText("carrier", l.Carrier)}); p.tracking != "" {
			d.parcels = append(d.parcels, p)
		}
	}
	n.dispatched(key, d)
}

// orderGone ends an order. Which web order it was its link knows.
func (n *normaliser) orderGone() error {
	_, native, _ := strings.Cut(n.delivery.Header[platform.FetchedHeader], "/")
	if !number.MatchString(native) {
		n.Fail(platform.FetchedHeader, "the order that was asked for")
		return nil
	}
	for _, part := range []string{orderPart, statePart} {
		n.observe(commerce.Observation{
			Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: native},
			Part: part, Native: native, Slot: part, Gone: true,
		})
	}
	return nil
}
