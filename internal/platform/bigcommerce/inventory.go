package bigcommerce

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an inventory record: what stock says of a level, and what the
// catalogue says of every level of a variant.
const (
	levelPart   = "level"
	catalogPart = "catalog"
)

// item is the stock of a variant: at one location, or at each.
type item struct {
	Identity struct {
		SKU     body.Field `json:"sku"`
		Variant body.Field `json:"variant_id"`
	} `json:"identity"`
	quantities
	Locations []struct {
		ID body.Field `json:"location_id"`
		quantities
	} `json:"locations"`
}

type quantities struct {
	Available body.Field `json:"available_to_sell"`
	OnHand    body.Field `json:"total_inventory_onhand"`
	Settings  struct {
		Safety body.Field `json:"safety_stock"`
	} `json:"settings"`
}

// level is an observation of one part of a variant's stock at a location.
func level(part, sku, variant, native, location string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{sku, location}, Via: &commerce.Via{Type: variantLink, Native: variant},
		Part: part, Native: variant + "/" + native, Slot: native,
	}
}

var levelTarget = lazyregexp.New(`^v3/inventory/locations/(\d+)/items`)

// stock observes the levels of one item. They have no time of their own: what
// counts is when they were asked for.
func (n *normaliser) stock(element []byte) error {
	var i item
	if err := body.Decode(element, &i); err != nil {
		return err
	}
	n.Inside("identity")
	sku, variant := n.sku(i.Identity.SKU), n.ID("variant_id", i.Identity.Variant)
	n.Leave()
	if n.delivery.Topic == levelTopic {
		if ids, ok := n.asked(levelTarget); ok {
			n.level(sku, variant, ids[0], &i.quantities)
		}
		return nil
	}
	if i.Locations == nil {
		n.Fail("locations", "a list")
	}
	n.Limit("locations", len(i.Locations), maxItems)
	for at := range i.Locations {
		l := &i.Locations[at]
		n.Enter("locations", at)
		if native := n.ID("location_id", l.ID); n.Problem() == nil {
			n.level(sku, variant, native, &l.quantities)
		}
		n.Leave()
	}
	return nil
}

func (n *normaliser) level(sku, variant, native string, q *quantities) {
	f := n.facets()
	f.Put("available", commerce.Number(n.Number("available_to_sell", q.Available)))
	f.PutNumber("on_hand", "total_inventory_onhand", q.OnHand)
	f.PutNumber("safety", "settings.safety_stock", q.Settings.Safety)
	location, compared := n.locate(native)
	if sku == "" || !compared || n.Problem() != nil {
		return
	}
	o := level(levelPart, sku, variant, native, location)
	o.Facets = f.Values
	n.observeReceived(o)
}
