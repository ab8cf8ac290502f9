package businesscentral

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// memoPart is the part of an order and of its refund that a credit memo is.
const memoPart = "credit_memo"

// partOf names the part of an order that a document of the set is.
func partOf(set string) string {
	switch set {
	case shipments:
		return "shipment"
	case invoices:
		return "invoice"
	case creditMemos:
		return memoPart
	default:
		return orderPart
	}
}

// document is a shipment, an invoice or a credit memo.
type document struct {
	ID          body.Field `json:"id"`
	Number      body.Field `json:"number"`
	OrderNumber body.Field `json:"orderNumber"`
	InvoiceID   body.Field `json:"invoiceId"`
	Status      body.Field `json:"status"`
	PostingDate body.Field `json:"postingDate"`
	Currency    body.Field `json:"currencyCode"`
	Tax         body.Field `json:"totalTaxAmount"`
	Total       body.Field `json:"totalAmountIncludingTax"`
	Modified    body.Field `json:"lastModifiedDateTime"`

	ShipmentLines []documentLine `json:"salesShipmentLines"`
	InvoiceLines  []documentLine `json:"salesInvoiceLines"`
	MemoLines     []documentLine `json:"salesCreditMemoLines"`
}

type documentLine struct {
	Type     body.Field `json:"lineType"`
	Quantity body.Field `json:"quantity"`
}

// document observes a document as a part of its web order. A credit memo that
// does not name the web order itself belongs to the order of its invoice.
func (n *normaliser) document(set string, element []byte) error {
	var d document
	if err := body.Decode(bare(element), &d); err != nil {
		return err
	}
	native, modified := n.guid("id", d.ID), n.modified(d.Modified)
	store, number, ok, err := n.webNumber(element, n.OptionalText("orderNumber", d.OrderNumber))
	if err != nil {
		return err
	}
	o := commerce.Observation{Kind: commerce.Order, Key: commerce.Key{store, number}, Part: partOf(set), Native: native}
	if invoice := n.optionalGUID("invoiceId", d.InvoiceID); !ok && invoice != "" {
		o.Key, o.Via = commerce.Key{"", ""}, &commerce.Via{Type: documentLink, Native: invoice}
	} else if !ok {
		return n.otherwise(notWebOrder)
	}
	if set == creditMemos && n.OptionalText("status", d.Status) == "Draft" {
		return n.otherwise("credit memo is not posted")
	}
	o.Facets = n.documentFacets(set, &d)
	n.observe(o, modified)
	if ok {
		n.observe(n.link(documentLink, native, numberOf(store, number)), modified)
	}
	if set == creditMemos {
		o.Kind, o.Facets = commerce.Refund, n.refundFacets(&d)
		n.observe(o, modified)
	}
	return nil
}

func (n *normaliser) documentFacets(set string, d *document) commerce.Facets {
	f := n.facets()
	switch set {
	case shipments:
		if units, _, ok := n.units("salesShipmentLines", d.ShipmentLines); ok {
			f.Put("units_shipped", commerce.Number(units))
		}
	case invoices:
		n.currency(f, d.Currency)
		f.PutNumber("total_current", "totalAmountIncludingTax", d.Total)
		f.PutNumber("tax_current", "totalTaxAmount", d.Tax)
		if units, lines, ok := n.units("salesInvoiceLines", d.InvoiceLines); ok {
			f.Put("units_current", commerce.Number(units))
			f.Count("lines", lines)
		}
	case creditMemos:
		n.currency(f, d.Currency)
		n.negated(f, "total_current", "totalAmountIncludingTax", d.Total)
		n.negated(f, "tax_current", "totalTaxAmount", d.Tax)
		if units, _, ok := n.units("salesCreditMemoLines", d.MemoLines); ok {
			f.Put("units_current", commerce.Number(units.Neg()))
		}
	}
	return f.Values
}

func (n *normaliser) negated(f body.Facets, facet, name string, v body.Field) {
	if v.Given() {
		f.Put(facet, commerce.Number(n.Number(name, v).Neg()))
	}
}

func (n *normaliser) refundFacets(d *document) commerce.Facets {
	f := n.facets()
	n.currency(f, d.Currency)
	f.PutNumber("amount", "totalAmountIncludingTax", d.Total)
	f.PutNumber("tax", "totalTaxAmount", d.Tax)
	f.PutWall("booked_at", "postingDate", d.PostingDate, n.Timezone, n.delivery.Received)
	return f.Values
}

// units adds up the pieces on lines with items. It reports false when the answer
// has no lines.
func (n *normaliser) units(name string, lines []documentLine) (units commerce.Decimal, count int64, ok bool) {
	n.Limit(name, len(lines), maxLines)
	for i, l := range lines {
		n.Enter(name, i)
		if text, _ := l.Type.Text(); text == itemLine {
			units = n.Sum("quantity", units, n.amount("quantity", l.Quantity))
			count++
		}
		n.Leave()
	}
	return units, count, lines != nil
}

// documentGone ends a document. Which order it was part of its link knows.
func (n *normaliser) documentGone(set, native, successor string) {
	o := commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: documentLink, Native: native},
		Part: partOf(set), Native: native, Gone: true, SucceededBy: successor,
	}
	if set == orders {
		o.Slot = orderPart
	}
	n.observeReceived(o)
	if set == creditMemos {
		o.Kind = commerce.Refund
		n.observeReceived(o)
	}
}
