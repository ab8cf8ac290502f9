package shopify

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type refund struct {
	ref
	OrderID       field              `json:"order_id"`
	CreatedAt     field              `json:"created_at"`
	ProcessedAt   field              `json:"processed_at"`
	Transactions  []transaction      `json:"transactions"`
	Lines         []refundLine       `json:"refund_line_items"`
	ShippingLines []refundedShipping `json:"refund_shipping_lines"`
	Adjustments   []adjustment       `json:"order_adjustments"`
}

type transaction struct {
	Kind     field `json:"kind"`
	Status   field `json:"status"`
	Amount   field `json:"amount"`
	Currency field `json:"currency"`
}

// refundLine has its amounts as JSON numbers, unlike everything else.
type refundLine struct {
	Subtotal    field    `json:"subtotal"`
	TotalTax    field    `json:"total_tax"`
	SubtotalSet moneySet `json:"subtotal_set"`
	TotalTaxSet moneySet `json:"total_tax_set"`
}

type refundedShipping struct {
	SubtotalSet moneySet `json:"subtotal_amount_set"`
}

type adjustment struct {
	Kind      field    `json:"kind"`
	Amount    field    `json:"amount"`
	AmountSet moneySet `json:"amount_set"`
}

// refund observes one refund. All amounts are in the currency in which money
// went back; a component that the body does not have in it is missing.
func (n *normaliser) refund() error {
	var doc refund
	if err := body.Decode(n.delivery.Body, &doc); err != nil {
		return err
	}
	native, orderID := n.id("Refund", doc.ref), n.digits("order_id", doc.OrderID)
	at, name := doc.ProcessedAt, "processed_at"
	if !at.Given() {
		at, name = doc.CreatedAt, "created_at"
	}
	clock := n.clock(name, at)
	if doc.Transactions == nil || doc.Lines == nil {
		n.fail("transactions", "a refund, which has transactions and refund_line_items")
	}
	f := n.facets()
	f.put("booked_at", commerce.Time(clock))
	currency, ok := n.refunded(f, doc.Transactions)
	if ok {
		n.refundComponents(f, &doc, currency)
	}
	n.observe(commerce.Observation{
		Kind: commerce.Refund, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: orderID},
		Part: "refund", Native: native, Created: n.created(doc.CreatedAt), Facets: f.values,
	}, clock)
	return nil
}

// refunded adds up the money that went back, and reports its currency. Money in
// several currencies has no sum.
func (n *normaliser) refunded(f facets, transactions []transaction) (currency string, ok bool) {
	var amount commerce.Decimal
	n.limit("transactions", len(transactions), maxItems)
	for i, t := range transactions {
		n.enter("transactions", i)
		kind, status := n.text("kind", t.Kind), n.text("status", t.Status)
		if kind == "refund" && status == success {
			c := n.optionalText("currency", t.Currency)
			if currency != "" && c != currency {
				n.leave()
				return "", false
			}
			currency, amount = c, n.sum("amount", amount, n.number("amount", t.Amount))
		}
		n.leave()
	}
	if currency == "" {
		currency = n.Currency
	}
	if currency != "" {
		f.put("currency", commerce.Text(currency))
	}
	f.put("amount", commerce.Number(amount))
	return currency, true
}

func (n *normaliser) refundComponents(f facets, doc *refund, currency string) {
	items, tax := n.total(currency), n.total(currency)
	n.limit("refund_line_items", len(doc.Lines), maxItems)
	for i, l := range doc.Lines {
		n.enter("refund_line_items", i)
		items.add("subtotal", l.Subtotal, l.SubtotalSet, false)
		tax.add("total_tax", l.TotalTax, l.TotalTaxSet, false)
		n.leave()
	}
	shipping, other := n.total(currency), n.total(currency)
	n.limit("refund_shipping_lines", len(doc.ShippingLines), maxItems)
	for i, l := range doc.ShippingLines {
		n.enter("refund_shipping_lines", i)
		shipping.add("subtotal_amount_set", nil, l.SubtotalSet, false)
		n.leave()
	}
	n.limit("order_adjustments", len(doc.Adjustments), maxItems)
	for i, a := range doc.Adjustments {
		n.enter("order_adjustments", i)
		switch kind := n.optionalText("kind", a.Kind); {
		case kind != "shipping_refund":
			other.add("amount", a.Amount, a.AmountSet, false)
		case len(doc.ShippingLines) == 0:
			// Before shipping had lines of its own it was an adjustment, negative.
			shipping.add("amount", a.Amount, a.AmountSet, true)
		}
		n.leave()
	}
	items.put(f, "items")
	tax.put(f, "tax")
	shipping.put(f, "shipping")
	other.put(f, "adjustment")
}
