package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// stockOf is level of another SKU.
func stockOf(sku, system, facet string, value, version int) commerce.Observation {
	o := level(system, facet, value, version)
	o.Key, o.Native = commerce.Key{sku, "east"}, system+"-"+sku
	return o
}

// disagree lets both sides agree about a SKU, and then one of them change it.
func (w *world) disagree(t *testing.T, sku string) {
	t.Helper()
	w.deliver(t, stockOf(sku, "erp", "free", 12, 1))
	w.deliver(t, stockOf(sku, "shop", "available", 12, 1))
	w.runLooks(t)
	w.now = w.now.Add(time.Minute)
	w.deliver(t, stockOf(sku, "erp", "free", 9, 2))
	w.now = w.now.Add(time.Second)
	w.runLooks(t)
}

func TestAtOnce_WhatMayNotDifferDoesNotWaitForTheMinute(t *testing.T) {
	for settle, want := range map[time.Duration]int{0: 1, time.Second: 0} {
		w := newWorld(stockRegistry("from.free", settle))
		w.disagree(t, "MUG")
		if w.published != want {
			t.Errorf("settle %v: %d alerts are published, want %d", settle, w.published, want)
		}
		w.tick(t)
		if w.published != 1 {
			t.Errorf("settle %v: %d alerts are published by the end of the minute, want one", settle, w.published)
		}
	}
}

func TestAtOnce_WhatJoinsAnAlertWaitsForTheMinute(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 0))
	w.disagree(t, "MUG")
	w.disagree(t, "CUP")
	if w.published != 1 {
		t.Errorf("%d alerts are published, want the first record's alone", w.published)
	}
	if alerts, err := w.findings.AllAlerts(t.Context()); err != nil || len(alerts) != 1 || alerts[0].Size() != 2 {
		t.Errorf("alerts %+v, %v, want one of both records", alerts, err)
	}
}
