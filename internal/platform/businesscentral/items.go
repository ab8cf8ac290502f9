package businesscentral

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// basePrice is the list of the price that an item itself carries.
const basePrice = "base"

type item struct {
	ID          body.Field `json:"id"`
	Number      body.Field `json:"number"`
	Type        body.Field `json:"type"`
	Blocked     body.Field `json:"blocked"`
	GTIN        body.Field `json:"gtin"`
	Price       body.Field `json:"unitPrice"`
	TaxIncluded body.Field `json:"priceIncludesTax"`
	Unit        body.Field `json:"baseUnitOfMeasureCode"`
	TaxGroup    body.Field `json:"taxGroupCode"`
	Modified    body.Field `json:"lastModifiedDateTime"`
}

// stocked is the type of items whose quantity is counted.
const stocked = "Inventory"

// item observes an item and its own price, which is the regular one: reductions
// are in price lists.
func (n *normaliser) item(element []byte) error {
	var i item
	if err := body.Decode(bare(element), &i); err != nil {
		return err
	}
	native, number, modified := n.guid("id", i.ID), n.Text("number", i.Number), n.modified(i.Modified)
	sku := number
	if n.sku == "gtin" {
		sku = n.OptionalText("gtin", i.GTIN)
	}
	product, price := n.itemFacets(&i), n.priceFacets(&i)
	if sku == "" {
		return n.otherwise("item without a SKU")
	}
	o := commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: &commerce.Via{Type: itemLink, Native: native},
		Part: "item", Native: native, Slot: "sku", Facets: product,
	}
	n.observe(o, modified)
	o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, "price", price
	n.observe(o, modified)
	names := commerce.Facets{"sku": commerce.Text(sku), "item": commerce.Text(number)}
	n.observe(n.link(itemLink, native, names), modified)
	if n.sku == "gtin" {
		n.observe(n.link(numberLink, number, names), modified)
	}
	return nil
}

func (n *normaliser) itemFacets(i *item) commerce.Facets {
	f := n.facets()
	if i.Blocked.Given() {
		f.Put("status", commerce.Text(map[bool]string{false: "active", true: "blocked"}[n.Truth("blocked", i.Blocked)]))
	}
	if i.Type.Given() {
		f.Put("tracked", commerce.Bool(n.Text("type", i.Type) == stocked))
	}
	// Business Central has no null: a blank code is none.
	for _, code := range []struct {
		facet, name string
		value       body.Field
	}{{"barcode", "gtin", i.GTIN}, {"unit", "baseUnitOfMeasureCode", i.Unit}, {"tax_class", "taxGroupCode", i.TaxGroup}} {
		if text, ok := code.value.Text(); ok && text == "" {
			f.Put(code.facet, commerce.Null())
			continue
		}
		f.PutText(code.facet, code.name, code.value)
	}
	return f.Values
}

func (n *normaliser) priceFacets(i *item) commerce.Facets {
	f := n.facets()
	f.PutNumber("regular", "unitPrice", i.Price)
	f.PutTruth("tax_included", "priceIncludesTax", i.TaxIncluded)
	if n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
	return f.Values
}

// itemGone ends an item, its price and its stock. Which SKU it was its link
// knows.
func (n *normaliser) itemGone(native string) {
	via := &commerce.Via{Type: itemLink, Native: native}
	o := commerce.Observation{Kind: commerce.Product, Key: commerce.Key{""}, Via: via, Part: "item", Native: native, Slot: "sku", Gone: true}
	n.observeReceived(o)
	o.Kind, o.Key, o.Part = commerce.Price, commerce.Key{"", basePrice}, "price"
	n.observeReceived(o)
	for _, code := range n.compared {
		n.observeReceived(commerce.Observation{
			Kind: commerce.Inventory, Key: commerce.Key{"", n.Locations[code]}, Via: via,
			Part: stockPart, Native: "{item}/" + code, Slot: code, Gone: true,
		})
	}
}
