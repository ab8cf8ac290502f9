package export

import (
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// quantities are the facets that say how much there is, the one that means most to
// a shop first.
var quantities = []string{"available", "free", "on_hand"}

// relate pairs different quantities of stock where the files have none in common:
// that everything agrees which both files do not compare helps nobody. What it
// pairs need not be the same, and it says so.
func (p *Pairing) relate() {
	if p.Left.Kind != commerce.Inventory || slices.ContainsFunc(shared(p.Left, p.Right), isQuantity) {
		return
	}
	left, okLeft := p.Left.quantity()
	right, okRight := p.Right.quantity()
	if !okLeft || !okRight {
		return
	}
	p.Right = p.Right.renamed(right.Facet, left.Facet)
	p.Ambiguous = append(p.Ambiguous, fmt.Sprintf("the files have no quantity in common: %s (%s) is compared with %s (%s), which need not be the same",
		left.called(), left.Facet, right.called(), right.Facet))
}

func isQuantity(facet string) bool { return slices.Contains(quantities, facet) }

// quantity is the mapping's best quantity.
func (m Mapping) quantity() (FacetColumn, bool) {
	for _, name := range quantities {
		if f, ok := m.facet(name); ok {
			return f, true
		}
	}
	return FacetColumn{}, false
}

// called is the column's name, or what stands for it.
func (f FacetColumn) called() string {
	if f.Column == "" {
		return "each location's column"
	}
	return f.Column
}

// renamed is the mapping with another name for one of its facets.
func (m Mapping) renamed(from, to string) Mapping {
	rename := func(all []FacetColumn) []FacetColumn {
		all = slices.Clone(all)
		for i := range all {
			if all[i].Facet == from {
				all[i].Facet = to
			}
		}
		return all
	}
	m.Facets = rename(m.Facets)
	if m.Spread != nil {
		spread := *m.Spread
		spread.Facets = rename(spread.Facets)
		m.Spread = &spread
	}
	return m
}
