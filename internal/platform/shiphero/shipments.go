package shiphero

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type shipmentBody struct {
	Test        body.Field `json:"test"`
	Account     body.Field `json:"account_id"`
	Fulfillment *shipment  `json:"fulfillment"`
}

type shipment struct {
	ID        body.Field     `json:"shipment_id"`
	Account   body.Field     `json:"account_id"`
	Warehouse body.Field     `json:"warehouse_id"`
	OrderID   body.Field     `json:"order_id"`
	Number    body.Field     `json:"order_number"`
	Shop      body.Field     `json:"shop_name"`
	Tracking  body.Field     `json:"tracking_number"`
	Carrier   body.Field     `json:"shipping_carrier"`
	Packages  body.Field     `json:"total_packages"`
	Lines     []shipmentLine `json:"line_items"`
}

type shipmentLine struct {
	Quantity body.Field `json:"quantity"`
}

// shipmentUpdate observes what left the warehouse: as a shipment, and as a part
// of its order.
func (n *normaliser) shipmentUpdate() error {
	var b shipmentBody
	if err := body.Decode(n.delivery.Body, &b); err != nil {
		return err
	}
	s := b.Fulfillment
	if s == nil {
		n.Fail("fulfillment", "an object")
		return nil
	}
	if !n.ours(b.Account) || !n.ours(s.Account) {
		return n.ignore(otherAccount)
	}
	test := n.flag("test", b.Test)
	n.Inside("fulfillment")
	defer n.Leave()
	key, ok := n.webOrder(s.Shop, s.Number)
	sent := n.sent(s, test)
	if !ok {
		return n.otherwise(notWebOrder)
	}
	if s.OrderID.Given() && !test {
		n.askForOrder(n.id("order_id", s.OrderID))
	}
	n.dispatched(key, sent)
	return n.otherwise(testDelivery)
}

// flag reads what ShipHero writes for yes and no: "1" and "0", as text or number.
// Missing is no.
func (n *normaliser) flag(name string, f body.Field) bool {
	switch string(f) {
	case `"1"`, "1", "true":
		return true
	case `"0"`, "0", "false", "null", "":
		return false
	}
	n.Fail(name, `"0" or "1"`)
	return false
}

// dispatch is a shipment in the words of webhooks and API alike.
type dispatch struct {
	native, warehouse string
	units             commerce.Decimal
	test              bool
	parcels           []parcel
	shipped           time.Time
}

type parcel struct{ tracking, carrier string }

func (n *normaliser) sent(s *shipment, test bool) dispatch {
	d := dispatch{native: n.id("shipment_id", s.ID), test: test}
	if s.Warehouse.Given() {
		d.warehouse = n.id("warehouse_id", s.Warehouse)
	}
	if s.Lines == nil {
		n.Fail("line_items", "a list")
	}
	n.Limit("line_items", len(s.Lines), maxLines)
	for i, l := range s.Lines {
		n.Enter("line_items", i)
		d.units = n.Sum("quantity", d.units, n.Number("quantity", l.Quantity))
		n.Leave()
	}
	if p := (parcel{n.OptionalText("tracking_number", s.Tracking), n.OptionalText("shipping_carrier", s.Carrier)}); p.tracking != "" {
		d.parcels = []parcel{p}
	}
	// Of several packages a webhook names one, with the pieces of all of them.
	if s.Packages.Given() && n.Number("total_packages", s.Packages).Cmp(commerce.Int(1)) > 0 && len(d.parcels) > 0 {
		d.parcels = append(d.parcels, parcel{})
	}
	return d
}

// dispatched observes a shipment's parcels, and what it adds to its order. What
// leaves a warehouse that the registry does not know is shipped all the same.
func (n *normaliser) dispatched(key commerce.Key, d dispatch) {
	location := ""
	if d.warehouse != "" {
		var ignored bool
		if location, ignored = n.locate(d.warehouse); ignored {
			return
		}
	}
	if !d.test {
		n.observe(commerce.Observation{
			Kind: commerce.Order, Key: key, Part: shipmentPart, Native: d.native,
			Facets: commerce.Facets{"units_shipped": commerce.Number(d.units)},
		})
	}
	for _, p := range d.parcels {
		if p.tracking != "" {
			n.parcel(key, d, p, location)
		}
	}
}

// parcel observes one parcel. Its pieces are known when it is the only one.
func (n *normaliser) parcel(key commerce.Key, d dispatch, p parcel, location string) {
	f := n.facets()
	f.Put("test", commerce.Bool(d.test))
	for facet, text := range map[string]string{"carrier": p.carrier, "location": location} {
		if text != "" {
			f.Put(facet, commerce.Text(text))
		}
	}
	if len(d.parcels) == 1 {
		f.Put("units", commerce.Number(d.units))
	}
	if !d.shipped.IsZero() {
		f.Put("shipped_at", commerce.Time(d.shipped))
	}
	n.observe(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{key[0], key[1], p.tracking},
		Part: shipmentPart, Native: d.native + "/" + p.tracking, Slot: shipmentPart, Facets: f.Values,
	})
}
