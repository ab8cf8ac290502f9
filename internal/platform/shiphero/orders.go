package shiphero

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an order: what is ordered and open, whether it is cancelled, and
// each shipment.
const (
	orderPart    = "order"
	statePart    = "state"
	shipmentPart = "shipment"
)

const (
	notWebOrder  = "order of no web shop"
	testDelivery = "test delivery"
)

type orderEvent struct {
	Account body.Field `json:"account_id"`
	ID      body.Field `json:"order_id"`
	Number  body.Field `json:"order_number"`
	Shop    body.Field `json:"shop_name"`
}

// orderEvent asks for the order that something happened to. Only a cancellation
// says more than that.
func (n *normaliser) orderEvent() error {
	var o orderEvent
	if err := body.Decode(n.delivery.Body, &o); err != nil {
		return err
	}
	if !n.ours(o.Account) {
		return n.ignore(otherAccount)
	}
	native := n.id("order_id", o.ID)
	key, ok := n.webOrder(o.Shop, o.Number)
	// Allocations name no shop. Where several are mapped, only the API says whose
	// order it is.
	if o.Number.Given() && !ok && (o.Shop.Given() || n.OrderNumber.Store != "") {
		return n.ignore(notWebOrder)
	}
	if n.delivery.Topic == orderCanceled && ok {
		n.state(key, native, true)
		n.linkOrder(key, native)
	}
	n.askForOrder(native)
	return nil
}

// webOrder finds the web order that a record belongs to.
func (n *normaliser) webOrder(shop, number body.Field) (commerce.Key, bool) {
	store, web, ok := n.OrderNumber.Read(n.OptionalText("shop_name", shop), n.OptionalText("order_number", number))
	return commerce.Key{store, web}, ok
}

func (n *normaliser) state(key commerce.Key, native string, cancelled bool) {
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: key, Part: statePart, Native: native, Slot: statePart,
		Facets: commerce.Facets{"cancelled": commerce.Bool(cancelled)},
	})
}

// linkOrder remembers which web order an order is: one that is gone cannot be
// asked any more.
func (n *normaliser) linkOrder(key commerce.Key, native string) {
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, orderLink, native}, Part: "link", Native: native,
		Facets: commerce.Facets{"store": commerce.Text(key[0]), "number": commerce.Text(key[1])},
	})
}

func (n *normaliser) askForOrder(native string) {
	n.ask(orderTopic, orderTopic+"/"+native)
}
