package judge

import (
	"fmt"
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
	way, why := p.wayOf()
	if why != "" {
		return p.verdict(CannotTell, why)
	}
	if way == nil {
		return p.verdict(NotJudged, "no route is for the shipment")
	}
	location, ok := p.to.Facets["location"]
	if !ok || location.IsNull() {
		return p.verdict(CannotTell, "location of "+p.rule.To+" is missing")
	}
	if slices.Contains(way.ShipFrom, location.String()) {
		return p.verdict(Agree, "")
	}
	return p.misrouted(way, location)
}

// wayOf is the first route that is for the shipment, nil where none is. What one
// of them would have to know, and nobody tells, is why nothing can be told.
func (p *pair) wayOf() (way *registry.Route, why string) {
	for i, route := range p.rule.Routes {
		if route.When == nil {
			return &p.rule.Routes[i], ""
		}
		v, err := route.When.Eval(p.scope(p.from, p.to, commerce.Decimal{}))
		if err != nil {
			return nil, p.reason(err)
		}
		if v.IsTrue() {
			return &p.rule.Routes[i], ""
		}
	}
	return nil, ""
}

func (p *pair) misrouted(way *registry.Route, location commerce.Value) Verdict {
	allowed := strings.Join(way.ShipFrom, " or ")
	v := p.overdue(finding.Misrouted, p.shown(p.rule.To, "location"), fmt.Sprintf("%s ships it from %s, its route is %s", p.rule.To, location, allowed))
	v.Facets = []FacetVerdict{{Facet: "location", Outcome: v.Outcome, Expected: allowed, Actual: location.String()}}
	return v
}
