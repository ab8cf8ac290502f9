package avalara

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an order.
const (
	salePart   = "sale"
	returnPart = "return"
)

// The types of transactions that are read.
const (
	salesInvoice  = "SalesInvoice"
	returnInvoice = "ReturnInvoice"
)

type transaction struct {
	Code      body.Field `json:"code"`
	Type      body.Field `json:"type"`
	Status    body.Field `json:"status"`
	Date      body.Field `json:"date"`
	Currency  body.Field `json:"currencyCode"`
	Amount    body.Field `json:"totalAmount"`
	Discount  body.Field `json:"totalDiscount"`
	Tax       body.Field `json:"totalTax"`
	Location  body.Field `json:"reportingLocationCode"`
	Reference body.Field `json:"referenceCode"`
	Modified  body.Field `json:"modifiedDate"`
	Lines     []line     `json:"lines"`
}

type line struct {
	Tax    body.Field `json:"tax"`
	Remits body.Field `json:"marketplaceLiabilityType"`
}

// document is a transaction that is a web order's.
type document struct {
	*transaction
	code      string
	committed bool
	modified  time.Time
	dated     time.Time
	// observed is what all observations of it share.
	observed commerce.Observation
}

// transaction observes a transaction, unless it is of a type that is not filed or
// of no web order.
func (n *normaliser) transaction(raw []byte) error {
	var t transaction
	if err := body.Decode(raw, &t); err != nil {
		return err
	}
	kind := n.Text("type", t.Type)
	if kind != salesInvoice && kind != returnInvoice {
		return n.leave("neither a sale nor a return")
	}
	d := document{transaction: &t, code: n.Text("code", t.Code)}
	if d.code == "" {
		n.Fail("code", "a code")
	}
	d.modified = n.Clock("modifiedDate", n.instant("modifiedDate", t.Modified), n.delivery.Received)
	d.dated = n.day("date", t.Date)
	status := n.Text("status", t.Status)
	switch status {
	case "Adjusted":
		return n.leave("adjusted: its next revision counts")
	case "Temporary", "Queued":
		return n.leave("not kept by AvaTax")
	case "Committed", "Saved", "Posted", "PendingApproval", "Cancelled":
		d.committed = status == "Committed"
	default:
		n.Fail("status", "the status of a transaction, such as Committed")
	}
	ok, err := n.place(raw, kind, &d)
	if err != nil {
		return err
	}
	if !ok {
		return n.leave("transaction of no web order")
	}
	if d.observed.Gone = status == "Cancelled"; kind == returnInvoice {
		n.returned(&d)
	} else {
		n.sold(&d)
	}
	return nil
}

func (n *normaliser) leave(why string) error {
	n.why = why
	return nil
}

// place says to which web order a transaction belongs: by the first of the
// configured fields that holds a number, or, for a return, by its sale.
func (n *normaliser) place(raw []byte, kind string, d *document) (ok bool, err error) {
	var values map[string]body.Field
	if err := body.Decode(raw, &values); err != nil {
		return false, err
	}
	d.observed = commerce.Observation{Kind: commerce.Order, Native: d.code, Created: d.dated}
	for _, name := range n.orderFields {
		text, _ := values[name].Text()
		if store, number, ok := n.OrderNumber.Read("", text); text != "" && ok {
			d.observed.Key = commerce.Key{store, number}
			return true, nil
		}
	}
	if sale := n.OptionalText("referenceCode", d.Reference); kind == returnInvoice && sale != "" {
		d.observed.Key, d.observed.Via = commerce.Key{"", ""}, &commerce.Via{Type: saleLink, Native: sale}
		return true, nil
	}
	return false, nil
}

// sold observes a sale.
func (n *normaliser) sold(d *document) {
	o := d.observed
	o.Part = salePart
	if d.committed && !n.several {
		o.Slot = salePart
	}
	if !o.Gone {
		f := n.facets()
		f.Put("committed", commerce.Bool(d.committed))
		if d.committed {
			n.saleFacets(f, d)
		}
		o.Facets = f.Values
	}
	n.observe(o, d.modified)
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, saleLink, d.code}, Part: "link", Native: d.code,
		Facets: commerce.Facets{"store": commerce.Text(o.Key[0]), "number": commerce.Text(o.Key[1])},
	}, d.modified)
}

func (n *normaliser) saleFacets(f body.Facets, d *document) {
	n.currency(f, d)
	f.PutNumber("discount", "totalDiscount", d.Discount)
	if own, remitted, ok := n.tax(d); ok {
		f.Put("tax", commerce.Number(own))
		f.Put("tax_current", commerce.Number(own))
		f.Put("tax_channel_liable", commerce.Number(remitted))
	}
	if total, ok := n.total(d); ok {
		f.Put("total", commerce.Number(total))
		f.Put("total_current", commerce.Number(total))
	}
	if d.Lines != nil {
		f.Count("lines", int64(len(d.Lines)))
	}
}

// returned observes a return: what it takes off the order, and the refund.
func (n *normaliser) returned(d *document) {
	o := d.observed
	o.Part = returnPart
	order, refund := n.facets(), n.facets()
	if d.committed {
		n.currency(order, d)
		n.currency(refund, d)
		refund.Put("booked_at", commerce.Time(d.dated))
		if own, _, ok := n.tax(d); ok {
			order.Put("tax_current", commerce.Number(own))
			refund.Put("tax", commerce.Number(own.Neg()))
		}
		if total, ok := n.total(d); ok {
			order.Put("total_current", commerce.Number(total))
			refund.Put("amount", commerce.Number(total.Neg()))
		}
	}
	if !o.Gone {
		o.Facets = order.Values
	}
	n.observe(o, d.modified)
	o.Kind = commerce.Refund
	if !o.Gone {
		o.Facets = refund.Values
	}
	n.observe(o, d.modified)
}

// tax is what the seller files, and what a marketplace remits of it.
func (n *normaliser) tax(d *document) (own, remitted commerce.Decimal, ok bool) {
	if !d.Tax.Given() {
		return own, remitted, false
	}
	own = n.Number("totalTax", d.Tax)
	if location := n.OptionalText("reportingLocationCode", d.Location); slices.Contains(n.marketplaces, location) {
		return commerce.Decimal{}, own, true
	}
	n.Limit("lines", len(d.Lines), maxLines)
	for i, l := range d.Lines {
		n.Enter("lines", i)
		if who, _ := l.Remits.Text(); who == "Marketplace" {
			tax := n.Number("tax", l.Tax)
			own, remitted = n.Sum("tax", own, tax.Neg()), n.Sum("tax", remitted, tax)
		}
		n.Leave()
	}
	return own, remitted, true
}

// total is the amount with all its tax, whoever remits it. It is not known when
// that has more digits than are exact.
func (n *normaliser) total(d *document) (commerce.Decimal, bool) {
	if !d.Amount.Given() || !d.Tax.Given() {
		return commerce.Decimal{}, false
	}
	total, err := n.Number("totalAmount", d.Amount).Add(n.Number("totalTax", d.Tax))
	return total, err == nil
}

func (n *normaliser) currency(f body.Facets, d *document) {
	f.PutText("currency", "currencyCode", d.Currency)
	if d.Currency.Absent() && n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }
