package woocommerce

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	// basePrice is the list of the price that a product itself carries.
	basePrice = "base"
	stockPart = "stock"
	// parentStock is the manage_stock of a variation whose stock is counted for
	// all variations together.
	parentStock = "parent"
	variation   = "variation"
)

type product struct {
	failure
	dates
	ID         body.Field   `json:"id"`
	Parent     body.Field   `json:"parent_id"`
	Type       body.Field   `json:"type"`
	Status     body.Field   `json:"status"`
	SKU        body.Field   `json:"sku"`
	Barcode    body.Field   `json:"global_unique_id"`
	Price      body.Field   `json:"price"`
	Regular    body.Field   `json:"regular_price"`
	Sale       body.Field   `json:"sale_price"`
	From       body.Field   `json:"date_on_sale_from_gmt"`
	Until      body.Field   `json:"date_on_sale_to_gmt"`
	Managed    body.Field   `json:"manage_stock"`
	Quantity   body.Field   `json:"stock_quantity"`
	Backorders body.Field   `json:"backorders"`
	TaxClass   body.Field   `json:"tax_class"`
	Variations []body.Field `json:"variations"`
}

// product observes a product, or a variation, which has the same shape. The
// parent is that of an element in a list of variations, or "".
func (n *normaliser) product(element []byte, parent string) error {
	var p product
	if err := body.Decode(element, &p); err != nil {
		return err
	}
	n.refuse(p.failure, p.ID)
	native, modified := n.ID("id", p.ID), n.modified(p.dates)
	kind := variation
	if parent == "" {
		kind = n.Text("type", p.Type)
	}
	if kind == variation && parent == "" {
		parent = n.ID("parent_id", p.Parent)
	}
	if p.Managed.Absent() || p.SKU.Absent() {
		n.Fail("manage_stock", "a product, which has a sku and manage_stock")
	}
	details, price, stock := n.detailFacets(&p), n.priceFacets(&p), n.stockFacets(&p)
	status, sku := n.Text("status", p.Status), n.sku(p.SKU)
	n.askVariations(native, p.Variations)
	if err := n.Problem(); err != nil {
		return err
	}
	if sku == "" {
		return n.ignore("product without a SKU")
	}
	via := &commerce.Via{Type: productLink, Native: native}
	o := commerce.Observation{Key: commerce.Key{sku}, Via: via, Native: native, Slot: "sku", Created: n.created(p.dates), Gone: status == trash}
	if len(p.Variations) == 0 && kind != "grouped" {
		o.Kind, o.Part, o.Facets = commerce.Product, "product", details
		n.observe(o, modified)
		o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, "price", price
		n.observe(o, modified)
	}
	if n.stocked() && (len(p.Variations) == 0 || p.Managed.Given() && !p.Managed.False()) {
		o.Kind, o.Key, o.Part, o.Facets = commerce.Inventory, commerce.Key{sku, n.location}, stockPart, stock
		o.Slot = everywhere
		if text, _ := p.Managed.Text(); text == parentStock {
			o.Slot = ""
		}
		n.observe(o, modified)
	}
	n.linkProduct(native, parent, sku, modified)
	return nil
}

// linkProduct remembers the SKU of a product, and that of a variation under its
// product as well: what deletes that one deletes this one.
func (n *normaliser) linkProduct(native, parent, sku string, modified time.Time) {
	names := commerce.Facets{"sku": commerce.Text(sku), "product": commerce.Text(native)}
	n.observe(n.link(productLink, native, native, names), modified)
	if parent != "" {
		n.observe(n.link(productLink, parent, native, names), modified)
	}
}

// stocked reports whether the shop's stock is compared.
func (n *normaliser) stocked() bool { return n.location != platform.Ignore }

func (n *normaliser) detailFacets(p *product) commerce.Facets {
	f := n.facets()
	f.PutText("status", "status", p.Status)
	f.PutText("barcode", "global_unique_id", none(p.Barcode))
	f.PutText("tax_class", "tax_class", p.TaxClass)
	if tracked, known := n.tracked(p); known {
		f.Put("tracked", commerce.Bool(tracked))
	}
	return f.Values
}

