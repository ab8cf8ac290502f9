package woocommerce

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const notWebOrder = "order number is not a web order's"

// The statuses of orders that mean something here. Plugins add others.
const (
	pending    = "pending"
	onHold     = "on-hold"
	processing = "processing"
	completed  = "completed"
	cancelled  = "cancelled"
	refunded   = "refunded"
	failed     = "failed"
	trash      = "trash"
)

type order struct {
	failure
	dates
	ID          body.Field `json:"id"`
	Number      body.Field `json:"number"`
	Status      body.Field `json:"status"`
	Currency    body.Field `json:"currency"`
	Channel     body.Field `json:"created_via"`
	TaxIncluded body.Field `json:"prices_include_tax"`
	Paid        body.Field `json:"date_paid_gmt"`
	Discount    body.Field `json:"discount_total"`
	DiscountTax body.Field `json:"discount_tax"`
	Shipping    body.Field `json:"shipping_total"`
	ShippingTax body.Field `json:"shipping_tax"`
	Total       body.Field `json:"total"`
	TotalTax    body.Field `json:"total_tax"`
	Lines       []line     `json:"line_items"`
	Refunds     []struct {
		ID    body.Field `json:"id"`
		Total body.Field `json:"total"`
	} `json:"refunds"`
}

type line struct {
	SKU      body.Field `json:"sku"`
	Quantity body.Field `json:"quantity"`
}

// order observes an order with the sum of its refunds, and asks what those
// consist of.
func (n *normaliser) order(element []byte) error {
	var o order
	if err := body.Decode(element, &o); err != nil {
		return err
	}
	n.refuse(o.failure, o.ID)
	native, status := n.ID("id", o.ID), n.Text("status", o.Status)
	modified, created := n.modified(o.dates), n.created(o.dates)
	store, number, ok := n.OrderNumber.Read("", n.Text("number", o.Number))
	if o.Lines == nil {
		n.Fail("line_items", "a list")
	}
	back := n.givenBack(&o)
	f := n.orderFacets(&o, status, back)
	lines := n.orderLines(&o, status)
	switch {
	case n.Problem() != nil:
		return n.Problem()
	case !ok:
		return n.ignore(notWebOrder)
	case status == "checkout-draft" || status == "auto-draft":
		return n.ignore("order is not placed yet")
	}
	key := commerce.Key{store, number}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: key, Part: "order", Native: native, Slot: "order",
		Created: created, Gone: status == trash, Facets: f, Lines: lines,
	}, modified)
	n.add(n.link(orderLink, native, native, commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}),
		commerce.VersionParts{Clock: earlier(created, modified), Normaliser: revision})
	if len(o.Refunds) > 0 && status != trash {
		refund := n.facets()
		refund.Put("amount", commerce.Number(back))
		refund.PutText("currency", "currency", o.Currency)
		n.observe(commerce.Observation{Kind: commerce.Refund, Key: key, Part: "order", Native: native, Facets: refund.Values}, modified)
		n.ask(refundsTopic, refundsTarget(native))
	}
	return nil
}

// givenBack is the sum of an order's refunds, which are negative.
func (n *normaliser) givenBack(o *order) commerce.Decimal {
	var sum commerce.Decimal
	n.Limit("refunds", len(o.Refunds), maxItems)
	for i, r := range o.Refunds {
		n.Enter("refunds", i)
		amount := n.Number("total", r.Total)
		if amount.Sign() > 0 {
			n.Fail("total", "an amount that is not above 0")
		}
		sum = n.Sum("total", sum, amount.Neg())
		n.Leave()
	}
	return sum
}

