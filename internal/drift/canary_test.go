package drift_test

import (
	"context"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

func TestCanary_IsFoundEveryQuarterAndNobodyHears(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	found, open := 0, false
	for w.now.Before(at(11, 0)) {
		w.pass(t, w.now.Add(time.Minute))
		before := open
		if open = w.rowOf(t, commerce.Canary, "difference").Marks["plumbline/canary"].Open != ""; open && !before {
			found++
		}
	}
	if found != 8 || open {
		t.Errorf("found %d times in two hours, and still open: %t; want once in each quarter", found, open)
	}
	if w.expect(t); len(w.alerts(t)) > 0 {
		t.Error("people hear of canaries")
	}
}

func TestCanary_ThatIsNotFoundInTimeMakesPlumblineReportItself(t *testing.T) {
	for name, hurt := range map[string]func(w *watching, stuck bool){
		"merge stands still": func(w *watching, stuck bool) { w.stuck = stuck },
		"looks stand still":  func(w *watching, stuck bool) { w.blind = stuck },
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(stockRegistry("from.free", 20*time.Minute))
			w.pass(t, at(9, 10))
			hurt(w, true)
			w.pass(t, at(9, 21)) // the second one goes out at 9:16
			w.expect(t)
			w.pass(t, at(9, 22))
			w.expect(t, notFound+"open")
			if f := w.all(t)[0]; !f.Since.Equal(at(9, 16)) || len(w.alerts(t)) != 1 {
				t.Errorf("since %s, in %d alerts", f.Since, len(w.alerts(t)))
			}
			w.pass(t, at(10, 30))
			w.expect(t, notFound+"open")
			hurt(w, false)
			w.pass(t, at(10, 40))
			w.expect(t, notFound+"resolved")
			w.pass(t, at(11, 30))
			w.expect(t, notFound+"resolved")
		})
	}
}

// late is a store of documents as a run saw it that another one overtook.
type late struct{ store.Documents }

func (late) PutDocument(context.Context, store.Document) error { return store.ErrLost }

func TestCanary_OfTwoRunsAtOnceIsFound(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	doubled := *w.drift
	doubled.Documents = late{w.findings.Clone()}
	w.now = w.now.Add(time.Minute)
	w.tick(t)
	w.now = w.now.Add(2 * time.Second) // its clock is ahead, and so its canary is newer
	if err := doubled.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(-2 * time.Second)
	w.pass(t, at(9, 40))
	w.expect(t)
}

func TestCanary_WhoseAnswerWasSentByARunThatDiedIsFound(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	for w.rowOf(t, commerce.Canary, "difference").Marks["plumbline/canary"].Open == "" {
		w.tick(t)
		w.now = w.now.Add(time.Minute)
		w.queues(t)
	}
	died := *w.drift
	died.Documents = late{w.findings}
	if err := died.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.queues(t)
	if left := w.drift.Look(t.Context(), []drift.Message{{ID: "look", Body: lookAt(commerce.Canary, "difference")}}); len(left) > 0 {
		t.Fatal("a look failed")
	}
	if w.rowOf(t, commerce.Canary, "difference").Marks["plumbline/canary"].Open != "" {
		t.Fatal("the canary did not get its answer")
	}
	w.pass(t, w.now.Add(40*time.Minute))
	w.expect(t)
}

func TestCanary_NothingHoldsIt(t *testing.T) {
	r := stockRegistry("from.free", 20*time.Minute)
	r.Quiet = []registry.Quiet{{EveryDay: true, Until: 24 * 60, Why: "stocktake"}}
	w := watch(r)
	for w.now.Before(at(10, 0)) {
		if err := w.findings.LatestMark(t.Context(), merge.LateMark, w.now); err != nil {
			t.Fatal(err)
		}
		w.pass(t, w.now.Add(time.Minute))
	}
	w.expect(t)
}
