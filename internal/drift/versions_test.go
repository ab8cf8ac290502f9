package drift_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// The tests of this file run two versions of the functions on the same queues
// while one deployment goes on: the old one has another tolerance, a rule that
// the new one has not, lacks one that it has, and knows the shop's locations the
// other way round.

func withoutOrders(r *registry.Registry) { r.Integrations[1].Rules = nil }

func oldAndNew(f *fleet) (old, next *version) {
	return f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atWest, withSecond, withoutOrders))
}

// stamps watches the rows: whoever writes over the new version has to be it.
type stamps struct {
	*memory.Records
	t    interface{ Errorf(string, ...any) }
	rows map[commerce.RecordID]string
}

func (s *stamps) Put(ctx context.Context, row record.Row) error {
	err := s.Records.Put(ctx, row)
	if err != nil {
		return err
	}
	if s.rows[row.ID()] == "g2" && row.Generation == "g1" {
		s.t.Errorf("the old version wrote %s over the new one", row.ID())
	}
	s.rows[row.ID()] = row.Generation
	return nil
}

// told is what a fleet's state comes to: views and open findings by record. The
// new version does not keep what orders say; what the old one kept stays.
func (f *fleet) told(ctx context.Context) map[string][]string {
	told := map[string][]string{}
	_ = f.records.Scan(ctx, "", func(row record.Row) error {
		for _, v := range row.Views {
			if row.Kind == commerce.Order {
				continue
			}
			told[string(row.ID())] = append(told[string(row.ID())], fmt.Sprintf("%s %s %x %t %s%s", v.System, v.Native, v.Version, v.Gone, v.Facets["free"], v.Facets["available"]))
		}
		for name, m := range row.Marks {
			if m.Open != "" {
				told[string(row.ID())] = append(told[string(row.ID())], "open "+name)
			}
		}
		slices.Sort(told[string(row.ID())])
		return nil
	})
	findings, _ := f.findings.AllFindings(ctx)
	for _, one := range findings {
		if one.State == finding.Open {
			told["findings"] = append(told["findings"], one.Integration+"/"+one.Rule+" "+one.Key.Text(one.Kind))
		}
	}
	slices.Sort(told["findings"])
	return told
}

// delivery is what a system reported, and when.
type delivery struct {
	at time.Time
	o  commerce.Observation
}

func (f *fleet) draw(t *rapid.T) commerce.Observation {
	sku := rapid.SampledFrom([]string{"CAP", "MUG", "TEE"}).Draw(t, "sku")
	amount := rapid.IntRange(5, 14).Draw(t, "amount")
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0, 1:
		return f.stockOf("erp", sku, rapid.SampledFrom([]string{"east", "west"}).Draw(t, "location"), amount)
	case 2, 3:
		return f.stockOf("shop", sku, rapid.SampledFrom([]string{"501", "502"}).Draw(t, "location"), amount)
	default:
		o := commerce.Observation{
			System: "shop", Kind: commerce.Order, Key: commerce.Key{"shop", "US" + sku}, Part: "order", Native: sku, Slot: "order", Created: f.now,
			Facets: commerce.Facets{"total": commerce.Number(commerce.Int(int64(amount)))},
		}
		o.Stamp(commerce.VersionParts{Clock: f.now, Sequence: uint64(f.sent) + 1})
		return o
	}
}

