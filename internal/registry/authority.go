package registry

import "strings"

// Authority says which way a difference is mended.
type Authority string

// The authorities.
const (
	// AuthorityFrom: from is right, and to is changed.
	AuthorityFrom Authority = "from"
	// AuthorityTo: to is right, and from is changed.
	AuthorityTo Authority = "to"
	// AuthorityNobody: a person decides.
	AuthorityNobody Authority = "nobody"
)

// Plain lists the facets that should be what a facet of from is, so that what to
// has can be set there as it is.
func (r Rule) Plain() []string {
	var plain []string
	for _, e := range r.Expect {
		facet, of := strings.CutPrefix(e.Value.String(), "from.")
		if _, known := r.Kind.FacetOf(facet); of && known {
			plain = append(plain, e.Facet)
		}
	}
	return plain
}
