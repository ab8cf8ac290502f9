package receive_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
)

// asked takes everything off the queue of fetches.
func (w *world) asked(t *testing.T) []queue.Fetch {
	t.Helper()
	messages, err := w.fetches.Receive(t.Context(), 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []queue.Fetch
	for _, m := range messages {
		f, err := queue.DecodeFetch(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func TestReceive_AThinEventQueuesEachFetchOnceAndGoesOnItself(t *testing.T) {
	w := newWorld()
	if status := w.receive(t, request("order 250 changed")); status != 200 {
		t.Errorf("status %d, want 200", status)
	}
	received := nine.Add(time.Millisecond)
	want := []queue.Fetch{
		{System: "shop", Fetch: platform.Fetch{Topic: "orders/fetched", Target: "orders/250"}, Cause: "d-1", Received: received},
		{System: "shop", Fetch: platform.Fetch{Topic: "lines/fetched", Target: "orders/250"}, Cause: "d-1", Received: received},
	}
	if diff := cmp.Diff(want, w.asked(t)); diff != "" {
		t.Error(diff)
	}
	if got := w.observations.take(t); len(got) != 1 || string(got[0].Delivery.Body) != "order 250 changed" {
		t.Errorf("queued %+v, want the event itself on its way to the archive", got)
	}
}

func TestReceive_AThinEventIsNotAcknowledgedBeforeItsFetchesAreQueued(t *testing.T) {
	w := newWorld()
	w.fetches.down = errDown
	if status := w.receive(t, request("order 250 changed")); status != 503 {
		t.Errorf("status %d, want 503", status)
	}
	w.fetches.down = nil
	if status := w.receive(t, request("order 250 changed")); status != 200 || len(w.asked(t)) != 2 {
		t.Errorf("the sender's next try: status %d, want 200 and both fetches", status)
	}
}

func TestTake_LeavesTheFetchesToTheCaller(t *testing.T) {
	w := newWorld()
	for body, want := range map[string]receive.Taken{
		"stock": {Outcome: "queued", Observations: 1},
		"wrong": {Outcome: "unreadable", Unreadable: true},
		"order 250 changed": {Outcome: "thin event", Fetch: []platform.Fetch{
			{Topic: "orders/fetched", Target: "orders/250"}, {Topic: "lines/fetched", Target: "orders/250"}, {Topic: "orders/fetched", Target: "orders/250"},
		}},
	} {
		got, err := w.service.Take(t.Context(), commerce.Delivery{ID: "d-1", System: "shop", Received: nine, Body: []byte(body)})
		if len(got.Says) != got.Observations {
			t.Errorf("%s: says %d things, want %d", body, len(got.Says), got.Observations)
		}
		got.Says = nil
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
	}
	if w.fetches.length(t) != 0 {
		t.Error("fetches were queued")
	}
}

func TestUnusable_KeepsTheAnswerAndTellsTheOwner(t *testing.T) {
	w := newWorld()
	d := commerce.Delivery{ID: "a-1", System: "shop", Topic: "orders/fetched", Received: nine, Body: []byte("<html>")}
	if err := w.service.Unusable(t.Context(), d, &platform.BodyError{Where: "content type", Want: "JSON"}); err != nil {
		t.Fatal(err)
	}
	if got := w.quarantine.take(t); len(got) != 1 || string(got[0].Delivery.Body) != "<html>" || got[0].Reason != "content type: want JSON" {
		t.Errorf("quarantine %+v", got)
	}
	if got := w.observations.take(t); len(got) != 1 || got[0].Observations[0].Key[2] != "orders/fetched" {
		t.Errorf("observations %+v, want one about the topic", got)
	}
}

func TestRefused_IsOneRecordThatComesAndGoes(t *testing.T) {
	bad, good := receive.Refused("shop", "orders/fetched", nine, "its API answers 401"), receive.Refused("shop", "orders/fetched", nine.Add(time.Second), "")
	if bad.Key.ID(bad.Kind) != good.Key.ID(good.Kind) || bad.Native != good.Native {
		t.Errorf("%v and %v are two records", bad.Key, good.Key)
	}
	if bad.Gone || !good.Gone || bad.Version.Compare(good.Version) >= 0 {
		t.Errorf("gone %t, then %t", bad.Gone, good.Gone)
	}
}
