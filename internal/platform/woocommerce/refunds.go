package woocommerce

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// refundedLine is a line of a refund: quantity and amounts are negative.
type refundedLine struct {
	Quantity body.Field `json:"quantity"`
	Total    body.Field `json:"total"`
	Tax      body.Field `json:"total_tax"`
}

var refundedOrder = lazyregexp.New(`^orders/(\d+)/refunds`)

// refund observes what a refund consists of, and what it takes off its order. Its
// sum the order says.
func (n *normaliser) refund(element []byte) error {
	var r struct {
		ID       body.Field     `json:"id"`
		Created  body.Field     `json:"date_created_gmt"`
		Amount   body.Field     `json:"amount"`
		Lines    []refundedLine `json:"line_items"`
		Shipping []refundedLine `json:"shipping_lines"`
		Fees     []refundedLine `json:"fee_lines"`
	}
	if err := body.Decode(element, &r); err != nil {
		return err
	}
	groups := refundedOrder.FindStringSubmatch(n.target())
	if groups == nil {
		n.Fail(platform.FetchedHeader, "the refunds of an order")
		return nil
	}
	native := n.ID("id", r.ID)
	created := n.Clock("date_created_gmt", n.utc("date_created_gmt", r.Created), n.delivery.Received)
	items, shipping, fees := n.refunded("line_items", r.Lines), n.refunded("shipping_lines", r.Shipping), n.refunded("fee_lines", r.Fees)
	tax := n.Sum("total_tax", n.Sum("total_tax", items.tax, shipping.tax), fees.tax)
	other := n.Number("amount", r.Amount)
	for _, part := range []commerce.Decimal{items.total, shipping.total, tax} {
		other = n.Sum("amount", other, part.Neg())
	}
	f := n.facets()
	f.Put("items", commerce.Number(items.total))
	f.Put("shipping", commerce.Number(shipping.total))
	f.Put("tax", commerce.Number(tax))
	f.Put("adjustment", commerce.Number(other))
	f.Put("booked_at", commerce.Time(created))
	o := commerce.Observation{
		Kind: commerce.Refund, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: groups[1]},
		Part: "refund", Native: native, Created: created, Facets: f.Values,
	}
	n.observe(o, created)
	off := n.facets()
	off.Put("tax_current", commerce.Number(tax.Neg()))
	off.Put("units_current", commerce.Number(items.units.Neg()))
	o.Kind, o.Created, o.Facets = commerce.Order, time.Time{}, off.Values
	n.observe(o, created)
	return nil
}

// sums are what lines of a refund add up to, as amounts above 0.
type sums struct{ units, total, tax commerce.Decimal }

func (n *normaliser) refunded(name string, lines []refundedLine) sums {
	var s sums
	n.Limit(name, len(lines), maxItems)
	for i, l := range lines {
		n.Enter(name, i)
		if l.Quantity.Given() {
			s.units = n.Sum("quantity", s.units, n.Number("quantity", l.Quantity).Neg())
		}
		s.total = n.Sum("total", s.total, n.Number("total", l.Total).Neg())
		if l.Tax.Given() {
			s.tax = n.Sum("total_tax", s.tax, n.Number("total_tax", l.Tax).Neg())
		}
		n.Leave()
	}
	return s
}
