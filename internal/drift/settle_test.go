package drift_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// step is something that happens in a simulated flow.
type step struct {
	at time.Time
	do func()
}

// play runs steps in order of time, the looks when they fall due and a tick
// every minute.
func (w *world) play(t *testing.T, steps []step, until time.Time) {
	t.Helper()
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	nextTick := w.now
	for len(steps) > 0 || w.now.Before(until) {
		next := nextTick
		for _, l := range w.looks.waiting {
			if l.at.Before(next) {
				next = l.at
			}
		}
		if len(steps) > 0 && steps[0].at.Before(next) {
			next = steps[0].at
		}
		if next.After(until) {
			return
		}
		w.now = later(w.now, next)
		for len(steps) > 0 && !steps[0].at.After(w.now) {
			steps[0].do()
			steps = steps[1:]
		}
		w.runLooks(t)
		if !w.now.Before(nextTick) {
			w.tick(t)
			nextTick = nextTick.Add(time.Minute)
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// TestSettle_HealthyPairNeverOpens lets the shop show every value of the ERP a
// little later. However fast the values change, nothing is wrong.
func TestSettle_HealthyPairNeverOpens(t *testing.T) {
	for _, lag := range []time.Duration{10 * time.Second, time.Minute, 2 * time.Minute} {
		for _, gap := range []time.Duration{10 * time.Minute, 2 * time.Minute, 30 * time.Second, 10 * time.Second} {
			t.Run(fmt.Sprintf("a change every %s, shown after %s", gap, lag), func(t *testing.T) {
				w := newWorld(stockRegistry("from.free", 5*time.Minute))
				r := rand.New(rand.NewPCG(7, uint64(lag+gap)))
				var steps []step
				value, at, end := 1000, nine, nine.Add(2*time.Hour)
				for version := 0; at.Before(end); version++ {
					v, n := value, version
					shown := at.Add(time.Duration(float64(lag) * (0.5 + r.Float64())))
					steps = append(steps,
						step{at, func() { w.deliver(t, level("erp", "free", v, n)) }},
						step{shown, func() { w.deliver(t, level("shop", "available", v, n)) }})
					value--
					if r.Float64() < 0.02 {
						value += 50
					}
					at = at.Add(time.Duration(r.ExpFloat64() * float64(gap)))
				}
				w.play(t, steps, end)
				if got := w.opened(t, "stock"); len(got) > 0 {
					t.Errorf("%d findings, the first: %+v", len(got), got[0].Timeline)
				}
			})
		}
	}
}

// TestSettle_StuckSideIsFoundAtAnyRate stops the shop for good at 11:00.
func TestSettle_StuckSideIsFoundAtAnyRate(t *testing.T) {
	for _, gap := range []time.Duration{10 * time.Minute, time.Minute, 10 * time.Second} {
		t.Run(fmt.Sprintf("a change every %s", gap), func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			stop, end := nine.Add(2*time.Hour), nine.Add(3*time.Hour)
			var steps []step
			version := 0
			for at := nine; at.Before(end); at = at.Add(gap) {
				n := version
				steps = append(steps, step{at, func() { w.deliver(t, level("erp", "free", 5000-n, n)) }})
				if at.Before(stop) {
					steps = append(steps, step{at.Add(20 * time.Second), func() { w.deliver(t, level("shop", "available", 5000-n, n)) }})
				}
				version++
			}
			w.play(t, steps, end)
			got := w.opened(t, "stock")
			if len(got) != 1 {
				t.Fatalf("%d findings, want 1", len(got))
			}
			if late := got[0].Opened.Sub(stop); late < 5*time.Minute || late > 5*time.Minute+gap+2*time.Minute {
				t.Errorf("opened %s after the shop stopped, want about the settle time", late)
			}
			// At a change every 10 s the row forgets that the value was expected.
			if got[0].Class != finding.Late && gap >= time.Minute {
				t.Errorf("class %s, want late", got[0].Class)
			}
		})
	}
}

// order is a web order of one unit as a system reports it.
func order(system string, n int) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Order, Key: commerce.Key{"shop", fmt.Sprintf("US%d", n)},
		Part: "order", Native: fmt.Sprintf("%s-%d", system, n), Slot: "order", Created: nine.Add(time.Hour),
		Lines: []commerce.Line{{SKU: "CAP-BLK", Location: "east", Units: commerce.Int(1)}},
	}
	o.Stamp(commerce.VersionParts{Clock: nine, Sequence: uint64(n) + 1})
	return o
}

// twoWriters simulates stock that both sides change: the shop takes a unit off
// at each sale, the ERP hears of sales from a job every 15 minutes that takes
// two. At the given time, if any, the shop loses three units.
func twoWriters(t *testing.T, w *world, perHour float64, fault, end time.Time) {
	r := rand.New(rand.NewPCG(3, uint64(perHour)))
	shop, erp, version, sold, imported := 100000, 100000, 0, 0, 0
	var steps []step
	show := func() {
		version++
		w.deliver(t, level("shop", "available", shop, version))
	}
	steps = append(steps, step{nine, func() {
		w.deliver(t, level("erp", "free", erp, 0))
		w.deliver(t, order("erp", 0)) // from here on the ERP's orders are known
		show()
	}})
	for at := nine; at.Before(end); at = at.Add(time.Duration(r.ExpFloat64() * float64(time.Hour) / perHour)) {
		steps = append(steps, step{at, func() {
			sold++
			shop--
			w.deliver(t, order("shop", sold))
			show()
		}})
	}
	for at := nine.Add(15 * time.Minute); at.Before(end); at = at.Add(15 * time.Minute) {
		cut := 0
		steps = append(steps,
			step{at, func() { cut = sold }},
			step{at.Add(2 * time.Minute), func() {
				for imported < cut {
					imported++
					erp--
					w.deliver(t, order("erp", imported))
				}
				version++
				w.deliver(t, level("erp", "free", erp, version))
			}})
	}
	if !fault.IsZero() {
		steps = append(steps, step{fault, func() { shop -= 3; show() }})
	}
	w.play(t, steps, end)
}

func TestSettle_TwoWriterStock(t *testing.T) {
	for _, perHour := range []float64{2, 20, 60} {
		t.Run(fmt.Sprintf("healthy at %.0f sales an hour", perHour), func(t *testing.T) {
			w := newWorld(stockRegistry("from.free - in_flight", 20*time.Minute))
			twoWriters(t, w, perHour, time.Time{}, nine.Add(10*time.Hour))
			if got := w.opened(t, "stock"); len(got) > 0 {
				t.Errorf("%d false findings, the first: %+v", len(got), got[0])
			}
		})
		t.Run(fmt.Sprintf("three units lost at %.0f sales an hour", perHour), func(t *testing.T) {
			w := newWorld(stockRegistry("from.free - in_flight", 20*time.Minute))
			fault := nine.Add(5 * time.Hour)
			twoWriters(t, w, perHour, fault, nine.Add(10*time.Hour))
			got := w.opened(t, "stock")
			if len(got) == 0 {
				t.Fatal("the lost units were not found")
			}
			if late := got[0].Opened.Sub(fault); late < 0 || late > time.Hour {
				t.Errorf("found %s after the fault, want within an hour", late)
			}
			if len(got) > 1 {
				t.Errorf("%d findings for one fault", len(got))
			}
			t.Logf("found after %s", got[0].Opened.Sub(fault))
		})
	}
}
