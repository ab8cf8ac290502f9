package judge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// route judges from where a shipment leaves: the location that To ships from
// against those that the rule's routes allow.
func (p *pair) route() Verdict {
	if !p.to.Live {
		return p.verdict(NotJudged, p.rule.To+" does not have the shipment")
	}
	applies, err := p.applies(p.from, p.to)
	switch {
	case err != nil:
		return p.verdict(CannotTell, p.reason(err))
	case !applies:
		return p.verdict(NotJudged, "the rule's condition is not met")
	case p.to.Duplicate:
		return p.duplicate(p.to)
	}
	ways, why := p.ways()
	if why != "" {
		return p.verdict(CannotTell, why)
	}
	if len(ways) == 0 {
		return p.verdict(NotJudged, "no route is for the shipment")
	}
	location, ok := p.to.Facets["location"]
	if !ok || location.IsNull() {
		return p.verdict(CannotTell, "location of "+p.rule.To+" is missing")
	}
	for _, w := range ways {
		if !slices.Contains(w.route.ShipFrom, location.String()) {
			return p.misrouted(w, location)
		}
	}
	return p.verdict(Agree, "")
}

// way is the route of a shipment, or of one SKU in it.
type way struct {
	// sku is blank where the route is that of the whole shipment.
	sku   string
	route *registry.Route
}

// ways are the routes of what is in the shipment, each the first that is for it.
// Where the rule names no SKUs, that is the whole shipment. The text says why
// they cannot be told.
func (p *pair) ways() (ways []way, why string) {
	skus := []string{""}
	if p.rule.RoutesSKUs() {
		if shipped := p.shipped(); len(shipped) > 0 {
			skus = shipped
		}
	}
	for _, sku := range skus {
		route, why := p.wayOf(sku)
		if why != "" {
			return nil, why
		}
		if route == nil {
			continue
		}
		if len(route.SKUs) == 0 {
			ways = append(ways, way{"", route})
		} else {
			ways = append(ways, way{sku, route})
		}
	}
	return ways, ""
}

// shipped are the SKUs in the shipment, in alphabetical order, as the side that
// ships tells them, or else the other one.
func (p *pair) shipped() []string {
	for _, system := range []string{p.rule.To, p.rule.From} {
		if units := p.units(system); len(units) > 0 {
			return slices.Sorted(maps.Keys(units))
		}
	}
	return nil
}

// wayOf is the first route that is for a SKU, nil where none is. What one of them
// would have to know, and nobody tells, is why nothing can be told.
func (p *pair) wayOf(sku string) (route *registry.Route, why string) {
	for i, route := range p.rule.Routes {
		if route.When != nil {
			v, err := route.When.Eval(p.scope(p.from, p.to, commerce.Decimal{}))
			if err != nil {
				return nil, p.reason(err)
			}
			if !v.IsTrue() {
				continue
			}
		}
		switch {
		case sku == "" && len(route.SKUs) > 0:
			return nil, "nobody says which SKUs are in the shipment"
		case route.Takes(sku):
			return &p.rule.Routes[i], ""
		}
	}
	return nil, ""
}

func (p *pair) misrouted(w way, location commerce.Value) Verdict {
	allowed := strings.Join(w.route.ShipFrom, " or ")
	what, of := "it", "its route"
	if w.sku != "" {
		what, of = w.sku, "the route of "+w.sku
	}
	v := p.overdue(finding.Misrouted, p.shown(p.rule.To, "location"), fmt.Sprintf("%s ships %s from %s, %s is %s", p.rule.To, what, location, of, allowed))
	if w.sku != "" {
		allowed += " for " + w.sku
	}
	v.Facets = []FacetVerdict{{Facet: "location", Outcome: v.Outcome, Expected: allowed, Actual: location.String()}}
	return v
}
