package source

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
)

// ErrWish means that the user named what is in neither file.
var ErrWish = errors.New("neither file has it")

// byName adds to the columns that the user gives another name those of the other
// file that have this name already: one word is then enough to pair two columns.
func (w Wishes) byName(looks ...Look) Wishes {
	facets := maps.Clone(w.Facets)
	for _, name := range w.Facets {
		for _, l := range looks {
			given := func(other string) bool { return w.Facets[other] == name && column(l.Header, other) >= 0 }
			at := column(l.Header, name)
			if at < 0 || slices.ContainsFunc(slices.Collect(maps.Keys(w.Facets)), given) {
				continue
			}
			if _, renamed := facets[l.Header[at]]; !renamed {
				facets[l.Header[at]] = name
			}
		}
	}
	w.Facets = facets
	return w
}

// unmet is an error that names the first wish that means nothing in these files,
// which is mostly a slip of the pen and would pass for an agreement.
func (p *Pair) unmet(w Wishes) error {
	for _, name := range slices.Sorted(maps.Keys(w.Facets)) {
		if column(p.Readings[0].Header, name) < 0 && column(p.Readings[1].Header, name) < 0 {
			return fmt.Errorf("--map: %w: a column %q", ErrWish, name)
		}
	}
	for _, name := range w.Ignore {
		facet := func(r Reading) bool {
			return slices.ContainsFunc(facetsOf(r.Mapping), func(f export.FacetColumn) bool { return sameName(f.Facet, name) })
		}
		if column(p.Readings[0].Header, name) < 0 && column(p.Readings[1].Header, name) < 0 && !facet(p.Readings[0]) && !facet(p.Readings[1]) {
			return fmt.Errorf("--ignore: %w: a column %q", ErrWish, name)
		}
	}
	return nil
}

// unread are notes about tolerances of what is not compared.
func (p *Pair) unread(w Wishes) []string {
	var notes []string
	for _, name := range slices.Sorted(maps.Keys(w.Within)) {
		if !slices.ContainsFunc(p.Plan.Facets, func(f compare.Facet) bool { return f.Name == name }) {
			notes = append(notes, fmt.Sprintf("--within %s has no effect: nothing of that name is compared", name))
		}
	}
	return notes
}
