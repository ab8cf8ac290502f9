package taxjar

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an order.
const (
	salePart   = "sale"
	refundPart = "refund"
)

// refundLink is the type of the link from a refund to its order.
const refundLink = "refund"

const notWebOrder = "transaction of no web order"

type transaction struct {
	ID        body.Field   `json:"transaction_id"`
	Reference body.Field   `json:"transaction_reference_id"`
	Provider  body.Field   `json:"provider"`
	Date      body.Field   `json:"transaction_date"`
	Exemption body.Field   `json:"exemption_type"`
	Amount    body.Field   `json:"amount"`
	Shipping  body.Field   `json:"shipping"`
	Tax       body.Field   `json:"sales_tax"`
	Lines     []body.Field `json:"line_items"`
}

// transaction observes an order's or a refund's transaction.
func (n *normaliser) transaction(topic string, raw body.Field) error {
	var t transaction
	if err := body.Decode(raw, &t); err != nil {
		return err
	}
	provider := n.provider
	if t.Provider.Given() {
		provider = n.Text("provider", t.Provider)
	}
	id := n.id("transaction_id", t.ID)
	number := id
	if topic == refundsTopic && t.Reference.Given() && string(t.Reference) != `""` {
		number = n.id("transaction_reference_id", t.Reference)
	}
	o := commerce.Observation{Kind: commerce.Order, Native: provider + "/" + id, Created: n.instant("transaction_date", t.Date)}
	store, web, ok := n.OrderNumber.Read(provider, number)
	if o.Key = (commerce.Key{store, web}); !ok {
		n.why = notWebOrder
		return nil
	}
	n.Limit("line_items", len(t.Lines), maxLines)
	if topic == refundsTopic {
		n.refunded(o, &t, provider)
		return nil
	}
	o.Part, o.Slot, o.Facets = salePart, salePart, n.sale(&t, provider)
	n.observe(o)
	return nil
}

func (n *normaliser) sale(t *transaction, provider string) commerce.Facets {
	f := n.facets()
	f.Put("committed", commerce.Bool(true))
	n.currency(f)
	f.PutNumber("shipping", "shipping", t.Shipping)
	if own, remitted, ok := n.tax(t, provider); ok {
		f.Put("tax", commerce.Number(own))
		f.Put("tax_current", commerce.Number(own))
		f.Put("tax_channel_liable", commerce.Number(remitted))
	}
	if total, ok := n.total(t); ok {
		f.Put("total", commerce.Number(total))
		f.Put("total_current", commerce.Number(total))
	}
	if t.Lines != nil {
		f.Count("lines", int64(len(t.Lines)))
	}
	return f.Values
}

// refunded observes what a refund takes off the order, and the refund itself.
func (n *normaliser) refunded(o commerce.Observation, t *transaction, provider string) {
	order, refund := n.facets(), n.facets()
	n.currency(order)
	n.currency(refund)
	refund.Put("booked_at", commerce.Time(o.Created))
	if own, _, ok := n.tax(t, provider); ok {
		order.Put("tax_current", commerce.Number(own.Abs().Neg()))
		refund.Put("tax", commerce.Number(own.Abs()))
	}
	if total, ok := n.total(t); ok {
		order.Put("total_current", commerce.Number(total.Abs().Neg()))
		refund.Put("amount", commerce.Number(total.Abs()))
	}
	if t.Shipping.Given() {
		refund.Put("shipping", commerce.Number(n.Number("shipping", t.Shipping).Abs()))
	}
	o.Part, o.Facets = refundPart, order.Values
	n.observe(o)
	o.Kind, o.Facets = commerce.Refund, refund.Values
	n.observe(o)
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, refundLink, o.Native}, Part: "link", Native: o.Native,
		Facets: commerce.Facets{"store": commerce.Text(o.Key[0]), "number": commerce.Text(o.Key[1])},
	})
}

// tax is what the seller files, and what a marketplace remits.
func (n *normaliser) tax(t *transaction, provider string) (own, remitted commerce.Decimal, ok bool) {
	if !t.Tax.Given() {
		return own, remitted, false
	}
	tax := n.Number("sales_tax", t.Tax)
	exemption := n.OptionalText("exemption_type", t.Exemption)
	if strings.EqualFold(exemption, "marketplace") || slices.Contains(n.marketplaces, provider) {
		return own, tax, true
	}
	return tax, remitted, true
}

// total is the amount with its tax. It is not known when that has more digits than
// are exact.
func (n *normaliser) total(t *transaction) (commerce.Decimal, bool) {
	if !t.Amount.Given() || !t.Tax.Given() {
		return commerce.Decimal{}, false
	}
	total, err := n.Number("amount", t.Amount).Add(n.Number("sales_tax", t.Tax))
	return total, err == nil
}

func (n *normaliser) currency(f body.Facets) {
	if n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
}

// gone ends a transaction that TaxJar does not have. Which order a refund was of
// its link knows.
func (n *normaliser) gone(topic, id string) error {
	o := commerce.Observation{Kind: commerce.Order, Native: n.provider + "/" + id, Gone: true}
	if id == "" {
		return n.otherwise("no such list")
	}
	if topic == refundsTopic {
		o.Key, o.Via, o.Part = commerce.Key{"", ""}, &commerce.Via{Type: refundLink, Native: o.Native}, refundPart
		n.observe(o)
		o.Kind = commerce.Refund
		n.observe(o)
		return nil
	}
	store, number, ok := n.OrderNumber.Read(n.provider, id)
	if !ok {
		return n.otherwise(notWebOrder)
	}
	o.Key, o.Part, o.Slot = commerce.Key{store, number}, salePart, salePart
	n.observe(o)
	return nil
}
