package judge

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
)

// counted are the facets that say in what an item is counted.
var counted = []string{"pack", "unit"}

// unitChanged reports a difference of items that comes of one side counting in
// another unit or pack than before: stock and prices of the item mean something
// else there from then on. Sides that never counted alike are no change.
func (p *pair) unitChanged(v Verdict) Verdict {
	if p.row.Kind != commerce.Product || v.Class == finding.Overwritten {
		return v
	}
	differ := slices.DeleteFunc(slices.Clone(v.Facets), func(f FacetVerdict) bool { return f.Outcome != Differ })
	if slices.ContainsFunc(differ, func(f FacetVerdict) bool { return !slices.Contains(counted, f.Facet) }) {
		return v
	}
	for _, f := range differ {
		if system, was, now := p.lastChange(f.Facet); system != "" {
			v.Class, v.Why = finding.UnitChanged, fmt.Sprintf("%s changed the %s from %s to %s", system, f.Facet, was, now)
			return v
		}
	}
	return v
}

// lastChange is who changed a facet last, and from what to what, as far as the
// row remembers.
func (p *pair) lastChange(facet string) (system, was, now string) {
	var last time.Time
	for _, s := range []record.Side{p.from, p.to} {
		for _, v := range p.row.Views {
			value := text(v.Facets, facet)
			if v.System != s.System || v.Gone || value == "" {
				continue
			}
			if earlier, left := before(v, facet, value); earlier != "" && left.After(last) {
				system, was, now, last = s.System, earlier, value, left
			}
		}
	}
	return system, was, now
}
