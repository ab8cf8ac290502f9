package full

import (
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

func (c *company) answerNone(call string) {
	c.Answer(day.Answer{Call: call, Status: http.StatusNotFound, Body: script.Text(object{
		"error": object{"code": "Internal_RecordNotFound", "message": "The record was not found."},
	})})
}

// head begins every record of the ERP.
func (c *company) head(d document) object {
	return object{"@odata.etag": `W/"JzIwOw=="`, "id": d.id, "number": d.number, "lastModifiedDateTime": millis(c.Now)}
}

// salesOrderBody is a sales order with its lines: the goods, and the shipping as
// a line of an account. Tips go to an account of their own and are not on it.
func (c *company) salesOrderBody(o *order) object {
	b := c.head(o.progress.document)
	var lines []object
	total, tax := script.Cents(0), script.Cents(0)
	for _, l := range o.lines {
		if l.apart || kept(l) == 0 {
			continue
		}
		net := l.price*script.Cents(kept(l)) + l.tax(kept(l))
		total, tax = total+net, tax+l.tax(kept(l))
		lines = append(lines, object{
			"lineType": "Item", "lineObjectNumber": l.variant.sku, "quantity": kept(l), "invoicedQuantity": l.invoiced,
			"shippedQuantity": l.invoiced, "netTaxAmount": script.Number(l.tax(kept(l))), "netAmountIncludingTax": script.Number(net),
		})
	}
	if fees := o.shipping + o.rounding; fees != 0 {
		invoiced := min(o.progress.invoice, 1)
		total += fees
		lines = append(lines, object{
			"lineType": "G/L Account", "lineObjectNumber": "61000", "quantity": 1, "invoicedQuantity": invoiced, "shippedQuantity": invoiced,
			"netTaxAmount": script.Number(0), "netAmountIncludingTax": script.Number(fees),
		})
	}
	b["externalDocumentNumber"], b["currencyCode"], b["fullyShipped"] = "#"+o.number(), "", false
	b["totalTaxAmount"], b["totalAmountIncludingTax"], b["salesOrderLines"] = script.Number(tax), script.Number(total), lines
	return b
}

func (c *company) shipmentBody(d document, o *order, p parcel) object {
	b := c.head(d)
	b["externalDocumentNumber"], b["orderNumber"] = o.number(), o.progress.document.number
	b["salesShipmentLines"] = documentLines(p.lines, p.units)
	return b
}

func (c *company) invoiceBody(d document, o *order, external string, total, tax script.Cents, lines []*line, units []int) object {
	b := c.head(d)
	b["externalDocumentNumber"], b["orderId"], b["orderNumber"] = external, o.progress.document.id, o.progress.document.number
	b["currencyCode"], b["status"] = "", "Open"
	b["totalTaxAmount"], b["totalAmountIncludingTax"] = script.Number(tax), script.Number(total)
	b["salesInvoiceLines"] = documentLines(lines, units)
	return b
}

// memoBody is a credit memo over goods, or without lines over shipping.
func (c *company) memoBody(d document, o *order, amount, tax script.Cents, lines ...*line) object {
	b := c.head(d)
	b["externalDocumentNumber"], b["invoiceId"], b["postingDate"] = o.number(), o.progress.invoices[0]["id"], c.Now.Format(time.DateOnly)
	b["currencyCode"], b["status"] = "", "Open"
	b["totalTaxAmount"], b["totalAmountIncludingTax"] = script.Number(tax), script.Number(amount)
	credited := []object{{"lineType": "G/L Account", "lineObjectNumber": "61000", "quantity": 1}}
	for _, l := range lines {
		credited = append(credited, object{"lineType": "Item", "lineObjectNumber": l.variant.sku, "quantity": 1})
	}
	b["salesCreditMemoLines"] = credited
	return b
}

func documentLines(lines []*line, units []int) []object {
	var all []object
	for i, l := range lines {
		all = append(all, object{"lineType": "Item", "lineObjectNumber": l.variant.sku, "quantity": units[i]})
	}
	return all
}

// itemBody is an item at a price.
func (c *company) itemBody(v *variant, price script.Cents) object {
	kind := "Inventory"
	if v.uncounted {
		kind = "Non-Inventory"
	}
	return object{
		"@odata.etag": `W/"JzIwOw=="`, "id": v.guid, "number": v.sku, "type": kind, "blocked": false, "gtin": "",
		"unitPrice": script.Number(price), "priceIncludesTax": false, "baseUnitOfMeasureCode": "PCS", "taxGroupCode": "GEAR",
		"lastModifiedDateTime": millis(c.Now),
	}
}
