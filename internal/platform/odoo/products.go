package odoo

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// basePrice is the list of the price that a product itself carries.
const basePrice = "base"

// zone is where dates without a time begin.
func (n *normaliser) zone() *time.Location {
	if n.Timezone == nil {
		return time.UTC
	}
	return n.Timezone
}

// product observes a variant and its price.
func (n *normaliser) product() error {
	sku := n.text(n.skuField)
	f, price := n.facets(), n.facets()
	f.PutText("barcode", "barcode", n.value("barcode"))
	if active := n.values["active"]; active.Given() {
		f.Put("status", commerce.Text(map[bool]string{true: "active", false: "archived"}[n.Truth("active", active)]))
	}
	n.tracked(f.Put)
	price.PutNumber("regular", n.priceField, n.value(n.priceField))
	if n.Currency != "" {
		price.Put("currency", commerce.Text(n.Currency))
	}
	if sku == "" {
		return n.ignore("product without a SKU")
	}
	o := commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: &commerce.Via{Type: productLink, Native: n.native},
		Part: "product", Slot: "sku", Facets: f.Values,
	}
	n.observe(o)
	o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, "price", price.Values
	n.observe(o)
	n.link(productLink, n.native, commerce.Facets{"sku": commerce.Text(sku)})
	return nil
}

// tracked says whether a product's stock is counted: is_storable since version
// 18, the type before.
func (n *normaliser) tracked(put func(string, commerce.Value)) {
	if f := n.values["is_storable"]; f.Given() {
		put("tracked", commerce.Bool(n.Truth("is_storable", f)))
		return
	}
	for _, name := range []string{"detailed_type", "type"} {
		if f := n.value(name); f.Given() {
			put("tracked", commerce.Bool(n.Text(name, f) == "product"))
			return
		}
	}
}

// quant observes the stock of a product at a location. There may be several, one
// for each lot, package or owner: they add up.
func (n *normaliser) quant() error {
	product, _ := n.reference("product_id")
	place, _ := n.reference("location_id")
	if product == "" || place == "" {
		n.Fail("product_id", "the ids of a product and a location")
	}
	f := n.facets()
	f.PutNumber("on_hand", "quantity", n.value("quantity"))
	f.PutNumber("committed", "reserved_quantity", n.value("reserved_quantity"))
	onHand, committed := n.units("quantity"), n.units("reserved_quantity")
	if onHand.given && committed.given {
		f.Put("free", commerce.Number(n.Sum("reserved_quantity", onHand.n, committed.n.Neg())))
	}
	f.Put("tracked", commerce.Bool(true))
	if err := n.Problem(); err != nil {
		return err
	}
	location, compared := n.locate(place)
	if !compared {
		if len(n.reading.Observations) == 0 {
			return n.ignore("location is ignored by the registry")
		}
		return nil
	}
	n.observe(commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{"", location}, Via: &commerce.Via{Type: productLink, Native: product},
		Part: "quant", Facets: f.Values,
	})
	return nil
}
