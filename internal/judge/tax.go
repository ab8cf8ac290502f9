package judge

import (
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// taxIncluded is the facet by which a system says whether its amounts are with
// tax.
const taxIncluded = "tax_included"

// taxed explains amounts of which one is with tax and the other without, at one
// of the rates that the rule names. It explains nothing against what a side says
// of itself, nor a few cents, which any rate may meet.
func (c comparison) taxed(f FacetVerdict) *Explanation {
	expected, errE := commerce.ParseDecimal(f.Expected)
	shown, errA := commerce.ParseDecimal(f.Actual)
	least, err := commerce.Cent(c.named()).Mul(commerce.Int(chance))
	if errE != nil || errA != nil || err != nil || expected.Sign() <= 0 || shown.Sign() <= 0 || c.delta.Abs().Cmp(least) < 0 {
		return nil
	}
	with, without, gross, net := c.from, c.to, expected, shown
	if c.delta.Sign() > 0 {
		with, without, gross, net = without, with, net, gross
	}
	if says(with, false) || says(without, true) {
		return nil
	}
	var rates []string
	for _, rate := range c.rule.TaxRates {
		if c.adds(rate, net, gross) {
			rates = append(rates, rate.String())
		}
	}
	if len(rates) == 0 {
		return nil
	}
	tax := "tax of " + strings.Join(rates, " or ") + " %"
	return &Explanation{
		Text: fmt.Sprintf("%s is with tax, %s without: exactly the %s, %s", with.System, without.System, tax, c.terms.money(c.delta.Abs())),
		By:   tax,
	}
}

// says reports whether the side tells that its amounts are with tax, or without.
func says(s record.Side, with bool) bool {
	told, ok := s.Facets[taxIncluded]
	return ok && !told.IsNull() && told.IsTrue() == with
}

// adds reports whether a tax rate in percent makes the gross amount of the net
// one, or the net one of the gross one, to the smallest amount of the currency.
func (c comparison) adds(rate, net, gross commerce.Decimal) bool {
	factor, err := hundred.Add(rate)
	if err != nil {
		return false
	}
	digits := commerce.MinorDigits(c.named())
	up, errU := net.Mul(factor)
	if errU == nil {
		up, errU = up.Quo(hundred)
	}
	down, errD := gross.Mul(hundred)
	if errD == nil {
		down, errD = down.Quo(factor)
	}
	return errU == nil && up.Round(digits) == gross || errD == nil && down.Round(digits) == net
}

var hundred = commerce.Int(100)
