package drift_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

var errDown = errors.New("out of order")

func lastEvent(f finding.Finding) string { return f.Timeline[len(f.Timeline)-1].What }

func TestLife_AFindingOpensOnceAndEndsWhenTheSidesAgree(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 10))
	f := w.only(t)
	if f.State != finding.Open || f.Opened.Before(at(9, 5)) || f.Opened.After(at(9, 6)) || f.Owner != "inventory-ops" {
		t.Errorf("state %s, opened %s, owner %s", f.State, f.Opened, f.Owner)
	}
	if row := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east"); row.Marks["stock/stock"].Open != f.ID {
		t.Errorf("the row does not know its finding: %+v", row.Marks)
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.until(t, at(9, 12))
	if f = w.only(t); f.State != finding.Resolved || f.Resolved.After(at(9, 12)) {
		t.Errorf("state %s, resolved %s", f.State, f.Resolved)
	}
	if row := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east"); len(row.Marks) > 0 || !row.Due.IsZero() {
		t.Errorf("a row at rest has marks %v and is due %s", row.Marks, row.Due)
	}
}

func TestLife_WhatDiffersAgainIsANewFinding(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	for hour := 9; hour < 12; hour++ {
		w.now = at(hour, 0)
		w.differ(t, "CAP-BLK")
		w.until(t, at(hour, 20))
		w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
		w.until(t, at(hour, 30))
	}
	got := w.opened(t, "stock")
	if len(got) != 3 || got[0].ID == got[1].ID || got[1].ID == got[2].ID {
		t.Errorf("%d findings, want three of their own", len(got))
	}
}

func TestLife_AFindingEndsWhenTheOtherSideFollows(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 12), w.levelOf("shop", "CAP-BLK", 12))
	w.now = at(9, 10)
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 9))
	w.until(t, at(9, 20))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 8))
	w.until(t, at(9, 22))
	if f := w.only(t); f.State != finding.Open {
		t.Fatalf("state %s", f.State)
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 9))
	w.until(t, at(9, 24))
	if f := w.only(t); f.State != finding.Resolved || lastEvent(f) != "the change was passed on" {
		t.Errorf("state %s, %q", f.State, lastEvent(f))
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 8))
	w.until(t, at(10, 0))
	w.only(t)
}

func TestLife_AnOpenRowStaysInTheIndexAndIsLookedAtAgain(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 10))
	for range 3 {
		due := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east").Due
		if wait := due.Sub(w.now); wait < 5*time.Hour || wait > 6*time.Hour {
			t.Fatalf("due %s at %s, want about six hours on", due, w.now)
		}
		w.until(t, due.Add(time.Minute))
	}
	if f := w.only(t); f.State != finding.Open || len(f.Timeline) != 1 || w.published != 1 {
		t.Errorf("state %s, timeline %v, published %d: nothing changed", f.State, f.Timeline, w.published)
	}
}

func TestLife_ARuleThatTheRegistryNoLongerHasEndsItsFindings(t *testing.T) {
	for name, change := range map[string]func(*registry.Registry){
		"removed":                      func(r *registry.Registry) { r.Integrations[0].Rules = nil },
		"switched off":                 func(r *registry.Registry) { r.Integrations[0].Rules[0].Mode = registry.Off },
		"gone with its integration":    func(r *registry.Registry) { r.Integrations = r.Integrations[1:] },
		"of another name from here on": func(r *registry.Registry) { r.Integrations[0].Rules[0].ID = "stock-2" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			w.differ(t, "CAP-BLK")
			w.until(t, at(9, 10))
			r := stockRegistry("from.free", 5*time.Minute)
			change(r)
			w.use(r)
			w.until(t, at(15, 30))
			f := w.only(t)
			if f.State != finding.Resolved || lastEvent(f) != "the rule no longer applies: the registry no longer has it" {
				t.Errorf("state %s, %q", f.State, lastEvent(f))
			}
			a, err := w.findings.GetAlert(t.Context(), f.Alert)
			if err != nil || a.Open() != 0 || a.Published != a.Seq {
				t.Errorf("the alert has %d open findings and is published up to %d of %d, %v", a.Open(), a.Published, a.Seq, err)
			}
			if _, kept := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east").Marks["stock/stock"]; kept {
				t.Error("the row still remembers the finding")
			}
		})
	}
}

func TestLife_ACrashAfterTheClaimIsMadeGoodByTheNextTick(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.now = at(9, 5)
	restore := w.tamper(nil, func(finding.Finding) error { return errDown })
	for _, l := range w.looks.waiting {
		w.drift.Look(t.Context(), []drift.Message{{ID: "look", Body: l.body}})
	}
	w.looks.waiting = nil // the look is never delivered again
	restore()
	if all := w.all(t); len(all) > 0 {
		t.Fatalf("findings %+v", all)
	}
	w.until(t, at(9, 8))
	if f := w.only(t); f.State != finding.Open || len(w.alerts(t)) != 1 {
		t.Errorf("state %s with %d alerts", f.State, len(w.alerts(t)))
	}
}

