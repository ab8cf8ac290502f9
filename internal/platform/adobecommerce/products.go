package adobecommerce

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	// basePrice is the list of the price that a product itself carries.
	basePrice = "base"
	// productPart and pricePart are what a product says, and stockPart is what its
	// stock is, which products and stock items say alike.
	productPart = "product"
	pricePart   = "price"
	stockPart   = "stock"
	skuSlot     = "sku"
)

type product struct {
	dates
	ID       body.Field `json:"entity_id"`
	SKU      body.Field `json:"sku"`
	Type     body.Field `json:"type_id"`
	Store    body.Field `json:"store_id"`
	Status   body.Field `json:"status"`
	TaxClass body.Field `json:"tax_class_id"`
	Price    body.Field `json:"price"`
	Special  body.Field `json:"special_price"`
	From     body.Field `json:"special_from_date"`
	Until    body.Field `json:"special_to_date"`
	Stock    body.Field `json:"quantity_and_stock_status"`
}

// composed are the types whose price and stock are those of other products.
var composed = map[string]bool{"configurable": true, "bundle": true, "grouped": true}

// product observes a product. What an event does not have is not observed.
func (n *normaliser) product(raw body.Field) {
	var p product
	n.open(raw, &p)
	native, sku := n.id("entity_id", p.ID), strings.TrimSpace(n.Text("sku", p.SKU))
	changed, created := n.changed(p.dates), n.created(p.dates)
	if given(p.Store) && plain(p.Store) != n.store {
		n.skip("product values of another store")
		return
	}
	if n.Problem() != nil {
		return
	}
	if sku == "" {
		n.Fail("sku", "a SKU")
		return
	}
	via := &commerce.Via{Type: productLink, Native: native}
	details := n.facets()
	if given(p.Status) {
		details.Put("status", commerce.Text(n.status(p.Status)))
	}
	if given(p.TaxClass) {
		details.Put("tax_class", commerce.Text(plain(p.TaxClass)))
	}
	o := commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: via, Part: productPart, Native: native, Slot: skuSlot, Created: created, Facets: details.Values,
	}
	n.observe(o, changed)
	n.link(productLink, native, commerce.Facets{"sku": commerce.Text(sku), "product": commerce.Text(native)}, changed)
	if kind, _ := p.Type.Text(); composed[kind] {
		return
	}
	if !p.Price.Absent() {
		o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, pricePart, n.price(&p)
		n.observe(o, changed)
	}
	n.productStock(&p, native, sku, changed)
}

// productStock observes the stock that a product's event repeats. It is as of the
// event: selling changes no product's updated_at.
func (n *normaliser) productStock(p *product, native, sku string, changed time.Time) {
	if !p.Stock.Given() || p.Stock[0] != '{' {
		return
	}
	var s struct {
		Quantity body.Field `json:"qty"`
	}
	n.Inside("quantity_and_stock_status")
	defer n.Leave()
	n.open(p.Stock, &s)
	if !given(s.Quantity) {
		return
	}
	clock := n.at
	if !n.timed {
		clock = changed
	}
	n.stock(native, sku, n.number("qty", s.Quantity), clock)
}

// status is enabled or disabled, which Commerce numbers.
func (n *normaliser) status(f body.Field) string {
	switch plain(f) {
	case "1":
		return "enabled"
	case "2":
		return "disabled"
	}
	n.Fail("status", "1 or 2")
	return ""
}

func (n *normaliser) price(p *product) commerce.Facets {
	f := n.facets()
	n.put(f, "regular", "price", p.Price)
	n.put(f, "sale", "special_price", p.Special)
	n.putDate(f, "from", "special_from_date", p.From)
	n.putDate(f, "until", "special_to_date", p.Until)
	if n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
	return f.Values
}

// stock observes what is available of a product.
func (n *normaliser) stock(native, sku string, quantity commerce.Decimal, clock time.Time) {
	if n.location == platform.Ignore {
		n.skip("stock is ignored by the registry")
		return
	}
	n.observe(commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{sku, n.location}, Via: &commerce.Via{Type: productLink, Native: native},
		Part: stockPart, Native: native, Slot: everywhere, Facets: commerce.Facets{"available": commerce.Number(quantity)},
	}, clock)
}

// stockItem observes a stock item, which knows its product by id alone.
func (n *normaliser) stockItem(raw body.Field) {
	var s struct {
		Product  body.Field `json:"product_id"`
		Quantity body.Field `json:"qty"`
	}
	n.open(raw, &s)
	native, quantity := n.id("product_id", s.Product), n.number("qty", s.Quantity)
	n.stock(native, "", quantity, n.at)
}

// productGone ends a product that was deleted. Which SKU it was its link knows.
func (n *normaliser) productGone(raw body.Field) {
	var p product
	n.open(raw, &p)
	native := n.id("entity_id", p.ID)
	gone := func(kind commerce.Kind, key commerce.Key, part, slot string) {
		n.observe(commerce.Observation{
			Kind: kind, Key: key, Via: &commerce.Via{Type: productLink, Native: native}, Part: part, Native: native, Slot: slot, Gone: true,
		}, n.at)
	}
	gone(commerce.Product, commerce.Key{""}, productPart, skuSlot)
	gone(commerce.Price, commerce.Key{"", basePrice}, pricePart, skuSlot)
	if n.location != platform.Ignore {
		gone(commerce.Inventory, commerce.Key{"", n.location}, stockPart, everywhere)
	}
}
