package bigcommerce

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type refund struct {
	ID      body.Field     `json:"id"`
	Created body.Field     `json:"created"`
	Total   body.Field     `json:"total_amount"`
	Tax     body.Field     `json:"total_tax"`
	Items   []refundedItem `json:"items"`
}

type refundedItem struct {
	Type   body.Field `json:"item_type"`
	Amount body.Field `json:"requested_amount"`
}

var refundsTarget = lazyregexp.New(`^v3/orders/(\d+)/payment_actions/refunds`)

// refund observes what a refund consists of, and what it takes off its order's
// tax. Its sum the order says.
func (n *normaliser) refund(element []byte) error {
	var r refund
	if err := body.Decode(element, &r); err != nil {
		return err
	}
	ids, ok := n.asked(refundsTarget)
	if !ok {
		return nil
	}
	native := n.ID("id", r.ID)
	created := n.Clock("created", n.Instant("created", r.Created), n.delivery.Received)
	f := n.facets()
	f.Put("booked_at", commerce.Time(created))
	n.refundedItems(f, &r)
	f.PutNumber("tax", "total_tax", r.Tax)
	store, number, web := n.OrderNumber.Read("", ids[0])
	if !web {
		return n.ignore(notWebOrder)
	}
	o := commerce.Observation{
		Kind: commerce.Refund, Key: commerce.Key{store, number}, Part: "refund", Native: native, Created: created, Facets: f.Values,
	}
	n.observe(o, created)
	if r.Tax.Given() {
		off := n.facets()
		off.Put("tax_current", commerce.Number(n.Number("total_tax", r.Tax).Neg()))
		o.Kind, o.Created, o.Facets = commerce.Order, time.Time{}, off.Values
		n.observe(o, created)
	}
	return nil
}

// refundedItems shares the refund's sum out: to products, to shipping, and to all
// else.
func (n *normaliser) refundedItems(f body.Facets, r *refund) {
	var items, shipping commerce.Decimal
	n.Limit("items", len(r.Items), maxItems)
	for i, item := range r.Items {
		n.Enter("items", i)
		amount := n.amount("requested_amount", item.Amount)
		switch n.OptionalText("item_type", item.Type) {
		case "PRODUCT":
			items = n.Sum("requested_amount", items, amount)
		case "SHIPPING":
			shipping = n.Sum("requested_amount", shipping, amount)
		}
		n.Leave()
	}
	f.Put("items", commerce.Number(items))
	f.Put("shipping", commerce.Number(shipping))
	other := n.Number("total_amount", r.Total)
	for _, part := range []commerce.Decimal{items, shipping, n.amount("total_tax", r.Tax)} {
		other = n.Sum("total_amount", other, part.Neg())
	}
	f.Put("adjustment", commerce.Number(other))
}
