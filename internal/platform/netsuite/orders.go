package netsuite

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// linesPart is the part of an order that its lines are, and creditPart the one
// that a credit memo or a cash refund is.
const (
	linesPart  = "lines"
	creditPart = "credit"
)

// orderParts are the fields of a sales order, each of which may be told alone.
var orderParts = []part{
	{"orderstatus", commerce.Order, func(n *normaliser, f body.Facets, name string, v body.Field) {
		f.Put("cancelled", commerce.Bool(means(n.cancelled, n.OptionalText(name, v))))
	}},
	amount("total", "total_current"),
	amount("taxtotal", "tax_current"),
	amount("shippingcost", "shipping"),
	{"discounttotal", commerce.Order, func(n *normaliser, f body.Facets, name string, v body.Field) {
		n.negated(f, "discount", name, v)
	}},
	{"currency", commerce.Order, func(n *normaliser, f body.Facets, name string, v body.Field) {
		n.putCurrency(f, name, v)
	}},
	{"createddate", commerce.Order, func(_ *normaliser, f body.Facets, name string, v body.Field) {
		f.PutInstant("created", name, v)
	}},
}

func amount(field, facet string) part {
	return part{field, commerce.Order, func(_ *normaliser, f body.Facets, name string, v body.Field) { f.PutNumber(facet, name, v) }}
}

// negated puts an amount with the other sign. NetSuite writes discounts below zero.
func (n *normaliser) negated(f body.Facets, facet, name string, v body.Field) {
	switch {
	case v.Null():
		f.Put(facet, commerce.Null())
	case v.Given():
		f.Put(facet, commerce.Number(n.Number(name, v).Neg()))
	}
}

// putCurrency puts what a currency's id means, unless nothing says it.
func (n *normaliser) putCurrency(f body.Facets, name string, v body.Field) {
	code, known := n.currencies[n.OptionalText(name, v)]
	if !known {
		code = n.Currency
	}
	if code != "" {
		f.Put("currency", commerce.Text(code))
	}
}

// order observes a sales order, field by field, and its lines when they are told.
func (n *normaliser) order(r *record) {
	key, web := n.number(r)
	if r.event == whole && !web {
		n.skip(notWebOrder)
		return
	}
	via := &commerce.Via{Type: commerce.OrderLink, Native: r.id}
	at := func(commerce.Kind) (commerce.Key, *commerce.Via) { return commerce.Key{"", ""}, via }
	if web && r.event == whole {
		at = func(commerce.Kind) (commerce.Key, *commerce.Via) { return key, via }
	}
	n.parts(r, orderParts, at)
	if lines, told := r.Lists["item"]; told || r.event == deleted {
		o := commerce.Observation{Kind: commerce.Order, Part: linesPart, Slot: linesPart, Facets: n.units(lines)}
		o.Key, o.Via = at(commerce.Order)
		n.observe(r, o)
	}
	if web {
		n.link(r, commerce.OrderLink, commerce.Facets{"store": commerce.Text(key[0]), "number": commerce.Text(key[1])})
	}
	n.skip("inline edit of nothing that is read")
}

// units counts pieces. What was not fulfilled of a closed line never will be.
func (n *normaliser) units(lines []map[string]body.Field) commerce.Facets {
	var units, shipped, open commerce.Decimal
	for i, line := range lines {
		n.Enter("lists.item", i)
		quantity, fulfilled := n.quantity("quantity", line), n.quantity("quantityfulfilled", line)
		left := n.Sum("quantity", quantity, fulfilled.Neg())
		if closed := truth(line["isclosed"]); closed.Given() && n.Truth("isclosed", closed) || left.Sign() < 0 {
			left = commerce.Decimal{}
		}
		open, shipped = n.Sum("quantity", open, left), n.Sum("quantity", shipped, fulfilled)
		units = n.Sum("quantity", units, n.Sum("quantity", left, fulfilled))
		n.Leave()
	}
	return commerce.Facets{
		"units_current": commerce.Number(units), "units_shipped": commerce.Number(shipped), "units_open": commerce.Number(open),
	}
}

// quantity is none where a line has none, such as a description.
func (n *normaliser) quantity(name string, line map[string]body.Field) commerce.Decimal {
	if f := line[name]; f.Given() {
		return n.Number(name, f)
	}
	return commerce.Decimal{}
}

// credit observes what a credit memo or a cash refund takes off its order, and the
// refund that it is. It names the order, or is made from it.
func (n *normaliser) credit(r *record) {
	key, web := n.number(r)
	var via *commerce.Via
	if source := n.reference(r, "createdfrom"); !web && source != "" {
		key, via = commerce.Key{"", ""}, &commerce.Via{Type: commerce.OrderLink, Native: source}
	} else if !web {
		n.skip(notWebOrder)
		return
	}
	f, refund := body.NewFacets(&n.Reader), body.NewFacets(&n.Reader)
	n.negated(f, "total_current", "fields.total", r.Fields["total"])
	n.negated(f, "tax_current", "fields.taxtotal", r.Fields["taxtotal"])
	refund.PutNumber("amount", "fields.total", r.Fields["total"])
	refund.PutNumber("tax", "fields.taxtotal", r.Fields["taxtotal"])
	refund.PutWall("booked_at", "fields.trandate", r.Fields["trandate"], n.zone(), n.delivery.Received)
	for _, facets := range []body.Facets{f, refund} {
		n.putCurrency(facets, "fields.currency", r.Fields["currency"])
	}
	n.observe(r, commerce.Observation{Kind: commerce.Order, Key: key, Via: via, Part: creditPart, Facets: f.Values})
	n.observe(r, commerce.Observation{Kind: commerce.Refund, Key: key, Via: via, Part: creditPart, Facets: refund.Values})
}

// zone is where days begin.
func (n *normaliser) zone() *time.Location {
	if n.Timezone == nil {
		return time.UTC
	}
	return n.Timezone
}

// fulfilment observes the parcels of a fulfilment that has left. Its pieces are
// the order's own lines'.
func (n *normaliser) fulfilment(r *record) {
	order := n.reference(r, "createdfrom")
	status := n.OptionalText("fields.shipstatus", r.Fields["shipstatus"])
	f := body.NewFacets(&n.Reader)
	f.PutWall("shipped_at", "fields.trandate", r.Fields["trandate"], n.zone(), n.delivery.Received)
	parcels := r.Lists["package"]
	for i, parcel := range parcels {
		n.Enter("lists.package", i)
		tracking := n.OptionalText("packagetrackingnumber", parcel["packagetrackingnumber"])
		n.Leave()
		if order == "" || tracking == "" || len(tracking) > maxText || !means(n.shipped, status) {
			continue
		}
		n.observe(r, commerce.Observation{
			Kind: commerce.Shipment, Key: commerce.Key{"", "", tracking}, Via: &commerce.Via{Type: commerce.OrderLink, Native: order},
			Part: "fulfilment", Native: r.id + "/" + tracking, Facets: f.Values,
		})
	}
	n.skip("fulfilment that has not left, or has no parcel with a number")
}
