package redrive_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
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
	fates    redrive.Groups
}

func newWorld(t *testing.T, bodies ...string) *world {
	t.Helper()
	now := func() time.Time { return noon }
	w := &world{
		from: memqueue.New(memqueue.Options{Now: now, Visibility: time.Minute}),
		to:   memqueue.New(memqueue.Options{Now: now, Visibility: time.Minute}),
	}
	w.fates = redrive.Groups{}
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
			w.fates.Add(f)
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

func TestDrain_ADeliveryWithoutABodyIsNoReport(t *testing.T) {
	w := newWorld(t, aside(t, "1", "body: want one JSON object", "", noon), envelope(t, "2", "shop", ""))
	back, seen, err := w.service().Drain(t.Context(), w.from, w.to, 100)
	if err != nil || back != 2 || seen != 2 {
		t.Fatalf("%d of %d came back: %v", back, seen, err)
	}
	if diff := cmp.Diff([]string{"1"}, w.reads.accepted); diff != "" {
		t.Errorf("read again, and not sent on as it is (-want +got)\n%s", diff)
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
	if len(w.reads.accepted) > 0 || len(w.fates.List()) != 2 {
		t.Errorf("accepted %v, told %v", w.reads.accepted, w.fates.List())
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

// aside is a quarantined delivery with the reason for which it is there.
func aside(t *testing.T, id, reason, body string, at time.Time) string {
	t.Helper()
	text, err := queue.Encode(queue.Envelope{Reason: reason, Delivery: commerce.Delivery{
		ID: id, System: "shop", Topic: "orders/create", Received: at, Body: []byte(body),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGroups_PutTogetherWhatHasOneCauseAndOneProspect(t *testing.T) {
	w := newWorld(t,
		aside(t, "1", "total: want a number", "good", noon), aside(t, "2", "total: want a number", "good", noon.Add(time.Hour)),
		aside(t, "3", "total: want a number", "bad", noon), aside(t, "4", "id: want a text", "good", noon), "garbage")
	s := w.service()
	s.DryRun = true
	if _, _, err := s.Drain(t.Context(), w.from, w.to, 100); err != nil {
		t.Fatal(err)
	}
	shop := func(reason string) redrive.Cause {
		return redrive.Cause{Reason: reason, System: "shop", Topic: "orders/create"}
	}
	want := []redrive.Group{
		{Cause: shop("total: want a number"), Count: 2, First: noon, Last: noon.Add(time.Hour)},
		{Problem: "queue: unreadable message: message: want one JSON object with a codec number", Count: 1, First: noon, Last: noon},
		{Cause: shop("id: want a text"), Count: 1, First: noon, Last: noon},
		{Cause: shop("total: want a number"), Problem: "body: want another one", Count: 1, First: noon, Last: noon},
	}
	if diff := cmp.Diff(want, w.fates.List()); diff != "" {
		t.Error(diff)
	}
}

func TestMatch_BringsBackOneCauseAlone(t *testing.T) {
	for _, c := range []struct {
		match string
		want  []string
	}{
		{"", []string{"1", "2"}},
		{"TOTAL", []string{"1"}},
		{"shop orders", []string{"1", "2"}},
		{"text", []string{"2"}},
		{"no such", nil},
	} {
		w := newWorld(t, aside(t, "1", "total: want a number", "good", noon), aside(t, "2", "id: want a text", "good", noon))
		s := w.service()
		s.Match = c.match
		back, seen, err := s.Drain(t.Context(), w.from, w.to, 100)
		if err != nil || back != len(c.want) || seen != len(c.want) {
			t.Errorf("%q: %d of %d came back, %v", c.match, back, seen, err)
		}
		if diff := cmp.Diff(c.want, w.reads.accepted); diff != "" {
			t.Errorf("%q: %s", c.match, diff)
		}
		if left, _, _, _ := w.from.Depth(t.Context()); left != 2-len(c.want) {
			t.Errorf("%q: %d messages stay", c.match, left)
		}
	}
}

func TestGroups_TellDeadLettersApartByWhatTheyAskFor(t *testing.T) {
	fetch, err := queue.EncodeFetch(queue.Fetch{System: "erp", Fetch: platform.Fetch{Topic: "items"}, Received: noon})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t,
		queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}, Due: noon}),
		queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"MUG-RED", "east"}, Due: noon}),
		queue.EncodeSweep(queue.Sweep{Name: "policy", Run: "1"}), fetch, "something else")
	s := w.service()
	s.Match = "look at inventory"
	if back, seen, err := s.Move(t.Context(), w.from, w.to, 100); err != nil || back != 2 || seen != 2 {
		t.Errorf("%d of %d came back: %v", back, seen, err)
	}
	s.Match = ""
	if _, _, err := s.Move(t.Context(), w.from, w.to, 100); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range w.fates.List() {
		got = append(got, fmt.Sprintf("%d %s %s", g.Count, g.System, g.Topic))
	}
	if diff := cmp.Diff([]string{"2  look at inventory", "1  message", "1  walk", "1 erp items"}, got); diff != "" {
		t.Error(diff)
	}
}
