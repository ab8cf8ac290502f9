package businesscentral

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	notWebOrder = "document of no web order"
	itemLine    = "Item"
	// orderPart is the part of an order that its sales order is.
	orderPart = "order"
)

type salesOrder struct {
	ID           body.Field `json:"id"`
	Number       body.Field `json:"number"`
	Currency     body.Field `json:"currencyCode"`
	Tax          body.Field `json:"totalTaxAmount"`
	Total        body.Field `json:"totalAmountIncludingTax"`
	FullyShipped body.Field `json:"fullyShipped"`
	Modified     body.Field `json:"lastModifiedDateTime"`

	Lines []orderLine `json:"salesOrderLines"`
}

type orderLine struct {
	Type     body.Field `json:"lineType"`
	Number   body.Field `json:"lineObjectNumber"`
	Quantity body.Field `json:"quantity"`
	Invoiced body.Field `json:"invoicedQuantity"`
	Shipped  body.Field `json:"shippedQuantity"`
	Tax      body.Field `json:"netTaxAmount"`
	Total    body.Field `json:"netAmountIncludingTax"`
}

// order observes a sales order: what of it is not invoiced yet, so that it and
// its invoices together are the web order.
func (n *normaliser) order(element []byte) error {
	var o salesOrder
	if err := body.Decode(bare(element), &o); err != nil {
		return err
	}
	native, modified := n.guid("id", o.ID), n.modified(o.Modified)
	number := n.Text("number", o.Number)
	store, web, ok, err := n.webNumber(element, number)
	if err != nil {
		return err
	}
	f := n.facets()
	n.currency(f, o.Currency)
	lines := n.remainder(f, &o)
	if !ok {
		return n.otherwise(notWebOrder)
	}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{store, web},
		Part: orderPart, Native: native, Slot: orderPart, Facets: f.Values, Lines: lines,
	}, modified)
	n.observe(n.link(documentLink, native, numberOf(store, web)), modified)
	return nil
}

func numberOf(store, number string) commerce.Facets {
	return commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}
}

// webNumber finds the web order's number: the first of the configured fields
// that holds one. Of a document, the field "number" is its sales order's.
func (n *normaliser) webNumber(element []byte, orderNumber string) (store, number string, ok bool, err error) {
	var values map[string]body.Field
	if err := body.Decode(bare(element), &values); err != nil {
		return "", "", false, err
	}
	for _, name := range n.orderFields {
		text, _ := values[name].Text()
		if name == "number" {
			text = orderNumber
		}
		if text == "" {
			continue
		}
		if store, number, ok = n.OrderNumber.Read("", text); ok {
			return store, number, true, nil
		}
	}
	return "", "", false, nil
}

// remainder puts what is not invoiced. Without lines it is not known how much
// that is: amounts are missing then.
func (n *normaliser) remainder(f body.Facets, o *salesOrder) []commerce.Line {
	if o.Lines == nil {
		return nil
	}
	n.Limit("salesOrderLines", len(o.Lines), maxLines)
	var r rest
	for i, l := range o.Lines {
		n.Enter("salesOrderLines", i)
		r.add(n, l)
		n.Leave()
	}
	if !r.invoiced {
		r.total, r.tax = n.Number("totalAmountIncludingTax", o.Total), n.Number("totalTaxAmount", o.Tax)
	}
	f.Put("total_current", commerce.Number(r.total))
	f.Put("tax_current", commerce.Number(r.tax))
	f.Put("units_current", commerce.Number(r.units))
	f.Put("units_open", commerce.Number(r.open))
	// Shipments add what was shipped; before the first it is known to be none.
	f.Count("units_shipped", 0)
	f.Count("lines", r.lines)
	f.Put("fulfilment", commerce.Text(r.fulfilment(n, o)))
	return r.inFlight
}

// rest adds up what the lines of a sales order have left.
type rest struct {
	total, tax, units, open commerce.Decimal
	lines                   int64
	invoiced, shipped       bool
	inFlight                []commerce.Line
}

