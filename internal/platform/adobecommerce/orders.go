package adobecommerce

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const orderPart = "order"

// The states of orders that mean something here.
const (
	canceled = "canceled"
	complete = "complete"
)

// order is an order. What a buyer is called stands beside what is read.
type order struct {
	dates
	ID          body.Field `json:"entity_id"`
	Number      body.Field `json:"increment_id"`
	Store       body.Field `json:"store_id"`
	State       body.Field `json:"state"`
	Currency    body.Field `json:"base_currency_code"`
	Total       body.Field `json:"base_grand_total"`
	Refunded    body.Field `json:"base_total_refunded"`
	Paid        body.Field `json:"base_total_paid"`
	Tax         body.Field `json:"base_tax_amount"`
	TaxRefunded body.Field `json:"base_tax_refunded"`
	Discount    body.Field `json:"base_discount_amount"`
	Shipping    body.Field `json:"base_shipping_amount"`
	BuyersMoney body.Field `json:"order_currency_code"`
	BuyersTotal body.Field `json:"grand_total"`
	BuyersTax   body.Field `json:"tax_amount"`
	Units       body.Field `json:"total_qty_ordered"`
	Items       []item     `json:"items"`
}

type item struct {
	Parent   body.Field `json:"parent_item_id"`
	SKU      body.Field `json:"sku"`
	Ordered  body.Field `json:"qty_ordered"`
	Canceled body.Field `json:"qty_canceled"`
	Refunded body.Field `json:"qty_refunded"`
	Shipped  body.Field `json:"qty_shipped"`
}

// order observes an order, and links its id to its number.
func (n *normaliser) order(raw body.Field) {
	var o order
	n.open(raw, &o)
	native, changed, created := n.id("entity_id", o.ID), n.changed(o.dates), n.created(o.dates)
	number := n.Text("increment_id", o.Number)
	shop := ""
	if given(o.Store) {
		shop = plain(o.Store)
	}
	store, number, web := n.OrderNumber.Read(shop, number)
	if n.Problem() != nil {
		return
	}
	if !web {
		n.skip("order number is not a web order's")
		return
	}
	f := n.facets()
	state := n.OptionalText("state", o.State)
	n.amounts(f, &o)
	n.states(f, &o, state)
	n.orderUnits(f, &o)
	n.putDate(f, "created", "created_at", o.Created)
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{store, number}, Part: orderPart, Native: native, Slot: orderPart, Created: created,
		Facets: f.Values, Lines: n.lines(&o, state),
	}, changed)
	n.link(orderLink, native, commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}, earlier(created, changed))
}

// amounts are those in the base currency, and their twins in the buyer's.
func (n *normaliser) amounts(f body.Facets, o *order) {
	n.put(f, "total", "base_grand_total", o.Total)
	n.less(f, "total_current", "base_grand_total", o.Total, "base_total_refunded", o.Refunded)
	n.put(f, "tax", "base_tax_amount", o.Tax)
	n.less(f, "tax_current", "base_tax_amount", o.Tax, "base_tax_refunded", o.TaxRefunded)
	n.put(f, "shipping", "base_shipping_amount", o.Shipping)
	if given(o.Discount) {
		// Commerce writes a discount below zero.
		discount := n.number("base_discount_amount", o.Discount)
		if discount.Sign() < 0 {
			discount = discount.Neg()
		}
		f.Put("discount", commerce.Number(discount))
	}
	n.putText(f, "currency", "base_currency_code", o.Currency)
	n.putText(f, "presentment_currency", "order_currency_code", o.BuyersMoney)
	n.put(f, "presentment_total", "grand_total", o.BuyersTotal)
	n.put(f, "presentment_tax", "tax_amount", o.BuyersTax)
}

// less sets a facet to an amount less another one, if the event has both.
func (n *normaliser) less(f body.Facets, facet, name string, amount body.Field, lessName string, less body.Field) {
	off, known := n.some(lessName, less)
	if given(amount) && known {
		f.Put(facet, commerce.Number(n.Sum(lessName, n.number(name, amount), off.Neg())))
	}
}

