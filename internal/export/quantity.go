package export

import (
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// quantities are the facets that say how much there is, the one that means most to
// a shop first.
var quantities = []string{"available", "free", "on_hand"}

// relate pairs what means nearly the same where the files have nothing nearer in
// common: that everything agrees which both files do not compare helps nobody. What
// it pairs need not be the same, and it says so.
func (p *Pairing) relate() {
	p.relateQuantities()
	if p.Left.Kind == commerce.Order {
		p.relateAmounts("total", "total_current")
		p.relateAmounts("tax", "tax_current")
	}
}

// relateAmounts pairs what an order came to when it was placed with what it comes to
// now, which is the same until something is refunded or taken off it.
func (p *Pairing) relateAmounts(placed, now string) {
	if slices.ContainsFunc(shared(p.Left, p.Right), func(f string) bool { return f == placed || f == now }) {
		return
	}
	for left, right := range map[string]string{placed: now, now: placed} {
		a, okLeft := p.Left.facet(left)
		b, okRight := p.Right.facet(right)
		if okLeft && okRight {
			p.Right = p.Right.renamed(right, left)
			p.Ambiguous = append(p.Ambiguous, fmt.Sprintf("%s (%s) is compared with %s (%s), which differ once something is refunded",
				a.called(), left, b.called(), right))
		}
	}
}

// relateQuantities pairs different quantities of stock.
func (p *Pairing) relateQuantities() {
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

// renamed is the mapping with another name for one of its facets, with which it is
// the preset's no more.
func (m Mapping) renamed(from, to string) Mapping {
	m.Preset = ""
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
