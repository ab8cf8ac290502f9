package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

// counted is an API that remembers when it was called.
type counted struct {
	mu    sync.Mutex
	calls []time.Time
	// refuse answers 429 to this many calls after the first ten.
	refuse  int
	refused time.Time
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, time.Now())
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}}
	res.Body = io.NopCloser(strings.NewReader(`{"id":"` + strings.TrimPrefix(r.URL.Path, "/orders/") + `"}`))
	if len(c.calls) > 10 && c.refuse > 0 {
		c.refuse--
		c.refused = time.Now()
		res.StatusCode = http.StatusTooManyRequests
		res.Header.Set("Retry-After", "30")
	}
	return res, nil
}

// work lets a number of processes work on the queue until it is empty.
func (w *world) work(t *testing.T, processes int) {
	t.Helper()
	var all sync.WaitGroup
	for range processes {
		s := w.service()
		all.Go(func() {
			for length(t, w.asked) > 0 {
				batch, err := w.asked.Receive(t.Context(), 3, 0)
				if err != nil {
					t.Error(err)
				}
				var messages []fetch.Message
				for _, m := range batch {
					messages = append(messages, fetch.Message{ID: m.ID, Body: m.Body})
				}
				if failed := s.Fetch(t.Context(), messages); len(failed) > 0 {
					t.Errorf("failed: %v", failed)
				}
				if err := w.asked.Delete(t.Context(), batch...); err != nil {
					t.Error(err)
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
	all.Wait()
}

func TestPace_FiveProcessesTogetherCallNoMoreThanThePace(t *testing.T) {
	for _, c := range []struct {
		pace   platform.Pace
		most   time.Duration
		refuse int
	}{
		{platform.Pace{Every: 500 * time.Millisecond, Burst: 1}, time.Minute, 0},
		{platform.Pace{Every: 500 * time.Millisecond, Burst: 10}, time.Minute, 0},
		{platform.Pace{Every: 20 * time.Millisecond, Burst: 2}, 10 * time.Second, 0},
		{platform.Pace{Every: 10 * time.Second, Burst: 1}, 40 * time.Minute, 0},
		{platform.Pace{Every: 500 * time.Millisecond, Burst: 5}, 4 * time.Minute, 1},
	} {
		t.Run(fmt.Sprintf("%v, %d, %d refused", c.pace.Every, c.pace.Burst, c.refuse), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, api := newWorld(), &counted{refuse: c.refuse}
				w.now, w.transport, w.erp.pace = time.Now, api, c.pace
				const orders = 60
				for i := range orders {
					if err := w.asked.Send(t.Context(), message(t, queue.Fetch{System: "erp", Fetch: order(fmt.Sprintf("orders/%d", i))})); err != nil {
						t.Fatal(err)
					}
				}
				began := time.Now()
				w.work(t, 5)
				if took := time.Since(began); took > c.most {
					t.Errorf("%d calls took %v, want at most %v", orders, took, c.most)
				}
				if len(api.calls) != orders+c.refuse || length(t, w.dead) > 0 {
					t.Errorf("%d calls for %d orders, %d given up", len(api.calls), orders, length(t, w.dead))
				}
				for i, from := range api.calls {
					for j := i; j < len(api.calls); j++ {
						between := api.calls[j].Sub(from)
						if most := c.pace.Burst + int(between/c.pace.Every); j-i+1 > most {
							t.Fatalf("%d calls within %v, want at most %d", j-i+1, between, most)
						}
					}
				}
				for _, at := range api.calls {
					// Calls that had their turn already may still be made.
					if since := at.Sub(api.refused); c.refuse > 0 && since > 5*time.Second && since < 30*time.Second {
						t.Errorf("called %v after it asked for 30 s of patience", since)
					}
				}
			})
		})
	}
}
