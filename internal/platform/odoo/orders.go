package odoo

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// order observes a sales order. Quotations are none yet.
func (n *normaliser) order() error {
	store, number, ok := n.webNumber()
	f := n.facets()
	n.putCurrency(f)
	state := n.Text("state", n.values["state"])
	cancelled := state == "cancel"
	f.Put("cancelled", commerce.Bool(cancelled))
	if cancelled {
		f.Count("total_current", 0)
		f.Count("tax_current", 0)
	} else {
		f.PutNumber("total_current", "amount_total", n.value("amount_total"))
		f.PutNumber("tax_current", "amount_tax", n.value("amount_tax"))
	}
	o := commerce.Observation{Kind: commerce.Order, Key: commerce.Key{store, number}, Part: "order", Slot: "order"}
	if n.value("create_date").Given() {
		o.Created = n.utc("create_date")
		f.Put("created", commerce.Time(o.Created))
	}
	name := n.text("name")
	switch {
	case !ok:
		return n.ignore(notWebOrder)
	case !n.deleted && (state == "draft" || state == "sent"):
		return n.ignore("quotation")
	}
	o.Facets = f.Values
	n.observe(o)
	key := commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}
	n.link(orderLink, n.native, key)
	n.link(orderNameLink, name, key)
	return nil
}

// webNumber finds the web order's number: the first of the configured fields
// that holds one.
func (n *normaliser) webNumber() (store, number string, ok bool) {
	for _, name := range n.orderFields {
		if text, given := n.values[name].Text(); given && text != "" {
			if store, number, ok = n.OrderNumber.Read("", text); ok {
				return store, number, true
			}
		}
	}
	return "", "", false
}

// orderLine observes a line's units as a part of its order, which its link knows.
// Lines of a cancelled order are none.
func (n *normaliser) orderLine() error {
	order, _ := n.reference("order_id")
	if order == "" {
		n.Fail("order_id", "the id of a sales order")
	}
	f := n.facets()
	units, shipped := n.units("product_uom_qty"), n.units("qty_delivered")
	state := n.text("state")
	if state == "cancel" {
		units, shipped = count{given: true}, count{given: true}
	}
	if units.given {
		f.Put("units_current", commerce.Number(units.n))
	}
	if shipped.given {
		f.Put("units_shipped", commerce.Number(shipped.n))
	}
	if units.given && shipped.given {
		open := n.Sum("qty_delivered", units.n, shipped.n.Neg())
		if open.Sign() < 0 {
			open = commerce.Decimal{}
		}
		f.Put("units_open", commerce.Number(open))
	}
	delivery, note := n.values["is_delivery"], n.text("display_type") != ""
	switch {
	case note || delivery.Given() && n.Truth("is_delivery", delivery):
		return n.ignore("line without goods")
	case !n.deleted && (state == "draft" || state == "sent"):
		return n.ignore("quotation")
	}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: order},
		Part: "line", Facets: f.Values,
	})
	return nil
}

// count is a number of units that may not be given.
type count struct {
	n     commerce.Decimal
	given bool
}

func (n *normaliser) units(name string) count {
	f := n.value(name)
	if !f.Given() {
		return count{}
	}
	return count{n.Number(name, f), true}
}

// creditNote observes what a posted credit note takes off its order, and the
// refund that it is.
func (n *normaliser) creditNote() error {
	origin := n.text("invoice_origin")
	kind, state := n.Text("move_type", n.values["move_type"]), n.Text("state", n.values["state"])
	f, refund := n.facets(), n.facets()
	n.putCurrency(f)
	n.putCurrency(refund)
	n.negated(f, "total_current", "amount_total")
	n.negated(f, "tax_current", "amount_tax")
	refund.PutNumber("amount", "amount_total", n.value("amount_total"))
	refund.PutNumber("tax", "amount_tax", n.value("amount_tax"))
	refund.PutWall("booked_at", "invoice_date", n.value("invoice_date"), n.zone(), n.delivery.Received)
	o := commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderNameLink, Native: origin},
		Part: "credit_note", Facets: f.Values, Gone: state == "cancel",
	}
	switch {
	case kind != "out_refund":
		return n.ignore("journal entry that is no credit note")
	case origin == "":
		return n.ignore("credit note of no order")
	case state == "draft" && !n.deleted:
		return n.ignore("credit note is not posted")
	case o.Gone:
		o.Facets, refund.Values = nil, nil
	}
	n.observe(o)
	o.Kind, o.Facets = commerce.Refund, refund.Values
	n.observe(o)
	return nil
}

func (n *normaliser) negated(f body.Facets, facet, name string) {
	if v := n.value(name); v.Given() {
		f.Put(facet, commerce.Number(n.Number(name, v).Neg()))
	}
}

// picking observes a shipment that left. It is known by its tracking number.
func (n *normaliser) picking() error {
	origin, tracking := n.text("origin"), n.text("carrier_tracking_ref")
	direction, state := n.text("picking_type_code"), n.Text("state", n.values["state"])
	f := n.facets()
	f.Put("status", commerce.Text(state))
	f.Put("voided", commerce.Bool(state == "cancel"))
	if n.value("date_done").Given() {
		f.Put("shipped_at", commerce.Time(n.utc("date_done")))
	}
	switch {
	case direction != "outgoing":
		return n.ignore("transfer that does not go out")
	case origin == "" || tracking == "":
		return n.ignore("delivery without order or tracking number")
	}
	n.observe(commerce.Observation{
		Kind: commerce.Shipment, Key: commerce.Key{"", "", tracking}, Via: &commerce.Via{Type: orderNameLink, Native: origin},
		Part: "picking", Facets: f.Values,
	})
	return nil
}
