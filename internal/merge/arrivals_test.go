package merge_test

import (
	"context"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// heard counts the writes of arrivals, and fails when told to.
type heard struct {
	memory.Arrivals
	writes int
	down   error
}

func (h *heard) Arrive(ctx context.Context, source silence.Source, at time.Time) error {
	if h.down != nil {
		return h.down
	}
	h.writes++
	return h.Arrivals.Arrive(ctx, source, at)
}

func listening() (*world, *heard) {
	w, h := newWorld(), &heard{}
	w.service.Arrivals = h
	return w, h
}

// webhook is the message of a delivery that a system sent now.
func (w *world) webhook(t testing.TB, observations ...commerce.Observation) merge.Message {
	return edited(t, w.message(observations...), func(d *commerce.Delivery) { d.Body = []byte(`{}`) })
}

func edited(t testing.TB, m merge.Message, change func(*commerce.Delivery)) merge.Message {
	t.Helper()
	e, err := queue.Decode(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	change(&e.Delivery)
	if m.Body, err = queue.Encode(e); err != nil {
		t.Fatal(err)
	}
	return m
}

func (h *heard) expect(t *testing.T, system string, kind commerce.Kind, want ...time.Time) {
	t.Helper()
	got, err := h.Arrived(t.Context(), silence.Source{System: system, Kind: kind}, nine.AddDate(0, -3, 0), nine.AddDate(0, 0, 1))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%s heard of %s in %v, %v; want %v", system, kind, got, err, want)
	}
	for i, at := range want {
		if got[i] != silence.SlotOf(at) {
			t.Errorf("%s heard of %s in %s, want %s", system, kind, got[i].Start(), at)
		}
	}
}

func TestArrivals_AreNotedOncePerTenMinutes(t *testing.T) {
	w, h := listening()
	for i := range 25 {
		w.merge(t, w.webhook(t, level("erp", "MUG", i, i+1), level("erp", "CAP", i, i+1)))
		w.now = w.now.Add(time.Minute)
	}
	h.expect(t, "erp", commerce.Inventory, nine, nine.Add(10*time.Minute), nine.Add(20*time.Minute))
	h.expect(t, "shop", commerce.Inventory)
	if h.writes != 3 {
		t.Errorf("%d writes, want one for each slot", h.writes)
	}
}

func TestArrivals_CountInTheTimeOfTheirReceipt(t *testing.T) {
	w, h := listening()
	late, old := w.webhook(t, level("erp", "MUG", 1, 1)), w.webhook(t, level("erp", "CAP", 1, 1))
	old = edited(t, old, func(d *commerce.Delivery) { d.Received = nine.Add(-silence.Remembered) })
	w.now = nine.Add(3 * time.Hour)
	w.merge(t, late, old)
	h.expect(t, "erp", commerce.Inventory, nine)
}

func TestArrivals_WhatPlumblineSaysIsNone(t *testing.T) {
	w, h := listening()
	w.merge(t, w.message(level("erp", "MUG", 1, 1)))
	if h.writes > 0 {
		t.Error("a delivery without a body counts")
	}
}

func TestArrivals_WhatNobodyDependsOnIsNotNoted(t *testing.T) {
	w, h := listening()
	other := level("pim", "MUG", 1, 1)
	w.merge(t, w.webhook(t, other), w.webhook(t, itemLink("1", "MUG", 1)))
	if h.writes > 0 {
		t.Errorf("%d arrivals of no use", h.writes)
	}
	w.service.Registry.Systems["pim"] = registry.System{Name: "pim", ExpectEvery: map[commerce.Kind]time.Duration{commerce.Inventory: time.Hour}}
	w.merge(t, w.webhook(t, other))
	h.expect(t, "pim", commerce.Inventory, nine)
}

func TestArrivals_WhatCannotBeNotedComesAgain(t *testing.T) {
	w, h := listening()
	m := w.webhook(t, level("erp", "MUG", 1, 1))
	h.down = errDown
	if failed := w.merge(t, m); len(failed) != 1 {
		t.Error("acknowledged without its arrival")
	}
	h.down = nil
	if failed := w.merge(t, m); failed != nil {
		t.Errorf("the next try failed: %v", failed)
	}
	h.expect(t, "erp", commerce.Inventory, nine)
}

func TestCanary_IsMergedWholeAndLeavesNoTrace(t *testing.T) {
	w := newWorld()
	o := commerce.Observation{
		System: "singer", Kind: commerce.Canary, Key: commerce.Key{"difference"}, Part: "canary", Native: "difference",
		Facets: commerce.Facets{"song": commerce.Number(commerce.Int(7))},
	}
	o.Stamp(commerce.VersionParts{Clock: nine})
	w.merge(t, edited(t, w.message(o), func(d *commerce.Delivery) { d.System = commerce.Plumbline }))
	row := w.row(t, commerce.Canary, "difference")
	if len(row.Views) != 1 || row.Views[0].Facets["song"].String() != "7" {
		t.Errorf("the row has %+v", row.Views)
	}
	if w.marks.writes > 0 || len(w.archive.bodies) > 0 {
		t.Errorf("%d marks, %d archived", w.marks.writes, len(w.archive.bodies))
	}
}
