package drift_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// learning lets the settle time of the stock rule be learnt.
func learning(r *registry.Registry) {
	r.Integrations[0].Rules[0].Settle = registry.Settle{
		For: 2 * time.Hour, By: -1, Learn: registry.Learn{From: time.Minute, To: 2 * time.Hour},
	}
}

// sell changes the stock of a SKU in the ERP, and minutes later in the shop.
func (f *fleet) sell(t testing.TB, v *version, sku string, amount int, minutes time.Duration) {
	t.Helper()
	f.receive(v, f.stockOf("erp", sku, "east", amount))
	f.mergeAll(t, v)
	if minutes < 0 {
		return
	}
	f.now = f.now.Add(minutes * time.Minute)
	f.receive(v, f.stockOf("shop", sku, "501", amount))
	f.mergeAll(t, v)
}

func (f *fleet) learnt(t testing.TB, name string) learnt.Learnt {
	t.Helper()
	d, err := f.findings.GetDocument(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	var l learnt.Learnt
	if err := json.Unmarshal(d.Body, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLearned_TheAuditLearnsWhatDriftJudgesBy(t *testing.T) {
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast, learning))
	f.deploy(v)
	for i := range 120 {
		sku := fmt.Sprintf("SKU-%03d", i)
		f.receive(v, f.stockOf("erp", sku, "east", 10))
		f.receive(v, f.stockOf("shop", sku, "501", 10))
		f.mergeAll(t, v)
		f.sell(t, v, sku, 9, time.Duration(1+i%4))
	}
	for day := range 2 {
		f.now = f.now.Add(24 * time.Hour)
		if err := v.drift.Audit(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.run(t, v, 5*time.Minute)
		l := f.learnt(t, learnt.Current)
		if got := l.Rules["stock/stock"]["east"]; l.N != day+1 || got.Of < 100 || got.P99 < 4*time.Minute || got.P99 > 5*time.Minute || got.Settle < 6*time.Minute || got.Settle > 10*time.Minute {
			t.Errorf("day %d: number %d: %+v", day, l.N, got)
		}
		if numbered := f.learnt(t, fmt.Sprintf("learnt|%d", l.N)); numbered.Run != l.Run {
			t.Errorf("number %d is of audit %s, want %s", l.N, numbered.Run, l.Run)
		}
	}
	f.run(t, v, 5*time.Minute)
	f.sell(t, v, "SKU-007", 5, -1)
	f.run(t, v, 5*time.Minute)
	if len(f.open(t)) > 0 {
		t.Fatalf("findings %v inside the settle time", f.open(t))
	}
	f.run(t, v, 7*time.Minute)
	if len(f.open(t)) != 1 {
		t.Errorf("findings %v, want the one whose learnt settle time is over", f.open(t))
	}
}

// publish lets the settle time of the stock rule be one that was learnt.
func (f *fleet) publish(t testing.TB, settle time.Duration) {
	t.Helper()
	before, _ := f.findings.GetDocument(t.Context(), learnt.Current)
	body, err := json.Marshal(learnt.Learnt{
		N: int(before.Rev) + 1, Rules: map[string]map[string]learnt.Time{"stock/stock": {"": {Settle: settle}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.findings.PutDocument(t.Context(), store.Document{Name: learnt.Current, Body: body, Rev: before.Rev}); err != nil {
		t.Fatal(err)
	}
}

// TestLearned_WhatWasDueStaysDue changes the settle time to and fro while a
// finding is open, until the shop follows.
func TestLearned_WhatWasDueStaysDue(t *testing.T) {
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast, learning))
	f.deploy(v)
	f.publish(t, 10*time.Minute)
	f.sell(t, v, "MUG", 10, 1)
	f.run(t, v, 10*time.Minute)
	f.sell(t, v, "MUG", 7, -1)
	f.run(t, v, 12*time.Minute)
	if len(f.open(t)) != 1 {
		t.Fatalf("findings %v after the learnt settle time", f.open(t))
	}
	for _, settle := range []time.Duration{2 * time.Hour, 5 * time.Minute, 90 * time.Minute} {
		f.publish(t, settle)
		f.run(t, v, 15*time.Minute)
		if err := v.drift.Audit(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.run(t, v, 5*time.Minute)
		if len(f.open(t)) != 1 || len(f.all(t)) != 1 {
			t.Errorf("settle time %s: %d findings open of %d", settle, len(f.open(t)), len(f.all(t)))
		}
		f.now = f.now.Add(time.Hour)
	}
	f.receive(v, f.stockOf("erp", "MUG", "east", 6))
	f.now = f.now.Add(time.Minute)
	f.receive(v, f.stockOf("shop", "MUG", "501", 7))
	f.mergeAll(t, v)
	f.run(t, v, 3*time.Minute)
	if len(f.open(t)) > 0 || len(f.all(t)) != 1 {
		t.Errorf("%d findings open of %d, although the shop showed the change", len(f.open(t)), len(f.all(t)))
	}
	if log := f.log.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}
