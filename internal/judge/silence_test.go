package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// stocks is a row of which the shop shows another stock than the ERP, from the
// given time.
func stocks(t *testing.T, at time.Time) (registry.Rule, record.Row) {
	t.Helper()
	rule := registry.Rule{
		Integration: "stock", ID: "stock", Kind: commerce.Inventory, From: "erp", To: "shop", Check: registry.Equal,
		Settle: registry.Settle{For: 20 * time.Minute, By: -1},
		Expect: []registry.Expectation{{Facet: "available", Value: compile(t, commerce.Inventory, "from.free", commerce.NumberType)}},
	}
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}}
	for system, facet := range map[string]string{"erp": "free", "shop": "available"} {
		o := commerce.Observation{
			System: system, Kind: row.Kind, Key: row.Key, Part: "level", Native: system,
			Facets: commerce.Facets{facet: commerce.Number(commerce.Int(int64(len(system))))},
		}
		o.Stamp(commerce.VersionParts{Clock: at})
		row, _ = record.Merge(row, o, record.Source{Delivery: "d", Received: at})
	}
	return rule, row
}

func TestSilence_WhatDependsOnASilentSystemCannotBeTold(t *testing.T) {
	at := time.Date(2026, 3, 3, 15, 10, 0, 0, time.UTC)
	now := at.Add(time.Hour)
	rule, row := stocks(t, at)
	for _, c := range []struct {
		name   string
		silent map[string]judge.Quiet
		open   string
		want   judge.Outcome
		why    string
	}{
		{"nobody is silent", nil, "", judge.Differ, ""},
		{"another system is", map[string]judge.Quiet{"wms": {Since: at}}, "", judge.Differ, ""},
		{"the believed system is", map[string]judge.Quiet{"erp": {Since: at}}, "", judge.CannotTell, "erp sends no news of inventory since 03 Mar 15:10 UTC"},
		{"the other side is", map[string]judge.Quiet{"shop": {Since: at}}, "", judge.CannotTell, "shop sends no news of inventory since 03 Mar 15:10 UTC"},
		{"it is, and the finding was open before", map[string]judge.Quiet{"erp": {Since: at}}, "f-1", judge.Differ, ""},
		{"it was, until a moment ago", map[string]judge.Quiet{"erp": {Since: at, Heard: now.Add(-19 * time.Minute)}}, "", judge.CannotTell, "erp was silent until 15:51 UTC, and what it missed to say may still come"},
		{"it was, one settle time ago", map[string]judge.Quiet{"erp": {Since: at, Heard: now.Add(-20 * time.Minute)}}, "", judge.Differ, ""},
	} {
		row.Marks = map[string]record.Mark{rule.Name(): {Open: c.open}}
		v := judge.Judge(rule, row, judge.Context{Silent: c.silent}, now)
		if v.Outcome != c.want || v.Why != c.why {
			t.Errorf("%s: %s: %s", c.name, v.Outcome, v.Why)
		}
		if look := judge.LookAt(rule, v, now); c.want == judge.CannotTell && (!v.Again || !look.Equal(now.Add(15*time.Minute))) {
			t.Errorf("%s: looked at again %t, at %s", c.name, v.Again, look)
		}
	}
}

