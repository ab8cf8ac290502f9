package judge

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// chance is how many of the smallest amounts a difference must be, so that it is
// no chance when a rate meets it.
const chance = 10

// unconverted explains amounts in two currencies that are the same number: the
// rate was left out.
func (c comparison) unconverted() *Explanation {
	if c.terms.rate == nil {
		return nil
	}
	expected, err := c.expected(c.expect, c.from, c.to, commerce.Decimal{})
	shown, told := c.to.Facets[c.expect.Facet]
	if err != nil || !told || expected != shown {
		return nil
	}
	return &Explanation{
		Text: fmt.Sprintf("the amount is the same in %s as in %s: %s, %s, was left out", c.terms.from, c.terms.to, c.terms.rate, c.terms.rate.Value),
		By:   "rate",
	}
}

// ratio explains amounts in one currency that differ by the rate of another, as
// a whole or in one component.
func (c comparison) ratio(f FacetVerdict) *Explanation {
	expected, errE := commerce.ParseDecimal(f.Expected)
	day, known := c.day(c.from, c.to)
	least, err := commerce.Cent(c.terms.to).Mul(commerce.Int(chance))
	if c.terms.rate != nil || c.rule.Rates == nil || errE != nil || err != nil || !known || c.delta.Abs().Cmp(least) < 0 {
		return nil
	}
	for _, rate := range c.rule.Rates.Of(c.named(), day) {
		if c.changes(expected, rate) {
			return &Explanation{Text: fmt.Sprintf("the ratio is %s, %s", rate.Value, rate), By: "rate"}
		}
		for _, name := range c.amounts(c.row.Kind.ComponentsOf(c.expect.Facet)) {
			if amount := c.terms.amount(c.from.Facets[name]); c.changes(amount, rate) {
				return &Explanation{
					Text: fmt.Sprintf("the gap is what %s, %s, changes at %s, %s", piece{name: name}.words(), c.terms.money(amount), rate.Value, rate),
					By:   "rate of " + name,
				}
			}
		}
	}
	return nil
}

// named is the currency that either side names.
func (c comparison) named() string {
	if c.terms.from != "" {
		return c.terms.from
	}
	return c.terms.to
}

// changes reports whether converting the amount, either way, changes it by the
// difference.
func (c comparison) changes(amount commerce.Decimal, rate registry.Rate) bool {
	for _, currency := range []string{rate.To, rate.From} {
		converted, err := rate.Convert(amount, currency)
		if err != nil || amount.Sign() == 0 {
			continue
		}
		change, err := converted.Sub(amount)
		if err != nil {
			continue
		}
		if off, err := change.Sub(c.delta); err == nil && off.Abs().Cmp(commerce.Cent(currency)) <= 0 {
			return true
		}
	}
	return false
}

// factor explains amounts of which one is written in cents.
func (c comparison) factor(f FacetVerdict) *Explanation {
	expected, errE := commerce.ParseDecimal(f.Expected)
	actual, errA := commerce.ParseDecimal(f.Actual)
	if errE != nil || errA != nil || expected.Sign() == 0 {
		return nil
	}
	for _, factor := range []int64{100, 1000} {
		for _, way := range []struct {
			small, large commerce.Decimal
			system       string
		}{{expected, actual, c.rule.To}, {actual, expected, c.rule.From}} {
			if product, err := way.small.Mul(commerce.Int(factor)); err == nil && product == way.large {
				return &Explanation{Text: fmt.Sprintf("%s shows %d times as much, as if it counted in a smaller unit", way.system, factor), By: "unit"}
			}
		}
	}
	return nil
}

// rounding explains what is no more than half a cent for each line, where the
// components agree: one side rounds each line and the other their sum.
func (c comparison) rounding() *Explanation {
	count, ok := c.from.Facets["lines"].Decimal()
	if !ok {
		count, ok = c.to.Facets["lines"].Decimal()
	}
	least := commerce.Cent(c.named())
	most, err := least.Mul(count)
	if err != nil || !ok || count.Cmp(commerce.Int(1)) <= 0 {
		return nil
	}
	if most, err = most.Mul(half); err != nil || !c.small(c.delta, most) {
		return nil
	}
	for _, name := range c.amounts(c.row.Kind.ComponentsOf(c.expect.Facet)) {
		from, okF := c.from.Facets[name].Decimal()
		to, okT := c.to.Facets[name].Decimal()
		if d, err := to.Sub(from); okF && okT && (err != nil || !c.small(d, most)) {
			return nil
		}
	}
	return &Explanation{Text: fmt.Sprintf("rounded per line against per order: %s over %s lines", c.terms.money(c.delta), count), By: "rounding per line"}
}

var half = commerce.MustDecimal("0.5")

func (comparison) small(d, most commerce.Decimal) bool { return d.Abs().Cmp(most) <= 0 }
