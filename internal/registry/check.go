package registry

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// judgedKinds are the kinds that a check is for, of the checks that are not for
// all. Such checks compare no values of one side with the other's.
var judgedKinds = map[Check][]commerce.Kind{
	Identity: {commerce.Product, commerce.Order, commerce.Customer},
	State:    {commerce.Order, commerce.Shipment, commerce.Return},

	RouteCheck: {commerce.Shipment},
}

// stateFacets are what the check of states reads of each side.
var stateFacets = map[commerce.Kind][]string{
	commerce.Order:    {"cancelled", "fulfilment", "payment", "units_shipped"},
	commerce.Shipment: {"status"},
	commerce.Return:   {"received", "refunded"},
}

// checkFits reports a check that is not for the rule's kind, or that cannot use
// what the rule expects.
func (b ruleBuilder) checkFits(r Rule) {
	kinds, special := judgedKinds[r.Check]
	if !special {
		return
	}
	if !slices.Contains(kinds, r.Kind) {
		b.add(b.yaml.Check.at(), "check: %s judges no %s, want a kind of %s", r.Check, r.Kind, kindList(kinds))
	}
	if b.yaml.node.has("expect") {
		b.add(b.yaml.at(), "check: %s compares no values of two sides, want no expect", r.Check)
	}
}

// Presence reports whether the check demands that To has what From has.
func (c Check) Presence() bool { return c == Present || c == One }

func kindList(kinds []commerce.Kind) string {
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// readsState reports whether the rule judges states by the facet of the system.
func (r Rule) readsState(system, facet string) bool {
	involved := r.From == system || r.To == system
	return r.Check == State && involved && slices.Contains(stateFacets[r.Kind], facet)
}
