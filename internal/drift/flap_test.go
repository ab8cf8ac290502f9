package drift_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
)

// flap lets the stock of SKUs differ for a while and agree again, every half
// hour from nine on.
func (w *world) flap(t *testing.T, times int, skus ...string) {
	t.Helper()
	for range times {
		begin := w.now
		for _, sku := range skus {
			w.differ(t, sku)
		}
		w.until(t, begin.Add(15*time.Minute))
		for _, sku := range skus {
			w.deliver(t, w.levelOf("shop", sku, 12))
		}
		w.until(t, begin.Add(30*time.Minute))
	}
}

// ofClass are the alerts of a class, the first opened first.
func (w *world) ofClass(t testing.TB, class finding.Class) []alert.Alert {
	t.Helper()
	all := slices.DeleteFunc(w.alerts(t), func(a alert.Alert) bool { return a.Class != class })
	slices.SortFunc(all, func(a, b alert.Alert) int { return a.Opened.Compare(b.Opened) })
	return all
}

func TestFlap_FromTheThirdTimeOnItIsOneAlertUntilItHasBeenCalm(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.flap(t, 8, "CAP-BLK")
	flapping := w.ofClass(t, alert.ClassFlapping)
	if all := w.alerts(t); len(all) != 2 || len(flapping) != 1 {
		t.Fatalf("%d alerts, %d about flapping; want one that told it twice, and one", len(all), len(flapping))
	}
	a := flapping[0]
	if m := a.Members; len(m) != 1 || m[0].Spells != 8 || m[0].Since.After(at(9, 6)) || !a.Closed.IsZero() || a.Open() != 1 {
		t.Errorf("members %+v, closed %s", m, a.Closed)
	}
	quietSince := w.now.Add(-15 * time.Minute) // the last agreement
	w.until(t, quietSince.Add(119*time.Minute))
	if a := w.ofClass(t, alert.ClassFlapping)[0]; !a.Closed.IsZero() {
		t.Errorf("closed %s, while it may come again", a.Closed)
	}
	w.until(t, quietSince.Add(123*time.Minute))
	if a = w.ofClass(t, alert.ClassFlapping)[0]; a.Closed.IsZero() || a.Published != a.Seq || !a.Next.IsZero() {
		t.Errorf("closed %s, published %d of %d, wakes at %s", a.Closed, a.Published, a.Seq, a.Next)
	}
	for _, f := range w.opened(t, "stock") {
		if f.State != finding.Resolved || f.Spell == 0 {
			t.Errorf("finding %s is %s, spell %d", f.ID, f.State, f.Spell)
		}
	}
}

func TestFlap_RecordsOfOneRuleFlapTogether(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.flap(t, 5, "CAP-BLK", "MUG", "TEE")
	flapping := w.ofClass(t, alert.ClassFlapping)
	if len(flapping) != 1 || len(flapping[0].Members) != 3 || len(w.alerts(t)) != 2 {
		t.Errorf("%d alerts, flapping %+v", len(w.alerts(t)), flapping)
	}
}

// TestFlap_TheSameDifferenceComesBackInItsMessage lets stock differ by three, agree
// for some hours, and differ again, three times.
func TestFlap_TheSameDifferenceComesBackInItsMessage(t *testing.T) {
	for _, c := range []struct {
		name             string
		erp, shop        int
		more             int // by which the amount changes each time
		rests            time.Duration
		alerts, flapping int
	}{
		{name: "other values, the same amount", erp: 20, shop: 17, rests: 3 * time.Hour, alerts: 1},
		{name: "another amount", erp: 20, shop: 16, more: 1, rests: 3 * time.Hour, alerts: 3, flapping: 1},
		{name: "the other way", erp: 17, shop: 20, rests: 3 * time.Hour, alerts: 2},
		{name: "without a rest", erp: 20, shop: 17, rests: time.Hour, alerts: 2, flapping: 1},
		{name: "a day later", erp: 20, shop: 17, rests: 25 * time.Hour, alerts: 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			w.differ(t, "CAP-BLK")
			for spell := range 3 {
				w.until(t, w.now.Add(15*time.Minute))
				w.deliver(t, w.levelOf("shop", "CAP-BLK", 12+8*spell))
				w.deliver(t, w.levelOf("erp", "CAP-BLK", 12+8*spell))
				w.until(t, w.now.Add(c.rests))
				if spell < 2 {
					w.deliver(t, w.levelOf("erp", "CAP-BLK", c.erp+8*spell))
					w.deliver(t, w.levelOf("shop", "CAP-BLK", c.shop+(8+c.more)*spell))
				}
			}
			all := w.alerts(t)
			if len(all) != c.alerts || len(w.ofClass(t, alert.ClassFlapping)) != c.flapping {
				t.Fatalf("%d alerts, %d about flapping; want %d and %d", len(all), len(w.ofClass(t, alert.ClassFlapping)), c.alerts, c.flapping)
			}
			if a := all[0]; c.alerts == 1 && (len(a.Members) != 3 || a.Closed.IsZero() || a.Published != a.Seq) {
				t.Errorf("members %+v, closed %s, published %d of %d", a.Members, a.Closed, a.Published, a.Seq)
			}
		})
	}
}

