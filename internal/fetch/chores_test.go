package fetch_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

const doneMark = "chore|erp|orders"

// office is an API with three pages of orders, each of which is asked for by
// itself.
type office struct {
	mu    sync.Mutex
	lists []string
	calls int
	// broken answers it instead of the address with the given path.
	broken map[string]http.HandlerFunc
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	if strings.HasPrefix(r.URL.Path, "/list") && r.URL.Query().Get("page") == "" {
		o.lists = append(o.lists, r.URL.Query().Get("since"))
	}
	o.calls++
	broken := o.broken[strings.TrimPrefix(r.URL.RequestURI(), "/")]
	o.mu.Unlock()
	switch page := r.URL.Query().Get("page"); {
	case broken != nil:
		broken(w, r)
	case r.URL.Path != "/list":
		answers(200, `{"id":"`+strings.TrimPrefix(r.URL.Path, "/orders/")+`","units":3}`)(w, r)
	case page == "":
		answers(200, `{"list":["orders/1","orders/2","orders/1"],"next":"list?page=2"}`)(w, r)
	case page == "2":
		// An order again: pages shift while they are read.
		answers(200, `{"list":["orders/2","orders/3"],"next":"list?page=3"}`)(w, r)
	default:
		answers(200, `{"list":["orders/4"]}`)(w, r)
	}
}

func withChore(t *testing.T) (*world, *office) {
	t.Helper()
	w, o := newWorld(), &office{broken: map[string]http.HandlerFunc{}}
	w.erp.chores = []platform.Chore{{
		Name: "orders", Every: time.Hour, Fetch: platform.Fetch{Topic: "orders/listed", Target: "list?since={since}"},
	}}
	w.serve(t, o.ServeHTTP)
	return w, o
}

