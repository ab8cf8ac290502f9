package badinput

import (
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// api answers every call alike.
type api struct {
	status int
	body   string
	called []string
}

// RoundTrip answers one call.
func (a *api) RoundTrip(r *http.Request) (*http.Response, error) {
	a.called = append(a.called, r.URL.Host)
	return &http.Response{
		StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
	}, nil
}

// An event names an order, and the API answers something bad. An answer about
// another order is the API's own word on that one, and says nothing of the order
// that was asked for. What may be answered later is asked for again.
func TestThinEvents(t *testing.T) {
	order, err := os.ReadFile("../../../events/bigcommerce/answer-order.body.json")
	if err != nil {
		t.Fatal(err)
	}
	h := newHome(t)
	for _, c := range []struct {
		name, body string
		status     int
		rows       string
		asides     int
		again      bool
	}{
		{name: "the order", status: 200, body: string(order), rows: "order big/250"},
		{name: "not found: nothing to forget", status: 404, body: `{"title":"quill.marker@mail.example"}`},
		{name: "too many calls", status: 429, body: "quill.marker@mail.example", again: true},
		{name: "out of order", status: 500, body: "quill.marker@mail.example", again: true},
		{name: "another order", status: 200, body: strings.Replace(string(order), `"id":250`, `"id":251`, 1), rows: "order big/251"},
		{name: "no JSON", status: 200, body: "<html>quill.marker@mail.example</html>", asides: 1},
		{name: "nothing", status: 200, body: "", asides: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(h)
			r := input{System: "big"}.request(t, h)
			w.invoke(t, r.event(t, false))
			w.settle(t)
			a, asked := &api{status: c.status, body: c.body}, contents(t, w.fetches)
			later := memqueue.New(memqueue.Options{Now: w.merge.Now})
			s := &fetch.Service{
				Systems:    map[string]fetch.System{"big": {Endpoint: h.systems["big"].Endpoint, Credential: secret.Reference{Store: secret.Env, Name: "BIG_API"}}},
				Deliveries: w.receive, Secrets: vault{}, Paces: &memory.Paces{}, Marks: &w.findings, Fetches: later, Dead: w.dead,
				Transport: a, Now: w.merge.Now, Chance: func(int64) int64 { return 0 }, Log: slog.New(slog.NewJSONHandler(w.log, nil)),
			}
			if failed := s.Fetch(t.Context(), []fetch.Message{{ID: "m-1", Body: asked[0]}}); len(failed) > 0 && !c.again {
				t.Errorf("the fetch fails: %s", w.log)
			}
			w.settle(t)
			if len(a.called) == 0 || a.called[0] != "api.bigcommerce.com" {
				t.Errorf("called %v", a.called)
			}
			if rows := strings.Join(slices.Sorted(maps.Keys(w.shown(t))), ", "); rows != c.rows {
				t.Errorf("rows %q, want %q", rows, c.rows)
			}
			if aside := contents(t, w.quarantine); len(aside) != c.asides {
				t.Errorf("%d in quarantine, want %d", len(aside), c.asides)
			}
			_, _, delayed, err := later.Depth(t.Context())
			if err != nil || (delayed > 0) != c.again {
				t.Errorf("%d to be asked for again, want %t; %v", delayed, c.again, err)
			}
			examination{home: h, input: &input{Status: http.StatusOK}}.private(t, w, r)
		})
	}
}
