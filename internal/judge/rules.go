package judge

import (
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// MappingRule begins the id of the rule under which a system's unknown native
// ids and unreadable deliveries become findings: "mapping-erp". Each system has
// its own, because one integration may hold those of both its systems.
const MappingRule = "mapping"

// AnchorSuffix ends the id of the rule that a rule about the identity of customers
// brings along: "one-customer-anchors". It judges telephone numbers and ids that
// one system gives and another one names.
const AnchorSuffix = "-anchors"

// Rules lists the rules that apply to each kind of row: those of the registry
// that are not switched off, a mapping rule and one about silence per system,
// which belong to the first integration that names the system, and those by
// which Plumbline watches itself.
func Rules(r *registry.Registry) map[commerce.Kind][]registry.Rule {
	rules := map[commerce.Kind][]registry.Rule{}
	for _, k := range commerce.Kinds() {
		if of := r.RulesFor(k); len(of) > 0 {
			rules[k] = of
			if trends := trendRules(of); len(trends) > 0 {
				rules[commerce.Trend] = append(rules[commerce.Trend], trends...)
			}
		}
	}
	for _, rule := range rules[commerce.Customer] {
		if rule.Check == registry.Identity {
			rules[commerce.Anchor] = append(rules[commerce.Anchor], anchorRule(rule))
		}
	}
	for _, rule := range r.TotalRules() {
		rules[commerce.Total] = append(rules[commerce.Total], totalRule(rule))
	}
	for _, system := range slices.Sorted(maps.Keys(r.Systems)) {
		for _, i := range r.Integrations {
			if i.From == system || i.To == system {
				rules[commerce.Mapping] = append(rules[commerce.Mapping], mappingRule(i, system), silenceRule(r, i, system))
				break
			}
		}
	}
	if len(r.Integrations) > 0 {
		rules[commerce.Mapping] = append(rules[commerce.Mapping], ownRule(r.Integrations[0]))
		rules[commerce.Canary] = []registry.Rule{canaryRule()}
	}
	return rules
}

// anchorRule judges what customers' accounts are known by beside their addresses,
// as the rule about customers says.
func anchorRule(of registry.Rule) registry.Rule {
	of.ID += AnchorSuffix
	of.Kind, of.When, of.Impact = commerce.Anchor, nil, nil
	return of
}

func mappingRule(i registry.Integration, system string) registry.Rule {
	return registry.Rule{
		Integration: i.Name, ID: MappingRule + "-" + system, Kind: commerce.Mapping, From: system, To: system,
		Check: registry.Equal, Mode: registry.Alert, Severity: "major", Settle: registry.Settle{By: -1},
	}
}
