package full

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

const (
	taxHost  = "rest.avatax.com"
	taxCall  = "GET " + taxHost + "/api/v2/companies/ACME/transactions"
	taxPage  = 50
	taxReach = time.Hour + 4*time.Minute
)

// tax is AvaTax: the shop commits each order's sale, and it is asked every hour
// what it has.
type tax struct {
	sales []sale
	ids   int64
}

type sale struct {
	modified time.Time
	body     object
}

// commitTax commits the sale of an order under its number.
func (c *company) commitTax(o *order) { c.commit(o, o.number(), "") }

// commit commits a sale. A marketplace remits the tax of its own sales.
func (c *company) commit(o *order, code, purchase string) {
	c.tax.ids++
	liable := "Seller"
	if o.marketplace {
		liable = "Marketplace"
	}
	var lines []object
	for i, l := range o.lines {
		c.tax.ids++
		lines = append(lines, object{
			"id": 91000 + c.tax.ids, "lineNumber": fmt.Sprint(i + 1), "itemCode": l.variant.sku, "quantity": l.units,
			"lineAmount": script.Number(l.price * script.Cents(l.units)), "tax": script.Number(l.tax(l.units)), "marketplaceLiabilityType": liable,
		})
	}
	c.tax.sales = append(c.tax.sales, sale{c.Now, object{
		"id": 85003310000 + c.tax.ids, "code": code, "companyId": 836510, "date": c.Now.Format(time.DateOnly), "status": "Committed",
		"type": "SalesInvoice", "currencyCode": "USD", "customerCode": fmt.Sprint(o.buyer.id), "purchaseOrderNo": purchase, "referenceCode": "",
		"reportingLocationCode": "", "totalAmount": script.Number(o.goods(ordered) + o.shipping), "totalDiscount": script.Number(0),
		"totalTax": script.Number(o.tax(ordered)), "modifiedDate": millis(c.Now), "lines": lines,
	}})
}

// listTax writes down what the hourly list says: what was modified since a little
// before the last one, the newest first, in pages.
func (c *company) listTax() {
	recent := []object{}
	for i := len(c.tax.sales) - 1; i >= 0 && c.Now.Sub(c.tax.sales[i].modified) < taxReach; i-- {
		recent = append(recent, c.tax.sales[i].body)
	}
	for from := 0; from == 0 || from < len(recent); from += taxPage {
		holds := "modifiedDate"
		if from > 0 {
			holds = fmt.Sprintf("$orderBy=modifiedDate DESC&$skip=%d", from)
		}
		page := object{"@recordsetCount": len(recent), "value": recent[from:min(from+taxPage, len(recent))], "pageKey": nil}
		if from+taxPage < len(recent) {
			page["@nextLink"] = fmt.Sprintf("https://%s:443/api/v2/companies/ACME/transactions?$include=LinesOnly&$orderBy=modifiedDate+DESC&$skip=%d",
				taxHost, from+taxPage)
		}
		c.answer(taxCall, holds, page)
	}
}
