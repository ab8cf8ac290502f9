package merge

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// relocated gives stock levels that were read under an earlier registry, or that
// waited since, the location that this registry maps them to, and leaves out
// those that it ignores. One that it does not know stays where it was.
func (b *batch) relocated(tasks []task) []task {
	var out []task
	for _, t := range tasks {
		earlier := t.waited != nil || b.envelopes[t.message].Generation != b.Registry.Generation
		if earlier && t.o.Kind == commerce.Inventory {
			location, known, ignored := b.Registry.Systems[t.o.System].Locations.Locate(t.o.Slot)
			if ignored {
				continue
			}
			if known {
				t.o.Key = slices.Clone(t.o.Key)
				t.o.Key[slices.Index(t.o.Kind.KeyParts(), "location")] = location
			}
		}
		out = append(out, t)
	}
	return out
}
