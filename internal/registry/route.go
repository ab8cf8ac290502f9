package registry

import (
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/platform"
)

// Route says from where shipments may leave. The first route of a rule whose When
// is true counts.
type Route struct {
	// When is for which shipments the route is; nil is for all.
	When *formula.Formula
	// ShipFrom are the registry's locations that may ship them.
	ShipFrom []string
}

// routedFacet is what a route is held against.
const routedFacet = "location"

// yamlRoute is a route as the file writes it.
type yamlRoute struct {
	origin
	When     formulaOf      `json:"when,omitempty" jsonschema:"For which shipments the route is, such as to.country == \"DE\"; for all when not given."`
	ShipFrom []locationName `json:"ship_from" jsonschema:"The locations that may ship them, as systems map them."`
}

// locationName is the name of a location.
type locationName struct{ origin }

func (locationName) syntax() syntax {
	return syntax{want: "the name of a location", pattern: notBlank, literal: true}
}

// routes reads the rule's routes.
func (b ruleBuilder) routes(r Rule) []Route {
	if r.Check == RouteCheck && len(b.yaml.Routes) == 0 && !b.yaml.node.has("routes") {
		b.add(b.yaml.at(), "lacks routes: from where which shipments may leave")
	}
	known := b.locations()
	var routes []Route
	for i, y := range b.yaml.Routes {
		if r.Check != RouteCheck {
			b.add(y.at(), "routes are for check: route, want that check or no routes")
			return nil
		}
		route := Route{When: b.formula(y.When.origin, r.Kind, whenPlace, commerce.BoolType)}
		for _, at := range y.ShipFrom {
			if at.given() && !slices.Contains(known, at.text()) {
				b.add(at.at(), "ship_from: no system maps a location to %q, %s", at.text(), didYouMean(at.text(), known))
			}
			route.ShipFrom = append(route.ShipFrom, at.text())
		}
		if !y.When.given() && i < len(b.yaml.Routes)-1 {
			b.add(y.at(), "a route without when is for all shipments, want it last")
		}
		routes = append(routes, route)
	}
	return routes
}

// locations are the names that the systems' maps give, in alphabetical order.
func (b ruleBuilder) locations() []string {
	all := map[string]bool{}
	for _, s := range b.systems {
		for _, name := range s.Locations {
			all[name] = name != platform.Ignore
		}
	}
	maps.DeleteFunc(all, func(_ string, known bool) bool { return !known })
	return slices.Sorted(maps.Keys(all))
}

// readsRoute reports whether the rule's routes read the facet of the system.
func (r Rule) readsRoute(system, facet string) bool {
	if len(r.Routes) == 0 {
		return false
	}
	if r.To == system && facet == routedFacet {
		return true
	}
	return slices.ContainsFunc(r.Routes, func(route Route) bool {
		if route.When == nil {
			return false
		}
		used := route.When.Names()
		return r.From == system && slices.Contains(used, "from."+facet) || r.To == system && slices.Contains(used, "to."+facet)
	})
}

// digestRoutes covers what the routes say.
func (r *Registry) digestRoutes(h hash.Hash, rule Rule, tables map[string]bool) {
	for _, route := range rule.Routes {
		part(h, "route", strings.Join(route.ShipFrom, "\x00"))
		r.formula(h, "route when", route.When, tables)
	}
}
