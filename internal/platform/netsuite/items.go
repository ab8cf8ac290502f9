package netsuite

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// basePrice is the list of the price that an item itself carries.
const basePrice = "base"

// itemParts are the fields of an item, each of which may be told alone.
var itemParts = []part{
	{"upccode", commerce.Product, func(_ *normaliser, f body.Facets, name string, v body.Field) { f.PutText("barcode", name, v) }},
	{"isinactive", commerce.Product, func(n *normaliser, f body.Facets, name string, v body.Field) {
		status := "active"
		if n.Truth(name, truth(v)) {
			status = "archived"
		}
		f.Put("status", commerce.Text(status))
	}},
	{"baseprice", commerce.Price, func(n *normaliser, f body.Facets, name string, v body.Field) {
		f.PutNumber("regular", name, v)
		if n.Currency != "" {
			f.Put("currency", commerce.Text(n.Currency))
		}
	}},
}

// item observes an item, field by field, and its stock at each location when that
// is told.
func (n *normaliser) item(r *record) {
	sku := n.OptionalText("fields."+n.skuField, r.Fields[n.skuField])
	if r.event == whole && sku == "" {
		n.skip("item without a SKU")
		return
	}
	if r.event != whole {
		sku = ""
	}
	via := &commerce.Via{Type: itemLink, Native: r.id}
	n.parts(r, itemParts, func(kind commerce.Kind) (commerce.Key, *commerce.Via) {
		if kind == commerce.Price {
			return commerce.Key{sku, basePrice}, via
		}
		return commerce.Key{sku}, via
	})
	for i, row := range r.Lists["locations"] {
		n.Enter("lists.locations", i)
		n.level(r, sku, via, row)
		n.Leave()
	}
	if sku != "" {
		n.link(r, itemLink, commerce.Facets{"sku": commerce.Text(sku)})
	}
	n.skip("inline edit of nothing that is read")
}

// level observes the stock of an item at a location. A quantity without a value is
// none that was ever counted, and no zero.
func (n *normaliser) level(r *record, sku string, via *commerce.Via, row map[string]body.Field) {
	native := n.internalID("locationid", row["locationid"])
	f := body.NewFacets(&n.Reader)
	f.PutNumber("on_hand", "quantityonhand", row["quantityonhand"])
	f.PutNumber("free", "quantityavailable", row["quantityavailable"])
	f.PutNumber("committed", "quantitycommitted", row["quantitycommitted"])
	f.Put("tracked", commerce.Bool(true))
	location, known, ignored := n.Locations.Locate(native)
	switch {
	case ignored:
		n.skip("location is ignored by the registry")
		return
	case !known:
		n.unknown(native)
		return
	}
	n.observe(r, commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{sku, location}, Via: via,
		Part: "level", Native: r.id + "/" + native, Slot: native, Facets: f.Values,
	})
}

// unknown asks, once, for the mapping of a location that the registry does not know.
func (n *normaliser) unknown(native string) {
	for _, o := range n.reading.Observations {
		if o.Kind == commerce.Mapping && o.Native == native {
			return
		}
	}
	o := commerce.Observation{
		System: n.System, Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native},
		Part: "mapping", Native: native, Slot: "mapping", Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	}
	o.Stamp(commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
