package watch_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
	"github.com/plumbline/plumbline/internal/watch"
)

// nobody listens.
type nobody struct{}

func (nobody) Send(context.Context, ...string) error                  { return nil }
func (nobody) SendAfter(context.Context, time.Duration, string) error { return nil }
func (nobody) SendLater(context.Context, ...queue.Later) error        { return nil }
func (nobody) Publish(context.Context, topic.Message) error           { return nil }

func (w *world) handOver(to memory.Stores) watch.Handed {
	w.t.Helper()
	handed, err := watch.HandOver(w.t.Context(), w.state(), w.watch.Registry, watch.Stack{Records: to.Records, Findings: to.Findings})
	if err != nil {
		w.t.Fatal(err)
	}
	return handed
}

// threeNights is a watch with a waived finding and others.
func threeNights(t *testing.T) *world {
	w := newWorld(t)
	for n := range 3 {
		w.night(n)
		w.run()
		if n == 1 {
			w.waive("CASE", 3)
		}
	}
	return w
}

func TestHandOver_AStackGoesOnWithTheSameFindings(t *testing.T) {
	w, stack := threeNights(t), memory.New()
	handed := w.handOver(stack)
	if handed.Findings != 4 || handed.Waived != 1 || handed.Records == 0 || handed.Coverage != 4 {
		t.Errorf("%+v", handed)
	}
	want := ids(w.findings())
	w.goOn(stack, time.Hour)
	all, err := stack.Findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, ids(all)); diff != "" {
		t.Errorf("the stack has others (-watch +stack):\n%s", diff)
	}
	f, err := stack.Findings.GetFinding(t.Context(), w.one("CASE").ID)
	if err != nil || f.Waiver == nil || f.Waiver.By != "lee" {
		t.Errorf("%+v, %v", f.Waiver, err)
	}
	// A webhook ends what a file began.
	w.hook(stack, "STUCK", 15)
	w.goOn(stack, 2*time.Hour)
	f, err = stack.Findings.GetFinding(t.Context(), w.one("STUCK").ID)
	if err != nil || f.State != finding.Resolved {
		t.Errorf("%s, %v", f.State, err)
	}
}

// stackDrift is a stack's drift some time after the last night.
func (w *world) stackDrift(s memory.Stores, after time.Duration) *drift.Service {
	now := func() time.Time { return w.now.Add(after) }
	return &drift.Service{
		Records: s.Records, Findings: s.Findings, Marks: s.Findings, Sweeps: s.Findings, Documents: s.Findings, Looks: nobody{}, Topic: nobody{},
		Registry: w.watch.Registry, Rules: judge.Rules(w.watch.Registry), Now: now, Log: slog.New(slog.DiscardHandler),
	}
}

func (w *world) goOn(s memory.Stores, after time.Duration) {
	w.t.Helper()
	d := w.stackDrift(s, after)
	for sku := range w.levels {
		look := queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}})
		if failed := d.Look(w.t.Context(), []drift.Message{{ID: "l", Body: look}}); len(failed) > 0 {
			w.t.Fatal("not judged")
		}
	}
	if err := d.Tick(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) hook(s memory.Stores, sku string, available int64) {
	w.t.Helper()
	at := w.now.Add(90 * time.Minute)
	o := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Part: "level", Native: "1/501", Slot: "501",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(available))},
	}
	o.Stamp(commerce.VersionParts{Clock: at})
	m := &merge.Service{
		Records: s.Records, Marks: s.Findings, Looks: nobody{}, Archive: nobody{}, Registry: w.watch.Registry, Rules: judge.Rules(w.watch.Registry),
		Open: func(context.Context, string) (queue.Envelope, error) {
			return queue.Envelope{Delivery: commerce.Delivery{ID: "d", System: "shop", Received: at, Body: []byte("{}")}, Observations: []commerce.Observation{o}}, nil
		},
		Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
	}
	if failed := m.Merge(w.t.Context(), []merge.Message{{ID: "m", Receives: 1}}); len(failed) > 0 {
		w.t.Fatal("not merged")
	}
}

func TestHandOver_TwiceIsOnceAndKeepsWhatTheStackHas(t *testing.T) {
	w, stack := threeNights(t), memory.New()
	w.handOver(stack)
	f, err := stack.Findings.GetFinding(t.Context(), w.one("STUCK").ID)
	if err != nil {
		t.Fatal(err)
	}
	f.AssignedTo = "kim"
	if err := stack.Findings.PutFinding(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if again := w.handOver(stack); again.Findings+again.Alerts+again.Records > 0 {
		t.Errorf("%+v", again)
	}
	if f, err = stack.Findings.GetFinding(t.Context(), f.ID); err != nil || f.AssignedTo != "kim" {
		t.Errorf("%q, %v: the stack's own decision is gone", f.AssignedTo, err)
	}
}

func TestHandOver_AStackThatRunsAlreadyTakesTheFindingsOver(t *testing.T) {
	w, stack := threeNights(t), memory.New()
	w.hook(stack, "STUCK", 20) // heard before
	w.handOver(stack)
	w.goOn(stack, time.Hour)
	all, err := stack.Findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Key[0] == "STUCK" && f.ID != w.one("STUCK").ID {
			t.Errorf("finding %s was opened beside %s", f.ID, w.one("STUCK").ID)
		}
	}
}

func TestHandOver_TakesLearntSettleTimesAlong(t *testing.T) {
	w, stack := threeNights(t), memory.New()
	held, err := watch.Hold(t.Context(), w.watch.State)
	if err != nil {
		t.Fatal(err)
	}
	if err := held.Stores.Findings.PutDocument(t.Context(), store.Document{Name: learnt.Current, Body: []byte(`{"N":3}`)}); err != nil {
		t.Fatal(err)
	}
	if err := held.Save(); err != nil {
		t.Fatal(err)
	}
	_ = held.Close()
	if handed := w.handOver(stack); handed.Learnt != 1 {
		t.Errorf("%+v", handed)
	}
	if d, err := stack.Findings.GetDocument(t.Context(), learnt.Current); err != nil || string(d.Body) != `{"N":3}` {
		t.Errorf("%s, %v", d.Body, err)
	}
}
