package alert

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// Urgent reports whether people hear of a finding at once. Less money at risk
// than over says for its currency waits for the digest, unless it is not about
// an amount: a record that is missing or there twice, what cannot be read or
// mapped, and stock that is sold and not there. What is not known is urgent.
func Urgent(f finding.Finding, over map[string]commerce.Decimal) bool {
	limit, limited := over[f.Currency]
	if !limited || f.Impact == nil || f.Impact.Abs().Cmp(limit) >= 0 {
		return true
	}
	switch f.Class {
	case finding.ValueDiffers, finding.Late, finding.NeverSettles:
		return oversells(f)
	default:
		return true
	}
}

// oversells reports whether stock is shown where there should be none.
func oversells(f finding.Finding) bool {
	if f.Kind != commerce.Inventory {
		return false
	}
	for _, d := range f.Differences {
		actual, errA := commerce.ParseDecimal(d.Actual)
		expected, errE := commerce.ParseDecimal(d.Expected)
		if errA == nil && errE == nil && actual.Sign() > 0 && expected.Sign() <= 0 && !isMoney(f.Kind, d.Facet) {
			return true
		}
	}
	return false
}
