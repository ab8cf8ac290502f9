package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
)

var (
	everywhereKey = export.KeyColumn{Part: "location", Constant: export.Everywhere, As: export.LocationKey}
	baseKey       = export.KeyColumn{Part: "list", Constant: "base"}
)

// withKind says what the records are of files that are not known: their key
// columns become the parts of the kind's key, and what is no facet of it is left
// out.
func (p *Pair) withKind(kind commerce.Kind) error {
	for side := range p.Readings {
		if err := p.Readings[side].withKind(kind); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reading) withKind(kind commerce.Kind) error {
	m := &r.Mapping
	if m.Kind == kind {
		return nil
	}
	parts := kind.KeyParts()
	if parts[0] == "store" {
		parts = parts[1:] // two files are of one store
	}
	if len(m.Key) > len(parts) {
		return fmt.Errorf("%s: the key of %s is %s, and not %d columns", r.Path, kind, kind.KeyTemplate(), len(m.Key))
	}
	m.Kind, m.Part, m.Key = kind, string(kind), slices.Clone(m.Key)
	for i := range m.Key {
		m.Key[i].Part = parts[i]
	}
	for _, part := range parts[len(m.Key):] {
		switch part {
		case "location":
			m.Key = append(m.Key, everywhereKey)
		case "list":
			m.Key = append(m.Key, baseKey)
		default:
			return fmt.Errorf("%s: the key of %s is %s, say --key for each part", r.Path, kind, kind.KeyTemplate())
		}
	}
	m.Facets = slices.DeleteFunc(slices.Clone(m.Facets), func(f export.FacetColumn) bool {
		known, ok := kind.FacetOf(f.Facet)
		return !ok || known.Type != typeOf(f)
	})
	if len(m.Facets) == 0 {
		return fmt.Errorf("%s: no column is a facet of %s: say --map COLUMN=FACET, with one of %s", r.Path, kind, strings.Join(kind.FacetNames(), ", "))
	}
	return nil
}

// Judged compares every facet that one of the files tells, because rules may read
// it.
func (p *Pair) Judged(w Wishes) {
	p.Plan.Facets = nil
	seen := map[string]bool{}
	for _, r := range p.Readings {
		for _, f := range facetsOf(r.Mapping) {
			if !seen[f.Facet] {
				seen[f.Facet] = true
				p.Plan.Facets = append(p.Plan.Facets, p.facet(f, export.FacetColumn{}, w))
			}
		}
		if _, can := p.Plan.Kind.FacetOf(compare.CurrencyFacet); can && !seen[compare.CurrencyFacet] {
			seen[compare.CurrencyFacet] = true
			p.Plan.Facets = append(p.Plan.Facets, p.facet(export.FacetColumn{Facet: compare.CurrencyFacet}, export.FacetColumn{}, w))
		}
	}
}