func (n *normaliser) orderFacets(o *order, status string, back commerce.Decimal) commerce.Facets {
	f := n.facets()
	total := n.Number("total", o.Total)
	f.Put("total", commerce.Number(total))
	f.Put("total_current", commerce.Number(n.Sum("refunds", total, back.Neg())))
	f.PutNumber("tax", "total_tax", o.TotalTax)
	// What refunds take off tax and units their details say.
	f.PutNumber("tax_current", "total_tax", o.TotalTax)
	n.asPriced(f, "discount", o, "discount_total", o.Discount, "discount_tax", o.DiscountTax)
	n.asPriced(f, "shipping", o, "shipping_total", o.Shipping, "shipping_tax", o.ShippingTax)
	f.PutText("currency", "currency", o.Currency)
	f.PutText("channel", "created_via", o.Channel)
	if o.Created.Given() {
		f.Put("created", commerce.Time(n.created(o.dates)))
	}
	f.Put("cancelled", commerce.Bool(status == cancelled))
	// WooCommerce has no test orders: what a gateway in test mode paid is paid.
	f.Put("test", commerce.Bool(false))
	if payment := n.payment(o, status, total, back); payment != "" {
		f.Put("payment", commerce.Text(payment))
	}
	switch status {
	case completed:
		f.Put("fulfilment", commerce.Text("fulfilled"))
	case pending, onHold, processing, cancelled, failed:
		f.Put("fulfilment", commerce.Text("unfulfilled"))
	}
	n.orderUnits(f, o)
	return f.Values
}

// asPriced puts an amount on the basis of the shop's prices. WooCommerce writes
// it without tax, whatever prices are entered with.
func (n *normaliser) asPriced(f body.Facets, facet string, o *order, name string, net body.Field, taxName string, tax body.Field) {
	if !net.Given() || !o.TaxIncluded.Given() {
		return
	}
	amount := n.Number(name, net)
	if n.Truth("prices_include_tax", o.TaxIncluded) {
		if !tax.Given() {
			return
		}
		amount = n.Sum(taxName, amount, n.Number(taxName, tax))
	}
	f.Put(facet, commerce.Number(amount))
}

// payment is how far an order is paid, or "" when nothing says it. An order may
// be created with any status: a gateway can be faster than its webhook.
func (n *normaliser) payment(o *order, status string, total, back commerce.Decimal) string {
	paid := status == processing || status == completed || o.Paid.Given()
	switch {
	case status == refunded, back.Sign() > 0 && back.Cmp(total) >= 0:
		return "refunded"
	case back.Sign() > 0:
		return "partially_refunded"
	case paid:
		return "paid"
	case status == cancelled, status == failed:
		return "voided"
	case status == pending, status == onHold, o.Paid.Null():
		return "pending"
	default:
		return ""
	}
}

func (n *normaliser) orderUnits(f body.Facets, o *order) {
	var units commerce.Decimal
	n.Limit("line_items", len(o.Lines), maxItems)
	for i, l := range o.Lines {
		n.Enter("line_items", i)
		units = n.Sum("quantity", units, n.Number("quantity", l.Quantity))
		n.Leave()
	}
	f.Put("units", commerce.Number(units))
	f.Put("units_current", commerce.Number(units))
	f.Count("lines", int64(len(o.Lines)))
}

// orderLines are the units per SKU that an order takes from the shop's stock.
func (n *normaliser) orderLines(o *order, status string) []commerce.Line {
	units := map[string]commerce.Decimal{}
	for i, l := range o.Lines {
		n.Enter("line_items", i)
		if sku := n.sku(l.SKU); sku != "" {
			units[sku] = n.Sum("quantity", units[sku], n.Number("quantity", l.Quantity))
		}
		n.Leave()
	}
	if !n.stocked() || status == cancelled || status == failed || status == refunded {
		return nil
	}
	var lines []commerce.Line
	for sku, pieces := range units {
		if pieces.Sign() > 0 {
			lines = append(lines, commerce.Line{SKU: sku, Location: n.location, Units: pieces})
		}
	}
	slices.SortFunc(lines, func(a, b commerce.Line) int { return strings.Compare(a.SKU, b.SKU) })
	return lines
}

// orderGone ends an order that the API no longer has. Its number its link knows.
func (n *normaliser) orderGone(native string) {
	n.observeReceived(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: native},
		Part: "order", Native: native, Slot: "order", Gone: true,
	})
}
