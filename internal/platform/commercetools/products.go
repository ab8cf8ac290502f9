package commercetools

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// basePrice is the list of the prices that are for everybody.
const basePrice = "base"

type product struct {
	ID        body.Field   `json:"id"`
	Version   body.Field   `json:"version"`
	Created   body.Field   `json:"createdAt"`
	Published body.Field   `json:"published"`
	Staged    body.Field   `json:"hasStagedChanges"`
	Master    body.Field   `json:"masterVariant"`
	Variants  []body.Field `json:"variants"`
}

type variant struct {
	ID     body.Field   `json:"id"`
	SKU    body.Field   `json:"sku"`
	Prices []body.Field `json:"prices"`
}

// price is one of a variant's prices: for everybody, or for some country, group or
// channel, and perhaps for a time.
type price struct {
	Value      body.Field `json:"value"`
	Country    body.Field `json:"country"`
	Group      body.Field `json:"customerGroup"`
	Channel    body.Field `json:"channel"`
	From       body.Field `json:"validFrom"`
	Until      body.Field `json:"validUntil"`
	Discounted struct {
		Value body.Field `json:"value"`
	} `json:"discounted"`
}

// product observes the variants of a product as customers see them.
func (n *normaliser) product(raw []byte) {
	var p product
	n.decode(raw, &p)
	n.whole(p.Version)
	id, published := n.id(p.ID), n.Truth("published", p.Published)
	staged := p.Staged.Given() && n.Truth("hasStagedChanges", p.Staged)
	if !n.answered && (!published || staged) {
		// A message may carry the staged side; which it is it does not say.
		n.ask(products, resources()[products], id)
		return
	}
	if !published {
		n.productGone(id)
		return
	}
	n.Limit("variants", len(p.Variants), maxItems)
	made := time.Time{}
	if p.Created.Given() {
		made = n.Instant("createdAt", p.Created)
	}
	n.variant("masterVariant", id, p.Master, made)
	for i, v := range p.Variants {
		n.Enter("variants", i)
		n.variant("", id, v, made)
		n.Leave()
	}
	for _, o := range ofEach(id) {
		n.superseded(o)
	}
}

func (n *normaliser) variant(name, product string, raw body.Field, made time.Time) {
	if name != "" {
		n.Inside(name)
		defer n.Leave()
	}
	var v variant
	n.decode(raw, &v)
	native, sku := product+"/"+n.ID("id", v.ID), n.sku(v.SKU)
	facets, priced := n.prices(v.Prices)
	if n.Problem() != nil {
		return
	}
	if sku == "" {
		n.skip("product without a SKU")
		return
	}
	via := &commerce.Via{Type: variantLink, Native: native}
	n.observe(commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: via, Part: "variant", Native: native, Slot: "sku", Created: made,
		Facets: commerce.Facets{"status": commerce.Text("published")},
	})
	n.observe(commerce.Observation{
		Kind: commerce.Price, Key: commerce.Key{sku, basePrice}, Via: via, Part: "price", Native: native, Slot: "sku", Gone: !priced, Facets: facets,
	})
	names := commerce.Facets{"sku": commerce.Text(sku), "variant": commerce.Text(native)}
	n.link(variantLink, native, native, names)
	n.link(productLink, product, native, names)
}

// prices reads the price that everybody pays: of the configured country, or of
// none, in the configured currency, and at any time. Prices for groups, channels
// and times are lists of their own.
func (n *normaliser) prices(all []body.Field) (f commerce.Facets, priced bool) {
	n.Limit("prices", len(all), maxItems)
	for i, raw := range all {
		n.Enter("prices", i)
		facets, ok := n.price(raw)
		n.Leave()
		if ok && priced {
			n.Fail("prices", "one price for everybody in one currency; the setting currency of the system chooses one")
		}
		if ok {
			f, priced = facets, true
		}
	}
	return f, priced
}

func (n *normaliser) price(raw body.Field) (commerce.Facets, bool) {
	var p price
	n.decode(raw, &p)
	if p.Group.Given() || p.Channel.Given() || p.From.Given() || p.Until.Given() || n.OptionalText("country", p.Country) != n.country {
		return nil, false
	}
	regular, currency := n.money("value", p.Value)
	if n.Currency != "" && currency != n.Currency {
		return nil, false
	}
	sale, effective := commerce.Null(), commerce.Number(regular)
	if p.Discounted.Value.Given() {
		n.Inside("discounted")
		reduced, _ := n.money("value", p.Discounted.Value)
		n.Leave()
		sale, effective = commerce.Number(reduced), commerce.Number(reduced)
	}
	return commerce.Facets{"regular": commerce.Number(regular), "sale": sale, "effective": effective, "currency": commerce.Text(currency)}, true
}

// ofEach are the records of all variants of a product. Which they are only the
// product's link knows.
func ofEach(product string) []commerce.Observation {
	via := &commerce.Via{Type: productLink, Native: product, Each: true}
	return []commerce.Observation{
		{Kind: commerce.Product, Key: commerce.Key{""}, Via: via, Part: "variant", Native: "{variant}", Slot: "sku", Gone: true},
		{Kind: commerce.Price, Key: commerce.Key{"", basePrice}, Via: via, Part: "price", Native: "{variant}", Slot: "sku", Gone: true},
	}
}

// productGone ends the variants of a product that is deleted or not published,
// those that are learned later included.
func (n *normaliser) productGone(id string) {
	for _, o := range ofEach(id) {
		n.final(o)
	}
}

// variantLeft ends a variant that was taken out of its product.
func (n *normaliser) variantLeft(d *notification, product string) {
	var v variant
	n.Inside("variant")
	defer n.Leave()
	n.decode(d.Variant, &v)
	native := product + "/" + n.ID("id", v.ID)
	via := &commerce.Via{Type: variantLink, Native: native}
	n.final(commerce.Observation{Kind: commerce.Product, Key: commerce.Key{""}, Via: via, Part: "variant", Native: native, Slot: "sku"})
	n.final(commerce.Observation{Kind: commerce.Price, Key: commerce.Key{"", basePrice}, Via: via, Part: "price", Native: native, Slot: "sku"})
}
