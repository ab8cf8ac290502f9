package shiphero

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type returned struct {
	Test    body.Field     `json:"test"`
	Account body.Field     `json:"account_id"`
	ID      body.Field     `json:"return_id"`
	Status  body.Field     `json:"status"`
	Number  body.Field     `json:"order_number"`
	Shop    body.Field     `json:"shop_name"`
	Items   []returnedItem `json:"items"`
}

type returnedItem struct {
	Quantity body.Field `json:"quantity"`
	Received body.Field `json:"quantity_received"`
}

// returnUpdate observes a return. It is received once every piece is.
func (n *normaliser) returnUpdate() error {
	var r returned
	if err := body.Decode(n.delivery.Body, &r); err != nil {
		return err
	}
	if !n.ours(r.Account) {
		return n.ignore(otherAccount)
	}
	if n.flag("test", r.Test) {
		return n.ignore(testDelivery)
	}
	native, status := n.id("return_id", r.ID), strings.ToLower(n.OptionalText("status", r.Status))
	key, ok := n.webOrder(r.Shop, r.Number)
	if r.Items == nil {
		n.Fail("items", "a list")
	}
	received := n.allReceived(r.Items)
	if !ok {
		return n.ignore(notWebOrder)
	}
	o := commerce.Observation{
		Kind: commerce.Return, Key: commerce.Key{key[0], key[1], native}, Part: "return", Native: native, Slot: "return",
		Facets: commerce.Facets{"requested": commerce.Bool(true), "received": commerce.Bool(received)},
	}
	if status == "canceled" || status == "cancelled" {
		o.Gone, o.Facets = true, nil
	}
	n.observe(o)
	return nil
}

func (n *normaliser) allReceived(items []returnedItem) bool {
	all := len(items) > 0
	n.Limit("items", len(items), maxLines)
	for i, it := range items {
		n.Enter("items", i)
		all = n.Number("quantity_received", it.Received).Cmp(n.Number("quantity", it.Quantity)) >= 0 && all
		n.Leave()
	}
	return all
}
