package drift_test

import (
	"testing"
	"time"
)

func TestKnock_ArrivesAndOpensNothing(t *testing.T) {
	w := watch(stockRegistry("from.free", 10*time.Minute))
	if err := w.drift.Knock(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	if arrived, err := w.drift.Knocked(t.Context(), w.now); err != nil || arrived {
		t.Errorf("arrived before it was merged: %t, %v", arrived, err)
	}
	knocked := w.now
	w.pass(t, w.now.Add(time.Hour))
	if arrived, err := w.drift.Knocked(t.Context(), knocked); err != nil || !arrived {
		t.Errorf("arrived: %t, %v", arrived, err)
	}
	if arrived, _ := w.drift.Knocked(t.Context(), w.now); arrived {
		t.Error("a later knock arrived, and nobody knocked")
	}
	w.expect(t)
}

func TestHealth_TellsOfMissedMinutesAndLateCanaries(t *testing.T) {
	w := watch(stockRegistry("from.free", 10*time.Minute))
	if h, err := w.drift.Health(t.Context()); err != nil || !h.Ticked.IsZero() {
		t.Errorf("before the first minute: %+v, %v", h, err)
	}
	w.pass(t, w.now.Add(10*time.Minute))
	if h, err := w.drift.Health(t.Context()); err != nil || !h.Ticked.Equal(w.now) || h.CanaryLate || len(h.Silent) > 0 {
		t.Errorf("all is well: %+v, %v", h, err)
	}
	w.stuck = true
	w.pass(t, w.now.Add(30*time.Minute))
	if h, err := w.drift.Health(t.Context()); err != nil || !h.CanaryLate {
		t.Errorf("merge gets nothing: %+v, %v", h, err)
	}
}