func (r *rest) add(n *normaliser, l orderLine) {
	quantity, invoiced := n.amount("quantity", l.Quantity), n.amount("invoicedQuantity", l.Invoiced)
	shipped := n.amount("shippedQuantity", l.Shipped)
	left := n.Sum("invoicedQuantity", quantity, invoiced.Neg())
	r.invoiced = r.invoiced || invoiced.Sign() != 0
	r.shipped = r.shipped || shipped.Sign() != 0
	r.total = n.Sum("netAmountIncludingTax", r.total, n.share("netAmountIncludingTax", l.Total, left, quantity))
	r.tax = n.Sum("netTaxAmount", r.tax, n.share("netTaxAmount", l.Tax, left, quantity))
	if text, _ := l.Type.Text(); text != itemLine {
		return
	}
	r.lines++
	r.units = n.Sum("quantity", r.units, left)
	r.open = n.Sum("quantity", r.open, n.Sum("quantity", quantity, shipped.Neg()))
	if sku := n.OptionalText("lineObjectNumber", l.Number); n.sku == "number" && sku != "" && quantity.Sign() > 0 {
		r.take(n, sku, quantity)
	}
}

// take adds units of a SKU, in the order of SKUs.
func (r *rest) take(n *normaliser, sku string, units commerce.Decimal) {
	at, found := slices.BinarySearchFunc(r.inFlight, sku, func(l commerce.Line, sku string) int { return strings.Compare(l.SKU, sku) })
	if found {
		r.inFlight[at].Units = n.Sum("quantity", r.inFlight[at].Units, units)
		return
	}
	r.inFlight = slices.Insert(r.inFlight, at, commerce.Line{SKU: sku, Units: units})
}

func (r *rest) fulfilment(n *normaliser, o *salesOrder) string {
	switch {
	case o.FullyShipped.Given() && n.Truth("fullyShipped", o.FullyShipped):
		return "fulfilled"
	case r.shipped:
		return "partial"
	default:
		return "unfulfilled"
	}
}

// amount reads a number that is none where it is not given: lines of text have
// no quantities.
func (n *normaliser) amount(name string, f body.Field) commerce.Decimal {
	if !f.Given() {
		return commerce.Decimal{}
	}
	return n.Number(name, f)
}

// share is the part of a line's amount that belongs to what is left of its
// quantity, to the cent, as invoicing the rest would round it.
func (n *normaliser) share(name string, f body.Field, left, quantity commerce.Decimal) commerce.Decimal {
	const cents = 2
	amount := n.amount(name, f)
	if left == quantity || quantity.Sign() == 0 {
		return amount
	}
	product, err := amount.Mul(left)
	if err == nil {
		amount, err = product.Quo(quantity)
	}
	if err != nil {
		n.Fail(name, "an amount that can be shared out")
	}
	return amount.Round(cents)
}

// succession reads the invoices of a sales order that is gone: the first of them
// has succeeded it. Without any it was deleted.
func (n *normaliser) succession() error {
	groups := fetchedOrder.FindStringSubmatch(n.delivery.Header[platform.FetchedHeader])
	if n.missing() {
		return n.ignore("no such list")
	}
	if groups == nil {
		n.Fail(platform.FetchedHeader, "the order that was asked for")
		return nil
	}
	successor := ""
	err := n.list(func(element []byte) error {
		var invoice struct {
			ID body.Field `json:"id"`
		}
		if err := body.Decode(element, &invoice); err != nil {
			return err
		}
		if id := n.guid("id", invoice.ID); successor == "" || id < successor {
			successor = id
		}
		return n.document(invoices, element)
	})
	if err != nil || n.Problem() != nil {
		return err
	}
	n.reading.Ignored = ""
	n.documentGone(orders, strings.ToLower(groups[1]), successor)
	return nil
}
