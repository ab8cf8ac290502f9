package badinput

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/redrive"
)

// throughTheFront: what the front refuses the function never sees.
func (e examination) throughTheFront(t *testing.T) {
	w, r := e.world(t)
	e.front.world = w
	status, text := front(t, e.front.address(e.input.Wire), r.wire(e.input.Wire), e.input.Wire == slow)
	want := e.input.Status
	if e.input.Front != 0 {
		want = e.input.Front
	}
	e.answered(t, "the front", status, text, want)
	if e.input.Front == 0 || e.input.Front == e.input.Status {
		e.came(t, w, r, "the front")
		return
	}
	if effect := w.effect(t); effect != nothing {
		t.Errorf("the front refuses it and the effect is %q", effect)
	}
	e.private(t, w, r)
}

// inTheQueue: the body itself as a message is tried as often as every one, and is
// a dead letter as it came.
func (e examination) inTheQueue(t *testing.T) {
	w, r := e.world(t)
	if len(r.body) == 0 || len(r.body) > queue.MaxBytes {
		return // no queue takes it
	}
	before := w.dump(t)
	if err := w.observations.Send(t.Context(), string(r.body)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 1, 1, 1, 1}, w.settle(t)); diff != "" {
		t.Errorf("in the queue: failures of each try (-want +got)\n%s", diff)
	}
	dead := contents(t, w.dead)
	if len(dead) != 1 || dead[0] != string(r.body) {
		t.Errorf("in the queue: %d dead letters, want it as it came", len(dead))
	}
	if w.dump(t) != before {
		t.Error("in the queue: it has an effect")
	}
	back, seen := w.redrive(t, w.dead)
	if back != 0 || seen != 1 || len(contents(t, w.dead)) != 1 {
		t.Errorf("%d of %d dead letters come back, want it to stay", back, seen)
	}
	e.private(t, w, r)
}

// inABatch: at any place among nine good messages, neither the body itself nor
// what receive made of it harms another.
func (e examination) inABatch(t *testing.T) {
	once, r := e.world(t)
	once.invoke(t, r.event(t, true))
	messages := contents(t, once.observations)
	once.settle(t)
	want := once.shown(t)
	poison := string(r.body)
	for _, at := range []int{0, 4, 9} {
		for _, body := range append([]string{poison}, messages...) {
			if len(body) == 0 || len(body) > queue.MaxBytes {
				continue
			}
			w, _ := e.world(t)
			w.merge.Open = once.merge.Open // where what it refers to is stored
			if err := w.observations.Send(t.Context(), slices.Insert(slices.Clone(e.good), at, body)...); err != nil {
				t.Fatal(err)
			}
			batch, err := w.observations.Receive(t.Context(), 10, 0)
			if err != nil || len(batch) != 10 {
				t.Fatalf("%d messages, %v", len(batch), err)
			}
			failed := w.mergeBatch(t, batch)
			shown := w.shown(t)
			for n := range e.good {
				if row := fmt.Sprintf("inventory GOOD-%d@east", n); shown[row] != "erp free=5" {
					t.Errorf("at %d of a batch: %s shows %q", at+1, row, shown[row])
				}
				delete(shown, fmt.Sprintf("inventory GOOD-%d@east", n))
			}
			if body == poison {
				if failed != 1 {
					t.Errorf("at %d of a batch: %d messages failed, want the body alone", at+1, failed)
				}
				continue
			}
			if failed != 0 {
				t.Errorf("at %d of a batch: %d messages failed, want none", at+1, failed)
			}
			if diff := cmp.Diff(want, shown); diff != "" {
				t.Errorf("at %d of a batch: rows (-alone +among others)\n%s", at+1, diff)
			}
		}
	}
}

// again: five deliveries and five receipts of a message come to what one does.
func (e examination) again(t *testing.T) {
	once, r := e.world(t)
	status, _, _ := once.invoke(t, r.event(t, true))
	messages := contents(t, once.observations)
	once.settle(t)
	w, _ := e.world(t)
	for range 5 {
		if got, text, _ := w.invoke(t, r.event(t, true)); got != status {
			t.Errorf("delivered again: %d, then %d: %s", status, got, text)
		}
		w.settle(t)
	}
	for range 5 {
		for _, body := range messages {
			if err := w.observations.Send(t.Context(), body); err != nil {
				t.Fatal(err)
			}
		}
		w.settle(t)
	}
	if diff := cmp.Diff(strings.Split(once.dump(t), "\n"), strings.Split(w.dump(t), "\n")); diff != "" {
		t.Errorf("delivered again: what is stored (-once +often)\n%s", diff)
	}
	if dead := contents(t, w.dead); len(dead) > 0 {
		t.Errorf("delivered again: %d dead letters", len(dead))
	}
}

// broughtBack: what still cannot be read stays in quarantine, and what can be read
// comes back from the dead letters to the rows that it had.
func (e examination) broughtBack(t *testing.T) {
	w, r := e.world(t)
	w.invoke(t, r.event(t, true))
	messages := contents(t, w.observations)
	if e.input.Effect == quarantined {
		w.settle(t)
		before := w.dump(t)
		back, seen := w.redrive(t, w.quarantine)
		if back != 0 || seen != 1 || len(contents(t, w.quarantine)) != 1 || w.dump(t) != before {
			t.Errorf("%d of %d come back from quarantine, want it to stay and nothing to change", back, seen)
		}
	}
	if len(messages) == 0 {
		return
	}
	empty(t, w.observations)
	if err := w.dead.Send(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
	if back, seen := w.redrive(t, w.dead); back != len(messages) || seen != back {
		t.Errorf("%d of %d come back from the dead letters, want %d", back, seen, len(messages))
	}
	w.settle(t)
	if diff := cmp.Diff(e.input.Rows, w.shown(t), equalIfEmpty); diff != "" {
		t.Errorf("brought back: rows (-want +got)\n%s", diff)
	}
	e.private(t, w, r)
}

func (w *world) redrive(t *testing.T, from queue.Queue) (back, seen int) {
	t.Helper()
	s := redrive.Service{
		Deliveries: w.receive, Open: w.merge.Open, Now: func() time.Time { return w.now },
		Tell: func(f redrive.Fate) {
			if f.Problem != nil {
				_, _ = fmt.Fprintln(w.log, f.Problem) // what people are told must be as discreet as the log
			}
		},
	}
	back, seen, err := s.Drain(t.Context(), from, w.observations, 100)
	if err != nil {
		t.Fatal(err)
	}
	return back, seen
}

// goodMessages are nine stock reports as receive queues them.
func goodMessages(t *testing.T, h home) []string {
	t.Helper()
	w := newWorld(h)
	for n := range 9 {
		sku := [][2]string{{"MUG-BLU", fmt.Sprintf("GOOD-%d", n)}, {`"12"`, `"5"`}, {"S-1", fmt.Sprintf("G-%d", n)}}
		r := input{System: "erp", ID: fmt.Sprintf("good-%d", n), Replace: sku}.request(t, h)
		if status, _, _ := w.invoke(t, r.event(t, false)); status != http.StatusOK {
			t.Fatalf("good message %d: %d", n, status)
		}
	}
	return contents(t, w.observations)
}
