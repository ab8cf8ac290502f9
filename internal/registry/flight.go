package registry

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// flight warns of rules that allow for orders in flight where nothing says
// which orders those are: an order is in flight while a rule expects it in the
// believed system and it is not there.
func (c *checker) flight(r *Registry) {
	for name, y := range ordered(c.file.Integrations) {
		i, _ := r.Integration(string(name))
		for _, rule := range i.Rules {
			if !rule.UsesInFlight() || r.expectsOrders(rule.To, rule.From) {
				continue
			}
			c.warnings.add(y.named(), "integrations.%s: rule %s: in_flight is always 0, want a rule with kind: order and check: present from %s to %s",
				name, rule.ID, rule.To, rule.From)
		}
	}
}

// UsesInFlight reports whether the rule allows for orders in flight.
func (r Rule) UsesInFlight() bool {
	return slices.ContainsFunc(r.Expect, func(e Expectation) bool { return e.Value.Uses("in_flight") })
}

func (r *Registry) expectsOrders(from, to string) bool {
	return slices.ContainsFunc(r.RulesFor(commerce.Order), func(rule Rule) bool {
		return rule.From == from && rule.To == to && rule.Check.Presence()
	})
}
