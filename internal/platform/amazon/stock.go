package amazon

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an inventory record: what the seller offers, and what lies in
// Amazon's warehouses.
const (
	listedPart = "listed"
	storedPart = "stored"
)

// listed observes the quantity of a listing that the seller sends himself. Its
// location is the fulfilment channel's.
func (n *normaliser) listed(raw body.Field, event time.Time) {
	var l struct {
		Seller   body.Field `json:"sellerId"`
		Channel  body.Field `json:"fulfillmentChannelCode"`
		SKU      body.Field `json:"sku"`
		Quantity body.Field `json:"quantity"`
	}
	n.decode(raw, &l)
	n.mine(l.Seller)
	sku, channel := n.sku(l.SKU), n.Text("fulfillmentChannelCode", l.Channel)
	f := n.facets()
	f.Put("available", commerce.Number(n.Number("quantity", l.Quantity)))
	f.Put("tracked", commerce.Bool(true))
	n.level(listedPart, sku, channel, f.Values, event)
}

type stored struct {
	Seller body.Field `json:"sellerId"`
	SKU    body.Field `json:"sku"`
	Places []struct {
		Marketplace body.Field `json:"marketplaceId"`
		Stock       counts     `json:"fulfillmentInventory"`
	} `json:"fulfillmentInventoryByMarketplace"`
}

type counts struct {
	Fulfillable   body.Field `json:"fulfillable"`
	Unfulfillable body.Field `json:"unfulfillable"`
	Reserved      struct {
		Ordered body.Field `json:"pendingCustomerOrder"`
	} `json:"reservedQuantityBreakdown"`
	Inbound struct {
		Working   body.Field `json:"working"`
		Shipped   body.Field `json:"shipped"`
		Receiving body.Field `json:"receiving"`
	} `json:"inboundQuantityBreakdown"`
}

// stored observes what lies in Amazon's warehouses for each marketplace. Where
// several marketplaces share one stock, each tells all of it: only one of them may
// be compared at a location.
func (n *normaliser) stored(raw body.Field, event time.Time) {
	var s stored
	n.decode(raw, &s)
	n.mine(s.Seller)
	sku := n.sku(s.SKU)
	if s.Places == nil {
		n.Fail("fulfillmentInventoryByMarketplace", "a list")
	}
	n.Limit("fulfillmentInventoryByMarketplace", len(s.Places), maxItems)
	for i := range s.Places {
		n.Enter("fulfillmentInventoryByMarketplace", i)
		f := n.counted(&s.Places[i].Stock)
		n.level(storedPart, sku, n.Text("marketplaceId", s.Places[i].Marketplace), f, event)
		n.Leave()
	}
	n.skip("stock at no location")
}

func (n *normaliser) counted(c *counts) commerce.Facets {
	n.Inside("fulfillmentInventory")
	defer n.Leave()
	f := n.facets()
	f.Put("available", commerce.Number(n.Number("fulfillable", c.Fulfillable)))
	f.Put("tracked", commerce.Bool(true))
	f.PutNumber("unavailable", "unfulfillable", c.Unfulfillable)
	f.PutNumber("committed", "reservedQuantityBreakdown.pendingCustomerOrder", c.Reserved.Ordered)
	n.Inside("inboundQuantityBreakdown")
	defer n.Leave()
	if c.Inbound.Working.Given() && c.Inbound.Shipped.Given() && c.Inbound.Receiving.Given() {
		sum := n.Sum("shipped", n.Number("working", c.Inbound.Working), n.Number("shipped", c.Inbound.Shipped))
		f.Put("incoming", commerce.Number(n.Sum("receiving", sum, n.Number("receiving", c.Inbound.Receiving))))
	}
	return f.Values
}

// level observes stock. Two places at one location would be one stock told twice,
// so that the slot is the location.
func (n *normaliser) level(part, sku, native string, f commerce.Facets, event time.Time) {
	if n.Problem() != nil {
		return
	}
	location, compared := n.locate(native)
	if !compared {
		n.skip("stock at a location that is not compared")
		return
	}
	n.observe(commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{sku, location}, Part: part, Native: native + "/" + sku, Slot: location, Facets: f,
	}, event, 0)
}

// locate maps a fulfilment channel or a marketplace. It reports false for one that
// is not compared, and asks once for the mapping of one that the registry does not
// know.
func (n *normaliser) locate(native string) (location string, compared bool) {
	location, known, ignored := n.Locations.Locate(native)
	if known {
		return location, !ignored
	}
	n.observe(commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native}, Part: "mapping", Native: native, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	}, n.delivery.Received, 0)
	return "", false
}

// sku reads the seller's own name of an item.
func (n *normaliser) sku(f body.Field) string {
	sku := strings.TrimSpace(n.Text("sku", f))
	if sku == "" {
		n.Fail("sku", "a SKU")
	}
	return sku
}
