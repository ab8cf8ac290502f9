package platformtest

import "github.com/plumbline/plumbline/internal/commerce"

// Facet is a facet of an observation in canonical form, "null" when it is null
// and "missing" when it is not there.
func Facet(o commerce.Observation, name string) string {
	switch v, ok := o.Facets[name]; {
	case !ok:
		return "missing"
	case v.IsNull():
		return "null"
	default:
		return v.String()
	}
}
