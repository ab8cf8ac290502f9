package shopify

import (
	"maps"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// basePrice is the list of the price that a variant itself carries.
const basePrice = "base"

// vendorPart is the part of a price that the product says and no variant.
const vendorPart = "vendor"

type product struct {
	ref
	Status    field     `json:"status"`
	Vendor    field     `json:"vendor"`
	UpdatedAt field     `json:"updated_at"`
	Variants  []variant `json:"variants"`
}

type variant struct {
	ref
	SKU             field `json:"sku"`
	Barcode         field `json:"barcode"`
	Price           field `json:"price"`
	CompareAtPrice  field `json:"compare_at_price"`
	InventoryItemID field `json:"inventory_item_id"`
	CreatedAt       field `json:"created_at"`
	UpdatedAt       field `json:"updated_at"`
}

func (n *normaliser) product() error {
	var p product
	if err := body.Decode(n.delivery.Body, &p); err != nil {
		return err
	}
	n.productOf(&p)
	return n.otherwise("product without a SKU")
}

func (n *normaliser) productOf(p *product) {
	native, updated := n.id("Product", p.ref), n.delivery.Received
	if p.UpdatedAt.Given() {
		updated = n.clock("updated_at", p.UpdatedAt)
	}
	if p.Variants == nil {
		n.fail("variants", "a list")
	}
	n.limit("variants", len(p.Variants), maxVariants)
	status, maker := n.facets(), n.facets()
	status.text("status", "status", p.Status)
	maker.text("vendor", "vendor", p.Vendor)
	for i := range p.Variants {
		if n.problem != nil {
			break
		}
		n.enter("variants", i)
		n.variant(&p.Variants[i], native, updated, status.values, maker.values)
		n.leave()
	}
}

// variant observes what a variant says. Its facts are dated by the variant, so
// that they are duplicates when only another one has changed; its status and its
// vendor are the product's.
func (n *normaliser) variant(v *variant, product string, productUpdated time.Time, status, maker commerce.Facets) {
	native, sku := n.id("ProductVariant", v.ref), n.optionalText("sku", v.SKU)
	updated := productUpdated
	if v.UpdatedAt.Given() {
		updated = n.clock("updated_at", v.UpdatedAt)
	}
	created := n.created(v.CreatedAt)
	price := n.priceFacets(v)
	details := n.facets()
	details.text("barcode", "barcode", v.Barcode)
	names := commerce.Facets{"sku": commerce.Text(sku), "variant": commerce.Text(native)}
	item := ""
	if v.InventoryItemID.Given() {
		item = n.digits("inventory_item_id", v.InventoryItemID)
		names["item"] = commerce.Text(item)
	}
	if sku == "" {
		return
	}
	// The key is here; the link is named so that a view is known to be old once
	// the variant has another SKU.
	o := commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: &commerce.Via{Type: productLink, Native: product},
		Part: "variant", Native: native, Slot: "sku", Created: created, Facets: details.values,
	}
	n.observe(o, updated)
	o.Part, o.Facets = "product", maps.Clone(status)
	maps.Copy(o.Facets, maker)
	n.observe(o, productUpdated)
	o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, "price", price
	n.observe(o, updated)
	if len(maker) > 0 {
		o.Part, o.Facets = vendorPart, maker
		n.observe(o, productUpdated)
	}
	n.observe(n.link(productLink, product, native, names), updated)
	if item != "" {
		n.observe(n.link(itemLink, item, item, commerce.Facets{"sku": commerce.Text(sku)}), updated)
	}
}

// priceFacets tells regular and sale price apart. Shopify's price is what the
// buyer pays; the price before a reduction is compare_at_price, which counts
// only when it is the greater one: many shops leave 0.00 in it.
func (n *normaliser) priceFacets(v *variant) commerce.Facets {
	f := n.facets()
	if n.Currency != "" {
		f.put("currency", commerce.Text(n.Currency))
	}
	f.number("effective", "price", v.Price)
	if v.CompareAtPrice.Absent() || !v.Price.Given() {
		return f.values
	}
	price := f.values["effective"]
	f.put("regular", price)
	f.put("sale", commerce.Null())
	if v.CompareAtPrice.Given() {
		before := n.number("compare_at_price", v.CompareAtPrice)
		if amount, _ := price.Decimal(); before.Cmp(amount) > 0 {
			f.put("regular", commerce.Number(before))
			f.put("sale", price)
		}
	}
	return f.values
}

// productDeletion ends whatever the product's variants stand for, those that
// are learned later included. Which they are only the product's link knows.
func (n *normaliser) productDeletion() error {
	native, err := n.deletion("Product")
	if err != nil {
		return err
	}
	via := commerce.Via{Type: productLink, Native: native, Each: true}
	gone := func(kind commerce.Kind, key commerce.Key, part, native string) {
		n.observeReceived(commerce.Observation{
			Kind: kind, Key: key, Via: &via, Part: part, Native: native, Slot: "sku", Gone: true,
		})
	}
	gone(commerce.Product, commerce.Key{""}, "variant", "{variant}")
	gone(commerce.Product, commerce.Key{""}, "product", "{variant}")
	gone(commerce.Product, commerce.Key{""}, itemPart, "{item}")
	gone(commerce.Price, commerce.Key{"", basePrice}, "price", "{variant}")
	gone(commerce.Price, commerce.Key{"", basePrice}, vendorPart, "{variant}")
	n.stockGone(via, "{item}")
	return nil
}