// run works on the queue of fetches until it is empty or only holds what waits
// for later.
func (w *world) run(t *testing.T) {
	t.Helper()
	for {
		batch, err := w.asked.Receive(t.Context(), 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(batch) == 0 {
			return
		}
		var messages []fetch.Message
		for _, m := range batch {
			messages = append(messages, fetch.Message{ID: m.ID, Body: m.Body})
		}
		failed := w.service().Fetch(t.Context(), messages)
		for _, m := range batch {
			if !slices.Contains(failed, m.ID) {
				err = errors.Join(err, w.asked.Delete(t.Context(), m))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) chores(t *testing.T) {
	t.Helper()
	if err := w.service().Chores(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// orders are the ids that were observed since the last call.
func (w *world) orders(t *testing.T) []string {
	t.Helper()
	ids := map[string]bool{}
	for _, e := range taken(t, w.observations) {
		for _, o := range e.Observations {
			if o.Kind != commerce.Mapping {
				ids[o.Native] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

func (w *world) done(t *testing.T) time.Time {
	t.Helper()
	marks, err := w.marks.GetMarks(t.Context(), []string{doneMark})
	if err != nil {
		t.Fatal(err)
	}
	return marks[doneMark]
}

func (w *world) at(at time.Time) { w.now = func() time.Time { return at } }

func TestChores_ARunCountsWhenEverythingItLedToIsStored(t *testing.T) {
	w, o := withChore(t)
	w.chores(t)
	if !w.done(t).IsZero() {
		t.Error("counted before anything was asked for")
	}
	w.run(t)
	if diff := cmp.Diff([]string{"1", "2", "3", "4"}, w.orders(t)); diff != "" {
		t.Error(diff)
	}
	if !w.done(t).Equal(nine) {
		t.Errorf("counted as of %v, want its start", w.done(t))
	}
	if want := 3 + 5; o.calls != want {
		t.Errorf("%d calls, want %d: what one page names twice is asked for once", o.calls, want)
	}
	w.at(nine.Add(59 * time.Minute))
	w.chores(t)
	w.at(nine.Add(time.Hour))
	w.chores(t)
	w.run(t)
	want := []string{"2026-03-02T09:00:00Z", "2026-03-03T08:58:00Z"}
	if diff := cmp.Diff(want, o.lists); diff != "" {
		t.Errorf("asked for orders since: %s", diff)
	}
}

func TestChores_AScheduleThatComesTwiceOrLateChangesNothing(t *testing.T) {
	w, o := withChore(t)
	for range 3 {
		w.chores(t)
	}
	w.run(t)
	w.at(nine.Add(5 * time.Hour))
	w.chores(t)
	w.chores(t)
	w.run(t)
	if want := []string{"2026-03-02T09:00:00Z", "2026-03-03T08:58:00Z"}; !slices.Equal(o.lists, want) {
		t.Errorf("asked for orders since %v, want %v", o.lists, want)
	}
	if !w.done(t).Equal(nine.Add(5 * time.Hour)) {
		t.Errorf("counted as of %v", w.done(t))
	}
}

func TestChores_TheNextRunStartsWhereOneThatDoesNotCountDid(t *testing.T) {
	for _, c := range []struct {
		name, broken string
		answer       http.HandlerFunc
	}{
		{"a page that cannot be read", "list?page=2", answers(200, "<html>")},
		{"a page that is no page", "list?page=3", answers(200, "<html>", "Content-Type", "text/html")},
		{"a page that is refused", "list?page=2", answers(400, "")},
		{"an order that cannot be read", "orders/3", answers(200, `{"id":"4"}`)},
		{"an order too large", "orders/2", answers(200, strings.Repeat(" ", 9<<20))},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, o := withChore(t)
			w.at(nine.Add(-time.Hour))
			w.chores(t)
			w.run(t)
			w.at(nine)
			o.broken[c.broken] = c.answer
			w.chores(t)
			w.run(t)
			if w.done(t).Equal(nine) {
				t.Fatal("it counts")
			}
			delete(o.broken, c.broken)
			w.orders(t)
			w.at(nine.Add(31 * time.Minute))
			w.chores(t)
			w.run(t)
			if diff := cmp.Diff([]string{"2026-03-02T08:00:00Z", "2026-03-03T07:58:00Z", "2026-03-03T07:58:00Z"}, o.lists); diff != "" {
				t.Errorf("asked for orders since: %s", diff)
			}
			if diff := cmp.Diff([]string{"1", "2", "3", "4"}, w.orders(t)); diff != "" || !w.done(t).Equal(nine.Add(31*time.Minute)) {
				t.Errorf("counted as of %v, %s", w.done(t), diff)
			}
		})
	}
}

func TestChores_ARunThatWaitsIsNotStartedAgainAndGoesOnWhereItWas(t *testing.T) {
	w, o := withChore(t)
	o.broken["orders/3"] = answers(503, "", "Retry-After", "900")
	w.chores(t)
	w.run(t)
	delete(o.broken, "orders/3")
	first := len(w.orders(t))
	for at := nine; w.done(t).IsZero() && at.Before(nine.Add(time.Hour)); at = at.Add(time.Minute) {
		w.at(at)
		w.chores(t)
		w.run(t)
	}
	if diff := cmp.Diff([]string{"3", "4"}, w.orders(t)); diff != "" || first != 2 || len(o.lists) != 1 || !w.done(t).Equal(nine) {
		t.Errorf("%d orders, then %s; %d runs, counted as of %v", first, diff, len(o.lists), w.done(t))
	}
}

func TestChores_ARunThatIsLostStartsAgainAfterHalfAnHour(t *testing.T) {
	w, o := withChore(t)
	w.chores(t)
	drain(t, w.asked)
	for _, after := range []time.Duration{5 * time.Minute, 29 * time.Minute, 30 * time.Minute} {
		w.at(nine.Add(after))
		w.chores(t)
		if started := length(t, w.asked) > 0; started != (after == 30*time.Minute) {
			t.Errorf("after %v: started %t", after, started)
		}
	}
	w.run(t)
	if len(o.lists) != 1 || !w.done(t).Equal(nine.Add(30*time.Minute)) {
		t.Errorf("%d runs, counted as of %v", len(o.lists), w.done(t))
	}
}

var errStopped = errors.New("stopped")

// TestChores_AStopAtAnyCallLosesNothing stops the process before and after each
// call that it makes, one after the other. Everything is then delivered again,
// as the queue and the schedule do.
func TestChores_AStopAtAnyCallLosesNothing(t *testing.T) {
	stops := 0
	for stop := 1; ; stop++ {
		w, o := withChore(t)
		calls, stopped := 0, ""
		w.trip = func(call string) error {
			calls++
			if calls == stop {
				stopped = call
			}
			if stopped != "" {
				return fmt.Errorf("%s: %w", call, errStopped)
			}
			return nil
		}
		_ = w.service().Chores(t.Context())
		if stopped == "" {
			w.runUntilStopped(t)
		}
		w.trip = func(string) error { return nil }
		for at := nine; at.Before(nine.Add(40 * time.Minute)); at = at.Add(5 * time.Minute) {
			w.at(at)
			w.chores(t)
			w.run(t)
		}
		if diff := cmp.Diff([]string{"1", "2", "3", "4"}, w.orders(t)); diff != "" {
			t.Errorf("stopped at call %d, %s: %s", stop, stopped, diff)
		}
		if done := w.done(t); done.IsZero() || done.After(nine.Add(35*time.Minute)) {
			t.Errorf("stopped at call %d, %s: counted as of %v", stop, stopped, done)
		}
		if length(t, w.dead)+length(t, w.asked) > 0 || len(o.lists) > 3 {
			t.Errorf("stopped at call %d, %s: %d given up, %d left, %d runs", stop, stopped, length(t, w.dead), length(t, w.asked), len(o.lists))
		}
		if stopped == "" {
			break
		}
		stops++
	}
	if stops < 30 {
		t.Errorf("%d stops, want one at every call", stops)
	}
}

// runUntilStopped works on the queue as a process that stops: nothing after the
// stop happens, not even the acknowledgement.
func (w *world) runUntilStopped(t *testing.T) {
	t.Helper()
	for {
		batch, err := w.asked.Receive(t.Context(), 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(batch) == 0 {
			return
		}
		failed := w.service().Fetch(t.Context(), []fetch.Message{{ID: batch[0].ID, Body: batch[0].Body}})
		if len(failed) > 0 || w.trip("acknowledge") != nil {
			return
		}
		if err := w.asked.Delete(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFetch_AStopAtAnyCallLosesNothing is the same for what a delivery named.
func TestFetch_AStopAtAnyCallLosesNothing(t *testing.T) {
	for _, answer := range []struct {
		name   string
		handle http.HandlerFunc
		// settled reports whether the fetch had its effect.
		settled func(*world) bool
	}{
		{"a record", answers(200, good), func(w *world) bool { return slices.Equal(w.orders(t), []string{"250"}) }},
		{"a failure", answers(500, ""), func(w *world) bool { return length(t, w.asked) >= 1 }},
		{"a refusal", answers(400, ""), func(w *world) bool { return length(t, w.dead) >= 1 && len(reports(t, w)) >= 1 }},
		{"a page", answers(200, "<html>"), func(w *world) bool { return length(t, w.quarantine) >= 1 && len(reports(t, w)) >= 1 }},
	} {
		t.Run(answer.name, func(t *testing.T) {
			for stop := 1; ; stop++ {
				w := newWorld()
				w.serve(t, answer.handle)
				calls, stopped := 0, ""
				w.trip = func(call string) error {
					if calls++; calls == stop {
						stopped = call
					}
					if stopped != "" {
						return errStopped
					}
					return nil
				}
				failed := w.fetch(t, w.service(), "orders/250")
				w.trip = func(string) error { return nil }
				if stopped == "" {
					if stop < 4 {
						t.Errorf("%d calls", stop)
					}
					break
				}
				// A call that failed is one more try, not an unacknowledged message.
				if failed > 0 {
					failed = w.fetch(t, w.service(), "orders/250")
				}
				if failed > 0 {
					t.Errorf("stopped at call %d, %s: it fails for ever", stop, stopped)
				}
				if again := waiting(t, w.asked); len(again) == 0 && !answer.settled(w) {
					t.Errorf("stopped at call %d, %s: nothing came of it", stop, stopped)
				}
			}
		})
	}
}

func TestChores_OfASystemWithoutAnyAreNone(t *testing.T) {
	w := newWorld()
	w.chores(t)
	if length(t, w.asked) != 0 {
		t.Error("something was started")
	}
}

func TestChores_RunsOfTwoCannotCountBackwards(t *testing.T) {
	w, _ := withChore(t)
	first := queue.Fetch{System: "erp", Fetch: platform.Fetch{Topic: "orders/listed", Target: "list?page=3"}, Run: &queue.Run{Chore: "orders", Start: nine}}
	later := first
	later.Run = &queue.Run{Chore: "orders", Start: nine.Add(time.Minute)}
	for _, f := range []queue.Fetch{later, first} {
		w.service().Fetch(t.Context(), []fetch.Message{{ID: "m", Body: message(t, f)}})
	}
	if !w.done(t).Equal(nine.Add(time.Minute)) {
		t.Errorf("counted as of %v", w.done(t))
	}
}
