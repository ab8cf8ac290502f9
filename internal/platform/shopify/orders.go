package shopify

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const notWebOrder = "order number is not a web order's"

// orderFacetCount is how many facets an order can have.
const orderFacetCount = 28

// success is the status of fulfilments and transactions that took effect.
const success = "success"

func (n *normaliser) order() error {
	var o order
	if err := body.Decode(n.delivery.Body, &o); err != nil {
		return err
	}
	return n.orderOf(&o)
}

func (n *normaliser) orderOf(o *order) error {
	native, name := n.id("Order", o.ref), n.text("name", o.Name)
	updated := n.clock("updated_at", o.UpdatedAt)
	created := n.created(o.CreatedAt)
	store, number, ok := n.OrderNumber.Read("", name)
	if !ok && n.problem == nil {
		return n.ignore(notWebOrder)
	}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{store, number},
		Part: "order", Native: native, Slot: "order", Created: created,
		Facets: n.orderFacets(o), Lines: n.orderLines(o),
	}, updated)
	n.linkOrder(native, store, number, created, updated)
	return nil
}

// linkOrder dates the link by the order's creation: id and number of an order
// never change, and so every later delivery of the order repeats the link.
func (n *normaliser) linkOrder(native, store, number string, created, updated time.Time) {
	clock := created
	if clock.IsZero() || clock.After(updated) {
		clock = updated
	}
	n.add(n.link(orderLink, native, native, commerce.Facets{
		"store": commerce.Text(store), "number": commerce.Text(number),
	}), commerce.VersionParts{Clock: clock, Normaliser: revision})
}

func (n *normaliser) orderFacets(o *order) commerce.Facets {
	f := facets{&n.reader, make(commerce.Facets, orderFacetCount)}
	f.text("payment", "financial_status", o.FinancialStatus)
	f.text("fulfilment", "fulfillment_status", o.FulfillmentStatus)
	if o.FulfillmentStatus.Null() {
		f.put("fulfilment", commerce.Text("unfulfilled"))
	}
	if !o.CancelledAt.Absent() {
		f.put("cancelled", commerce.Bool(o.CancelledAt.Given()))
	}
	f.truth("test", "test", o.Test)
	f.text("channel", "source_name", o.SourceName)
	f.text("currency", "currency", o.Currency)
	f.text("presentment_currency", "presentment_currency", o.PresentmentCurrency)
	f.time("created", "created_at", o.CreatedAt)
	n.orderAmounts(f, o)
	if o.LineItems != nil {
		n.orderUnits(f, o)
	}
	return f.values
}

func (n *normaliser) orderAmounts(f facets, o *order) {
	f.number("total", "total_price", o.TotalPrice)
	f.number("total_current", "current_total_price", o.CurrentTotalPrice)
	f.number("tax", "total_tax", o.TotalTax)
	f.number("tax_current", "current_total_tax", o.CurrentTotalTax)
	f.number("discount", "total_discounts", o.TotalDiscounts)
	f.number("tips", "total_tip_received", o.TotalTipReceived)
	f.number("shipping", "total_shipping_price_set.shop_money.amount", o.ShippingSet.Shop.Amount)
	f.number("duties", "original_total_duties_set.shop_money.amount", o.DutiesSet.Shop.Amount)
	f.number("presentment_total", "total_price_set.presentment_money.amount", o.TotalPriceSet.Presentment.Amount)
	f.number("presentment_total_current", "current_total_price_set.presentment_money.amount", o.CurrentTotalPriceSet.Presentment.Amount)
	f.number("presentment_tax", "total_tax_set.presentment_money.amount", o.TotalTaxSet.Presentment.Amount)
	if paid := o.RoundedPaymentSet.Shop.Amount; paid.Given() {
		rounding := n.number("total_cash_rounding_payment_adjustment_set.shop_money.amount", paid)
		if refunded := o.RoundedRefundSet.Shop.Amount; refunded.Given() {
			const name = "total_cash_rounding_refund_adjustment_set.shop_money.amount"
			rounding = n.sum(name, rounding, n.number(name, refunded))
		}
		f.put("rounding", commerce.Number(rounding))
	}
	if o.TaxLines != nil {
		f.put("tax_channel_liable", commerce.Number(n.channelLiableTax(o.TaxLines)))
	}
}

// channelLiableTax is the tax that the sales channel remits itself.
func (n *normaliser) channelLiableTax(lines []taxLine) commerce.Decimal {
	var total commerce.Decimal
	n.limit("tax_lines", len(lines), maxItems)
	for i, l := range lines {
		n.enter("tax_lines", i)
		if l.ChannelLiable.Given() && n.truth("channel_liable", l.ChannelLiable) {
			total = n.sum("price", total, n.number("price", l.Price))
		}
		n.leave()
	}
	return total
}

