package shopify

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an inventory record: what webhooks of a level say, and what
// those of its item say about every level of it.
const (
	levelPart = "level"
	itemPart  = "item"
)

const ignoredLocation = "location is ignored by the registry"

type level struct {
	InventoryItemID field `json:"inventory_item_id"`
	LocationID      field `json:"location_id"`
	Available       field `json:"available"`
	UpdatedAt       field `json:"updated_at"`
	GID             field `json:"admin_graphql_api_id"`
}

// itemID reads the item of a level. Its number is damaged by some senders when
// it is above 2^53; the level's global id repeats it as text.
func (n *normaliser) itemID(l level) string {
	const prefix, query = "gid://shopify/InventoryLevel/", "?inventory_item_id="
	if !l.GID.Given() {
		return n.digits("inventory_item_id", l.InventoryItemID)
	}
	text, _ := l.GID.Text()
	_, item, _ := strings.Cut(text, query)
	if !strings.HasPrefix(text, prefix) || !isID(item) {
		n.fail("admin_graphql_api_id", "the global id of an InventoryLevel")
	}
	return item
}

// stock is an observation of one part of an item's stock at a location. Which
// SKU it is only the link of the item knows.
func stock(part, item, native, location string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{"", location}, Via: &commerce.Via{Type: itemLink, Native: item},
		Part: part, Native: item + "/" + native, Slot: native,
	}
}

func (n *normaliser) level() error {
	var l level
	if err := body.Decode(n.delivery.Body, &l); err != nil {
		return err
	}
	n.levelOf(l)
	return n.otherwise(ignoredLocation)
}

func (n *normaliser) levelOf(l level) {
	item, native := n.itemID(l), n.digits("location_id", l.LocationID)
	updated := n.clock("updated_at", l.UpdatedAt)
	if l.Available.Absent() {
		n.fail("available", "an integer, or null for stock that is not tracked")
	}
	f := n.facets()
	f.number("available", "available", l.Available)
	f.put("tracked", commerce.Bool(!l.Available.Null()))
	if location, compared := n.locate(native); compared {
		o := stock(levelPart, item, native, location)
		o.Facets = f.values
		n.observe(o, updated)
	}
}

// levelDisconnection reads that an item is no longer stocked at a location. A
// body with a quantity or a time is another topic's.
func (n *normaliser) levelDisconnection() error {
	var l level
	if err := body.Decode(n.delivery.Body, &l); err != nil {
		return err
	}
	item, native := n.itemID(l), n.digits("location_id", l.LocationID)
	if !l.Available.Absent() || !l.UpdatedAt.Absent() {
		n.fail("available", "a disconnection, which has neither quantity nor time")
	}
	if location, compared := n.locate(native); compared {
		o := stock(levelPart, item, native, location)
		o.Gone = true
		n.observeReceived(o)
	}
	return n.otherwise(ignoredLocation)
}

type item struct {
	ref
	SKU       field `json:"sku"`
	Cost      field `json:"cost"`
	Tracked   field `json:"tracked"`
	UpdatedAt field `json:"updated_at"`
}

func (n *normaliser) item() error {
	var i item
	if err := body.Decode(n.delivery.Body, &i); err != nil {
		return err
	}
	if i.Tracked.Absent() {
		n.fail("tracked", "true or false")
	}
	native, sku := n.id("InventoryItem", i.ref), n.optionalText("sku", i.SKU)
	updated := n.clock("updated_at", i.UpdatedAt)
	product, cost := n.facets(), n.facets()
	product.truth("tracked", "tracked", i.Tracked)
	cost.number("cost", "cost", i.Cost)
	if sku == "" {
		return n.ignore("inventory item without a SKU")
	}
	n.observe(n.link(itemLink, native, native, commerce.Facets{"sku": commerce.Text(sku)}), updated)
	n.observe(commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{sku}, Part: itemPart, Native: native, Slot: "sku", Facets: product.values,
	}, updated)
	if i.Cost.Absent() {
		return nil
	}
	for _, location := range n.compared {
		o := stock(itemPart, native, location, n.Locations[location])
		o.Key, o.Via, o.Facets = commerce.Key{sku, n.Locations[location]}, nil, cost.values
		n.observe(o, updated)
	}
	return nil
}

func (n *normaliser) itemDeletion() error {
	native, err := n.deletion("InventoryItem")
	if err != nil {
		return err
	}
	via := commerce.Via{Type: itemLink, Native: native}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{""}, Via: &via, Part: itemPart, Native: native, Slot: "sku", Gone: true,
	})
	n.stockGone(via, native)
	return nil
}

// stockGone reports that an item has no stock at any location.
func (n *normaliser) stockGone(via commerce.Via, item string) {
	for _, location := range n.compared {
		for _, part := range []string{levelPart, itemPart} {
			o := stock(part, item, location, n.Locations[location])
			o.Via, o.Gone = &via, true
			n.observeReceived(o)
		}
	}
}
