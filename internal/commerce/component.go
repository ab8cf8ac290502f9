package commerce

import "slices"

// components are the amounts that may make up the difference of another one: it
// holds them in one system and not in the other. They are in the same currency
// as the amount.
var components = map[Kind]map[string][]string{
	Order: {
		"total":                     {"discount", "duties", "exchanged", "gift_sold", "gift_used", "rounding", "shipping", "tax", "tips"},
		"total_current":             {"discount", "duties", "exchanged", "gift_sold", "gift_used", "rounding", "shipping", "tax_current", "tips"},
		"tax":                       {"tax_channel_liable"},
		"tax_current":               {"tax_channel_liable"},
		"presentment_total":         {"presentment_tax"},
		"presentment_total_current": {"presentment_tax"},
	},
	Refund: {"amount": {"adjustment", "items", "shipping", "tax"}},
	Payment: {
		"amount": {"fee"},
		"net":    {"fee"},
	},
	Payout: {
		"gross": {"adjustments", "fees", "refunds"},
		"net":   {"adjustments", "fees", "refunds"},
	},
}

// ComponentsOf names the amounts that may explain a difference of an amount, in
// alphabetical order. The result is the caller's to keep; it is nil for a facet
// that has none.
func (k Kind) ComponentsOf(facet string) []string { return slices.Clone(components[k][facet]) }

// minorDigits are the places of currencies that do not have two.
var minorDigits = map[string]int{
	"BHD": 3, "CLP": 0, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3, "VND": 0,
}

// MinorDigits are the places behind the point that amounts of a currency have.
// Currencies that it does not know have two.
func MinorDigits(currency string) int {
	if n, ok := minorDigits[currency]; ok {
		return n
	}
	return 2
}

// cents are the smallest amounts by their number of places.
var cents = []Decimal{MustDecimal("1"), MustDecimal("0.1"), MustDecimal("0.01"), MustDecimal("0.001")}

// Cent is the smallest amount of a currency.
func Cent(currency string) Decimal { return cents[MinorDigits(currency)] }
