package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Explanation says what the difference of one facet is made of.
type Explanation struct {
	// Text says it in words: "exactly the tip, 4.20 USD" of what is policy, and
	// in a whole clause of what is not.
	Text string
	// By names what explains it without the amounts, so that differences with one
	// explanation are known as such: "tips". It is blank where several explain it
	// equally well.
	By string
	// Policy reports that the rule declares it, so that the facet agrees.
	Policy bool
	// Rest is what the explanation leaves of the delta.
	Rest commerce.Decimal
}

// Residual is the signed difference that nothing explains: the delta, or what an
// explanation leaves of it. It is nil where there is no number.
func (f FacetVerdict) Residual() *commerce.Decimal {
	if f.Explanation == nil {
		return f.Delta
	}
	return &f.Explanation.Rest
}

// Depth of the search for the amounts that a difference is made of. What is
// policy is looked for among few names, and by somebody who knows it is there;
// of other amounts three at a time would explain anything.
const (
	policyDepth   = 3
	evidenceDepth = 2
)

// comparison is one facet of two sides that is not as expected.
type comparison struct {
	*pair
	expect   registry.Expectation
	from, to record.Side
	terms    terms
	delta    commerce.Decimal
}

// byPolicy makes a difference agree that is made of what the rule declares. Of
// amounts on which views of one system contradict each other nothing can be
// told.
func (c comparison) byPolicy(f FacetVerdict) FacetVerdict {
	names := c.amounts(c.rule.ExplainedBy)
	for _, s := range []record.Side{c.from, c.to} {
		for _, name := range names {
			if slices.Contains(s.Mixed, name) {
				f.Outcome, f.Why = CannotTell, fmt.Sprintf("%s reports more than one %s", s.System, name)
				return f
			}
		}
	}
	if found := find(c.delta, c.terms.within, c.groups(names, c.declared), 1, policyDepth); !found.none() {
		f.Outcome = Agree
		f.Explanation = &Explanation{Text: c.terms.words(found), By: found.by(), Policy: true, Rest: found.rest}
	}
	return f
}

// amounts are those of the names that may explain the facet, in alphabetical
// order: others in its currency.
func (c comparison) amounts(names []string) []string {
	currency := c.row.Kind.CurrencyOf(c.expect.Facet)
	if currency == "" {
		return nil
	}
	var amounts []string
	for _, name := range names {
		if name != c.expect.Facet && c.row.Kind.CurrencyOf(name) == currency {
			amounts = append(amounts, name)
		}
	}
	slices.Sort(amounts)
	return slices.Compact(amounts)
}

// evidence explains the facets of a difference that are not policy, as far as
// what is known allows. It changes no outcome.
func (p *pair) evidence(v Verdict) Verdict {
	lines := p.lines()
	for i, f := range v.Facets {
		if i >= len(p.rule.Expect) || f.Delta == nil || f.Outcome != Differ && f.Outcome != Pending {
			continue
		}
		e := p.rule.Expect[i]
		t, why := p.terms(e, p.from, p.to)
		if why != "" || t.set(p, e, p.from, p.to) != "" {
			continue
		}
		c := comparison{pair: p, expect: e, from: p.from, to: p.to, terms: t, delta: *f.Delta}
		v.Facets[i].Explanation = c.explain(f, lines)
	}
	if v.Outcome == Differ && v.Why == "" {
		v.Why = telling(p.row.Kind, v.Facets)
	}
	return v
}

// explain tries what explains most exactly first.
func (c comparison) explain(f FacetVerdict, lines *Explanation) *Explanation {
	names := c.amounts(append(c.row.Kind.ComponentsOf(c.expect.Facet), c.rule.ExplainedBy...))
	groups := c.groups(names, c.anyWay)
	if x := c.component(groups, 1); x != nil {
		return x
	}
	if lines != nil && (c.row.Kind.CurrencyOf(c.expect.Facet) != "" || strings.HasPrefix(c.expect.Facet, "units")) {
		x := *lines
		return &x
	}
	if c.row.Kind.CurrencyOf(c.expect.Facet) == "" {
		return nil
	}
	for _, x := range []*Explanation{c.unconverted(), c.taxed(f), c.ratio(f), c.factor(f), c.rounding()} {
		if x != nil {
			return x
		}
	}
	return c.component(groups, evidenceDepth)
}

// component explains by amounts of the record, as many as there must be. What is
// small against the tolerance must match exactly, or anything would explain it.
func (c comparison) component(groups [][]piece, most int) *Explanation {
	tolerance := c.terms.within
	if ten, err := tolerance.Mul(commerce.Int(10)); err != nil || ten.Cmp(c.delta.Abs()) > 0 {
		tolerance = commerce.Decimal{}
	}
	found := find(c.delta, tolerance, groups, most, most)
	if found.none() || len(found.subsets) > 3 {
		return nil
	}
	text := "the gap is " + c.terms.words(found)
	if only := found.subsets[0]; len(found.subsets) == 1 && len(only) == 1 && !only[0].between && isTax(only[0].name) {
		with, without := c.rule.From, c.rule.To
		if c.delta.Sign() > 0 {
			with, without = without, with
		}
		text = fmt.Sprintf("%s is with tax, %s without: %s", with, without, c.terms.words(found))
	}
	return &Explanation{Text: text, By: found.by(), Rest: found.rest}
}

func isTax(name string) bool { return name == "tax" || name == "tax_current" }

// telling is the explanation that a finding is told with: that of an amount which
// is made of others before that of one of those, else the first.
func telling(kind commerce.Kind, facets []FacetVerdict) string {
	text := ""
	for _, f := range facets {
		if f.Explanation == nil || f.Explanation.Policy {
			continue
		}
		if text == "" {
			text = f.Explanation.Text
		}
		if len(kind.ComponentsOf(f.Facet)) > 1 {
			return f.Explanation.Text
		}
	}
	return text
}