func TestSilence_IsSinceTheLastNewsAndNotSinceItWasNoticed(t *testing.T) {
	noticed := time.Date(2026, 3, 3, 15, 52, 0, 0, time.UTC)
	since := noticed.Add(-42 * time.Minute)
	for _, c := range []struct {
		key   commerce.Key
		rule  string
		class finding.Class
	}{
		{commerce.Key{"erp", judge.Silence, "inventory"}, judge.SilenceRule + "-erp", finding.Silent},
		{commerce.Key{commerce.Plumbline, judge.Schedule, "audit"}, judge.OwnRule, finding.Own},
		{commerce.Key{commerce.Plumbline, judge.Silence, "everything"}, judge.OwnRule, finding.Own},
		{commerce.Key{commerce.Plumbline, judge.Canary, "difference"}, judge.OwnRule, finding.Own},
	} {
		o := commerce.Observation{
			System: c.key[0], Kind: commerce.Mapping, Key: c.key, Part: "mapping", Native: c.key[2], Slot: "mapping",
			Facets: commerce.Facets{"reason": commerce.Text("why"), "since": commerce.Time(since)},
		}
		o.Stamp(commerce.VersionParts{Clock: since})
		row, _ := record.Merge(record.Row{Kind: o.Kind, Key: o.Key}, o, record.Source{Received: noticed})
		for _, id := range []string{judge.MappingRule + "-erp", judge.SilenceRule + "-erp", judge.OwnRule} {
			v := judge.Judge(registry.Rule{ID: id, Kind: commerce.Mapping, From: c.key[0], To: c.key[0]}, row, judge.Context{}, noticed)
			switch {
			case id != c.rule && v.Outcome != judge.NotJudged:
				t.Errorf("%v under %s: %s", c.key, id, v.Outcome)
			case id == c.rule && (v.Outcome != judge.Differ || v.Class != c.class || !v.Since.Equal(since) || v.Why != "why"):
				t.Errorf("%v: %s, %s since %s: %s", c.key, v.Outcome, v.Class, v.Since, v.Why)
			}
		}
	}
}

func TestRules_EachSystemHasOneAboutItsSilenceAsSevereAsWhatDependsOnIt(t *testing.T) {
	rule := func(from, to, severity string, mode registry.Mode) registry.Rule {
		return registry.Rule{Kind: commerce.Inventory, From: from, To: to, Severity: severity, Mode: mode}
	}
	r := &registry.Registry{
		Systems: map[string]registry.System{"erp": {}, "shop": {}, "crm": {}},
		Integrations: []registry.Integration{
			{Name: "contacts", From: "shop", To: "crm", Rules: []registry.Rule{rule("shop", "crm", "minor", registry.Alert), rule("shop", "crm", "critical", registry.Off)}},
			{Name: "stock", From: "erp", To: "shop", Rules: []registry.Rule{rule("erp", "shop", "major", registry.Alert)}},
		},
	}
	got := map[string]string{}
	for _, rule := range judge.Rules(r)[commerce.Mapping] {
		got[rule.Name()] = rule.Severity
	}
	for name, severity := range map[string]string{
		"stock/silence-erp": "major", "contacts/silence-shop": "major", "contacts/silence-crm": "minor", "contacts/plumbline": "critical",
	} {
		if got[name] != severity {
			t.Errorf("%s is %q, want %s", name, got[name], severity)
		}
	}
}

func TestCanary_DiffersByConstructionAndAgreesWhenAnswered(t *testing.T) {
	at := time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)
	r := &registry.Registry{Integrations: []registry.Integration{{Name: "stock"}}}
	rule := judge.Rules(r)[commerce.Canary][0]
	row := record.Row{Kind: commerce.Canary, Key: commerce.Key{"difference"}}
	sing := func(system string, song int64, at time.Time) {
		o := commerce.Observation{
			System: system, Kind: row.Kind, Key: row.Key, Part: "canary", Native: "difference",
			Facets: commerce.Facets{"song": commerce.Number(commerce.Int(song))},
		}
		o.Stamp(commerce.VersionParts{Clock: at})
		row, _ = record.Merge(row, o, record.Source{Received: at})
	}
	for cycle := range int64(3) {
		at = at.Add(15 * time.Minute)
		sing(judge.CanarySinger, cycle+7, at)
		sing(judge.CanaryListener, 0, at)
		for after, want := range map[time.Duration]judge.Outcome{0: judge.Pending, judge.CanarySettle - 1: judge.Pending, judge.CanarySettle: judge.Differ} {
			if v := judge.Judge(rule, row, judge.Context{}, at.Add(after)); v.Outcome != want {
				t.Errorf("cycle %d, after %v: %s, want %s", cycle, after, v.Outcome, want)
			}
		}
		sing(judge.CanaryListener, cycle+7, at.Add(3*time.Minute))
		if v := judge.Judge(rule, row, judge.Context{}, at.Add(3*time.Minute)); v.Outcome != judge.Agree {
			t.Errorf("cycle %d, answered: %s", cycle, v.Outcome)
		}
	}
}
