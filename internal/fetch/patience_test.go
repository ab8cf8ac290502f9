package fetch_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/queue"
)

func TestFetch_AFailureIsTriedAgainWithGrowingPausesForMostOfAnHour(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(500, ""))
	now := nine
	w.now = func() time.Time { return now }
	s := w.service()
	s.Now = w.now
	w.fetch(t, s, "orders/250")
	calls := 1
	last := time.Duration(0)
	for pause := time.Duration(0); length(t, w.dead) == 0; pause += time.Second {
		if pause > 15*time.Minute {
			t.Fatal("the fetch is neither tried nor given up")
		}
		now = now.Add(time.Second)
		for _, body := range drain(t, w.asked) {
			if pause < last {
				t.Errorf("try %d after %v, the one before took %v", calls+1, pause, last)
			}
			last, pause = pause, 0
			calls++
			s.Fetch(t.Context(), []fetch.Message{{ID: "m", Body: body}})
		}
	}
	if calls != 11 || now.Sub(nine) < 40*time.Minute || now.Sub(nine) > time.Hour {
		t.Errorf("%d calls in %v", calls, now.Sub(nine))
	}
	want := []queue.Fetch{{System: "erp", Fetch: order("orders/250"), Cause: "d-1", Received: nine.Add(-time.Second)}}
	if diff := cmp.Diff(want, waiting(t, w.dead)); diff != "" {
		t.Errorf("a redrive would not start again: %s", diff)
	}
}

func TestFetch_ChanceSpreadsWhatIsTriedAgain(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(429, "", "Retry-After", "3600"))
	s := w.service()
	s.Chance = func(n int64) int64 { return n - 1 }
	w.fetch(t, s, "orders/250")
	w.now = func() time.Time { return nine.Add(15*time.Minute - time.Second) }
	if len(waiting(t, w.asked)) > 0 {
		t.Error("chance had no say")
	}
	w.now = func() time.Time { return nine.Add(15 * time.Minute) }
	if len(waiting(t, w.asked)) != 1 {
		t.Error("held back for longer than a queue can")
	}
}

func TestFetch_AFetchThatWaitsForADayIsGivenUp(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(429, "", "Retry-After", "60"))
	for _, c := range []struct {
		waited time.Duration
		dead   int
	}{{23 * time.Hour, 0}, {25 * time.Hour, 1}} {
		f := queue.Fetch{System: "erp", Fetch: order("orders/250"), Since: nine.Add(-c.waited)}
		w.service().Fetch(t.Context(), []fetch.Message{{ID: "m", Body: message(t, f)}})
		if got := length(t, w.dead); got != c.dead {
			t.Errorf("after %v: %d given up, want %d", c.waited, got, c.dead)
		}
	}
}

func TestFetch_ASystemThatAsksForPatienceIsCalledByNobody(t *testing.T) {
	w := newWorld()
	var calls atomic.Int64
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answers(429, "", "Retry-After", "120")(rw, r)
	})
	w.fetch(t, w.service(), "orders/1", "orders/2", "orders/3")
	w.fetch(t, w.service(), "orders/4", "orders/5")
	if calls.Load() != 1 || length(t, w.asked) != 5 {
		t.Errorf("%d calls, %d postponed; want one call and all of them postponed", calls.Load(), length(t, w.asked))
	}
	w.now = func() time.Time { return nine.Add(2 * time.Minute) }
	for _, f := range waiting(t, w.asked) {
		if f.Tries != 0 {
			t.Errorf("waiting counted as a failure: %+v", f)
		}
	}
}

func TestFetch_NoSystemIsLeftAloneForLongerThanAnHour(t *testing.T) {
	w := newWorld()
	w.serve(t, answers(429, "", "Retry-After", "3153600000"))
	w.fetch(t, w.service(), "orders/250")
	for after, want := range map[time.Duration]bool{time.Hour - time.Second: false, time.Hour: true} {
		_, free, err := w.paces.Reserve(t.Context(), "erp", w.erp.pace, nine.Add(after), 0)
		if err != nil || free != want {
			t.Errorf("after %v: free %t, %v", after, free, err)
		}
	}
}
