package drift_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
)

// The tests of this file run the real merge and drift through every
// interleaving, see explorer_test.go. They state the property that the row
// protocol exists for: once everything is quiet, a finding is open if and only
// if the views differ, and each finding reached people once.

var capAtEast = commerce.Key{"CAP-BLK", "east"}.ID(commerce.Inventory)

// messageActor delivers one message to merge until it is acknowledged.
func messageActor(w *world, o commerce.Observation) *actor {
	m := w.message(o)
	return &actor{name: m.ID, work: func(ctx context.Context, g *gate) error {
		s := &merge.Service{
			Records: g, Marks: g, Looks: g, Archive: g, Open: w.merge.Open,
			Registry: w.merge.Registry, Rules: w.merge.Rules, Now: g.now, Log: w.merge.Log,
		}
		if failed := s.Merge(ctx, []merge.Message{m}); len(failed) > 0 {
			return errCrash
		}
		return nil
	}}
}

func driftOf(w *world, g *gate) *drift.Service {
	return &drift.Service{
		Records: g, Findings: g, Marks: g, Looks: g, Topic: g,
		Registry: w.drift.Registry, Rules: w.drift.Rules, Now: g.now, Log: w.drift.Log,
	}
}

func tickActor(w *world) *actor {
	return &actor{name: "tick", work: func(ctx context.Context, g *gate) error {
		return driftOf(w, g).Tick(ctx)
	}}
}

func lookActor(w *world) *actor {
	body := queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"CAP-BLK", "east"}, Due: nine})
	return &actor{name: "look", work: func(ctx context.Context, g *gate) error {
		if failed := driftOf(w, g).Look(ctx, []drift.Message{{ID: "look", Body: body}}); len(failed) > 0 {
			return errCrash
		}
		return nil
	}}
}

// queueActor takes one look off the queue, if one is due.
func queueActor(w *world) *actor {
	return &actor{name: "queue", work: func(ctx context.Context, g *gate) error {
		body, err := g.receive()
		if err != nil || body == "" {
			return err
		}
		if failed := driftOf(w, g).Look(ctx, []drift.Message{{ID: "look", Body: body}}); len(failed) > 0 {
			return errCrash
		}
		return g.remove(body)
	}}
}

// clockActor lets the time pass twice.
func clockActor(step time.Duration) *actor {
	return &actor{name: "clock", work: func(_ context.Context, g *gate) error {
		return errors.Join(g.pass(step), g.pass(step))
	}}
}

// stored is what the world's stores hold now.
func (w *world) stored() *stored {
	return &stored{now: w.now, records: w.records, findings: w.findings, groups: map[string]store.Group{}, looks: w.looks.waiting}
}

// with is another world with the same rules over a copy of what is stored.
func (w *world) with(s *stored) *world {
	return newWorldOver(w.merge.Registry, s.clone())
}

// quiesce lets everything that is still asked for happen, undisturbed.
func (w *world) quiesce(t *testing.T) {
	for range 12 {
		w.now = w.now.Add(20 * time.Minute)
		w.runLooks(t)
		w.tick(t)
	}
}

func TestProtocol_FindingsEqualDifferencesInEveryInterleaving(t *testing.T) {
	erp := func(v int) commerce.Observation { return level("erp", "free", v, v) }
	shop := func(v int) commerce.Observation { return level("shop", "available", v, v) }
	for _, c := range []struct {
		name     string
		messages []commerce.Observation
		ticks    int
		crashes  int
	}{
		{"the ERP changes, three crashes", []commerce.Observation{erp(1)}, 1, 3},
		{"the ERP changes, three drifts look", []commerce.Observation{erp(1)}, 2, 1},
		{"the ERP changes, the shop follows, two crashes", []commerce.Observation{erp(1), shop(1)}, 0, 2},
		{"the ERP changes, the shop follows, two drifts look", []commerce.Observation{erp(1), shop(1)}, 1, 1},
		{"the ERP changes, the shop follows, the ERP changes again", []commerce.Observation{erp(1), shop(1), erp(2)}, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 0))
			w.deliver(t, erp(0))
			w.deliver(t, shop(0))
			var actors []*actor
			for _, o := range c.messages {
				actors = append(actors, messageActor(w, o))
			}
			actors = append(actors, lookActor(w))
			for range c.ticks {
				actors = append(actors, tickActor(w))
			}
			e := explore(t.Context(), w.stored(), actors, c.crashes)
			t.Logf("%d points, %d end states", len(e.seen), len(e.ends))
			if len(e.ends) == 0 {
				t.Error("no schedule came to an end")
			}
			for _, end := range e.ends {
				checkTruth(t, w.with(end.stored), end)
			}
		})
	}
}

// TestProtocol_LooksComeInTimeInEveryInterleaving lets time pass between any two
// calls, and takes looks off the queue when they are due.
func TestProtocol_LooksComeInTimeInEveryInterleaving(t *testing.T) {
	erp := func(v int) commerce.Observation { return level("erp", "free", v, v) }
	shop := func(v int) commerce.Observation { return level("shop", "available", v, v) }
	for _, c := range []struct {
		name     string
		messages []commerce.Observation
		queue    int
		crashes  int
	}{
		{"the ERP changes, two crashes", []commerce.Observation{erp(1)}, 1, 2},
		{"the ERP changes, two looks at a time", []commerce.Observation{erp(1)}, 2, 0},
		{"the ERP changes, the shop follows", []commerce.Observation{erp(1), shop(1)}, 1, 0},
		{"the ERP changes twice", []commerce.Observation{erp(1), erp(2)}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			w.deliver(t, erp(0))
			w.deliver(t, shop(0))
			actors := []*actor{clockActor(5 * time.Minute)}
			for _, o := range c.messages {
				actors = append(actors, messageActor(w, o))
			}
			for range c.queue {
				actors = append(actors, queueActor(w))
			}
			e := explore(t.Context(), w.stored(), actors, c.crashes)
			t.Logf("%d points, %d end states", len(e.seen), len(e.ends))
			for _, end := range e.ends {
				checkTruth(t, w.with(end.stored), end)
			}
		})
	}
}

func checkTruth(t *testing.T, w *world, end *point) {
	t.Helper()
	w.quiesce(t)
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{capAtEast})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		differs := row.SideOf("erp").Facets["free"] != row.SideOf("shop").Facets["available"]
		open := 0
		for _, f := range w.opened(t, "stock") {
			if f.State != finding.Resolved {
				open++
			}
		}
		if differs && open != 1 || !differs && open != 0 {
			t.Fatalf("views differ %t, %d findings open, after\n  %s\n%s", differs, open, end.schedule(), w.stored().print(t.Context()))
		}
	}
	alerts, err := w.findings.AllAlerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]int{}
	for _, a := range alerts {
		if a.Published != a.Seq {
			t.Fatalf("alert %s is not published, after\n  %s", a.ID, end.schedule())
		}
		for _, m := range a.Members {
			members[m.Finding]++
		}
	}
	for _, f := range w.opened(t, "stock") {
		if members[f.ID] != 1 {
			t.Fatalf("finding %s is told %d times, after\n  %s", f.ID, members[f.ID], end.schedule())
		}
	}
}
