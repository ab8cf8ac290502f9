package shiphero

import (
	"net/url"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// warehousePart is the part of a stock record that one warehouse reports.
const warehousePart = "warehouse"

type inventory struct {
	Account body.Field `json:"account_id"`
	Items   []item     `json:"inventory"`
}

// item is one SKU. The account's totals beside it are not looked at.
type item struct {
	SKU     body.Field `json:"sku"`
	Virtual body.Field `json:"virtual"`
	Level   *level     `json:"updated_warehouse"`
}

// level is what one warehouse has, as numbers or as texts.
type level struct {
	ID          body.Field `json:"warehouse_id"`
	Inventory   body.Field `json:"inventory"`
	OnHand      body.Field `json:"on_hand"`
	SellAhead   body.Field `json:"sell_ahead"`
	Reserve     body.Field `json:"reserve"`
	NonSellable body.Field `json:"non_sellable"`
}

func (n *normaliser) inventoryUpdate() error {
	var i inventory
	if err := body.Decode(n.delivery.Body, &i); err != nil {
		return err
	}
	if !n.ours(i.Account) {
		return n.ignore(otherAccount)
	}
	if i.Items == nil {
		n.Fail("inventory", "a list")
	}
	n.Limit("inventory", len(i.Items), maxItems)
	for at, it := range i.Items {
		n.Enter("inventory", at)
		n.item(it)
		n.Leave()
	}
	return n.otherwise("nothing in a warehouse that is compared")
}

// item observes a SKU in the warehouse that changed. A virtual one is in none.
func (n *normaliser) item(it item) {
	sku := n.sku(it.SKU)
	virtual := it.Virtual.Given() && n.Truth("virtual", it.Virtual)
	switch {
	case it.Level != nil:
		n.Inside("updated_warehouse")
		n.level(sku, virtual, it.Level)
		n.Leave()
	case !virtual:
		n.askForStock(sku)
	}
}

func (n *normaliser) sku(f body.Field) string {
	sku := n.Text("sku", f)
	if sku == "" {
		n.Fail("sku", "a SKU")
	}
	return sku
}

func (n *normaliser) level(sku string, virtual bool, l *level) {
	f := n.facets()
	f.Put("tracked", commerce.Bool(!virtual))
	if !virtual {
		f.PutNumber("on_hand", "on_hand", l.OnHand)
		f.PutNumber("available", "inventory", l.Inventory)
		f.PutNumber("safety", "reserve", l.Reserve)
		f.PutNumber("unavailable", "non_sellable", l.NonSellable)
		if given(l.OnHand, l.SellAhead, l.Reserve, l.Inventory) {
			f.Put("committed", commerce.Number(n.balance(l.OnHand, l.SellAhead, "reserve", l.Reserve, "inventory", l.Inventory)))
		}
	}
	n.stock(sku, n.id("warehouse_id", l.ID), f)
}

func given(fields ...body.Field) bool {
	for _, f := range fields {
		if !f.Given() {
			return false
		}
	}
	return true
}

// balance is on hand + sell ahead − reserve, less what is left of it: less the
// inventory it is what is allocated, less what is allocated it is the inventory.
func (n *normaliser) balance(onHand, ahead body.Field, reserveName string, reserve body.Field, name string, less body.Field) commerce.Decimal {
	all := n.Sum("sell_ahead", n.Number("on_hand", onHand), n.Number("sell_ahead", ahead))
	all = n.Sum(reserveName, all, n.Number(reserveName, reserve).Neg())
	return n.Sum(name, all, n.Number(name, less).Neg())
}

// stock observes what a warehouse has of a SKU.
func (n *normaliser) stock(sku, warehouse string, f body.Facets) {
	if location, _ := n.locate(warehouse); location != "" {
		n.observe(commerce.Observation{
			Kind: commerce.Inventory, Key: commerce.Key{sku, location},
			Part: warehousePart, Native: sku + "/" + warehouse, Slot: warehouse, Facets: f.Values,
		})
	}
}

// inventoryChange is a hint: it says what moved, and not how much there is now.
func (n *normaliser) inventoryChange() error {
	var change struct {
		Account body.Field `json:"account_id"`
		SKU     body.Field `json:"sku"`
	}
	if err := body.Decode(n.delivery.Body, &change); err != nil {
		return err
	}
	if !n.ours(change.Account) {
		return n.ignore(otherAccount)
	}
	n.askForStock(n.sku(change.SKU))
	return nil
}

func (n *normaliser) askForStock(sku string) {
	n.ask(productTopic, productTopic+"/"+url.PathEscape(sku))
}
