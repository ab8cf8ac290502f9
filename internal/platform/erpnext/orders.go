package erpnext

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	notWebOrder = "document of no web order"
	isDraft     = "draft"
)

// salesDocument is a sales order, a delivery note or a sales invoice.
type salesDocument struct {
	DocStatus   body.Field `json:"docstatus"`
	Status      body.Field `json:"status"`
	AmendedFrom body.Field `json:"amended_from"`
	IsReturn    body.Field `json:"is_return"`
	Created     body.Field `json:"creation"`
	PostingDate body.Field `json:"posting_date"`
	Currency    body.Field `json:"currency"`
	Total       body.Field `json:"grand_total"`
	Tax         body.Field `json:"total_taxes_and_charges"`
	Rounding    body.Field `json:"rounding_adjustment"`
	Items       []row      `json:"items"`
}

type row struct {
	Item      body.Field `json:"item_code"`
	Quantity  body.Field `json:"qty"`
	Delivered body.Field `json:"delivered_qty"`
	Warehouse body.Field `json:"warehouse"`
	// The sales order that a row belongs to, in delivery notes and invoices.
	AgainstOrder body.Field `json:"against_sales_order"`
	SalesOrder   body.Field `json:"sales_order"`
}

// document reads what all sales documents share, and says to which web order it
// belongs. It reports false for one that is not to be read, and why.
func (n *normaliser) document(doc []byte) (d salesDocument, o commerce.Observation, ok bool, err error) {
	if err := n.decode(doc, &d); err != nil {
		return d, o, false, err
	}
	n.Limit("items", len(d.Items), maxRows)
	status := string(d.DocStatus)
	if status != draft && status != submitted && status != cancelled {
		n.Fail("docstatus", "0, 1 or 2")
	}
	store, number, isWeb, err := n.webNumber(doc)
	if err != nil {
		return d, o, false, err
	}
	o = commerce.Observation{Kind: commerce.Order, Key: commerce.Key{store, number}, Native: n.name}
	if order := n.onlyOrder(&d); !isWeb && order != "" {
		o.Key, o.Via, isWeb = commerce.Key{"", ""}, &commerce.Via{Type: orderLink, Native: order}, true
	}
	switch {
	case !isWeb:
		return d, o, false, n.ignore(notWebOrder)
	case status == draft && !n.trashed:
		return d, o, false, n.ignore(isDraft)
	}
	return d, o, true, nil
}

// webNumber finds the web order's number: the first of the configured fields
// that holds one.
func (n *normaliser) webNumber(doc []byte) (store, number string, ok bool, err error) {
	var values map[string]body.Field
	if err := n.decode(doc, &values); err != nil {
		return "", "", false, err
	}
	for _, name := range n.orderFields {
		if text, given := values[name].Text(); given && text != "" {
			if store, number, ok = n.OrderNumber.Read("", text); ok {
				return store, number, true, nil
			}
		}
	}
	return "", "", false, nil
}

// onlyOrder is the sales order that all rows belong to, or "".
func (n *normaliser) onlyOrder(d *salesDocument) string {
	order := ""
	for _, r := range d.Items {
		of, ok := r.AgainstOrder.Text()
		if !ok {
			of, _ = r.SalesOrder.Text()
		}
		if of == "" || order != "" && of != order {
			return ""
		}
		order = of
	}
	return order
}

// order observes a sales order.
func (n *normaliser) order(doc []byte) error {
	d, o, ok, err := n.document(doc)
	if !ok || err != nil {
		return err
	}
	o.Part, o.Slot = "order", "order"
	f := n.facets()
	f.PutText("currency", "currency", d.Currency)
	f.Put("cancelled", commerce.Bool(string(d.DocStatus) == cancelled))
	if d.Created.Given() {
		o.Created = n.wall("creation", d.Created)
		f.Put("created", commerce.Time(o.Created))
	}
	if string(d.DocStatus) == cancelled {
		n.nothingLeft(f)
	} else {
		n.amounts(f, &d)
		o.Lines = n.orderUnits(f, &d)
	}
	o.Facets = f.Values
	n.observe(o)
	n.amends(o, &d)
	if !n.trashed {
		n.linkOrder(o.Key)
	}
	return nil
}

func (n *normaliser) linkOrder(key commerce.Key) {
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, orderLink, n.name}, Part: "link", Native: n.name,
		Facets: commerce.Facets{"store": commerce.Text(key[0]), "number": commerce.Text(key[1])},
	})
}

// amends ends the cancelled order that this one takes the place of.
func (n *normaliser) amends(o commerce.Observation, d *salesDocument) {
	before := n.OptionalText("amended_from", d.AmendedFrom)
	if before == "" || n.trashed {
		return
	}
	o.Native, o.Gone, o.SucceededBy, o.Facets, o.Lines = before, true, n.name, nil, nil
	n.observe(o)
}

// nothingLeft is what a cancelled order comes to.
func (n *normaliser) nothingLeft(f body.Facets) {
	for _, name := range []string{"total_current", "tax_current", "units_current", "units_open", "units_shipped"} {
		f.Count(name, 0)
	}
}