func TestLife_AClaimWhoseSidesAgreeBeforeItIsWrittenIsNeverTold(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.now = at(9, 5)
	var slow finding.Finding
	restore := w.tamper(nil, func(f finding.Finding) error {
		slow = f
		return errDown
	})
	w.drift.Look(t.Context(), []drift.Message{{ID: "look", Body: w.looks.waiting[0].body}})
	restore()
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.until(t, at(9, 30))
	all := w.all(t)
	if len(all) != 1 || all[0].Told() || all[0].State != finding.Resolved || !all[0].Silent {
		t.Fatalf("findings %+v, want one that was never told", all)
	}
	if err := w.findings.PutFinding(t.Context(), slow); err == nil {
		t.Error("a slower writer could still open it")
	}
	if len(w.alerts(t))+w.published > 0 {
		t.Errorf("%d alerts, %d published", len(w.alerts(t)), w.published)
	}
}

// TestLife_TwoDriftsAtOnceWriteOneFinding lets a second drift do all of its work
// just before each write of the first.
func TestLife_TwoDriftsAtOnceWriteOneFinding(t *testing.T) {
	for write := 1; write <= 4; write++ {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.differ(t, "CAP-BLK")
		w.now = at(9, 5)
		body, writes := w.looks.waiting[0].body, 0
		second := *w.drift
		between := func() error {
			if writes++; writes == write {
				if failed := second.Look(t.Context(), []drift.Message{{ID: "second", Body: body}}); failed != nil {
					t.Errorf("before write %d the second drift failed", write)
				}
			}
			return nil
		}
		restore := w.tamper(func(record.Row) error { return between() }, func(finding.Finding) error { return between() })
		if failed := w.drift.Look(t.Context(), []drift.Message{{ID: "first", Body: body}}); failed != nil {
			t.Errorf("before write %d: the first drift gave up a lost race", write)
		}
		restore()
		w.until(t, at(9, 30))
		if f := w.only(t); f.State != finding.Open || len(w.alerts(t)) != 1 || len(w.alerts(t)[0].Members) != 1 {
			t.Errorf("before write %d: state %s, alerts %+v", write, f.State, w.alerts(t))
		}
	}
}

func TestDrift_ARowThatBreaksTheCodeTakesNoNeighbourWithIt(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	w := newWorld(r)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 2))
	broken := record.Row{Kind: commerce.Product, Key: commerce.Key{"CAP-BLK"}, Due: at(9, 1), Views: []record.View{
		{ViewID: record.ViewID{System: "erp", Part: "p", Native: "1"}}, {ViewID: record.ViewID{System: "shop", Part: "p", Native: "1"}},
	}}
	if err := w.records.Put(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	rule := r.Integrations[0].Rules[0]
	rule.Kind, rule.Expect = commerce.Product, []registry.Expectation{{Facet: "status"}}
	w.drift.Rules[commerce.Product] = []registry.Rule{rule}
	w.now = at(9, 5)
	looks := []drift.Message{{ID: "broken", Body: lookAt(commerce.Product, "CAP-BLK")}, {ID: "good", Body: w.looks.waiting[0].body}}
	if failed := w.drift.Look(t.Context(), looks); strings.Join(failed, ",") != "broken" {
		t.Errorf("failed %v, want the broken one", failed)
	}
	if err := w.drift.Tick(t.Context()); err == nil || !strings.Contains(err.Error(), "1 of 1 due rows") {
		t.Errorf("tick: %v, want it to say that one row was not judged", err)
	}
	if w.only(t); w.published != 1 {
		t.Errorf("published %d, want the alert of the good row", w.published)
	}
}

func TestDrift_WithTooLittleTimeLeftItTellsWhatItHasAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.differ(t, "CAP-BLK")
		w.now = at(9, 5)
		w.runLooks(t)
		w.differ(t, "MUG")
		row := w.rowOf(t, commerce.Inventory, "MUG", "east")
		row.Due = w.now
		if err := w.records.Put(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2900*time.Millisecond)
		defer cancel()
		messages := []drift.Message{{ID: "a", Body: lookAt(commerce.Inventory, "MUG", "east")}, {ID: "b", Body: lookAt(commerce.Inventory, "MUG", "east")}}
		if failed := w.drift.Look(ctx, messages); strings.Join(failed, ",") != "a,b" {
			t.Errorf("failed %v, want both", failed)
		}
		if err := w.drift.Tick(ctx); err == nil {
			t.Error("the tick hides that rows are left")
		}
		if got := w.rowOf(t, commerce.Inventory, "MUG", "east"); got.Rev != row.Rev+1 {
			t.Errorf("revision %d, want the row untouched", got.Rev)
		}
		if w.published != 1 {
			t.Errorf("%d alerts published: a long list of due rows keeps people from hearing", w.published)
		}
	})
}

func TestDrift_PoisonAmongLooksIsReturnedAlone(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.now = at(9, 5)
	looks := []drift.Message{{ID: "poison", Body: "{"}, {ID: "good", Body: w.looks.waiting[0].body}, {ID: "unknown", Body: lookAt(commerce.Inventory, "MUG", "east")}}
	if failed := w.drift.Look(t.Context(), looks); strings.Join(failed, ",") != "poison" {
		t.Errorf("failed %v", failed)
	}
	w.only(t)
}

// TestDrift_AClockThatIsBehindLosesNoLook gives drift a clock that is a little
// behind merge's, so that a look comes before its time.
func TestDrift_AClockThatIsBehindLosesNoLook(t *testing.T) {
	for _, behind := range []time.Duration{time.Millisecond, time.Second, 4 * time.Second} {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.drift.Now = func() time.Time { return w.now.Add(-behind) }
		w.differ(t, "CAP-BLK")
		w.until(t, at(9, 30))
		if f := w.only(t); f.Opened.After(at(9, 6)) {
			t.Errorf("%s behind: opened %s", behind, f.Opened)
		}
	}
}
