// Package queuetest holds every adapter of queue to the same promises.
package queuetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
)

// The settings of the queues that the suite asks for.
const (
	Visibility  = 2 * time.Second
	MaxReceives = 2
)

// World is an empty queue, where its dead letters go, and a way to let time
// pass for both.
type World struct {
	Queue, Dead queue.Queue
	Pass        func(time.Duration)
}

// Run runs the suite. Each call of open returns a new world, its queue with
// Visibility and MaxReceives.
func Run(t *testing.T, open func(t *testing.T) World) {
	for name, test := range map[string]func(*testing.T, World){
		"bodies arrive as they were sent":              arrive,
		"more than one request's bytes are cut":        manyBytes,
		"too large is refused before anything is":      tooLarge,
		"a delay holds back, in whole seconds":         delay,
		"a received message hides and comes again":     comesAgain,
		"a deleted message is gone":                    deleted,
		"tried too often it is a dead letter":          deadLetter,
		"depth tells visible, in flight and delayed":   depth,
		"drain deletes what is taken, leaves the rest": drain,
		"drain stops at its limit and at an error":     drainStops,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive takes everything that is visible.
func receive(t *testing.T, q queue.Queue) []queue.Message {
	t.Helper()
	var all []queue.Message
	for {
		batch, err := q.Receive(t.Context(), 10, 0)
		must(t, err)
		if len(batch) == 0 {
			return all
		}
		all = append(all, batch...)
	}
}

func bodies(messages []queue.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Body)
	}
	return slices.Sorted(slices.Values(all))
}

func arrive(t *testing.T, w World) {
	sent := []string{"{\"a\":\"<&>\"}", "ü\t\n\r€", " "}
	for i := range 25 {
		sent = append(sent, fmt.Sprintf("body %02d", i))
	}
	must(t, w.Queue.Send(t.Context(), sent...))
	must(t, w.Queue.Send(t.Context()))
	got := receive(t, w.Queue)
	if want := slices.Sorted(slices.Values(sent)); !slices.Equal(bodies(got), want) {
		t.Errorf("got %q, want %q", bodies(got), want)
	}
	for _, m := range got {
		if m.ID == "" || m.Receipt == "" || m.Receives != 1 || m.Sent.IsZero() {
			t.Fatalf("got %+v", m)
		}
	}
}

func manyBytes(t *testing.T, w World) {
	large := strings.Repeat("x", queue.MaxBytes)
	must(t, w.Queue.Send(t.Context(), large, "small", large[:600_000], large[:600_000]))
	if got := receive(t, w.Queue); len(got) != 4 {
		t.Errorf("%d of 4 messages arrived", len(got))
	}
}

func tooLarge(t *testing.T, w World) {
	large := strings.Repeat("x", queue.MaxBytes+1)
	if err := w.Queue.Send(t.Context(), "small", large); !errors.Is(err, queue.ErrTooLarge) {
		t.Errorf("send: got %v, want ErrTooLarge", err)
	}
	if err := w.Queue.SendAfter(t.Context(), 0, large); !errors.Is(err, queue.ErrTooLarge) {
		t.Errorf("send after: got %v, want ErrTooLarge", err)
	}
	if err := w.Queue.SendLater(t.Context(), queue.Later{Body: "small"}, queue.Later{Body: large}); !errors.Is(err, queue.ErrTooLarge) {
		t.Errorf("send later: got %v, want ErrTooLarge", err)
	}
	if got := receive(t, w.Queue); len(got) != 0 {
		t.Errorf("%d messages arrived", len(got))
	}
}

func delay(t *testing.T, w World) {
	if err := w.Queue.SendAfter(t.Context(), queue.MaxDelay+1, "x"); !errors.Is(err, queue.ErrDelay) {
		t.Errorf("got %v, want ErrDelay", err)
	}
	if err := w.Queue.SendLater(t.Context(), queue.Later{Delay: queue.MaxDelay + 1, Body: "x"}); !errors.Is(err, queue.ErrDelay) {
		t.Errorf("later: got %v, want ErrDelay", err)
	}
	must(t, w.Queue.SendAfter(t.Context(), -time.Hour, "past"))
	must(t, w.Queue.SendLater(t.Context(), queue.Later{Delay: queue.MaxDelay, Body: "far"}, queue.Later{Delay: 1001 * time.Millisecond, Body: "soon too"}))
	must(t, w.Queue.SendAfter(t.Context(), 1001*time.Millisecond, "soon"))
	if got := bodies(receive(t, w.Queue)); !slices.Equal(got, []string{"past"}) {
		t.Errorf("at once: got %q, want the one of the past", got)
	}
	w.Pass(1200 * time.Millisecond)
	if got := bodies(receive(t, w.Queue)); len(got) != 0 {
		t.Errorf("before the delay is over: got %q", got)
	}
	w.Pass(1200 * time.Millisecond)
	if got := bodies(receive(t, w.Queue)); !slices.Contains(got, "soon") || !slices.Contains(got, "soon too") || slices.Contains(got, "far") {
		t.Errorf("after the delay: got %q, want the one of soon", got)
	}
}

