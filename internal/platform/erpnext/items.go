package erpnext

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// basePrice is what other systems call the configured price list.
const basePrice = "base"

// item observes an item that can be sold. The template of variants cannot.
func (n *normaliser) item(doc []byte) error {
	var i struct {
		Code     body.Field `json:"item_code"`
		Disabled body.Field `json:"disabled"`
		Stocked  body.Field `json:"is_stock_item"`
		Template body.Field `json:"has_variants"`
		Unit     body.Field `json:"stock_uom"`
		Barcodes []struct {
			Barcode body.Field `json:"barcode"`
		} `json:"barcodes"`
	}
	if err := n.decode(doc, &i); err != nil {
		return err
	}
	f := n.facets()
	if i.Disabled.Given() {
		f.Put("status", commerce.Text(map[bool]string{false: "active", true: "disabled"}[n.flag("disabled", i.Disabled)]))
	}
	if i.Stocked.Given() {
		f.Put("tracked", commerce.Bool(n.flag("is_stock_item", i.Stocked)))
	}
	f.PutText("unit", "stock_uom", i.Unit)
	n.Limit("barcodes", len(i.Barcodes), maxRows)
	switch {
	case i.Barcodes != nil && len(i.Barcodes) == 0:
		f.Put("barcode", commerce.Null())
	case len(i.Barcodes) == 1:
		f.PutText("barcode", "barcodes[0].barcode", i.Barcodes[0].Barcode)
	}
	sku := n.sku(i.Code)
	if i.Template.Given() && n.flag("has_variants", i.Template) {
		return n.ignore("template of variants")
	}
	n.observe(commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Part: "item", Native: n.name, Slot: "sku", Facets: f.Values,
	})
	return nil
}

// sku reads an item's code.
func (n *normaliser) sku(code body.Field) string {
	sku := n.Text("item_code", code)
	if sku == "" {
		n.Fail("item_code", "an item's code")
	}
	return sku
}

// price observes a price at which an item is sold to everybody.
func (n *normaliser) price(doc []byte) error {
	var p struct {
		Code     body.Field `json:"item_code"`
		List     body.Field `json:"price_list"`
		Rate     body.Field `json:"price_list_rate"`
		Currency body.Field `json:"currency"`
		Selling  body.Field `json:"selling"`
		Customer body.Field `json:"customer"`
		Unit     body.Field `json:"uom"`
		From     body.Field `json:"valid_from"`
		Until    body.Field `json:"valid_upto"`
	}
	if err := n.decode(doc, &p); err != nil {
		return err
	}
	sku, list := n.sku(p.Code), n.Text("price_list", p.List)
	if list == "" {
		n.Fail("price_list", "a price list's name")
	}
	if list == n.priceList {
		list = basePrice
	}
	f := n.facets()
	f.PutNumber("regular", "price_list_rate", p.Rate)
	f.PutText("currency", "currency", p.Currency)
	f.PutText("unit", "uom", p.Unit)
	f.PutWall("from", "valid_from", p.From, n.Timezone, n.delivery.Received)
	f.PutWall("until", "valid_upto", p.Until, n.Timezone, n.delivery.Received)
	if p.Until.Given() {
		// The date is the last day on which the price is valid.
		f.Put("until", commerce.Time(n.wall("valid_upto", p.Until).In(n.Timezone).AddDate(0, 0, 1)))
	}
	switch {
	case p.Selling.Given() && !n.flag("selling", p.Selling):
		return n.ignore("price at which the company buys")
	case n.OptionalText("customer", p.Customer) != "":
		return n.ignore("price for one customer")
	}
	n.observe(commerce.Observation{
		Kind: commerce.Price, Key: commerce.Key{sku, list}, Part: "price", Native: n.name, Facets: f.Values,
	})
	return nil
}

// bin observes the stock of an item in a warehouse.
func (n *normaliser) bin(doc []byte) error {
	var b struct {
		Code      body.Field `json:"item_code"`
		Warehouse body.Field `json:"warehouse"`
		Actual    body.Field `json:"actual_qty"`
		Reserved  body.Field `json:"reserved_qty"`
		Ordered   body.Field `json:"ordered_qty"`
	}
	if err := n.decode(doc, &b); err != nil {
		return err
	}
	sku, warehouse := n.sku(b.Code), n.Text("warehouse", b.Warehouse)
	f := n.facets()
	f.PutNumber("on_hand", "actual_qty", b.Actual)
	f.PutNumber("committed", "reserved_qty", b.Reserved)
	f.PutNumber("incoming", "ordered_qty", b.Ordered)
	if b.Actual.Given() && b.Reserved.Given() {
		f.Put("free", commerce.Number(n.Sum("reserved_qty", n.Number("actual_qty", b.Actual), n.Number("reserved_qty", b.Reserved).Neg())))
	}
	f.Put("tracked", commerce.Bool(true))
	if err := n.Problem(); err != nil {
		return err
	}
	location, compared := n.locate(warehouse)
	if !compared {
		if len(n.reading.Observations) == 0 {
			return n.ignore("location is ignored by the registry")
		}
		return nil
	}
	n.observe(commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{sku, location}, Part: "bin", Native: n.name, Slot: warehouse, Facets: f.Values,
	})
	return nil
}
