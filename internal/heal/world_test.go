package heal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/heal"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func compile(t *testing.T, kind commerce.Kind, source, facet string) *formula.Formula {
	t.Helper()
	of, known := kind.FacetOf(facet)
	if !known {
		t.Fatalf("%s has no %s", kind, facet)
	}
	f, err := formula.Compile(source, func(name string) (commerce.Type, bool) {
		_, facet, _ := strings.Cut(name, ".")
		d, ok := kind.FacetOf(facet)
		return d.Type, ok
	}, of.Type)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// acme has one system of each platform with an import, and one of another. Each
// has a name and a number for east, as its files and its API write it.
func acme() *registry.Registry {
	r := &registry.Registry{Systems: map[string]registry.System{}}
	for name, platform := range map[string]string{
		"shop": "shopify", "erp": "businesscentral", "woo": "woocommerce", "wms": "shiphero", "pim": "standard",
	} {
		r.Systems[name] = registry.System{Name: name, Platform: platform, Locations: map[string]string{"501": "east", "East": "east", "502": "west"}}
	}
	r.Systems["erp"] = registry.System{Name: "erp", Platform: "businesscentral", Locations: map[string]string{"EAST": "east", "EAST2": "east", "WEST": "west"}}
	return r
}

// wish is a difference: a facet of a record that one system should have otherwise.
type wish struct {
	system, facet   string
	kind            commerce.Kind
	key             commerce.Key
	current, judged string
	// side is what else the system says.
	side commerce.Facets
	slot string
}

// world makes cases and the rules that they are under.
type world struct {
	registry *registry.Registry
	cases    []heal.Case
}

// want adds a finding of a rule of its own: pim is right.
func (w *world) want(t *testing.T, x wish) *heal.Case {
	t.Helper()
	id := string(x.kind) + "-" + x.facet
	w.rule(t, "pim-to-"+x.system, x.system, id, x.kind, x.facet)
	facets := commerce.Facets{}
	for name, v := range x.side {
		facets[name] = v
	}
	of, _ := x.kind.FacetOf(x.facet)
	if x.current != "missing" {
		facets[x.facet] = commerce.Null()
	}
	if x.current != "missing" && x.current != "null" {
		v, err := commerce.ParseValue(of.Type, x.current)
		if err != nil {
			t.Fatal(err)
		}
		facets[x.facet] = v
	}
	view := record.View{ViewID: record.ViewID{System: x.system, Part: "p", Native: "n-" + x.key[0]}, Slot: x.slot, Facets: facets}
	w.cases = append(w.cases, heal.Case{
		Finding: finding.Finding{
			ID: "f-" + x.system + "-" + x.key[0] + "-" + x.facet, Integration: "pim-to-" + x.system, Rule: id, Class: finding.ValueDiffers,
			Kind: x.kind, Key: x.key, State: finding.Open, Since: nine, From: "pim", To: x.system,
		},
		Row: record.Row{Kind: x.kind, Key: x.key, Views: []record.View{view}},
		Verdict: judge.Verdict{
			Integration: "pim-to-" + x.system, Rule: id, Outcome: judge.Differ, Class: finding.ValueDiffers,
			Facets: []judge.FacetVerdict{{Facet: x.facet, Outcome: judge.Differ, Expected: x.judged, Actual: x.current}},
		},
	})
	return &w.cases[len(w.cases)-1]
}

// rule adds a rule that expects what pim says, unless it is there.
func (w *world) rule(t *testing.T, integration, to, id string, kind commerce.Kind, facet string) {
	t.Helper()
	rule := registry.Rule{
		Integration: integration, ID: id, Kind: kind, From: "pim", To: to, Check: registry.Equal,
		Expect: []registry.Expectation{{Facet: facet, Value: compile(t, kind, "from."+facet, facet)}},
	}
	for i, one := range w.registry.Integrations {
		if one.Name != integration {
			continue
		}
		for _, r := range one.Rules {
			if r.ID == id {
				return
			}
		}
		w.registry.Integrations[i].Rules = append(one.Rules, rule)
		return
	}
	w.registry.Integrations = append(w.registry.Integrations, registry.Integration{Name: integration, From: "pim", To: to, Rules: []registry.Rule{rule}})
}

// change changes the rule of a case.
func (w *world) change(c *heal.Case, with func(*registry.Rule)) {
	for i, one := range w.registry.Integrations {
		for j, r := range one.Rules {
			if one.Name == c.Finding.Integration && r.ID == c.Finding.Rule {
				with(&w.registry.Integrations[i].Rules[j])
			}
		}
	}
}

func number(n int64) commerce.Value { return commerce.Number(commerce.Int(n)) }

func stock(system, sku, current, judged string, side commerce.Facets) wish {
	return wish{system: system, facet: "available", kind: commerce.Inventory, key: commerce.Key{sku, "east"}, current: current, judged: judged, side: side}
}

func price(system, sku, facet, current, judged string, side commerce.Facets) wish {
	return wish{system: system, facet: facet, kind: commerce.Price, key: commerce.Key{sku, "base"}, current: current, judged: judged, side: side}
}