func TestFlap_AnotherRecordJoinsAsLongAsOneFlaps(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.flap(t, 12, "CAP-BLK") // six hours
	w.flap(t, 3, "CAP-BLK", "MUG")
	if a := w.ofClass(t, alert.ClassFlapping); len(a) != 1 || len(a[0].Members) != 2 {
		t.Errorf("%d alerts about flapping: %+v", len(a), a)
	}
}

func TestFlap_ADayOfAgreementBeginsAnew(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.flap(t, 2, "CAP-BLK")
	w.now = w.now.Add(25 * time.Hour)
	w.flap(t, 2, "CAP-BLK")
	if n := len(w.ofClass(t, alert.ClassFlapping)); n > 0 {
		t.Errorf("%d alerts about flapping", n)
	}
	w.flap(t, 1, "CAP-BLK")
	if n := len(w.ofClass(t, alert.ClassFlapping)); n != 1 {
		t.Errorf("%d alerts about flapping after the third time", n)
	}
}

func TestFlap_WhatDiffersOnStaysOpen(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.flap(t, 2, "CAP-BLK")
	w.differ(t, "CAP-BLK")
	w.until(t, w.now.Add(12*time.Hour))
	a := w.ofClass(t, alert.ClassFlapping)[0]
	if a.Open() != 1 || !a.Closed.IsZero() {
		t.Errorf("%d open, closed %s: it still differs", a.Open(), a.Closed)
	}
}

// TestFlap_AStopAnywhereCountsOnce stops the work of the third time at each of
// its writes.
func TestFlap_AStopAnywhereCountsOnce(t *testing.T) {
	for write := 1; ; write++ {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.flap(t, 2, "CAP-BLK")
		w.differ(t, "CAP-BLK")
		w.until(t, w.now.Add(4*time.Minute+30*time.Second))
		stop := &stopping{Findings: w.findings, at: write, after: write%2 == 0}
		w.drift.Findings = stop
		for range 2 {
			w.now = w.now.Add(time.Minute)
			for _, l := range w.looks.waiting {
				w.look(t, l.body)
			}
			_ = w.drift.Tick(t.Context())
		}
		w.drift.Findings = w.findings
		if stop.at > 0 {
			return
		}
		w.until(t, w.now.Add(15*time.Minute))
		w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
		w.until(t, w.now.Add(15*time.Minute))
		a := w.ofClass(t, alert.ClassFlapping)
		if len(a) != 1 || len(a[0].Members) != 1 || a[0].Members[0].Spells != 3 || a[0].Members[0].Resolved.IsZero() {
			t.Errorf("stopped at write %d: %+v", write, a)
		}
	}
}

// look judges once, whatever comes of it.
func (w *world) look(t testing.TB, body string) {
	t.Helper()
	w.drift.Look(t.Context(), []drift.Message{{ID: "look", Body: body}})
}

func TestFlap_TheEndOfAFindingCountsOnceHoweverOftenItIsTold(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 15))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	counted := 0
	w.drift.Findings = &counting{w.findings, &counted}
	w.until(t, at(9, 30))
	w.look(t, lookAt("inventory", "CAP-BLK", "east"))
	w.drift.Findings = w.findings
	if counted != 1 {
		t.Errorf("the end was noted %d times", counted)
	}
}

// counting counts the groups that are written.
type counting struct {
	store.Findings
	groups *int
}

func (c *counting) PutGroup(ctx context.Context, g store.Group) error {
	if g.Spells.Count > 0 {
		*c.groups++
	}
	return c.Findings.PutGroup(ctx, g)
}
