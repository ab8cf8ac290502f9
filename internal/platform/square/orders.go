package square

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// orderPart is what an order says of itself, and returnPart what an order that
// takes something back says of the one that was sold.
const (
	orderPart  = "order"
	returnPart = "return"
)

const notWebOrder = "order number is not a web order's"

// The states of orders and fulfilments.
const (
	draft     = "DRAFT"
	canceled  = "CANCELED"
	completed = "COMPLETED"
)

type order struct {
	ID        body.Field            `json:"id"`
	Reference body.Field            `json:"reference_id"`
	Ticket    body.Field            `json:"ticket_name"`
	Metadata  map[string]body.Field `json:"metadata"`
	State     body.Field            `json:"state"`
	Version   body.Field            `json:"version"`
	Created   body.Field            `json:"created_at"`
	Updated   body.Field            `json:"updated_at"`
	Source    struct {
		Name body.Field `json:"name"`
	} `json:"source"`
	Lines    []line   `json:"line_items"`
	Returns  []giving `json:"returns"`
	Returned struct {
		Total money `json:"total_money"`
		Tax   money `json:"tax_money"`
	} `json:"return_amounts"`
	Tenders []struct {
		ID      body.Field `json:"id"`
		Payment body.Field `json:"payment_id"`
	} `json:"tenders"`
	Fulfilments []fulfilment `json:"fulfillments"`
	Total       money        `json:"total_money"`
	Tax         money        `json:"total_tax_money"`
	Discount    money        `json:"total_discount_money"`
	Tip         money        `json:"total_tip_money"`
	Due         money        `json:"net_amount_due_money"`
}

type line struct {
	Type     body.Field `json:"item_type"`
	Quantity body.Field `json:"quantity"`
	Total    money      `json:"total_money"`
}

// giving is what an order takes back of another one.
type giving struct {
	Source body.Field `json:"source_order_id"`
	Lines  []line     `json:"return_line_items"`
}

// order observes an order as it was sold, and what it takes back of others.
func (n *normaliser) order(raw body.Field) {
	var o order
	n.open(raw, &o)
	native, updated, version := n.id("id", o.ID), n.clock("updated_at", o.Updated), n.sequence(o.Version)
	state, created := n.OptionalText("state", o.State), n.created(o.Created)
	if n.Problem() != nil {
		return
	}
	if state == draft {
		n.skip("order is not placed yet")
		return
	}
	n.takenBack(&o, native, updated, version)
	if len(o.Lines) == 0 && len(o.Returns) > 0 {
		return
	}
	store, number, ok := n.number(&o)
	if !ok {
		n.skip(notWebOrder)
		return
	}
	key := commerce.Key{store, number}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: key, Part: orderPart, Native: native, Slot: orderPart, Created: created, Facets: n.orderFacets(&o, state),
	}, updated, version)
	clock := created
	if clock.IsZero() || clock.After(updated) {
		clock = updated
	}
	names := commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}
	n.link(orderLink, native, native, names, clock)
	n.tenders(&o, names, clock)
	n.shipments(&o, native, key, updated, version)
}

// number is the first of the configured fields that holds a web order's number.
func (n *normaliser) number(o *order) (store, number string, ok bool) {
	for _, name := range n.orderFields {
		var f body.Field
		switch name {
		case "id":
			f = o.ID
		case "reference_id":
			f = o.Reference
		case "ticket_name":
			f = o.Ticket
		default:
			f = o.Metadata[strings.TrimPrefix(name, "metadata.")]
		}
		if store, number, ok = n.OrderNumber.Read("", n.OptionalText(name, f)); ok {
			return store, number, true
		}
	}
	return "", "", false
}

// tenders links the payments of an order to it, for the refunds that name only
// the payment.
func (n *normaliser) tenders(o *order, names commerce.Facets, clock time.Time) {
	n.each("tenders", len(o.Tenders), func(i int) {
		payment, name := o.Tenders[i].Payment, "payment_id"
		if !payment.Given() {
			payment, name = o.Tenders[i].ID, "id"
		}
		if native := n.id(name, payment); n.Problem() == nil {
			n.link(paymentLink, native, native, names, clock)
		}
	})
}