func comesAgain(t *testing.T, w World) {
	must(t, w.Queue.Send(t.Context(), "x"))
	if got := receive(t, w.Queue); len(got) != 1 {
		t.Fatalf("got %d messages", len(got))
	}
	if got := receive(t, w.Queue); len(got) != 0 {
		t.Errorf("a received message is visible")
	}
	w.Pass(Visibility + 200*time.Millisecond)
	got := receive(t, w.Queue)
	if len(got) != 1 || got[0].Receives != 2 {
		t.Fatalf("after the visibility time-out: got %+v", got)
	}
}

func deleted(t *testing.T, w World) {
	must(t, w.Queue.Send(t.Context(), "a", "b"))
	got := receive(t, w.Queue)
	must(t, w.Queue.Delete(t.Context(), got...))
	must(t, w.Queue.Delete(t.Context()))
	w.Pass(Visibility + 200*time.Millisecond)
	if again := receive(t, w.Queue); len(again) != 0 {
		t.Errorf("%d deleted messages came again", len(again))
	}
}

func deadLetter(t *testing.T, w World) {
	must(t, w.Queue.Send(t.Context(), "poison"))
	for range MaxReceives {
		if got := receive(t, w.Queue); len(got) != 1 {
			t.Fatalf("got %d messages", len(got))
		}
		w.Pass(Visibility + 200*time.Millisecond)
	}
	if got := receive(t, w.Queue); len(got) != 0 {
		t.Errorf("received once more than allowed")
	}
	if got := bodies(receive(t, w.Dead)); !slices.Equal(got, []string{"poison"}) {
		t.Errorf("dead letters: %q", got)
	}
}

func depth(t *testing.T, w World) {
	must(t, w.Queue.Send(t.Context(), "a"))
	if got := receive(t, w.Queue); len(got) != 1 {
		t.Fatalf("got %d messages", len(got))
	}
	must(t, w.Queue.Send(t.Context(), "b", "c"))
	for range 3 {
		must(t, w.Queue.SendAfter(t.Context(), time.Minute, "d"))
	}
	visible, inFlight, delayed, err := w.Queue.Depth(t.Context())
	if visible != 2 || inFlight != 1 || delayed != 3 || err != nil {
		t.Errorf("%d visible, %d in flight, %d delayed, %v; want 2, 1, 3", visible, inFlight, delayed, err)
	}
}

func drain(t *testing.T, w World) {
	var sent []string
	for i := range 14 {
		sent = append(sent, fmt.Sprintf("%02d", i))
	}
	must(t, w.Queue.Send(t.Context(), sent...))
	offered := map[string]int{}
	n, err := queue.Drain(t.Context(), w.Queue, 100, func(m queue.Message) (bool, error) {
		offered[m.Body]++
		return m.Body < "10", nil
	})
	if n != 10 || err != nil || len(offered) != 14 {
		t.Errorf("deleted %d of %d offered, %v", n, len(offered), err)
	}
	if got := bodies(receive(t, w.Queue)); !slices.Equal(got, sent[10:]) {
		t.Errorf("left %q, want %q", got, sent[10:])
	}
}

func drainStops(t *testing.T, w World) {
	must(t, w.Queue.Send(t.Context(), "a", "b", "c", "d"))
	take := func(queue.Message) (bool, error) { return true, nil }
	if n, err := queue.Drain(t.Context(), w.Queue, 1, take); n != 1 || err != nil {
		t.Errorf("limit of 1: deleted %d, %v", n, err)
	}
	failure := errors.New("no")
	if n, err := queue.Drain(t.Context(), w.Queue, 100, func(queue.Message) (bool, error) { return true, failure }); n != 0 || !errors.Is(err, failure) {
		t.Errorf("failure: deleted %d, %v", n, err)
	}
	if got := receive(t, w.Queue); len(got) != 3 {
		t.Errorf("%d messages left, want 3", len(got))
	}
}
