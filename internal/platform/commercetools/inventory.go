package commercetools

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type entry struct {
	ID        body.Field `json:"id"`
	Version   body.Field `json:"version"`
	SKU       body.Field `json:"sku"`
	Channel   body.Field `json:"supplyChannel"`
	OnHand    body.Field `json:"quantityOnStock"`
	Available body.Field `json:"availableQuantity"`
}

// level is an observation of the stock that an inventory entry counts.
func level(id, sku, location string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{sku, location}, Via: &commerce.Via{Type: entryLink, Native: id},
		Part: "level", Native: id, Slot: location,
	}
}

// entry observes an inventory entry: a SKU at a supply channel.
func (n *normaliser) entry(raw []byte) {
	var e entry
	n.decode(raw, &e)
	n.whole(e.Version)
	id, sku, channel := n.id(e.ID), n.sku(e.SKU), n.channel("supplyChannel", e.Channel)
	n.level(id, sku, channel, n.stock("quantityOnStock", "availableQuantity", e.OnHand, e.Available))
}

// quantity observes what the message says that the entry has now. Whether it says
// the SKU as well depends on its age; the entry's link knows it otherwise.
func (n *normaliser) quantity(d *notification, id string) {
	sku, channel := n.sku(d.SKU), n.channel("supplyChannel", d.Channel)
	n.level(id, sku, channel, n.stock("newQuantityOnStock", "newAvailableQuantity", d.OnHand, d.Available))
	if sku == "" {
		n.ask(entries, resources()[entries], id)
	}
}

func (n *normaliser) stock(onHandName, availableName string, onHand, available body.Field) commerce.Facets {
	f := n.facets()
	f.Put("on_hand", commerce.Number(n.Number(onHandName, onHand)))
	f.PutNumber("available", availableName, available)
	// What is not tracked has no entry.
	f.Put("tracked", commerce.Bool(true))
	return f.Values
}

func (n *normaliser) level(id, sku, channel string, f commerce.Facets) {
	if n.Problem() != nil {
		return
	}
	location, compared := n.locate(channel)
	if !compared {
		n.skip("stock at a location that is not compared")
		return
	}
	o := level(id, sku, location)
	o.Facets = f
	n.observe(o)
	if sku != "" {
		n.link(entryLink, id, id, commerce.Facets{"sku": commerce.Text(sku), "location": commerce.Text(location)})
	}
}

// entryGone ends an entry. Which SKU and location it was only its link knows.
func (n *normaliser) entryGone(id string) { n.final(level(id, "", "")) }
