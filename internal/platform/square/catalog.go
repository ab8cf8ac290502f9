package square

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of catalogue objects that are read.
const (
	itemType      = "ITEM"
	variationType = "ITEM_VARIATION"
)

const (
	// basePrice is the list of the price that a variation itself carries.
	basePrice = "base"
	// variationPart is what a variation says of its SKU, and itemPart what its item
	// says of it.
	variationPart = "variation"
	itemPart      = "item"
	skuSlot       = "sku"
)

// object is an item or a variation.
type object struct {
	Type    body.Field `json:"type"`
	ID      body.Field `json:"id"`
	Updated body.Field `json:"updated_at"`
	Version body.Field `json:"version"`
	Deleted body.Field `json:"is_deleted"`
	Item    struct {
		Archived   body.Field   `json:"is_archived"`
		Variations []body.Field `json:"variations"`
	} `json:"item_data"`
	Variation struct {
		Item      body.Field `json:"item_id"`
		SKU       body.Field `json:"sku"`
		Barcode   body.Field `json:"upc"`
		Pricing   body.Field `json:"pricing_type"`
		Price     money      `json:"price_money"`
		Tracked   body.Field `json:"track_inventory"`
		Overrides []override `json:"location_overrides"`
	} `json:"item_variation_data"`
}

// override is what is different of a variation at one location.
type override struct {
	Location body.Field `json:"location_id"`
	Tracked  body.Field `json:"track_inventory"`
}

// object observes an object of the catalogue.
func (n *normaliser) object(raw body.Field) {
	var o object
	n.open(raw, &o)
	native, updated, version := n.id("id", o.ID), n.clock("updated_at", o.Updated), n.sequence(o.Version)
	kind, deleted := n.Text("type", o.Type), o.Deleted.Given() && n.Truth("is_deleted", o.Deleted)
	switch {
	case n.Problem() != nil:
	case deleted && (kind == itemType || kind == variationType):
		n.objectGone(native, updated, version)
	case kind == variationType:
		n.variation(&o, native, updated, version)
	case kind == itemType:
		n.item(&o, native, updated, version)
	}
}

// item observes the variations of an item, each as of its own time, and what the
// item says of all of them.
func (n *normaliser) item(o *object, native string, updated time.Time, version uint64) {
	status := "active"
	if o.Item.Archived.Given() && n.Truth("item_data.is_archived", o.Item.Archived) {
		status = "archived"
	}
	n.each("item_data.variations", len(o.Item.Variations), func(i int) {
		var v object
		n.open(o.Item.Variations[i], &v)
		n.object(o.Item.Variations[i])
		variation, sku := n.id("id", v.ID), n.sku(&v)
		if sku == "" || v.Deleted.Given() && !v.Deleted.False() || n.Problem() != nil {
			return
		}
		n.observe(commerce.Observation{
			Kind: commerce.Product, Key: commerce.Key{sku}, Via: &commerce.Via{Type: variationLink, Native: variation},
			Part: itemPart, Native: variation, Slot: skuSlot, Facets: commerce.Facets{"status": commerce.Text(status)},
		}, updated, version)
		n.remember(native, variation, sku, updated)
	})
}

func (n *normaliser) sku(v *object) string {
	return strings.TrimSpace(n.OptionalText("item_variation_data.sku", v.Variation.SKU))
}

// remember links a native id to the SKU of a variation: its own, and that of its
// item, whose deletion deletes it.
func (n *normaliser) remember(native, variation, sku string, clock time.Time) {
	n.link(variationLink, native, variation, commerce.Facets{"sku": commerce.Text(sku), "variation": commerce.Text(variation)}, clock)
}

func (n *normaliser) variation(v *object, native string, updated time.Time, version uint64) {
	sku := n.sku(v)
	if sku == "" {
		n.skip("variation without a SKU")
		return
	}
	via := &commerce.Via{Type: variationLink, Native: native}
	details := n.facets()
	details.PutText("barcode", "item_variation_data.upc", v.Variation.Barcode)
	o := commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Via: via, Part: variationPart, Native: native, Slot: skuSlot, Facets: details.Values,
	}
	n.observe(o, updated, version)
	o.Kind, o.Key, o.Part, o.Facets = commerce.Price, commerce.Key{sku, basePrice}, "price", n.price(v)
	n.observe(o, updated, version)
	n.tracked(v, sku, native, updated, version)
	n.remember(native, native, sku, updated)
	if v.Variation.Item.Given() {
		n.remember(n.id("item_variation_data.item_id", v.Variation.Item), native, sku, updated)
	}
}

// price reads the price of a variation. One whose price is asked for at the till
// has none.
func (n *normaliser) price(v *object) commerce.Facets {
	f := n.facets()
	switch {
	case v.Variation.Price.given():
		amount, currency := n.money("item_variation_data.price_money", v.Variation.Price)
		f.Put("regular", commerce.Number(amount))
		f.Put("effective", commerce.Number(amount))
		f.Put("currency", commerce.Text(currency))
	case n.OptionalText("item_variation_data.pricing_type", v.Variation.Pricing) == "VARIABLE_PRICING":
		f.Put("regular", commerce.Null())
		f.Put("effective", commerce.Null())
	}
	return f.Values
}

// tracked observes for each location whether a variation is counted there.
func (n *normaliser) tracked(v *object, sku, native string, updated time.Time, version uint64) {
	overrides := map[string]body.Field{}
	n.each("item_variation_data.location_overrides", len(v.Variation.Overrides), func(i int) {
		o := v.Variation.Overrides[i]
		overrides[n.id("location_id", o.Location)] = o.Tracked
	})
	for _, location := range n.compared {
		tracked, name := overrides[location], "item_variation_data.location_overrides.track_inventory"
		if !tracked.Given() {
			tracked, name = v.Variation.Tracked, "item_variation_data.track_inventory"
		}
		if !tracked.Given() {
			continue
		}
		o := stock(catalogPart, native, location, n.Locations[location])
		o.Key[0], o.Facets = sku, commerce.Facets{"tracked": commerce.Bool(n.Truth(name, tracked))}
		n.observe(o, updated, version)
	}
}

// objectGone ends a variation, or all variations of an item. Which SKUs they had
// their links know.
func (n *normaliser) objectGone(native string, updated time.Time, version uint64) {
	gone := func(kind commerce.Kind, key commerce.Key, part, suffix, slot string) {
		n.observe(commerce.Observation{
			Kind: kind, Key: key, Via: &commerce.Via{Type: variationLink, Native: native, Each: true},
			Part: part, Native: "{variation}" + suffix, Slot: slot, Gone: true,
		}, updated, version)
	}
	gone(commerce.Product, commerce.Key{""}, variationPart, "", skuSlot)
	gone(commerce.Product, commerce.Key{""}, itemPart, "", skuSlot)
	gone(commerce.Price, commerce.Key{"", basePrice}, "price", "", skuSlot)
	for _, location := range n.compared {
		for _, part := range []string{countPart, catalogPart} {
			gone(commerce.Inventory, commerce.Key{"", n.Locations[location]}, part, "/"+location, location)
		}
	}
}
