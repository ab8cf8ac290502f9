package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
)

func (w *world) recorded(t *testing.T, changes ...change.Change) {
	t.Helper()
	w.drift.Documents = w.findings
	for _, c := range changes {
		if failed := w.drift.Look(t.Context(), []drift.Message{{ID: "m", Body: queue.EncodeChange(c)}}); len(failed) > 0 {
			t.Fatalf("the change %s is not kept", c.ID)
		}
	}
}

func madeChange(id string, at time.Time, system string) change.Change {
	return change.Change{ID: id, At: at, System: system, What: "deploy " + id}
}

func (w *world) alerted(t *testing.T) alert.Alert {
	t.Helper()
	a, err := store.FollowAlert(t.Context(), w.findings, w.only(t).Alert)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestChanges_TheNearestOneIsToldWithTheAlert(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []change.Change
		want    string
	}{
		{"none", nil, ""},
		{"the last before", []change.Change{madeChange("a", at(7, 0), "erp"), madeChange("b", at(8, 50), "erp"), madeChange("c", at(9, 2), "erp")}, "b"},
		{"of another system", []change.Change{madeChange("a", at(8, 0), "wms")}, ""},
		{"of the day before", []change.Change{madeChange("a", at(9, 30).AddDate(0, 0, -1), "shop")}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			w.recorded(t, c.changes...)
			w.differ(t, "CAP-BLK")
			w.until(t, at(9, 30))
			if a := w.alerted(t); a.Near.ID != c.want {
				t.Errorf("nearest is %q, want %q", a.Near.ID, c.want)
			}
		})
	}
}

func TestChanges_AreKeptOnceAndListedInOrder(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	a, b := madeChange("a", at(8, 0).AddDate(0, 0, -1), ""), madeChange("b", at(8, 50), "erp")
	w.recorded(t, b, a, b)
	got, err := w.drift.Changes(t.Context(), nine.Add(-48*time.Hour), nine)
	if err != nil || len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("%+v, %v", got, err)
	}
	if got, _ = w.drift.Changes(t.Context(), at(8, 51), nine); len(got) > 0 {
		t.Errorf("before the time: %+v", got)
	}
	d, err := w.findings.GetDocument(t.Context(), change.Document(nine))
	if err != nil || !d.Expires.Equal(change.Expires(nine)) {
		t.Errorf("expires %s, %v", d.Expires, err)
	}
	c, found, err := w.drift.Nearest(t.Context(), nine, "stock", "erp", "shop")
	if err != nil || !found || c != b {
		t.Errorf("nearest %+v, %t, %v", c, found, err)
	}
}

func TestChanges_WhatCannotBeReadKeepsNoAlert(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.recorded(t)
	if err := w.findings.PutDocument(t.Context(), store.Document{Name: change.Document(nine), Body: []byte(`[]`)}); err != nil {
		t.Fatal(err)
	}
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 30))
	if a := w.alerted(t); a.Published == 0 || a.Near.ID != "" {
		t.Errorf("published %d, nearest %q", a.Published, a.Near.ID)
	}
	body := strings.Replace(queue.EncodeChange(madeChange("a", nine, "")), `"what"`, `"whit"`, 1)
	if failed := w.drift.Look(t.Context(), []drift.Message{{ID: "m", Body: body}}); len(failed) != 1 {
		t.Errorf("what cannot be read is done: %v", failed)
	}
}
