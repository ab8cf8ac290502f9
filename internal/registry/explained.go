package registry

import (
	"hash"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// noPolicy says that nothing is policy, of a starter rule that names something.
const noPolicy = "none"

// facetWord is a facet as a value of the file.
type facetWord struct{ origin }

func (facetWord) syntax() syntax { return wordSyntax }

// explained reads the amounts that explain a difference by policy, in
// alphabetical order. Those of a starter rule whose expect the integration
// replaced are left out where they say nothing any more; none is an own word for
// no policy at all.
func (b ruleBuilder) explained(r Rule) []string {
	var names []string
	for _, y := range b.yaml.ExplainedBy {
		if !y.given() {
			continue
		}
		name := y.text()
		switch f, ok := r.Kind.FacetOf(name); {
		case name == noPolicy:
			if len(b.yaml.ExplainedBy) > 1 {
				b.add(y.at(), "explained_by: none stands among others, want it alone")
			}
		case !ok:
			b.add(y.at(), "explained_by: unknown facet %q of %s, %s", name, r.Kind, didYouMean(name, amountsOf(r.Kind)))
		case r.Kind.CurrencyOf(name) == "":
			b.add(y.at(), "explained_by: %s is a %s and no amount, want one of %s", name, pieces(f), strings.Join(amountsOf(r.Kind), ", "))
		case slices.Contains(names, name):
			b.add(y.at(), "explained_by: %s stands twice", name)
		case !explains(r, name):
			if !strings.HasPrefix(y.at().file, packPrefix) {
				b.add(y.at(), "explained_by: %s explains nothing, want another amount in the same currency in expect", name)
			}
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// pieces is what a facet that is no amount is instead.
func pieces(f commerce.Facet) string {
	if f.Type == commerce.NumberType {
		return "count"
	}
	return f.Type.String()
}

// amountsOf lists the facets of a kind that are amounts of money.
func amountsOf(kind commerce.Kind) []string {
	return slices.DeleteFunc(kind.FacetNames(), func(name string) bool { return kind.CurrencyOf(name) == "" })
}

// explains reports whether the amount can be what an expected one differs by.
func explains(r Rule, name string) bool {
	return slices.ContainsFunc(r.Expect, func(e Expectation) bool {
		return e.Facet != name && r.Kind.CurrencyOf(e.Facet) == r.Kind.CurrencyOf(name)
	})
}

// Explains reports whether the facet of the system may be what a difference
// under some rule of the kind is made of. Such a facet is worth keeping where
// it is an amount other than zero. Rules that are off count, as in Reads.
func (r *Registry) Explains(kind commerce.Kind, system, facet string) bool {
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Kind == kind && (rule.From == system || rule.To == system) && rule.explains(facet) {
				return true
			}
		}
	}
	return false
}

func (r Rule) explains(facet string) bool {
	return slices.Contains(r.ExplainedBy, facet) || slices.ContainsFunc(r.Expect, func(e Expectation) bool {
		return slices.Contains(r.Kind.ComponentsOf(e.Facet), facet) || r.Kind.CurrencyOf(e.Facet) != "" && facet == "lines"
	})
}

// digestExplained covers what besides the formulas decides whether a difference
// agrees. Rates count only where a rule compares amounts.
func (r Rule) digestExplained(h hash.Hash) {
	if len(r.ExplainedBy) > 0 {
		part(h, append([]string{"explained"}, r.ExplainedBy...)...)
	}
	for _, i := range r.Ignored {
		part(h, "ignored", i.Part, i.Pattern)
	}
	r.digestTax(h)
	if comparesAmounts(r) {
		r.Rates.digest(h)
	}
}