// states says how far an order is, as far as the event has what tells it.
func (n *normaliser) states(f body.Facets, o *order, state string) {
	if state != "" {
		f.Put("cancelled", commerce.Bool(state == canceled))
	}
	// Commerce has no test orders, and sells on the web alone.
	f.Put("test", commerce.Bool(false))
	f.Put("channel", commerce.Text("web"))
	if payment := n.payment(o, state); payment != "" {
		f.Put("payment", commerce.Text(payment))
	}
}

func (n *normaliser) payment(o *order, state string) string {
	paid, known := n.some("base_total_paid", o.Paid)
	refunded, _ := n.some("base_total_refunded", o.Refunded)
	switch {
	case state == canceled:
		return "voided"
	case !known || !given(o.Total):
		return ""
	case refunded.Sign() > 0 && refunded.Cmp(paid) >= 0:
		return "refunded"
	case refunded.Sign() > 0:
		return "partially_refunded"
	case paid.Sign() == 0 && n.number("base_grand_total", o.Total).Sign() > 0:
		return "pending"
	case paid.Cmp(n.number("base_grand_total", o.Total)) < 0:
		return "partially_paid"
	default:
		return "paid"
	}
}

// each reads the items that are sold. One that has a parent repeats it: of a
// configurable product the parent has the SKU that was chosen.
func (n *normaliser) each(o *order, read func(*item)) {
	n.Limit("items", len(o.Items), maxItems)
	for i := range o.Items[:min(len(o.Items), maxItems)] {
		if given(o.Items[i].Parent) {
			continue
		}
		n.Enter("items", i)
		read(&o.Items[i])
		n.Leave()
	}
}

func (n *normaliser) orderUnits(f body.Facets, o *order) {
	n.put(f, "units", "total_qty_ordered", o.Units)
	if o.Items == nil {
		return
	}
	var left, shipped commerce.Decimal
	lines := int64(0)
	complete := true
	n.each(o, func(i *item) {
		units, whole := n.left(i)
		sent, told := n.some("qty_shipped", i.Shipped)
		complete = complete && whole && told
		left, shipped = n.Sum("qty_ordered", left, units), n.Sum("qty_shipped", shipped, sent)
		lines++
	})
	f.Count("lines", lines)
	if !complete {
		return
	}
	f.Put("units_current", commerce.Number(left))
	f.Put("units_shipped", commerce.Number(shipped))
	switch {
	case shipped.Sign() == 0:
		f.Put("fulfilment", commerce.Text("unfulfilled"))
	case shipped.Cmp(left) < 0:
		f.Put("fulfilment", commerce.Text("partial"))
	default:
		f.Put("fulfilment", commerce.Text("fulfilled"))
	}
}

// left is how many pieces of an item are neither canceled nor refunded, and whether
// the event has all that tells it.
func (n *normaliser) left(i *item) (units commerce.Decimal, whole bool) {
	whole = given(i.Ordered)
	if !whole {
		return units, false
	}
	units = n.number("qty_ordered", i.Ordered)
	for _, less := range []struct {
		name  string
		value body.Field
	}{{"qty_canceled", i.Canceled}, {"qty_refunded", i.Refunded}} {
		off, known := n.some(less.name, less.value)
		units, whole = n.Sum(less.name, units, off.Neg()), whole && known
	}
	return units, whole
}

// lines are the units per SKU that an open order takes from the stock.
func (n *normaliser) lines(o *order, state string) []commerce.Line {
	if n.location == platform.Ignore || state == canceled || state == complete || state == "closed" {
		return nil
	}
	units := map[string]commerce.Decimal{}
	n.each(o, func(i *item) {
		if sku := strings.TrimSpace(n.OptionalText("sku", i.SKU)); sku != "" {
			left, _ := n.left(i)
			units[sku] = n.Sum("qty_ordered", units[sku], left)
		}
	})
	var lines []commerce.Line
	for sku, pieces := range units {
		if pieces.Sign() > 0 {
			lines = append(lines, commerce.Line{SKU: sku, Location: n.location, Units: pieces})
		}
	}
	slices.SortFunc(lines, func(a, b commerce.Line) int { return strings.Compare(a.SKU, b.SKU) })
	return lines
}
