package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// RuleDigests digests, by the rules' names, everything that a verdict under
// each rule depends on beside the record: the rule's own fields and formulas,
// the tables that they name, the settings of its two systems, and whether the
// rule applies at the time. Rules with the same digest judge alike. Who is told,
// and how loudly, is no part of it.
func (r *Registry) RuleDigests(rules []Rule, at time.Time) map[string]string {
	digests := make(map[string]string, len(rules))
	for _, rule := range rules {
		digests[rule.Name()] = r.digest(rule, at)
	}
	return digests
}

func (r *Registry) digest(rule Rule, at time.Time) string {
	h := sha256.New()
	part(h, "rule", rule.Name(), string(rule.Kind), rule.From, rule.To, string(rule.Check), fmt.Sprint(rule.Valid.Holds(at)))
	part(h, "settle", rule.Settle.For.String(), fmt.Sprint(rule.Settle.By))
	if rule.Settle.Learned() {
		part(h, "learn", rule.Settle.Learn.From.String(), rule.Settle.Learn.To.String())
	}
	if rule.Settle.Zone != nil {
		part(h, "zone", rule.Settle.Zone.String())
	}
	rule.Totals.digest(h)
	rule.Law.digest(h)
	tables := map[string]bool{}
	r.formula(h, "when", rule.When, tables)
	r.formula(h, "impact", rule.Impact, tables)
	for _, e := range rule.Expect {
		r.formula(h, "expect "+e.Facet, e.Value, tables)
		r.formula(h, "within "+e.Facet, e.Within, tables)
	}
	r.digestRoutes(h, rule, tables)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		r.Tables[name].digest(h)
	}
	rule.digestExplained(h)
	if rule.Kind == commerce.Inventory && (slices.Contains(r.Kits.Systems, rule.From) || slices.Contains(r.Kits.Systems, rule.To)) {
		r.Kits.digest(h)
	}
	for _, name := range []string{rule.From, rule.To} {
		r.Systems[name].digest(h, rule.Kind)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// formula digests a formula and notes the tables that it names.
func (r *Registry) formula(h hash.Hash, where string, f *formula.Formula, tables map[string]bool) {
	if f == nil {
		return
	}
	part(h, where, f.String())
	for _, name := range f.Names() {
		if _, ok := r.Tables[name]; ok {
			tables[name] = true
		}
	}
}

func (t Table) digest(h hash.Hash) {
	part(h, "table", t.Name, fmt.Sprint(t.Key))
	if t.Default != nil {
		part(h, "default", t.Default.String())
	}
	for _, key := range slices.Sorted(maps.Keys(t.Rows)) {
		part(h, key, t.Rows[key].String())
	}
}

// digest covers what of a system decides what its views are and mean.
func (s System) digest(h hash.Hash, kind commerce.Kind) {
	part(h, "system", s.Name, s.Platform, s.Currency)
	if s.Timezone != nil {
		part(h, "zone", s.Timezone.String())
	}
	if s.OrderNumber.Match != nil {
		part(h, "match", s.OrderNumber.Match.String())
	}
	part(h, "store", s.OrderNumber.Store)
	for _, texts := range []map[string]string{s.Settings, s.Locations, s.OrderNumber.Stores} {
		part(h, "map", fmt.Sprint(len(texts)))
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			part(h, key, texts[key])
		}
	}
	if since, ok := s.CoveredSince[kind]; ok {
		part(h, "covered", since.UTC().Format(time.RFC3339Nano))
	}
}
