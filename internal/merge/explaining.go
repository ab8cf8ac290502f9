package merge

import "github.com/plumbline/plumbline/internal/commerce"

// keepExplaining keeps amounts that no rule compares and that may be what a
// difference is made of. What is nothing explains nothing and takes no room, and
// an observation that no rule reads is not kept for it.
func (s *Service) keepExplaining(o commerce.Observation, kept commerce.Facets) {
	if len(kept) == 0 {
		return
	}
	for name, value := range o.Facets {
		if d, ok := value.Decimal(); ok && d.Sign() != 0 && s.Registry.Explains(o.Kind, o.System, name) {
			kept[name] = value
		}
	}
}