// priceFacets reads prices, of which one that does not exist is blank.
func (n *normaliser) priceFacets(p *product) commerce.Facets {
	f := n.facets()
	f.PutNumber("regular", "regular_price", none(p.Regular))
	f.PutNumber("sale", "sale_price", none(p.Sale))
	f.PutNumber("effective", "price", none(p.Price))
	for _, at := range []struct {
		facet, name string
		value       body.Field
	}{{"from", "date_on_sale_from_gmt", p.From}, {"until", "date_on_sale_to_gmt", p.Until}} {
		f.PutWall(at.facet, at.name, none(at.value), time.UTC, n.delivery.Received)
	}
	if n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
	return f.Values
}

// tracked reads whether a record's stock is counted for itself: true, false, or
// for its parent.
func (n *normaliser) tracked(p *product) (tracked, known bool) {
	if text, ok := p.Managed.Text(); ok {
		if text != parentStock {
			n.Fail("manage_stock", "true, false or parent")
		}
		return false, true
	}
	return p.Managed.Given() && n.Truth("manage_stock", p.Managed), p.Managed.Given()
}

// stockFacets are those of stock that is counted, or say that it is not: then
// the quantity, if there is one, is the parent's.
func (n *normaliser) stockFacets(p *product) commerce.Facets {
	f := n.facets()
	tracked, known := n.tracked(p)
	if !known {
		return f.Values
	}
	f.Put("tracked", commerce.Bool(tracked))
	if !tracked {
		f.Put("available", commerce.Null())
		return f.Values
	}
	f.PutNumber("available", "stock_quantity", p.Quantity)
	if p.Backorders.Given() {
		f.Put("oversell", commerce.Bool(n.Text("backorders", p.Backorders) != "no"))
	}
	return f.Values
}

// askVariations asks for the variations of a product, a page at a time.
func (n *normaliser) askVariations(native string, variations []body.Field) {
	n.Limit("variations", len(variations), maxItems)
	natives := make([]string, 0, len(variations))
	for i, v := range variations {
		n.Enter("variations", i)
		natives = append(natives, n.ID("id", v))
		n.Leave()
	}
	if n.Problem() != nil {
		return
	}
	for some := range slices.Chunk(natives, pageSize) {
		n.ask(variationsTopic, variationsTarget(native, some))
	}
}

var askedVariations = lazyregexp.New(`^products/(\d+)/variations\?.*&include=([\d,]+)$`)

// variations reads those that were asked for. What is not among them is gone.
func (n *normaliser) variations() error {
	groups := askedVariations.FindStringSubmatch(n.target())
	if groups == nil {
		n.Fail(platform.FetchedHeader, "some variations of a product")
		return nil
	}
	found := map[string]bool{}
	err := n.list(func(element []byte) error {
		var v struct {
			ID body.Field `json:"id"`
		}
		if err := body.Decode(element, &v); err != nil {
			return err
		}
		found[string(v.ID)] = true
		return n.product(element, groups[1])
	})
	if err != nil || n.Problem() != nil || n.missing() {
		return err
	}
	for native := range strings.SplitSeq(groups[2], ",") {
		if native != "" && !found[native] {
			n.productGone(native)
		}
	}
	return n.settleIgnored("variations without a SKU")
}

// productGone ends a product that the API no longer has, and its variations,
// those that are learned later included. Which SKUs they were its link knows.
func (n *normaliser) productGone(native string) {
	via := &commerce.Via{Type: productLink, Native: native, Each: true}
	gone := func(kind commerce.Kind, key commerce.Key, part, slot string) {
		n.observeReceived(commerce.Observation{Kind: kind, Key: key, Via: via, Part: part, Native: "{product}", Slot: slot, Gone: true})
	}
	gone(commerce.Product, commerce.Key{""}, "product", "sku")
	gone(commerce.Price, commerce.Key{"", basePrice}, "price", "sku")
	if n.stocked() {
		gone(commerce.Inventory, commerce.Key{"", n.location}, stockPart, everywhere)
	}
}
