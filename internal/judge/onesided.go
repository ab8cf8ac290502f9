package judge

import (
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// TrendSuffix ends the id of the rule that a rule about numbers brings along:
// "order-money-trend". It judges what many records differ by inside its tolerance.
const TrendSuffix = "-trend"

// trendRules are those that the rules of a kind bring along.
func trendRules(of []registry.Rule) []registry.Rule {
	var rules []registry.Rule
	for _, rule := range of {
		for _, e := range rule.Expect {
			if f, _ := rule.Kind.FacetOf(e.Facet); f.Type == commerce.NumberType {
				rules = append(rules, registry.Rule{
					Integration: rule.Integration, ID: rule.ID + TrendSuffix, Kind: commerce.Trend, From: rule.From, To: rule.To,
					Check: registry.Equal, Mode: rule.Mode, Severity: rule.Severity, AlertOver: rule.AlertOver, Settle: registry.Settle{By: -1},
				})
				break
			}
		}
	}
	return rules
}

// judgeTrend judges a row that stands for what the records of a rule and segment
// differ by. Each of its views is one facet.
func judgeTrend(rule registry.Rule, row record.Row) Verdict {
	if row.Key[0] != rule.Integration || row.Key[1]+TrendSuffix != rule.ID {
		return verdict(rule, NotJudged, "the row is of another rule")
	}
	v := verdict(rule, Agree, "")
	var whys []string
	for _, view := range row.Views {
		if view.Gone {
			continue
		}
		v.Outcome, v.Class = Differ, finding.SlowDivergence
		if happens(commerce.Kind(words(view.Facets, "kind"))) {
			v.Class = finding.OneSided
		}
		v.Cause = finding.Cause{Received: view.Received, Version: view.Version}
		if since, ok := view.Facets["since"].Time(); ok && (v.Since.IsZero() || since.Before(v.Since)) {
			v.Since = since
		}
		sum, _ := view.Facets["sum"].Decimal()
		v.Facets = append(v.Facets, FacetVerdict{Facet: view.Part, Outcome: Differ, Expected: "0", Actual: sum.String(), Delta: &sum})
		whys = append(whys, oneSided(view.Part, view.Facets))
		if currency := words(view.Facets, "currency"); currency != "" && v.Impact == nil {
			most := sum.Abs()
			v.Impact, v.Currency = &most, currency
		}
	}
	v.Why = strings.Join(whys, "; ")
	v.First, v.Due = v.Since, v.Since
	return v
}

// oneSided says in words how the records differ: "total is 0.01 USD too low on 212
// of 240 orders, always one way: a rounding policy, not orders".
func oneSided(facet string, f commerce.Facets) string {
	number := func(name string) commerce.Decimal {
		d, _ := f[name].Decimal()
		return d
	}
	sum, most, with := number("sum"), number("most"), number("with")
	each := most.String()
	if all, err := most.Mul(with); err != nil || all != sum.Abs() {
		each = "up to " + each
	}
	if currency := words(f, "currency"); currency != "" {
		each += " " + currency
	}
	side := "high"
	if sum.Sign() < 0 {
		side = "low"
	}
	way := "always one way"
	if against := number("against"); against.Sign() > 0 {
		way = against.String() + " the other way"
	}
	kind := commerce.Kind(words(f, "kind"))
	of, cause := string(kind)+"s", fmt.Sprintf("a policy, not %ss", kind)
	switch {
	case !happens(kind):
		of, cause = "changes", "a leak that many records share, or a policy"
	case words(f, "currency") != "" && most.Cmp(commerce.MustDecimal("0.05")) <= 0:
		cause = "a rounding policy, not " + of
	}
	return fmt.Sprintf("%s is %s too %s on %s of %s %s, %s: %s", strings.ReplaceAll(strings.TrimSuffix(facet, "_current"), "_", " "),
		each, side, with, number("of"), of, way, cause)
}
