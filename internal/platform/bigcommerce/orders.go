package bigcommerce

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const notWebOrder = "order number is not a web order's"

// The statuses of orders that mean something here.
const (
	incomplete        = "0"
	pending           = "1"
	refunded          = "4"
	cancelled         = "5"
	declined          = "6"
	awaitingPayment   = "7"
	completed         = "10"
	partiallyRefunded = "14"
)

type order struct {
	ID            body.Field `json:"id"`
	Status        body.Field `json:"status_id"`
	PaymentStatus body.Field `json:"payment_status"`
	PaymentMethod body.Field `json:"payment_method"`
	Source        body.Field `json:"order_source"`
	Currency      body.Field `json:"default_currency_code"`
	Display       body.Field `json:"currency_code"`
	Created       body.Field `json:"date_created"`
	Modified      body.Field `json:"date_modified"`
	Total         body.Field `json:"total_inc_tax"`
	Tax           body.Field `json:"total_tax"`
	Refunded      body.Field `json:"refunded_amount"`
	Discount      body.Field `json:"discount_amount"`
	Coupons       body.Field `json:"coupon_discount"`
	ShippingGross body.Field `json:"shipping_cost_inc_tax"`
	ShippingNet   body.Field `json:"shipping_cost_ex_tax"`
	TaxIncluded   body.Field `json:"is_tax_inclusive_pricing"`
	Gift          body.Field `json:"gift_certificate_amount"`
	Items         body.Field `json:"items_total"`
	Shipped       body.Field `json:"items_shipped"`
	Deleted       body.Field `json:"is_deleted"`
}

// order observes an order with the sum of its refunds, and asks for its lines and
// for what its refunds consist of.
func (n *normaliser) order(element []byte) error {
	var o order
	if err := body.Decode(element, &o); err != nil {
		return err
	}
	native, status := n.ID("id", o.ID), n.Number("status_id", o.Status).String()
	created := n.Clock("date_created", n.date("date_created", o.Created), n.delivery.Received)
	modified := created
	if dated(o.Modified) {
		modified = n.Clock("date_modified", n.date("date_modified", o.Modified), n.delivery.Received)
	}
	store, number, ok := n.OrderNumber.Read("", native)
	gone := o.Deleted.Given() && n.Truth("is_deleted", o.Deleted)
	back := n.amount("refunded_amount", o.Refunded)
	f := n.orderFacets(&o, status, created, back)
	switch {
	case n.Problem() != nil:
		return n.Problem()
	case !ok:
		return n.ignore(notWebOrder)
	case status == incomplete:
		return n.ignore("order is not placed yet")
	}
	key := commerce.Key{store, number}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: key, Part: "order", Native: native, Slot: "order", Created: created, Gone: gone, Facets: f,
	}, modified)
	// Id and number never change: every later answer repeats the link.
	n.add(n.link(orderLink, native, native, commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}),
		commerce.VersionParts{Clock: created, Normaliser: revision})
	if gone {
		return nil
	}
	n.ask(linesTopic, "v2/orders/"+native+"/products?limit=250&page=1")
	if back.Sign() > 0 {
		refund := n.facets()
		refund.Put("amount", commerce.Number(back))
		refund.PutText("currency", "default_currency_code", o.Currency)
		n.observe(commerce.Observation{Kind: commerce.Refund, Key: key, Part: "order", Native: native, Facets: refund.Values}, modified)
		n.ask(refundsTopic, "v3/orders/"+native+"/payment_actions/refunds")
	}
	return nil
}

// amount reads an amount that is none where it is not given.
func (n *normaliser) amount(name string, f body.Field) commerce.Decimal {
	if !f.Given() {
		return commerce.Decimal{}
	}
	return n.Number(name, f)
}

func (n *normaliser) orderFacets(o *order, status string, created time.Time, back commerce.Decimal) commerce.Facets {
	f := n.facets()
	total := n.Number("total_inc_tax", o.Total)
	f.Put("total", commerce.Number(total))
	f.Put("total_current", commerce.Number(n.Sum("refunded_amount", total, back.Neg())))
	f.PutNumber("tax", "total_tax", o.Tax)
	// What refunds take off it they say themselves.
	f.PutNumber("tax_current", "total_tax", o.Tax)
	if o.Discount.Given() && o.Coupons.Given() {
		f.Put("discount", commerce.Number(n.Sum("coupon_discount", n.Number("discount_amount", o.Discount), n.Number("coupon_discount", o.Coupons))))
	}
	n.shipping(f, o)
	f.PutNumber("gift_used", "gift_certificate_amount", o.Gift)
	f.PutText("currency", "default_currency_code", o.Currency)
	f.PutText("presentment_currency", "currency_code", o.Display)
	f.PutText("channel", "order_source", o.Source)
	f.Put("created", commerce.Time(created))
	f.Put("cancelled", commerce.Bool(status == cancelled || status == declined))
	f.Put("test", commerce.Bool(slices.Contains(n.test, n.OptionalText("payment_method", o.PaymentMethod))))
	f.Put("payment", commerce.Text(payment(o, status)))
	f.PutNumber("units", "items_total", o.Items)
	f.PutNumber("units_shipped", "items_shipped", o.Shipped)
	if o.Items.Given() && o.Shipped.Given() {
		f.Put("fulfilment", commerce.Text(fulfilment(status, n.Number("items_total", o.Items), n.Number("items_shipped", o.Shipped))))
	}
	return f.Values
}

// shipping puts its cost on the basis of the store's prices, when that is known.
func (n *normaliser) shipping(f body.Facets, o *order) {
	switch {
	case !o.TaxIncluded.Given():
	case n.Truth("is_tax_inclusive_pricing", o.TaxIncluded):
		f.PutNumber("shipping", "shipping_cost_inc_tax", o.ShippingGross)
	default:
		f.PutNumber("shipping", "shipping_cost_ex_tax", o.ShippingNet)
	}
}

// payment is how far an order is paid. Payments outside of a gateway have no
// status of their own: the order's says it then.
func payment(o *order, status string) string {
	text, _ := o.PaymentStatus.Text()
	words := map[string]string{
		"authorized": "authorized", "capture pending": "authorized", "captured": "paid", "refund pending": "paid",
		"partially refunded": "partially_refunded", "refunded": "refunded", "voided": "voided", "void pending": "voided", "declined": "voided",
	}
	if word, ok := words[text]; ok {
		return word
	}
	switch status {
	case pending, awaitingPayment:
		return "pending"
	case refunded:
		return "refunded"
	case partiallyRefunded:
		return "partially_refunded"
	case cancelled, declined:
		return "voided"
	default:
		return "paid"
	}
}

func fulfilment(status string, items, shipped commerce.Decimal) string {
	switch {
	case status == completed, items.Sign() > 0 && shipped.Cmp(items) >= 0:
		return "fulfilled"
	case shipped.Sign() > 0:
		return "partial"
	default:
		return "unfulfilled"
	}
}

var orderTarget = lazyregexp.New(`^v2/orders/(\d+)$`)

// orderGone ends an order that the API no longer has.
func (n *normaliser) orderGone() {
	ids, ok := n.asked(orderTarget)
	if !ok {
		return
	}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: ids[0]},
		Part: "order", Native: ids[0], Slot: "order", Gone: true,
	})
}
