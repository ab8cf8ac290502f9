package redrive_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/redrive"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// deliveries is a receive whose normaliser cannot read bodies that say "bad".
type deliveries struct{ accepted, readable []string }

func (d *deliveries) Check(c commerce.Delivery) error {
	if strings.Contains(string(c.Body), "bad") {
		return errors.New("body: want another one")
	}
	return nil
}

func (d *deliveries) Accept(_ context.Context, c commerce.Delivery) (string, int, error) {
	d.accepted = append(d.accepted, c.ID)
	return "queued", 1, nil
}

func (d *deliveries) Readable(_ context.Context, c commerce.Delivery, _ time.Time) error {
	d.readable = append(d.readable, c.Topic)
	return nil
}

type world struct {
	from, to *memqueue.Queue
	reads    deliveries
	fates    []string
}

func newWorld(t *testing.T, bodies ...string) *world {
	t.Helper()
	now := func() time.Time { return noon }
	w := &world{
		from: memqueue.New(memqueue.Options{Now: now, Visibility: time.Minute}),
		to:   memqueue.New(memqueue.Options{Now: now, Visibility: time.Minute}),
	}
	if err := w.from.Send(t.Context(), bodies...); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) service() *redrive.Service {
	return &redrive.Service{
		Deliveries: &w.reads, Now: func() time.Time { return noon },
		Open: func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
		Tell: func(f redrive.Fate) {
			fate := f.Delivery.ID + " comes back"
			if f.Problem != nil {
				fate = f.Delivery.ID + " stays"
			}
			w.fates = append(w.fates, fate)
		},
	}
}

func envelope(t *testing.T, id, system, body string) string {
	t.Helper()
	text, err := queue.Encode(queue.Envelope{Delivery: commerce.Delivery{
		ID: id, System: system, Topic: "orders/create", Received: noon, Body: []byte(body),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDrain_BringsBackWhatCanBeRead(t *testing.T) {
	w := newWorld(t, envelope(t, "1", "shop", "good"), envelope(t, "2", "shop", "bad"), "garbage")
	back, seen, err := w.service().Drain(t.Context(), w.from, w.to, 100)
	if err != nil || back != 1 || seen != 3 {
		t.Fatalf("%d of %d came back: %v", back, seen, err)
	}
	if diff := cmp.Diff(deliveries{accepted: []string{"1"}, readable: []string{"orders/create"}}, w.reads, cmp.AllowUnexported(deliveries{})); diff != "" {
		t.Error(diff)
	}
	if visible, _, _, _ := w.from.Depth(t.Context()); visible != 2 {
		t.Errorf("%d messages stay, want the unreadable two", visible)
	}
}

func TestDrain_TakesOneSystemAlone(t *testing.T) {
	w := newWorld(t, envelope(t, "1", "shop", "good"), envelope(t, "2", "erp", "good"))
	s := w.service()
	s.System = "erp"
	if back, seen, err := s.Drain(t.Context(), w.from, w.to, 100); err != nil || back != 1 || seen != 1 {
		t.Fatalf("%d of %d came back: %v", back, seen, err)
	}
	if diff := cmp.Diff([]string{"2"}, w.reads.accepted); diff != "" {
		t.Error(diff)
	}
}

func TestDrain_DryRunLeavesEverything(t *testing.T) {
	w := newWorld(t, envelope(t, "1", "shop", "good"), envelope(t, "2", "shop", "bad"))
	s := w.service()
	s.DryRun = true
	if back, seen, err := s.Drain(t.Context(), w.from, w.to, 100); err != nil || back != 0 || seen != 2 {
		t.Fatalf("%d of %d came back: %v", back, seen, err)
	}
	if len(w.reads.accepted) > 0 || len(w.fates) != 2 {
		t.Errorf("accepted %v, told %v", w.reads.accepted, w.fates)
	}
	if visible, _, _, _ := w.from.Depth(t.Context()); visible != 2 {
		t.Errorf("%d messages stay, want both", visible)
	}
}

func TestMove_SendsDeadLettersBackAsTheyAre(t *testing.T) {
	w := newWorld(t, "a look", "another")
	if back, seen, err := w.service().Move(t.Context(), w.from, w.to, 100); err != nil || back != 2 || seen != 2 {
		t.Fatalf("%d of %d came back: %v", back, seen, err)
	}
	if visible, _, _, _ := w.to.Depth(t.Context()); visible != 2 {
		t.Errorf("%d messages arrived, want 2", visible)
	}
}
