package registry

import (
	"hash"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/platform"
)

// Route says from where shipments may leave. The first route of a rule whose When
// is true and that takes the SKU counts.
type Route struct {
	// When is for which shipments the route is; nil is for all.
	When *formula.Formula
	// SKUs are patterns of what the route is for, as those of Ignored; none is for
	// all that a shipment holds.
	SKUs []string
	// ShipFrom are the registry's locations that may ship them.
	ShipFrom []string
}

// routedFacet is what a route is held against.
const routedFacet = "location"

// yamlRoute is a route as the file writes it.
type yamlRoute struct {
	origin
	When     formulaOf      `json:"when,omitempty" jsonschema:"For which shipments the route is, such as to.country == \"DE\"; for all when not given."`
	SKUs     []pattern      `json:"sku,omitempty" jsonschema:"For which SKUs the route is, by patterns such as SOFA-*; for all when not given."`
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
		route.SKUs = b.routedSKUs(y)
		if !y.When.given() && len(y.SKUs) == 0 && i < len(b.yaml.Routes)-1 {
			b.add(y.at(), "a route without when and sku is for all shipments, want it last")
		}
		routes = append(routes, route)
	}
	return routes
}

// routedSKUs reads the patterns of a route in the order of the file.
func (b ruleBuilder) routedSKUs(y yamlRoute) []string {
	var skus []string
	for _, at := range y.SKUs {
		_, err := path.Match(at.text(), "")
		switch {
		case !at.given():
			continue
		case err != nil:
			b.add(at.at(), "sku: not a pattern, want text with * for any text, ? for any character, [ab] for one of them, and \\ before one that is meant")
		case slices.Contains(skus, at.text()):
			b.add(at.at(), "sku: %s stands twice", at.text())
		}
		skus = append(skus, at.text())
	}
	return skus
}

// Takes reports whether the route is for a SKU. One without patterns takes any,
// also one that is not known.
func (r Route) Takes(sku string) bool {
	return len(r.SKUs) == 0 || slices.ContainsFunc(r.SKUs, func(pattern string) bool {
		matches, err := path.Match(pattern, sku)
		return matches && err == nil
	})
}

// RoutesSKUs reports whether from where a shipment may leave depends on what is
// in it.
func (r Rule) RoutesSKUs() bool {
	return slices.ContainsFunc(r.Routes, func(route Route) bool { return len(route.SKUs) > 0 })
}

// ReadsLines reports whether the lines of a system's records are of use: those of
// orders always, those of shipments where a route asks for SKUs. Rules that are
// off count, as in Reads.
func (r *Registry) ReadsLines(kind commerce.Kind, system string) bool {
	if kind != commerce.Shipment {
		return true
	}
	return slices.ContainsFunc(r.Integrations, func(i Integration) bool {
		return slices.ContainsFunc(i.Rules, func(rule Rule) bool {
			return rule.RoutesSKUs() && (rule.From == system || rule.To == system)
		})
	})
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
		part(h, "route", strings.Join(route.ShipFrom, "\x00"), strings.Join(route.SKUs, "\x00"))
		r.formula(h, "route when", route.When, tables)
	}
}