func TestVersions_TheNewOneWinsInAnyInterleaving(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFleet()
		old, next := oldAndNew(f)
		watch := &stamps{Records: f.records, t: t, rows: map[commerce.RecordID]string{}}
		for _, v := range []*version{old, next} {
			v.merge.Records, v.drift.Records = watch, watch
		}
		f.deploy(old)
		var deliveries []delivery
		deployed, ctx := false, context.Background()
		either := func() *version {
			if deployed && rapid.Bool().Draw(t, "new") {
				return next
			}
			return old
		}
		for range rapid.IntRange(20, 120).Draw(t, "steps") {
			switch rapid.IntRange(0, 11).Draw(t, "step") {
			case 0, 1, 2:
				o := f.draw(t)
				deliveries = append(deliveries, delivery{f.now, o})
				f.receive(either(), o)
			case 3, 4, 5, 6:
				if len(f.pending) > 0 {
					f.mergeOne(ctx, either(), rapid.IntRange(0, len(f.pending)-1).Draw(t, "message"))
				}
			case 7, 8:
				f.lookOne(ctx, either())
			case 9:
				_ = either().drift.Tick(ctx)
			case 10:
				f.now = f.now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "seconds")) * time.Second)
			case 11:
				if !deployed && rapid.Bool().Draw(t, "deploy") {
					deployed = true
					f.deploy(next)
				}
			}
		}
		f.deploy(next)
		// The walk ends. An old merge or drift that is left behind meets rows that
		// it knows, and may not touch them.
		f.end(t, next, 20*time.Minute)
		for range 6 {
			o := f.draw(t)
			deliveries = append(deliveries, delivery{f.now, o})
			f.receive(old, o)
			f.mergeOne(ctx, old, len(f.pending)-1)
			f.lookOne(ctx, old)
		}
		f.end(t, next, 4*time.Hour)
		alone := newFleet()
		_, only := oldAndNew(alone)
		alone.deploy(only)
		for _, d := range deliveries {
			alone.end(t, only, d.at.Sub(alone.now))
			alone.receive(only, d.o)
		}
		alone.end(t, only, f.now.Sub(alone.now))
		if diff := cmp.Diff(alone.told(ctx), f.told(ctx)); diff != "" {
			t.Errorf("with an old version beside it (+) the new one comes to another state than alone (-):\n%s", diff)
		}
		f.checkAlerts(t)
		if s, err := f.findings.GetSweep(ctx, "policy"); err != nil || s.Generation != "g2" || s.Ended.IsZero() {
			t.Errorf("the walk: %+v, %v", s, err)
		}
	})
}

// end lets time pass under one version, in steps, until everything is quiet.
func (f *fleet) end(t *rapid.T, v *version, d time.Duration) {
	ctx := context.Background()
	work := func() {
		for n := len(f.pending) + 1; len(f.pending) > 0 && n > 0; n-- {
			f.mergeOne(ctx, v, 0)
		}
		if len(f.pending) > 0 {
			t.Fatalf("%d messages are never merged", len(f.pending))
		}
	}
	for end := f.now.Add(d); f.now.Before(end); {
		f.now = f.now.Add(min(time.Minute, end.Sub(f.now)))
		work()
		if err := v.drift.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		for f.lookOne(ctx, v) {
			work()
		}
	}
}

// checkAlerts holds that every open finding is told once, and that a change of
// the registry is one alert of each integration at a time.
func (f *fleet) checkAlerts(t *rapid.T) {
	ctx := context.Background()
	alerts, err := f.findings.AllAlerts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	told, events := map[string]int{}, map[string]int{}
	for _, a := range alerts {
		for _, m := range a.Members {
			told[m.Finding]++
		}
		if event := a.Common[alert.ByEvent]; event != "" && a.Closed.IsZero() {
			events[a.Integration+" "+event]++
		}
	}
	for event, n := range events {
		if n != 1 {
			t.Errorf("%s is %d alerts at a time", event, n)
		}
	}
	findings, err := f.findings.AllFindings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range findings {
		if one.State == finding.Open && told[one.ID] != 1 {
			t.Errorf("%s of %s is told %d times", one.Rule, one.Key.Text(one.Kind), told[one.ID])
		}
	}
}

// TestVersions_NothingIsLostWhileBothRun keeps every message that a version
// returned, and lets the other have it.
func TestVersions_WhatTheOldOneReturnsTheNewOneDoes(t *testing.T) {
	f := newFleet()
	old, next := oldAndNew(f)
	f.deploy(old)
	f.receive(old, f.stockOf("erp", "CAP", "east", 10))
	f.mergeAll(t, old)
	f.deploy(next)
	f.receive(next, f.stockOf("shop", "CAP", "502", 12))
	f.receive(old, f.stockOf("shop", "MUG", "501", 12))
	for range 3 {
		for i := range f.pending {
			f.mergeOne(t.Context(), old, i)
		}
	}
	if len(f.pending) != 2 {
		t.Fatalf("%d messages left, want what the new receive read and a record that is new", len(f.pending))
	}
	f.mergeAll(t, next)
	if got := f.rowOf(t, commerce.Inventory, "CAP", "east").SideOf("shop").Facets["available"].String(); got != "12" {
		t.Errorf("CAP at east shows %s", got)
	}
	if got := f.rowOf(t, commerce.Inventory, "MUG", "west").SideOf("shop").Facets["available"].String(); got != "12" {
		t.Errorf("MUG at west shows %s: the old receive knew 501 as east", got)
	}
}
