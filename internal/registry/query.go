package registry

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/platform"
)

// System returns the system of that name.
func (r *Registry) System(name string) (System, bool) {
	s, ok := r.Systems[name]
	return s, ok
}

// Integration returns the integration of that name.
func (r *Registry) Integration(name string) (Integration, bool) {
	for _, i := range r.Integrations {
		if i.Name == name {
			return i, true
		}
	}
	return Integration{}, false
}

// RulesFor lists the rules that judge each record of a kind and are not off, in
// the order of the file. Those that judge what records add up to are TotalRules.
func (r *Registry) RulesFor(kind commerce.Kind) []Rule {
	var rules []Rule
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Kind == kind && rule.Mode != Off && rule.Totals == nil {
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

// Reads reports whether some rule of the kind reads or compares the facet of
// the system. Rules that are off count, so that their facets are there on the
// day that they are switched on.
func (r *Registry) Reads(kind commerce.Kind, system, facet string) bool {
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Kind == kind && rule.reads(system, facet) || rule.readsLaw(kind, system, facet) {
				return true
			}
		}
	}
	return false
}

func (r Rule) reads(system, facet string) bool {
	from, to := r.From == system, r.To == system
	if (from || to) && slices.Contains(r.ExplainedBy, facet) {
		return true
	}
	names := func(f *formula.Formula) bool {
		if f == nil {
			return false
		}
		used := f.Names()
		return from && slices.Contains(used, "from."+facet) || to && slices.Contains(used, "to."+facet)
	}
	return names(r.When) || names(r.Impact) || r.readsState(system, facet) || r.readsRoute(system, facet) || r.readsTotal(system, facet) || r.readsSegment(system, facet) || r.readsTax(system, facet) || slices.ContainsFunc(r.Expect, func(e Expectation) bool {
		return to && e.Facet == facet || names(e.Value) || names(e.Within)
	})
}

// PlatformConfig is what a system's platform is told of it. It is the zero
// Config for a system that is not in the registry.
func (r *Registry) PlatformConfig(system string, hashKey []byte) platform.Config {
	s, ok := r.Systems[system]
	if !ok {
		return platform.Config{}
	}
	return s.config(hashKey)
}

func (s System) config(hashKey []byte) platform.Config {
	return platform.Config{
		System: s.Name, Settings: s.Settings, Timezone: s.Timezone, Currency: s.Currency,
		Locations: s.Locations, OrderNumber: s.OrderNumber, HashKey: hashKey,
	}
}

// QuietAt reports whether no finding of the integration may open at the time,
// and the registry's reason. Windows are wall time: an hour that the clock
// repeats is quiet twice, one that it skips not at all.
func (r *Registry) QuietAt(integration string, at time.Time) (why string, quiet bool) {
	for _, q := range r.Quiet {
		if q.holds(at) && (len(q.Integrations) == 0 || slices.Contains(q.Integrations, integration)) {
			return q.Why, true
		}
	}
	return "", false
}

func (q Quiet) holds(at time.Time) bool {
	zone := q.Zone
	if zone == nil {
		zone = time.UTC
	}
	local := at.In(zone)
	minute := local.Hour()*60 + local.Minute()
	return (q.EveryDay || q.Day == local.Weekday()) && q.From <= minute && minute < q.Until
}

// Lookup is the table's number for a record: its row, else the default. It
// reports false when there is neither, or when the kind's key lacks a part of
// the table's.
func (t Table) Lookup(kind commerce.Kind, key commerce.Key) (commerce.Decimal, bool) {
	parts, ok := t.partsOf(kind, key)
	if !ok {
		return commerce.Decimal{}, false
	}
	if d, ok := t.Rows[rowKey(parts)]; ok {
		return d, true
	}
	if t.Default == nil {
		return commerce.Decimal{}, false
	}
	return *t.Default, true
}

func (t Table) partsOf(kind commerce.Kind, key commerce.Key) ([]string, bool) {
	names := kind.KeyParts()
	if len(names) != len(key) {
		return nil, false
	}
	parts := make([]string, 0, len(t.Key))
	for _, name := range t.Key {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, false
		}
		parts = append(parts, key[i])
	}
	return parts, true
}

// fits reports whether the kind's key has every part of the table's.
func (t Table) fits(kind commerce.Kind) bool {
	return !slices.ContainsFunc(t.Key, func(part string) bool { return !slices.Contains(kind.KeyParts(), part) })
}

// rowKey joins key parts, each behind its length, so that any text is safe.
func rowKey(parts []string) string { return string(commerce.Key(parts).ID("")) }
