package drift_test

import (
	"errors"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/drift"
)

// posted is how the board stands.
func posted(t *testing.T, w *world) drift.Posted {
	t.Helper()
	p, known, err := w.drift.Posted(t.Context(), w.now)
	if err != nil || !known {
		t.Fatalf("%+v, %t, %v", p, known, err)
	}
	return p
}

func TestPosted_ABoardThatIsWrittenLacksNothing(t *testing.T) {
	w, _ := boarded(t)
	if got := posted(t, w); !got.Confirmed.IsZero() {
		t.Errorf("before the first run: %+v", got)
	}
	diverge(t, w)
	w.now = w.now.Add(10 * time.Minute)
	if got, want := posted(t, w), (drift.Posted{Confirmed: w.now.Truncate(time.Hour)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPosted_TellsOfABucketThatTakesNothing(t *testing.T) {
	w, p := boarded(t)
	w.tick(t)
	w.deliver(t, level("erp", "free", 5, 1), level("shop", "available", 5, 1))
	w.now = w.now.Add(time.Minute)
	w.deliver(t, level("erp", "free", 3, 2))
	w.now = w.now.Add(21 * time.Minute)
	w.runLooks(t)
	p.left = 0
	if err := w.drift.Tick(t.Context()); !errors.Is(err, errBucket) {
		t.Fatal(err)
	}
	w.now = w.now.Add(10 * time.Minute)
	if got := posted(t, w); !got.Torn || got.Lacking != 1 {
		t.Errorf("got %+v", got)
	}
	p.broken = true
	if _, _, err := w.drift.Posted(t.Context(), w.now); !errors.Is(err, errBucket) {
		t.Errorf("a bucket that is away: %v", err)
	}
}

func TestPosted_AServiceWithoutABoardHasNone(t *testing.T) {
	w, _ := boarded(t)
	w.drift.Board = nil
	if _, known, err := w.drift.Posted(t.Context(), w.now); known || err != nil {
		t.Errorf("%t, %v", known, err)
	}
}
