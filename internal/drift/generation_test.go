package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

func withoutStock(r *registry.Registry) { r.Integrations[0].Rules = nil }

// withSecond adds a rule that the shop never has more than the ERP's stock.
func withSecond(r *registry.Registry) {
	second := r.Integrations[0].Rules[0]
	second.ID, second.Expect = "stock-exact", []registry.Expectation{{Facet: "available", Value: compile(commerce.Inventory, "from.free", commerce.NumberType)}}
	r.Integrations[0].Rules = append(r.Integrations[0].Rules, second)
}

func TestGeneration_AnOldDriftLeavesRowsOfTheNewOne(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "0", atEast)), f.version(stocked("g2", "5", atEast))
	f.deploy(old)
	f.receive(old, f.stockOf("erp", "CAP", "east", 10))
	f.mergeAll(t, old)
	f.deploy(next)
	f.receive(next, f.stockOf("shop", "CAP", "501", 12))
	f.mergeAll(t, next)
	before := f.rowOf(t, commerce.Inventory, "CAP", "east")
	f.now = f.now.Add(10 * time.Minute)
	body := lookAt(commerce.Inventory, "CAP", "east")
	f.looks.waiting = []waiting{{f.now, body}}
	f.lookOne(t.Context(), old)
	if len(f.looks.waiting) != 1 || f.looks.waiting[0].body != body {
		t.Errorf("looks %v, want the one that was returned", f.looks.waiting)
	}
	if after := f.rowOf(t, commerce.Inventory, "CAP", "east"); after.Rev != before.Rev || len(f.all(t)) > 0 {
		t.Errorf("revision %d, was %d; %d findings", after.Rev, before.Rev, len(f.all(t)))
	}
	if log := f.log.String(); strings.Count(log, "left to a newer registry") != 1 || strings.Contains(log, "level=ERROR") {
		t.Errorf("log:\n%s", log)
	}
	f.run(t, next, 10*time.Minute)
	if len(f.all(t)) > 0 {
		t.Errorf("findings %v under a registry that allows for five", f.open(t))
	}
}

func TestGeneration_AnOldTickSkipsRowsOfTheNewOneAndSweepsNothing(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "0", atEast)), f.version(stocked("g2", "1", atEast))
	f.deploy(old)
	f.apart(t, old, 2)
	f.deploy(next)
	row := f.rowOf(t, commerce.Inventory, "SKU-00", "east")
	row.Generation, row.Due = "g2", f.now
	if err := f.records.Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	before := f.sweep(t, "policy")
	f.now = f.now.Add(time.Hour)
	if err := old.drift.Tick(t.Context()); err != nil {
		t.Errorf("tick: %v", err)
	}
	if after := f.rowOf(t, commerce.Inventory, "SKU-00", "east"); after.Rev != row.Rev+1 {
		t.Errorf("revision %d, want the row untouched", after.Rev)
	}
	if after := f.sweep(t, "policy"); after.Rev != before.Rev {
		t.Errorf("the old drift wrote %+v", after)
	}
}

// TestSweep_TheFirstPolicyJudgesWhatIsThere: rows may be older than the notes of
// what they were judged by.
func TestSweep_TheFirstPolicyJudgesWhatIsThere(t *testing.T) {
	f := newFleet()
	old, v := f.version(stocked("g0", "5", atEast)), f.version(stocked("g1", "1", atEast))
	old.drift.Sweeps = nil
	f.deploy(old)
	f.apart(t, old, 3)
	f.deploy(v)
	f.run(t, v, 10*time.Minute)
	if s := f.sweep(t, "policy"); s.Ended.IsZero() || len(s.Changed) > 0 || len(s.Kinds) != 4 || s.Generation != "g1" || len(s.Rules) != 8 {
		t.Errorf("%+v", s)
	}
	if len(f.open(t)) != 3 || len(f.alerts(t)) != 1 {
		t.Errorf("%d findings in %d alerts", len(f.open(t)), len(f.alerts(t)))
	}
}

func TestSweep_AChangedToleranceIsOneAlert(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atEast, withSecond))
	f.deploy(old)
	f.apart(t, old, 30)
	if len(f.all(t)) > 0 {
		t.Fatalf("findings %v", f.open(t))
	}
	f.deploy(next)
	f.run(t, next, 10*time.Minute)
	if n := len(f.open(t)); n != 60 {
		t.Fatalf("%d findings, want two for each of thirty SKUs", n)
	}
	alerts := f.alerts(t)
	if len(alerts) != 1 || alerts[0].Open() != 60 {
		t.Fatalf("%d alerts, the first has %d findings", len(alerts), alerts[0].Open())
	}
	if got := alert.Compose(alerts[0], f.now).Headline; !strings.HasPrefix(got, "60 findings of stock since the registry changed at 09:21: rules stock, stock-exact") {
		t.Errorf("headline %q", got)
	}
	s := f.sweep(t, "policy")
	if s.Ended.IsZero() || s.Begun.Sub(s.Noted) < 2*time.Minute || s.Segments[0].Opened+s.Segments[1].Opened+s.Segments[2].Opened+s.Segments[3].Opened != 60 {
		t.Errorf("%+v", s)
	}
	for _, sku := range []string{"SKU-00", "SKU-29"} {
		if row := f.rowOf(t, commerce.Inventory, sku, "east"); row.Generation != "g2" {
			t.Errorf("%s is stamped %s", sku, row.Generation)
		}
	}
	if n := strings.Count(f.log.String(), `msg="sweep ended" sweep=policy run=g2`); n != 1 {
		t.Errorf("the end was told %d times", n)
	}
}

