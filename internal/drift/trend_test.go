package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// tolerant is a stock rule that lets the sides be two apart.
func tolerant() *registry.Registry {
	r := stockRegistry("from.free", 20*time.Minute)
	r.Integrations[0].Rules[0].Expect[0].Within = compile(commerce.Inventory, "2", commerce.NumberType)
	return r
}

// leak makes the ERP count one unit less each morning, of which the shop hears at
// night, for so many days from the given one on.
func (w *world) leak(t *testing.T, first, days int) {
	for day := first; day < first+days; day++ {
		w.until(t, at(24*day+11, 0))
		w.deliver(t, w.levelOf("erp", "CAP-BLK", 99-day))
		w.until(t, at(24*day+27, 0))
		w.deliver(t, w.levelOf("shop", "CAP-BLK", 99-day))
	}
}

func TestTrend_ALeakIsOneFindingThatEndsWhenNothingLeaks(t *testing.T) {
	w := newWorld(tolerant())
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 100), w.levelOf("shop", "CAP-BLK", 100))
	w.leak(t, 0, 7)
	if got := w.opened(t, "stock"); len(got) > 0 {
		t.Fatalf("%d findings after seven days, want none yet", len(got))
	}
	w.leak(t, 7, 3)
	f := w.only(t)
	if f.Class != finding.SlowDivergence || f.State != finding.Open || !f.Since.Equal(at(11, 0)) ||
		f.Why != "10 units in 9 days, always one way, never above 1 at once" || f.Differences[0].Actual != "10" {
		t.Errorf("%s %s since %s: %s, %+v", f.Class, f.State, f.Since, f.Why, f.Differences)
	}

	// A sale that is on its way, and one that the other side is told too late, are
	// no news of the leak.
	w.until(t, at(24*10+10, 0))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 80))
	w.until(t, at(24*10+10, 15))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 80))
	w.until(t, at(24*10+12, 0))
	if f = w.only(t); f.State != finding.Open || f.Class != finding.SlowDivergence {
		t.Errorf("%s %s: %s", f.Class, f.State, lastEvent(f))
	}

	w.until(t, at(24*30, 0))
	if f = w.only(t); f.State != finding.Resolved {
		t.Errorf("%s three weeks after the last unit", f.State)
	}
	if row := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east"); len(row.Marks) > 0 || !row.Due.IsZero() {
		t.Errorf("a row at rest has marks %v and is due %s", row.Marks, row.Due)
	}
}

func TestTrend_ALeakThatOutgrowsTheToleranceIsADifference(t *testing.T) {
	w := newWorld(tolerant())
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 100), w.levelOf("shop", "CAP-BLK", 100))
	w.leak(t, 0, 9)
	w.until(t, at(24*9+10, 0))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 80))
	w.until(t, at(24*9+10, 10))
	if f := w.only(t); f.Class != finding.SlowDivergence {
		t.Errorf("%s inside the settle time", f.Class)
	}
	w.until(t, at(24*9+11, 0))
	if f := w.only(t); f.Class != finding.Late || f.Differences[0].Expected != "80" {
		t.Errorf("%s %+v", f.Class, f.Differences)
	}
}
