package receive_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

var errDown = errors.New("out of order")

func TestReceive_AnswersWithAStatusAndKeepsWhatItAcknowledges(t *testing.T) {
	for _, c := range []struct {
		name        string
		system      string
		request     platform.Request
		with        func(*world)
		status      int
		queued      int
		quarantined int
	}{
		{name: "a delivery", request: request("stock"), status: 200, queued: 1},
		{name: "a topic that nobody reads", request: request("unknown topic"), status: 200, queued: 1},
		{name: "a body that cannot be read", request: request("wrong"), status: 200, queued: 1, quarantined: 1},
		{name: "a body that breaks the normaliser", request: request("panic"), status: 200, queued: 1, quarantined: 1},
		{name: "a body of the greatest size", request: request(strings.Repeat("x", maxBody)), status: 200, queued: 1},
		{name: "a body that is larger", request: request(strings.Repeat("x", maxBody+1)), status: 413},
		{name: "no signature", request: signed(request("stock"), ""), status: 401},
		{name: "a wrong signature", request: signed(request("stock"), "key-of-mallory"), status: 401},
		{name: "an unknown system", system: "mallory", request: request("stock"), status: 404},
		{name: "an unknown system and a large body", system: "mallory", request: request(strings.Repeat("x", maxBody+1)), status: 404},
		{name: "a compressed body", request: encoded("gzip"), status: 415},
		{name: "a body that says it is not compressed", request: encoded("identity"), status: 200, queued: 1},
		{name: "secrets out of reach", request: request("stock"), with: func(w *world) { clear(w.secrets) }, status: 503},
		{name: "the queue is down", request: request("stock"), with: func(w *world) { w.observations.down = errDown }, status: 503},
		{name: "the message cannot be stored", request: request("stock"), with: func(w *world) { w.sealing = errDown }, status: 503},
		{name: "the quarantine is down", request: request("wrong"), with: func(w *world) { w.quarantine.down = errDown }, status: 503},
		{
			name: "the owner cannot be told of an unreadable body", request: request("wrong"),
			with: func(w *world) { w.observations.down = errDown }, status: 503, quarantined: 1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			if c.with != nil {
				c.with(w)
			}
			if c.system == "" {
				c.system = "shop"
			}
			if status := w.service.Receive(t.Context(), c.system, c.request).Code(); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if queued, quarantined := w.observations.length(t), w.quarantine.length(t); queued != c.queued || quarantined != c.quarantined {
				t.Errorf("%d queued and %d in quarantine, want %d and %d", queued, quarantined, c.queued, c.quarantined)
			}
		})
	}
}

func encoded(as string) platform.Request {
	r := request("stock")
	r.Header.Set("Content-Encoding", as)
	return r
}

func TestReceive_NothingOfAnUnverifiedRequestIsLookedAtOrLogged(t *testing.T) {
	const canary = "canary-8d1f"
	hostile := platform.Request{
		Method: http.MethodPost,
		Header: http.Header{"Signature": {canary}, "Topic": {canary}, "Id": {canary}, canary: {canary}},
		Query:  canary, Body: []byte(canary), Received: nine,
	}
	compressed, large := hostile, hostile
	compressed.Header = hostile.Header.Clone()
	compressed.Header.Set("Content-Encoding", canary)
	large.Body = []byte(strings.Repeat(canary, maxBody))
	for _, c := range []struct {
		name, system string
		request      platform.Request
		with         func(*world)
		status       int
	}{
		{name: "forged", system: "shop", request: hostile, status: 401},
		{name: "forged while secrets are out of reach", system: "shop", request: hostile, with: func(w *world) { clear(w.secrets) }, status: 503},
		{name: "to an unknown system", system: canary, request: hostile, status: 404},
		{name: "compressed", system: "shop", request: compressed, status: 415},
		{name: "large", system: "shop", request: large, status: 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			if c.with != nil {
				c.with(w)
			}
			if status := w.service.Receive(t.Context(), c.system, c.request).Code(); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if strings.Contains(w.log.String(), canary) || w.log.Len() == 0 {
				t.Errorf("the log repeats the request, or is empty:\n%s", w.log)
			}
			if w.shop.looked+w.shop.read > 0 {
				t.Errorf("headers looked at %d times, body read %d times before the request was verified", w.shop.looked, w.shop.read)
			}
			if w.observations.length(t)+w.quarantine.length(t) > 0 {
				t.Error("something of it was kept")
			}
		})
	}
}

func TestReceive_TheLogTellsNoContentAndNoKey(t *testing.T) {
	w := newWorld()
	for _, body := range []string{"stock", "wrong", "foreign error", "panic", "dana@acme.example"} {
		w.receive(t, request(body))
	}
	w.observations.down, w.sealing = errDown, nil
	w.receive(t, request("dana@acme.example"))
	for _, private := range []string{"dana@acme.example", "key-of-today", "key-of-yesterday", "retry=1", "not kept"} {
		if strings.Contains(w.log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, w.log)
		}
	}
	if !strings.Contains(w.log.String(), `"topic":"stock/update"`) {
		t.Error("the log does not tell the topic of a genuine delivery")
	}
}

