package bigcommerce

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// basePrice is the list of the price that a product itself carries.
const basePrice = "base"

type product struct {
	ID       body.Field `json:"id"`
	SKU      body.Field `json:"sku"`
	Visible  body.Field `json:"is_visible"`
	Tracking body.Field `json:"inventory_tracking"`
	Created  body.Field `json:"date_created"`
	Modified body.Field `json:"date_modified"`
	prices
	Variants []variant `json:"variants"`
}

type variant struct {
	ID      body.Field `json:"id"`
	SKU     body.Field `json:"sku"`
	Barcode body.Field `json:"upc"`
	GTIN    body.Field `json:"gtin"`
	prices
}

// prices are those of a product, and of a variant that has its own.
type prices struct {
	Price      body.Field `json:"price"`
	Sale       body.Field `json:"sale_price"`
	Calculated body.Field `json:"calculated_price"`
	Cost       body.Field `json:"cost_price"`
}

// product observes the variants of a product: one without options has a single
// one. They have no times of their own and are dated by the product.
func (n *normaliser) product(element []byte) error {
	var p product
	if err := body.Decode(element, &p); err != nil {
		return err
	}
	native, modified := n.ID("id", p.ID), n.Clock("date_modified", n.Instant("date_modified", p.Modified), n.delivery.Received)
	if p.Variants == nil {
		n.Fail("variants", "a list")
	}
	n.Limit("variants", len(p.Variants), maxItems)
	shared := n.facets()
	if p.Visible.Given() {
		shared.Put("status", commerce.Text(map[bool]string{true: "visible", false: "hidden"}[n.Truth("is_visible", p.Visible)]))
	}
	if p.Tracking.Given() {
		shared.Put("tracked", commerce.Bool(n.Text("inventory_tracking", p.Tracking) != "none"))
	}
	if len(p.Variants) == 1 && n.sku(p.Variants[0].SKU) == "" {
		p.Variants[0].SKU = p.SKU
	}
	var created time.Time
	if p.Created.Given() {
		created = n.Instant("date_created", p.Created)
	}
	for i := range p.Variants {
		n.Enter("variants", i)
		n.variant(&p, &p.Variants[i], native, created, modified, shared.Values)
		n.Leave()
	}
	return n.ignore("product without a SKU")
}

func (n *normaliser) variant(p *product, v *variant, product string, created, modified time.Time, shared commerce.Facets) {
	native, sku := n.ID("id", v.ID), n.sku(v.SKU)
	details, price, stock := n.facets(), n.priceFacets(p, v), n.facets()
	for name, value := range shared {
		details.Put(name, value)
	}
	barcode, name := v.Barcode, "upc"
	if !dated(barcode) {
		barcode, name = v.GTIN, "gtin"
	}
	if dated(barcode) {
		details.PutText("barcode", name, barcode)
	}
	if tracked, ok := shared["tracked"]; ok {
		stock.Put("tracked", tracked)
	}
	stock.PutNumber("cost", "cost_price", either(v.Cost, p.Cost))
	if sku == "" || n.Problem() != nil {
		return
	}
	// The key is here; the link is named so that a view is known to be old once
	// the variant has another SKU.
	via := &commerce.Via{Type: variantLink, Native: native}
	o := commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: via, Part: "variant", Native: native, Slot: "sku",
		Created: created, Facets: details.Values,
	}
	n.observe(o, modified)
	o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, "price", price
	n.observe(o, modified)
	for _, location := range n.compared {
		l := level(catalogPart, sku, native, location, n.Locations[location])
		l.Facets = stock.Values
		n.observe(l, modified)
	}
	names := commerce.Facets{"sku": commerce.Text(sku), "variant": commerce.Text(native)}
	n.observe(n.link(variantLink, native, native, names), modified)
	n.observe(n.link(productLink, product, native, names), modified)
}

// priceFacets reads the variant's prices, or those of its product where it has
// none of its own. A sale price of 0 is none.
func (n *normaliser) priceFacets(p *product, v *variant) commerce.Facets {
	f := n.facets()
	f.PutNumber("regular", "price", either(v.Price, p.Price))
	f.PutNumber("sale", "sale_price", either(v.Sale, p.Sale))
	if sale, ok := f.Values["sale"]; ok && !sale.IsNull() {
		if amount, _ := sale.Decimal(); amount.Sign() == 0 {
			f.Put("sale", commerce.Null())
		}
	}
	f.PutNumber("effective", "calculated_price", either(v.Calculated, p.Calculated))
	if n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
	return f.Values
}

// either is the variant's own value, or its product's.
func either(own, inherited body.Field) body.Field {
	if own.Given() {
		return own
	}
	return inherited
}

var (
	productTarget = lazyregexp.New(`^v3/catalog/products/(\d+)(?:\?|$)`)
	variantTarget = lazyregexp.New(`^v3/catalog/products/\d+/variants/(\d+)$`)
)

// productGone ends the variants of a deleted product, those that are learned
// later included. Which they are only the product's link knows.
func (n *normaliser) productGone() {
	if ids, ok := n.asked(productTarget); ok {
		n.gone(&commerce.Via{Type: productLink, Native: ids[0], Each: true}, "{variant}")
	}
}

// variantGone ends a variant of a product that is still there.
func (n *normaliser) variantGone() {
	if ids, ok := n.asked(variantTarget); ok {
		n.gone(&commerce.Via{Type: variantLink, Native: ids[0]}, ids[0])
	}
}

// stillThere reads a variant that was said to be deleted. What it is its product
// says.
func (n *normaliser) stillThere([]byte) error { return n.ignore("variant is still there") }

func (n *normaliser) gone(via *commerce.Via, native string) {
	o := commerce.Observation{Kind: commerce.Product, Key: commerce.Key{""}, Via: via, Part: "variant", Native: native, Slot: "sku", Gone: true}
	n.observeReceived(o)
	o.Kind, o.Key, o.Part = commerce.Price, commerce.Key{"", basePrice}, "price"
	n.observeReceived(o)
	for _, location := range n.compared {
		for _, part := range []string{catalogPart, levelPart} {
			l := level(part, "", native, location, n.Locations[location])
			l.Via, l.Gone = via, true
			n.observeReceived(l)
		}
	}
}
