package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// limited is the stock registry with ten of money for each unit, and alerts
// above 25.
func limited() *registry.Registry {
	r := stockRegistry("from.free", 5*time.Minute)
	rule := &r.Integrations[0].Rules[0]
	rule.Impact = compile(commerce.Inventory, "abs(delta) * 10", commerce.NumberType)
	rule.AlertOver = map[string]commerce.Decimal{"USD": commerce.Int(25)}
	for name, s := range r.Systems {
		s.Currency = "USD"
		r.Systems[name] = s
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	r.Integrations[0].Owner.Timezone, r.Digest = newYork, 8*60+30
	return r
}

// by makes the shop show so many more than the ERP.
func (w *world) by(t testing.TB, sku string, units int) {
	t.Helper()
	w.deliver(t, w.levelOf("erp", sku, 12))
	w.deliver(t, w.levelOf("shop", sku, 12+units))
}

func TestDigest_SmallDifferencesComeOnceADayInTheOwnersMorning(t *testing.T) {
	w := newWorld(limited())
	w.by(t, "CAP-BLK", 1)
	w.by(t, "MUG", 2)
	w.until(t, at(13, 29)) // 08:29 in New York
	if w.published > 0 || len(w.alerts(t)) > 0 {
		t.Fatalf("%d alerts before the time", len(w.alerts(t)))
	}
	w.until(t, at(13, 31))
	digests := w.ofClass(t, alert.ClassDigest)
	if w.published != 1 || len(digests) != 1 {
		t.Fatalf("%d published, %d digests", w.published, len(digests))
	}
	d := digests[0]
	if d.Digest.Below != 2 || d.Digest.Impact["USD"] != commerce.Int(30) || d.Owner.Team != "inventory-ops" || !d.Opened.Equal(at(13, 30)) {
		t.Errorf("digest %+v of %+v at %s", d.Digest, d.Owner, d.Opened)
	}
	w.tick(t)
	w.tick(t)
	w.until(t, at(23, 0))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.deliver(t, w.levelOf("shop", "MUG", 12))
	w.until(t, at(13, 40).AddDate(0, 0, 1))
	if digests = w.ofClass(t, alert.ClassDigest); w.published != 1 || len(digests) != 1 {
		t.Errorf("%d published, %d digests; on the next day there is nothing to say", w.published, len(digests))
	}
}

func TestDigest_WhatGrowsIsAnAlert(t *testing.T) {
	w := newWorld(limited())
	w.by(t, "CAP-BLK", 2)
	w.until(t, at(9, 30))
	if f := w.only(t); f.Alert != "" || w.published > 0 {
		t.Fatalf("alert %q, %d published", f.Alert, w.published)
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 15))
	w.until(t, at(9, 40))
	if f := w.only(t); f.Alert == "" || w.published != 1 {
		t.Errorf("alert %q, %d published: 30 are at risk now", f.Alert, w.published)
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 13))
	w.until(t, at(14, 0))
	if w.only(t).Alert == "" || len(w.ofClass(t, alert.ClassDigest)) > 0 {
		t.Error("what was told leaves its alert, or is told twice")
	}
}

func TestDigest_OverselledStockDoesNotWait(t *testing.T) {
	w := newWorld(limited())
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 0))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 1))
	w.until(t, at(9, 30))
	if f := w.only(t); f.Alert == "" {
		t.Error("one unit that is not there waits for the morning")
	}
}

func TestDigest_TellsWhatWatchingRulesWouldHave(t *testing.T) {
	r := limited()
	r.Integrations[0].Rules[0].Mode, r.Integrations[0].Rules[0].AlertOver = registry.Watch, nil
	w := newWorld(r)
	w.by(t, "CAP-BLK", 5)
	w.by(t, "MUG", 5)
	w.until(t, at(10, 0))
	w.deliver(t, w.levelOf("shop", "MUG", 12))
	w.until(t, at(13, 31))
	digests := w.ofClass(t, alert.ClassDigest)
	if len(digests) != 1 || w.published != 1 {
		t.Fatalf("%d digests, %d published", len(digests), w.published)
	}
	if d := digests[0].Digest; d.Watched != 2 || d.Rules != 1 || d.Below != 0 || d.Reports[0].Open != 1 || d.Reports[0].Ended != 1 {
		t.Errorf("digest %+v", d)
	}
}

func TestDigest_EachOwnerGetsTheirOwn(t *testing.T) {
	r := limited()
	second := r.Integrations[0]
	second.Name, second.Owner.Team, second.Owner.Slack = "counts", "warehouse", "#warehouse"
	rule := second.Rules[0]
	rule.Integration, rule.ID = "counts", "count"
	second.Rules = []registry.Rule{rule}
	r.Integrations = append(r.Integrations, second)
	w := newWorld(r)
	w.by(t, "CAP-BLK", 1)
	w.until(t, at(13, 31))
	teams := map[string]int{}
	for _, a := range w.ofClass(t, alert.ClassDigest) {
		teams[a.Owner.Team] += a.Digest.Below
	}
	if len(teams) != 2 || teams["inventory-ops"] != 1 || teams["warehouse"] != 1 {
		t.Errorf("digests %v", teams)
	}
}

// TestDigest_AStopAnywhereSendsOne stops the minute of the digest at each of its
// writes, and lets two ticks run.
func TestDigest_AStopAnywhereSendsOne(t *testing.T) {
	for write := 1; ; write++ {
		w := newWorld(limited())
		w.by(t, "CAP-BLK", 1)
		w.until(t, at(13, 29))
		w.now = at(13, 30)
		stop := &stopping{Findings: w.findings, at: write, after: write%2 == 0}
		w.drift.Findings = stop
		_ = w.drift.Tick(t.Context())
		w.drift.Findings = w.findings
		if stop.at > 0 {
			return
		}
		w.by(t, "MUG", 1) // what comes later is for the next day
		w.tick(t)
		w.until(t, at(14, 0))
		digests := w.ofClass(t, alert.ClassDigest)
		if len(digests) != 1 || digests[0].Published != digests[0].Seq {
			t.Errorf("stopped at write %d: digests %+v", write, digests)
		}
	}
}

func TestDigest_AMissedMorningIsMadeUpForOnTheSameDay(t *testing.T) {
	w := newWorld(limited())
	w.by(t, "CAP-BLK", 1)
	w.until(t, at(10, 0))
	w.now = at(17, 0) // nothing ran meanwhile
	w.tick(t)
	if d := w.ofClass(t, alert.ClassDigest); len(d) != 1 || !d[0].Opened.Equal(at(13, 30)) {
		t.Errorf("digests %+v, want that of 08:30", d)
	}
}