func (n *normaliser) orderFacets(o *order, state string) commerce.Facets {
	f := n.facets()
	total, currency := n.money("total_money", o.Total)
	f.Put("total", commerce.Number(total))
	f.Put("total_current", commerce.Number(total))
	f.Put("currency", commerce.Text(currency))
	n.put(f, "tax", "total_tax_money", o.Tax)
	n.put(f, "tax_current", "total_tax_money", o.Tax)
	n.put(f, "discount", "total_discount_money", o.Discount)
	n.put(f, "tips", "total_tip_money", o.Tip)
	f.Put("cancelled", commerce.Bool(state == canceled))
	// Orders of the sandbox are another system's.
	f.Put("test", commerce.Bool(false))
	f.PutInstant("created", "created_at", o.Created)
	f.PutText("channel", "source.name", o.Source.Name)
	if payment := n.paid(o, state, total); payment != "" {
		f.Put("payment", commerce.Text(payment))
	}
	f.Put("fulfilment", commerce.Text(n.fulfilled(o, state)))
	units, gifts := n.sold(o.Lines)
	f.Put("units", commerce.Number(units))
	f.Put("units_current", commerce.Number(units))
	f.Put("gift_sold", commerce.Number(gifts))
	f.Count("lines", int64(len(o.Lines)))
	return f.Values
}

// paid is how far an order is paid, or "" when nothing says it.
func (n *normaliser) paid(o *order, state string, total commerce.Decimal) string {
	if state == canceled {
		return "voided"
	}
	if !o.Due.given() {
		if state == completed {
			return "paid"
		}
		return ""
	}
	switch due, _ := n.money("net_amount_due_money", o.Due); {
	case due.Sign() <= 0:
		return "paid"
	case due.Cmp(total) < 0:
		return "partially_paid"
	default:
		return "pending"
	}
}

// sold adds up the units of lines and what gift cards among them cost.
func (n *normaliser) sold(lines []line) (units, gifts commerce.Decimal) {
	n.each("line_items", len(lines), func(i int) {
		l := lines[i]
		units = n.Sum("quantity", units, n.quantity(l.Quantity))
		if kind := n.OptionalText("item_type", l.Type); kind == "GIFT_CARD" && l.Total.given() {
			cost, _ := n.money("total_money", l.Total)
			gifts = n.Sum("total_money", gifts, cost)
		}
	})
	return units, gifts
}

// takenBack asks for the orders of which an order takes something back. What it
// takes off it says of one of them alone: amounts of several are not told apart.
func (n *normaliser) takenBack(o *order, native string, updated time.Time, version uint64) {
	var sold []string
	var units commerce.Decimal
	n.each("returns", len(o.Returns), func(i int) {
		r := o.Returns[i]
		if !r.Source.Given() {
			return
		}
		sold = append(sold, n.id("source_order_id", r.Source))
		n.each("return_line_items", len(r.Lines), func(at int) {
			units = n.Sum("quantity", units, n.quantity(r.Lines[at].Quantity))
		})
	})
	for _, source := range sold {
		if source != native && n.Problem() == nil {
			n.ask(target{set: orderSet, id: source})
		}
	}
	if len(sold) != 1 || !o.Returned.Total.given() {
		n.skip("return without an order that was sold")
		return
	}
	total, currency := n.money("return_amounts.total_money", o.Returned.Total)
	f := n.facets()
	f.Put("total_current", commerce.Number(total.Neg()))
	f.Put("units_current", commerce.Number(units.Neg()))
	f.Put("currency", commerce.Text(currency))
	if o.Returned.Tax.given() {
		tax, _ := n.money("return_amounts.tax_money", o.Returned.Tax)
		f.Put("tax_current", commerce.Number(tax.Neg()))
	}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: sold[0]},
		Part: returnPart, Native: native, Facets: f.Values,
	}, updated, version)
}
