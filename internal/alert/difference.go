package alert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// telling ranks the facets that a headline is about when several differ.
var telling = []string{
	"total_current", "total", "amount", "net", "available", "on_hand", "free",
	"effective", "regular", "sale", "units_shipped", "units_open", "units_current", "units",
}

// plainFacets go without saying: a headline about stock need not say available.
var plainFacets = []string{"total_current", "total", "amount", "net", "available", "on_hand", "free", "effective", "regular"}

// mainDifference is the one that a headline is about. A member without
// differences has the zero one.
func mainDifference(m Member) finding.Difference {
	for _, facet := range telling {
		for _, d := range m.Differences {
			if d.Facet == facet {
				return d
			}
		}
	}
	for _, d := range m.Differences {
		if d.Delta != nil {
			return d
		}
	}
	if len(m.Differences) > 0 {
		return m.Differences[0]
	}
	return finding.Difference{}
}

// isMoney reports whether a facet is an amount in the record's currency.
// Presentment amounts are in another one, which a finding does not name.
func isMoney(kind commerce.Kind, facet string) bool {
	switch kind {
	case commerce.Price, commerce.Inventory:
		return slices.Contains([]string{"regular", "sale", "effective", "cost", "price"}, facet)
	case commerce.Order:
		f, ok := kind.FacetOf(facet)
		return ok && f.Type == commerce.NumberType && f.Fold == commerce.Add &&
			!strings.HasPrefix(facet, "units") && !strings.HasPrefix(facet, "presentment")
	case commerce.Total, commerce.Trend:
		return isTotalMoney(facet)
	case commerce.Refund, commerce.Payment, commerce.Payout:
		f, ok := kind.FacetOf(facet)
		return ok && f.Type == commerce.NumberType && facet != "count"
	default:
		return false
	}
}

// amountOf writes a number of a facet, as money where it is money.
func (s story) amountOf(facet, currency string, d commerce.Decimal) string {
	if isMoney(s.Kind, facet) {
		return money(d, currency)
	}
	return number(d)
}

// value writes a facet's value in canonical form for people.
func (s story) value(facet, currency, canonical string) string {
	switch canonical {
	case "missing":
		return "nothing"
	case "null":
		return "no value"
	case "":
		return "blank"
	}
	if d, err := commerce.ParseDecimal(canonical); err == nil && s.isNumber(facet) {
		return s.amountOf(facet, currency, d)
	}
	return clean(canonical)
}

func (s story) isNumber(facet string) bool {
	f, ok := s.Kind.FacetOf(facet)
	return ok && f.Type == commerce.NumberType || s.Kind == commerce.Total || s.Kind == commerce.Trend
}

// words writes a facet's name for people: units_open is "units open".
func words(facet string) string { return clean(strings.ReplaceAll(facet, "_", " ")) }

// wordsUnlessPlain leaves out what goes without saying.
func wordsUnlessPlain(facet string) string {
	if slices.Contains(plainFacets, facet) {
		return ""
	}
	return words(facet) + " "
}

// difference writes one difference as evidence: "14, should be 9", with the
// facet before it unless it goes without saying.
func (s story) difference(m Member, d finding.Difference, named bool) string {
	facet := wordsUnlessPlain(d.Facet)
	if named {
		facet = words(d.Facet) + " "
	}
	return fmt.Sprintf("%s%s, should be %s", facet,
		s.value(d.Facet, m.Currency, d.Actual), s.value(d.Facet, m.Currency, d.Expected))
}

// moreOrLess writes a difference in money: "$18.00 less", "$1.20 more tax".
func (s story) moreOrLess(facet, currency string, delta commerce.Decimal) string {
	text := s.amountOf(facet, currency, delta.Abs()) + " more"
	if delta.Sign() < 0 {
		text = s.amountOf(facet, currency, delta.Abs()) + " less"
	}
	if slices.Contains(plainFacets, facet) {
		return text
	}
	return text + " " + words(strings.TrimSuffix(facet, "_current"))
}

// size is |d|, and 0 for an unknown number.
func size(d *commerce.Decimal) commerce.Decimal {
	if d == nil {
		return commerce.Decimal{}
	}
	return d.Abs()
}

// totals adds up expected and actual of all told members, for one headline over
// many numbers. It reports false when they are not numbers of one facet, or not
// all known.
func (s story) totals() (facet string, expected, actual commerce.Decimal, ok bool) {
	if s.More > 0 || len(s.told) == 0 {
		return "", expected, actual, false
	}
	facet, currency := mainDifference(s.told[0]).Facet, s.told[0].Currency
	if !s.isNumber(facet) {
		return facet, expected, actual, false
	}
	for _, m := range s.told {
		d := mainDifference(m)
		e, errE := commerce.ParseDecimal(d.Expected)
		a, errA := commerce.ParseDecimal(d.Actual)
		if d.Facet != facet || m.Currency != currency || errE != nil || errA != nil {
			return facet, expected, actual, false
		}
		if expected, errE = expected.Add(e); errE != nil {
			return facet, expected, actual, false
		}
		if actual, errA = actual.Add(a); errA != nil {
			return facet, expected, actual, false
		}
	}
	return facet, expected, actual, true
}

// oneWay reports whether all differences have the same sign, so that their sum
// hides nothing.
func (s story) oneWay() bool {
	sign := 0
	for _, m := range s.told {
		d := mainDifference(m).Delta
		if d == nil || d.Sign() == 0 || sign != 0 && d.Sign() != sign {
			return false
		}
		sign = d.Sign()
	}
	return sign != 0
}

// facets names the facets that differ, each once, in alphabetical order.
func (s story) facets() string {
	var names []string
	for _, m := range s.told {
		for _, d := range m.Differences {
			names = append(names, words(d.Facet))
		}
	}
	slices.Sort(names)
	return listed(slices.Compact(names))
}