// TestSweep_AllowsForDifferencesThatCameAfterTheChange: they are the systems',
// not the registry's.
func TestSweep_WhatDiffersLaterIsNoneOfTheChange(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atEast))
	f.deploy(old)
	f.apart(t, old, 3)
	f.deploy(next)
	f.run(t, next, 5*time.Minute)
	f.receive(next, f.stockOf("shop", "LATE", "501", 40))
	f.receive(next, f.stockOf("erp", "LATE", "east", 10))
	f.mergeAll(t, next)
	f.run(t, next, 20*time.Minute)
	open, alerts := f.open(t), f.openAlerts(t)
	if len(open) != 4 || len(alerts) != 2 || open["stock LATE@east"].Alert == open["stock SKU-00@east"].Alert {
		t.Errorf("%d findings in %d alerts", len(open), len(alerts))
	}
}

// TestSweep_ALookBeforeTheWalkIsPartOfTheEvent: a row that changes just after the
// deployment is judged by its own look.
func TestSweep_ALookBeforeTheWalkIsPartOfTheEvent(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atEast))
	f.deploy(old)
	f.apart(t, old, 3)
	f.deploy(next)
	f.now = f.now.Add(time.Second)
	f.looks.waiting = []waiting{{f.now, lookAt(commerce.Inventory, "SKU-01", "east")}}
	f.lookOne(t.Context(), next)
	if len(f.open(t)) != 1 {
		t.Fatalf("findings %v", f.open(t))
	}
	f.run(t, next, 10*time.Minute)
	if alerts := f.alerts(t); len(f.open(t)) != 3 || len(alerts) != 1 {
		t.Errorf("%d findings in %d alerts", len(f.open(t)), len(alerts))
	}
}

// TestSweep_StampsWhatIsAtRest: an old merge that wrote such a row once more would
// judge it by its own rules, and nobody would look again.
func TestSweep_StampsWhatIsAtRest(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "3", atEast))
	f.deploy(old)
	f.apart(t, old, 3)
	f.receive(old, ordered("shop", 1))
	f.mergeAll(t, old)
	f.deploy(next)
	f.run(t, next, 10*time.Minute)
	if row := f.rowOf(t, commerce.Inventory, "SKU-01", "east"); row.Generation != "g2" || len(f.all(t)) > 0 {
		t.Errorf("stamped %s, findings %v", row.Generation, f.open(t))
	}
	if row := f.rowOf(t, commerce.Order, "shop", "US1"); row.Generation != "g1" {
		t.Errorf("an order is stamped %s although no rule about orders changed", row.Generation)
	}
}

func TestSweep_ARemovedRuleEndsItsFindings(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "0", atEast)), f.version(stocked("g2", "0", atEast, withoutStock))
	f.deploy(old)
	f.apart(t, old, 3)
	if len(f.open(t)) != 3 {
		t.Fatalf("findings %v", f.open(t))
	}
	f.deploy(next)
	f.run(t, next, 4*time.Minute)
	for _, one := range f.all(t) {
		if one.State != finding.Resolved || lastEvent(one) != "the rule no longer applies: the registry no longer has it" {
			t.Errorf("%s is %s: %s", one.Key.Text(one.Kind), one.State, lastEvent(one))
		}
	}
	row := f.rowOf(t, commerce.Inventory, "SKU-00", "east")
	if len(row.Marks) > 0 || !row.Due.IsZero() || len(row.Views) != 2 {
		t.Errorf("marks %v, due %s, %d views", row.Marks, row.Due, len(row.Views))
	}
}

func TestSweep_ARemovedSystemIsJudgedNoMore(t *testing.T) {
	f := newFleet()
	old := f.version(stocked("g1", "0", atEast))
	next := f.version(stocked("g2", "0", atEast, func(r *registry.Registry) {
		r.Integrations = r.Integrations[:1]
		r.Integrations[0].To, r.Integrations[0].Rules = "wms", nil
		r.Systems = map[string]registry.System{"erp": {Name: "erp"}, "wms": {Name: "wms"}}
	}))
	f.deploy(old)
	f.apart(t, old, 2)
	f.receive(old, f.unknown("shop", "999"))
	f.mergeAll(t, old)
	f.run(t, old, 5*time.Minute)
	if len(f.open(t)) != 3 {
		t.Fatalf("findings %v", f.open(t))
	}
	f.deploy(next)
	f.run(t, next, 4*time.Minute)
	if len(f.open(t)) > 0 {
		t.Errorf("findings %v", f.open(t))
	}
	if row := f.rowOf(t, commerce.Inventory, "SKU-00", "east"); !row.SideOf("shop").Live {
		t.Error("the views of the removed system are gone")
	}
}