func (n *normaliser) orderUnits(f facets, o *order) {
	var units, current, open int64
	var giftCards commerce.Decimal
	n.limit("line_items", len(o.LineItems), maxItems)
	hasCurrent := true
	for i, l := range o.LineItems {
		n.enter("line_items", i)
		quantity := n.units("quantity", l.Quantity)
		units += quantity
		if hasCurrent = hasCurrent && l.CurrentQuantity.Given(); hasCurrent {
			current += n.units("current_quantity", l.CurrentQuantity)
		}
		if n.ships(l) && l.FulfillableQuantity.Given() {
			open += n.units("fulfillable_quantity", l.FulfillableQuantity)
		}
		if l.GiftCard.Given() && n.truth("gift_card", l.GiftCard) {
			giftCards = n.sum("price", giftCards, n.times("price", l.Price, quantity))
		}
		n.leave()
	}
	f.count("units", units)
	f.count("lines", int64(len(o.LineItems)))
	f.count("units_open", open)
	f.put("gift_sold", commerce.Number(giftCards))
	if hasCurrent {
		f.count("units_current", current)
	}
	if o.Fulfillments != nil {
		n.orderShipped(f, o.Fulfillments)
	}
}

// ships reports whether a line's units leave a warehouse.
func (n *normaliser) ships(l lineItem) bool {
	return !l.RequiresShipping.Given() || n.truth("requires_shipping", l.RequiresShipping)
}

func (n *normaliser) orderShipped(f facets, fulfillments []fulfillment) {
	var shipped int64
	locations := map[string]bool{}
	n.limit("fulfillments", len(fulfillments), maxItems)
	for i, ff := range fulfillments {
		n.enter("fulfillments", i)
		status := n.optionalText("status", ff.Status)
		if ff.LocationID.Given() && status != "cancelled" {
			locations[n.digits("location_id", ff.LocationID)] = true
		}
		if status == success {
			shipped += n.lineUnits(ff.LineItems, true)
		}
		n.leave()
	}
	f.count("units_shipped", shipped)
	if len(locations) > 0 {
		f.count("locations", int64(len(locations)))
	}
}

// lineUnits adds up the pieces of lines, or of those that require shipping.
func (n *normaliser) lineUnits(lines []lineItem, shippedOnly bool) int64 {
	var units int64
	n.limit("line_items", len(lines), maxItems)
	for i, l := range lines {
		n.enter("line_items", i)
		if quantity := n.units("quantity", l.Quantity); !shippedOnly || n.ships(l) {
			units += quantity
		}
		n.leave()
	}
	return units
}

// orderLines are the current units per SKU. Only an order that was sold at a
// place, over a counter, says where its units come from.
func (n *normaliser) orderLines(o *order) []commerce.Line {
	location := ""
	if o.LocationID.Given() {
		mapped, known, ignored := n.Locations.Locate(n.digits("location_id", o.LocationID))
		if ignored {
			return nil
		}
		if known {
			location = mapped
		}
	}
	units := map[string]int64{}
	for i, l := range o.LineItems {
		n.enter("line_items", i)
		if sku := n.optionalText("sku", l.SKU); sku != "" && l.CurrentQuantity.Given() {
			units[sku] += n.units("current_quantity", l.CurrentQuantity)
		}
		n.leave()
	}
	return linesOf(units, location)
}

// linesOf are units per SKU as lines, in alphabetical order, without those that
// are none.
func linesOf(units map[string]int64, location string) []commerce.Line {
	var lines []commerce.Line
	for sku, pieces := range units {
		if pieces > 0 {
			lines = append(lines, commerce.Line{SKU: sku, Location: location, Units: commerce.Int(pieces)})
		}
	}
	slices.SortFunc(lines, func(a, b commerce.Line) int { return strings.Compare(a.SKU, b.SKU) })
	return lines
}

func (n *normaliser) orderEdit() error {
	var doc struct {
		Edit struct {
			OrderID field `json:"order_id"`
		} `json:"order_edit"`
	}
	if err := body.Decode(n.delivery.Body, &doc); err != nil {
		return err
	}
	n.digits("order_edit.order_id", doc.Edit.OrderID)
	return n.ignore("order edit without values: orders/updated carries them")
}

func (n *normaliser) orderDeletion() error {
	native, err := n.deletion("Order")
	if err != nil {
		return err
	}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: native},
		Part: "order", Native: native, Slot: "order", Gone: true,
	})
	return nil
}
