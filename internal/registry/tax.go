package registry

import (
	"hash"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// taxIncluded is the facet that says whether amounts are with tax.
const taxIncluded = "tax_included"

// taxRate is a rate of a tax in percent.
type taxRate struct{ origin }

func (taxRate) syntax() syntax {
	return syntax{want: "a rate in percent, such as 19 or 8.875", pattern: numbers, literal: true}
}

// taxRates reads the rates by which an amount may be with tax on one side and
// without on the other, in the order of the file.
func (b ruleBuilder) taxRates(r Rule) []commerce.Decimal {
	var rates []commerce.Decimal
	for _, y := range b.yaml.TaxRates {
		if !y.given() {
			continue
		}
		rate, err := commerce.ParseDecimal(y.text())
		switch {
		case err != nil || rate.Sign() <= 0 || rate.Cmp(commerce.Int(100)) >= 0:
			b.add(y.at(), "tax_rates: want a rate above 0 and below 100")
		case slices.Contains(rates, rate):
			b.add(y.at(), "tax_rates: %s stands twice", rate)
		default:
			rates = append(rates, rate)
		}
	}
	if len(rates) > 0 && !comparesAmounts(r) && !strings.HasPrefix(b.yaml.TaxRates[0].at().file, packPrefix) {
		b.add(b.yaml.TaxRates[0].at(), "tax_rates: the rule compares no amounts of money, want one in expect, or no rates")
	}
	return rates
}

// comparesAmounts reports whether the rule compares amounts of money.
func comparesAmounts(r Rule) bool {
	return slices.ContainsFunc(r.Expect, func(e Expectation) bool { return r.Kind.CurrencyOf(e.Facet) != "" })
}

// readsTax reports whether the facet says of the amounts that the rule compares
// whether they are with tax.
func (r Rule) readsTax(system, facet string) bool {
	return len(r.TaxRates) > 0 && facet == taxIncluded && (r.From == system || r.To == system)
}

func (r Rule) digestTax(h hash.Hash) {
	for _, rate := range r.TaxRates {
		part(h, "tax", rate.String())
	}
}
