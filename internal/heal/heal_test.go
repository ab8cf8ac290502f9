package heal_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/heal"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestPlan_TheRulesAuthoritySaysWhoChanges(t *testing.T) {
	for _, c := range []struct {
		name      string
		authority registry.Authority
		formula   string
		system    string
		judged    string
		reason    string
	}{
		{"without a word", "", "from.free", "woo", "9", ""},
		{"from is right", registry.AuthorityFrom, "from.free - 3", "woo", "9", ""},
		{"to is right", registry.AuthorityTo, "from.free", "pim", "14", ""},
		{"to is right, by a formula", registry.AuthorityTo, "from.free - 3", "", "", "cannot be worked out"},
		{"a person decides", registry.AuthorityNobody, "from.free", "", "", "a person has to decide"},
	} {
		w := &world{registry: acme()}
		one := w.want(t, stock("woo", "MUG-BLU", "14", "9", nil))
		one.Row.Views = append(one.Row.Views, record.View{ViewID: record.ViewID{System: "pim", Part: "p", Native: "m"}, Facets: commerce.Facets{"free": number(9)}})
		w.change(one, func(r *registry.Rule) {
			r.Authority = c.authority
			r.Expect[0].Value = compile(t, commerce.Inventory, c.formula, "available")
		})
		plan := heal.PlanOf(w.registry, w.cases)
		if c.reason != "" {
			if len(plan.Targets) > 0 || len(plan.Left) != 1 || !strings.Contains(plan.Left[0].Reason, c.reason) {
				t.Errorf("%s: %+v", c.name, plan)
			}
			continue
		}
		if len(plan.Targets) != 1 || plan.Targets[0].System.Name != c.system || plan.Targets[0].Changes[0].Judged != c.judged {
			t.Errorf("%s: %+v", c.name, plan)
		}
	}
}

func TestPlan_SaysWhyNoFileCorrectsIt(t *testing.T) {
	for reason, with := range map[string]func(w *world, c *heal.Case){
		"waived":                func(_ *world, c *heal.Case) { c.Finding.State = finding.Waived },
		"the record is missing": func(_ *world, c *heal.Case) { c.Verdict.Class, c.Verdict.Facets = finding.Missing, nil },
		"different units":       func(_ *world, c *heal.Case) { c.Verdict.Class = finding.UnitChanged },
		"exists twice":          func(_ *world, c *heal.Case) { c.Verdict.Class = finding.Duplicate },
		"inside the settle time": func(_ *world, c *heal.Case) {
			c.Verdict.Outcome, c.Verdict.Why = judge.Pending, "inside the settle time"
		},
		"cannot_tell":       func(_ *world, c *heal.Case) { c.Verdict.Outcome = judge.CannotTell },
		"no such rule":      func(w *world, c *heal.Case) { c.Finding.Rule, c.Verdict = "removed", judge.Verdict{} },
		"no value to write": func(_ *world, c *heal.Case) { c.Verdict.Facets[0].Expected = "null" },
		"in 2 places": func(_ *world, c *heal.Case) {
			second := c.Row.Views[0]
			second.Native = "other"
			c.Row.Views = append(c.Row.Views, second)
		},
	} {
		w := &world{registry: acme()}
		with(w, w.want(t, stock("woo", "MUG-BLU", "14", "9", nil)))
		plan := heal.PlanOf(w.registry, w.cases)
		if len(plan.Targets) > 0 || len(plan.Left) != 1 || !strings.Contains(plan.Left[0].Reason, reason) {
			t.Errorf("%s: %+v", reason, plan)
		}
	}
}

func TestPlan_WhatAgreesByNowIsLeftOut(t *testing.T) {
	w := &world{registry: acme()}
	w.want(t, stock("woo", "MUG-BLU", "14", "9", nil)).Verdict.Outcome = judge.Agree
	if plan := heal.PlanOf(w.registry, w.cases); len(plan.Targets)+len(plan.Left) > 0 {
		t.Errorf("%+v", plan)
	}
}

// Importing what one of two rules wants would open the other's finding.
func TestPlan_TwoRulesThatWantDifferentThingsGetNeither(t *testing.T) {
	for judged, agreed := range map[string]bool{"9": true, "8": false} {
		w := &world{registry: acme()}
		w.want(t, stock("woo", "MUG-BLU", "14", "9", nil))
		w.rule(t, "pim-to-woo", "woo", "other", commerce.Inventory, "available")
		second := w.cases[0]
		second.Finding.ID, second.Finding.Rule = "second", "other"
		second.Verdict.Facets = []judge.FacetVerdict{{Facet: "available", Outcome: judge.Differ, Expected: judged, Actual: "14"}}
		plan := heal.PlanOf(w.registry, append(w.cases, second))
		if agreed != (len(plan.Targets) == 1) || agreed != (len(plan.Left) == 0) || !agreed && len(plan.Left) != 2 {
			t.Errorf("9 and %s: %+v", judged, plan)
		}
	}
}
