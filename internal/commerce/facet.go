package commerce

import (
	"maps"
	"slices"
	"strings"
)

// Fold says how the views of one system become one side.
type Fold uint8

// The folds. Same means that all views must agree; where they do not, the
// facet is not known for the side. Worst takes the least advanced status.
const (
	Same Fold = iota
	Add
	Min
	Max
	Worst
)

// Facet describes one compared value of a kind.
type Facet struct {
	Type Type
	Fold Fold
}

// Facets are the values that one observation reports, by facet name. An absent
// name is a missing value.
type Facets map[string]Value

func facets(t Type, f Fold, names ...string) map[string]Facet {
	m := make(map[string]Facet, len(names))
	for _, n := range names {
		m[n] = Facet{t, f}
	}
	return m
}

func join(ms ...map[string]Facet) map[string]Facet {
	all := map[string]Facet{}
	for _, m := range ms {
		maps.Copy(all, m)
	}
	return all
}

// kindFacets is the vocabulary of facets. Amounts are in the record's
// currency; units are pieces; presentment twins are in the buyer's currency.
var kindFacets = map[Kind]map[string]Facet{
	Product: join(
		facets(TextType, Same, "status", "barcode", "unit", "tax_class", "vendor"),
		facets(BoolType, Same, "tracked", "kit"),
		facets(NumberType, Same, "pack"),
	),
	Price: join(
		facets(NumberType, Same, "regular", "sale", "effective"),
		facets(TextType, Same, "currency", "unit", "vendor"),
		facets(BoolType, Same, "tax_included"),
		facets(TimeType, Same, "from", "until"),
	),
	Inventory: join(
		facets(NumberType, Add, "available", "on_hand", "free", "committed", "unavailable", "safety", "incoming"),
		facets(BoolType, Same, "tracked", "oversell"),
		facets(NumberType, Same, "cost", "price"),
	),
	Order: join(
		facets(TextType, Worst, "payment", "fulfilment"),
		facets(BoolType, Min, "cancelled"),
		// Committed is a tax document that will be filed.
		facets(BoolType, Max, "test", "committed"),
		facets(TextType, Same, "channel", "currency", "presentment_currency", "company"),
		facets(TimeType, Min, "created"),
		facets(NumberType, Add,
			"total", "total_current", "tax", "tax_current", "tax_channel_liable", "discount", "shipping",
			"tips", "gift_sold", "gift_used", "duties", "rounding", "exchanged",
			"presentment_total", "presentment_total_current", "presentment_tax",
			"units", "units_current", "units_open", "units_shipped"),
		facets(NumberType, Max, "lines", "locations"),
	),
	Shipment: join(
		facets(TextType, Same, "status", "carrier", "location", "country"),
		facets(NumberType, Same, "units"),
		facets(TimeType, Same, "shipped_at"),
		facets(BoolType, Same, "voided", "test"),
	),
	Return: facets(BoolType, Min, "requested", "received", "restocked", "refunded", "exchange"),
	Refund: join(
		facets(NumberType, Add, "amount", "items", "shipping", "tax", "adjustment"),
		facets(TextType, Same, "currency"),
		facets(TimeType, Min, "booked_at"),
	),
	Payment: join(
		facets(TextType, Same, "type", "status", "currency", "payout", "gateway"),
		facets(NumberType, Same, "amount", "fee", "net"),
	),
	Payout: join(
		facets(NumberType, Same, "gross", "refunds", "adjustments", "fees", "net", "count"),
		facets(TextType, Same, "status", "currency"),
		facets(TimeType, Same, "paid_at"),
	),
	Customer: join(
		facets(TextType, Same, "consent", "country"),
		facets(BoolType, Same, "b2b", "tax_exempt"),
		facets(NumberType, Same, "orders"),
		facets(NumberType, Add, "copies"),
	),
	Mapping: join(
		facets(TextType, Same, "reason"),
		// Since is since when it is so, where that is not when it was first heard.
		facets(TimeType, Same, "since"),
	),
	Canary: facets(NumberType, Same, "song"),
	// What explains a part of the difference is taken off expected already.
	Total: join(
		facets(NumberType, Same, "expected", "actual"),
		facets(TextType, Same, "currency", "reason"),
	),
	// Sum is signed, with of so many records go its way and against go the other;
	// most is the greatest difference.
	Trend: join(
		facets(NumberType, Same, "sum", "with", "against", "of", "most"),
		facets(TextType, Same, "kind", "currency"),
		facets(TimeType, Same, "since"),
	),
	// Hash is the key of the customer that the account has by its e-mail address,
	// or by its tax number.
	Anchor: facets(TextType, Same, "hash"),
}

// advancement ranks the words of worst-folded facets, least advanced first. A
// word that is not listed ranks before all others, as unknown progress.
var advancement = []string{
	"pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided",
	"unfulfilled", "partial", "fulfilled", "restocked",
}

// FacetOf describes a facet of the kind, and reports false for a name that the
// kind does not have. Link rows take any text facet.
func (k Kind) FacetOf(name string) (Facet, bool) {
	if k == Link {
		return Facet{TextType, Same}, true
	}
	f, ok := kindFacets[k][name]
	return f, ok
}

// counted are the numbers that are pieces or documents and no money.
var counted = map[string]bool{
	"lines": true, "locations": true, "copies": true, "orders": true, "count": true, "pack": true,
}

// CurrencyOf names the facet with the currency of an amount: "currency", or
// "presentment_currency" for presentment twins. It is blank for facets that are
// no amount.
func (k Kind) CurrencyOf(name string) string {
	f, ok := k.FacetOf(name)
	switch {
	case !ok || f.Type != NumberType || k == Inventory && f.Fold == Add:
		return ""
	case counted[name] || strings.HasPrefix(name, "units"):
		return ""
	case strings.HasPrefix(name, "presentment_"):
		return "presentment_currency"
	default:
		return "currency"
	}
}

// FacetNames lists the kind's facets in alphabetical order.
func (k Kind) FacetNames() []string { return slices.Sorted(maps.Keys(kindFacets[k])) }

// Advancement ranks a status word for the Worst fold: the smaller, the less
// advanced. Unknown words are -1.
func Advancement(word string) int { return slices.Index(advancement, word) }

// Names lists the reported facets in alphabetical order.
func (f Facets) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Equal reports whether both report the same facets with the same values.
func (f Facets) Equal(g Facets) bool { return maps.Equal(f, g) }