func (n *normaliser) amounts(f body.Facets, d *salesDocument) {
	f.PutNumber("total_current", "grand_total", d.Total)
	f.PutNumber("tax_current", "total_taxes_and_charges", d.Tax)
	f.PutNumber("rounding", "rounding_adjustment", d.Rounding)
}

// orderUnits puts the pieces of an order, and returns them by SKU. Delivery notes
// take off what is open; of an order that was closed early only what was
// delivered counted as open before.
func (n *normaliser) orderUnits(f body.Facets, d *salesDocument) (lines []commerce.Line) {
	if d.Items == nil {
		return nil
	}
	var units, delivered commerce.Decimal
	for i, r := range d.Items {
		n.Enter("items", i)
		quantity := n.Number("qty", r.Quantity)
		units = n.Sum("qty", units, quantity)
		if r.Delivered.Given() {
			delivered = n.Sum("delivered_qty", delivered, n.Number("delivered_qty", r.Delivered))
		}
		lines = n.take(lines, n.OptionalText("item_code", r.Item), n.OptionalText("warehouse", r.Warehouse), quantity)
		n.Leave()
	}
	open := units
	if status, _ := d.Status.Text(); status == "Closed" {
		open = delivered
	}
	f.Put("units_current", commerce.Number(units))
	f.Put("units_open", commerce.Number(open))
	f.Count("units_shipped", 0)
	f.Count("lines", int64(len(d.Items)))
	return lines
}

// take adds units of a SKU at its warehouse's location, in a fixed order.
func (n *normaliser) take(lines []commerce.Line, sku, warehouse string, units commerce.Decimal) []commerce.Line {
	location, known, ignored := n.Locations.Locate(warehouse)
	if sku == "" || ignored || units.Sign() <= 0 {
		return lines
	}
	if !known {
		location = ""
	}
	line := commerce.Line{SKU: sku, Location: location, Units: units}
	at, found := slices.BinarySearchFunc(lines, line, func(a, b commerce.Line) int {
		return strings.Compare(a.SKU+"\x00"+a.Location, b.SKU+"\x00"+b.Location)
	})
	if found {
		lines[at].Units = n.Sum("qty", lines[at].Units, units)
		return lines
	}
	return slices.Insert(lines, at, line)
}

// pieces adds up the quantities of the rows. It reports false where there are
// none.
func (n *normaliser) pieces(d *salesDocument) (units commerce.Decimal, ok bool) {
	for i, r := range d.Items {
		n.Enter("items", i)
		units = n.Sum("qty", units, n.Number("qty", r.Quantity))
		n.Leave()
	}
	return units, d.Items != nil
}

// deliveryNote observes what left the warehouse, or came back.
func (n *normaliser) deliveryNote(doc []byte) error {
	d, o, ok, err := n.document(doc)
	if !ok || err != nil {
		return err
	}
	f := n.facets()
	o.Part = "delivery_note"
	if d.IsReturn.Given() && n.flag("is_return", d.IsReturn) {
		return n.ignore("goods that came back are no part of what was shipped")
	}
	if o.Gone = string(d.DocStatus) == cancelled; !o.Gone {
		if units, given := n.pieces(&d); given {
			f.Put("units_shipped", commerce.Number(units))
			f.Put("units_open", commerce.Number(units.Neg()))
		}
		o.Facets = f.Values
	}
	n.observe(o)
	return nil
}

// invoice observes a return: what it takes off the order, and the refund that it
// is. Its amounts are negative.
func (n *normaliser) invoice(doc []byte) error {
	d, o, ok, err := n.document(doc)
	if !ok || err != nil {
		return err
	}
	if !d.IsReturn.Given() || !n.flag("is_return", d.IsReturn) {
		return n.ignore("invoice: its sales order is the web order")
	}
	o.Part, o.Gone = "credit_note", string(d.DocStatus) == cancelled
	if o.Gone {
		n.observe(o)
		o.Kind = commerce.Refund
		n.observe(o)
		return nil
	}
	f := n.facets()
	f.PutText("currency", "currency", d.Currency)
	n.amounts(f, &d)
	if units, given := n.pieces(&d); given {
		f.Put("units_current", commerce.Number(units))
	}
	o.Facets = f.Values
	n.observe(o)
	o.Kind, o.Facets = commerce.Refund, n.refund(&d)
	n.observe(o)
	return nil
}

func (n *normaliser) refund(d *salesDocument) commerce.Facets {
	f := n.facets()
	f.PutText("currency", "currency", d.Currency)
	f.PutWall("booked_at", "posting_date", d.PostingDate, n.Timezone, n.delivery.Received)
	if d.Total.Given() {
		f.Put("amount", commerce.Number(n.Number("grand_total", d.Total).Neg()))
	}
	if d.Tax.Given() {
		f.Put("tax", commerce.Number(n.Number("total_taxes_and_charges", d.Tax).Neg()))
	}
	return f.Values
}