// unknown reports a location that the registry does not map.
func (f *fleet) unknown(system, native string) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Mapping, Key: commerce.Key{system, "location", native}, Part: "mapping", Native: native, Slot: "mapping",
	}
	o.Stamp(commerce.VersionParts{Clock: f.now})
	return o
}

func TestSweep_AMappedLocationEndsItsFindingAndMovesStock(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "0", atEast)), f.version(stocked("g2", "0", map[string]string{"501": "west", "502": "ignore", "999": "east"}))
	f.deploy(old)
	f.receive(old, f.stockOf("erp", "CAP", "east", 12))
	f.receive(old, f.stockOf("erp", "CAP", "west", 12))
	f.receive(old, f.stockOf("shop", "CAP", "501", 12))
	f.receive(old, f.stockOf("shop", "CAP", "502", 12))
	f.receive(old, f.unknown("shop", "999"))
	f.mergeAll(t, old)
	f.run(t, old, 10*time.Minute)
	if open := f.open(t); len(open) != 1 {
		t.Fatalf("findings %v", open)
	}
	f.deploy(next)
	f.run(t, next, 10*time.Minute)
	if open := f.open(t); len(open) > 0 {
		t.Errorf("findings %v", open)
	}
	east, west := f.rowOf(t, commerce.Inventory, "CAP", "east"), f.rowOf(t, commerce.Inventory, "CAP", "west")
	if east.SideOf("shop").Known || len(west.Views) != 2 || west.SideOf("shop").Facets["available"].String() != "12" {
		t.Errorf("east %+v\nwest %+v", east.Views, west.Views)
	}
}

func TestSweep_ANewerOneOvertakes(t *testing.T) {
	f := newFleet()
	one := f.version(stocked("g1", "5", atEast))
	two := f.version(stocked("g2", "1", atEast))
	f.deploy(one)
	f.apart(t, one, 8)
	f.deploy(two)
	for range 4 { // noted, and begun: the messages are on their way
		f.now = f.now.Add(time.Minute)
		if err := two.drift.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.lookOne(t.Context(), two)
	found := len(f.open(t))
	if found == 0 || found == 8 {
		t.Fatalf("%d findings after one part of four", found)
	}
	f.deploy(one)
	f.run(t, one, 10*time.Minute)
	if open := f.open(t); len(open) > 0 {
		t.Errorf("findings %v after the registry was taken back", open)
	}
	if s := f.sweep(t, "policy"); s.Generation != "g1" || s.Ended.IsZero() {
		t.Errorf("%+v", s)
	}
	if row := f.rowOf(t, commerce.Inventory, "SKU-03", "east"); row.Generation != "g1" {
		t.Errorf("stamped %s", row.Generation)
	}
}

func TestSweep_DatesBeginAndEndARuleForAllAtOnce(t *testing.T) {
	f := newFleet()
	dated := stocked("g1", "0", atEast, withSecond, func(r *registry.Registry) {
		for i := range r.Integrations[0].Rules {
			r.Integrations[0].Rules[i].Valid = registry.Validity{From: at(11, 0), Until: at(13, 0)}
		}
	})
	v := f.version(dated)
	f.deploy(v)
	f.apart(t, v, 5)
	f.run(t, v, at(10, 59).Sub(f.now))
	if len(f.all(t)) > 0 {
		t.Fatalf("findings %v before the rules apply", f.open(t))
	}
	f.run(t, v, 10*time.Minute)
	alerts := f.alerts(t)
	if len(f.open(t)) != 10 || len(alerts) != 1 || !strings.Contains(alert.Compose(alerts[0], f.now).Headline, "the registry changed at 11:00: rules stock, stock-exact") {
		t.Fatalf("%d findings in %d alerts: %v", len(f.open(t)), len(alerts), alert.Compose(alerts[0], f.now).Headline)
	}
	f.run(t, v, at(13, 10).Sub(f.now))
	if open := f.open(t); len(open) > 0 {
		t.Errorf("findings %v after the rules have ended", open)
	}
	if got := lastEvent(f.all(t)[0]); got != "the rule no longer applies: the rule applied until 2026-03-03 13:00 UTC" {
		t.Errorf("ended with %q", got)
	}
}

func TestSweep_AClockThatIsBehindDoesNotTakeADateBack(t *testing.T) {
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast, func(r *registry.Registry) {
		r.Integrations[0].Rules[0].Valid = registry.Validity{From: at(9, 30)}
	}))
	f.deploy(v)
	f.run(t, v, 31*time.Minute)
	before := f.sweep(t, "policy")
	behind := *v.drift
	behind.Now = func() time.Time { return at(9, 29) }
	if err := behind.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := f.sweep(t, "policy"); before.Since.IsZero() || after.Run != before.Run {
		t.Errorf("since %s, then %s", before.Since, after.Since)
	}
}