func TestReceive_AnyOfTheSecretsMayHaveSigned(t *testing.T) {
	for _, c := range []struct {
		name   string
		known  secrets
		signed string
		status int
	}{
		{"the first", secrets{previous: "a", current: "b"}, "a", 200},
		{"the second", secrets{previous: "a", current: "b"}, "b", 200},
		{"none", secrets{previous: "a", current: "b"}, "c", 401},
		{"one that is known, another is out of reach", secrets{current: "b"}, "b", 200},
		{"one that is out of reach, another is known", secrets{previous: "a"}, "b", 503},
		{"all are out of reach", secrets{}, "b", 503},
		{"all are out of reach, and no signature", secrets{}, "", 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.service.Secrets = c.known
			if status := w.receive(t, signed(request("stock"), c.signed)); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if lost := w.observations.length(t) == 0; lost == (c.status == 200) {
				t.Errorf("queued %t with status %d", !lost, c.status)
			}
		})
	}
}

func TestReceive_QueuesTheWholeDeliveryBesideWhatWasRead(t *testing.T) {
	w := newWorld()
	w.receive(t, request("stock"))
	got := w.observations.take(t)
	if len(got) != 1 {
		t.Fatalf("%d messages, want 1", len(got))
	}
	want := commerce.Delivery{
		ID: "d-1", System: "shop", Topic: "stock/update", Received: nine.Add(time.Millisecond),
		Header: map[string]string{"topic": "stock/update", "id": "d-1"}, Query: "retry=1", Body: []byte("stock"),
	}
	if diff := cmp.Diff(want, got[0].Delivery); diff != "" {
		t.Errorf("the delivery is not what was sent:\n%s", diff)
	}
	if o := got[0].Observations; len(o) != 1 || o[0].Key.Text(o[0].Kind) != "MUG-BLU@east" || got[0].Generation != "g1" {
		t.Errorf("observations %+v of generation %q", o, got[0].Generation)
	}
}

func TestReceive_ADeliveryWithoutAnIDIsNamedByItsContent(t *testing.T) {
	names := map[string]bool{}
	for _, body := range []string{"one", "one", "two"} {
		w := newWorld()
		r := request(body)
		r.Header.Del("Id")
		w.receive(t, r)
		names[w.observations.take(t)[0].Delivery.ID] = true
	}
	if len(names) != 2 || names[""] {
		t.Errorf("ids %v, want one per content", slices.Collect(maps.Keys(names)))
	}
}

func TestReceive_AnUnknownTopicIsAcknowledgedAndArchived(t *testing.T) {
	w := newWorld()
	if status := w.receive(t, request("unknown topic")); status != http.StatusOK {
		t.Errorf("status %d, want 200: a failure only makes the sender try again", status)
	}
	got := w.observations.take(t)
	if len(got) != 1 || len(got[0].Observations) != 0 || string(got[0].Delivery.Body) != "unknown topic" {
		t.Errorf("queued %+v, want the delivery without observations", got)
	}
	if !strings.Contains(w.log.String(), `"outcome":"unknown topic"`) {
		t.Errorf("the log does not say why nothing was read:\n%s", w.log)
	}
}

func TestReceive_NothingIsLostWhileTheQueueIsDown(t *testing.T) {
	w := newWorld()
	w.observations.down = errDown
	if status := w.receive(t, request("stock")); status != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", status)
	}
	w.observations.down = nil
	if status := w.receive(t, request("stock")); status != http.StatusOK {
		t.Errorf("the sender's next try: status %d, want 200", status)
	}
	if got := w.observations.take(t); len(got) != 1 {
		t.Errorf("%d messages, want 1", len(got))
	}
}

func TestAccept_IsSafeToRepeat(t *testing.T) {
	for _, body := range []string{"stock", "wrong"} {
		w := newWorld()
		d := commerce.Delivery{ID: "d-1", System: "shop", Topic: "stock/update", Received: nine, Body: []byte(body)}
		for range 2 {
			if _, _, err := w.service.Accept(context.Background(), d); err != nil {
				t.Fatal(err)
			}
		}
		got := w.observations.take(t)
		if len(got) != 2 {
			t.Fatalf("%s: %d messages, want 2", body, len(got))
		}
		same := cmp.Transformer("version", func(v commerce.Version) string { return v.String() })
		if diff := cmp.Diff(got[0], got[1], same, cmp.Comparer(func(a, b commerce.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s: the second message says something else, so that merging it would change the row:\n%s", body, diff)
		}
	}
}

func TestCheck_SaysWhyADeliveryCannotBeReadAndQueuesNothing(t *testing.T) {
	w := newWorld()
	for _, c := range []struct{ system, body, want string }{
		{"shop", "stock", ""},
		{"shop", "wrong", "records[3].facets.free: want a number"},
		{"shop", "panic", "body: want a body that the normaliser can read"},
		{"shop", "foreign error", "the body is not of the platform's format"},
		{"old-shop", "stock", "the registry has no system old-shop"},
	} {
		err := w.service.Check(commerce.Delivery{System: c.system, Body: []byte(c.body)})
		if got := text(err); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.body, c.system, got, c.want)
		}
	}
	if w.observations.length(t)+w.quarantine.length(t) > 0 {
		t.Error("checking queued something")
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
