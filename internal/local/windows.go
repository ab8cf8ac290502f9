package local

import (
	"sync"
	"time"
)

// windows are the gathering windows of queues while the clock is stepped: a
// window is a time of that clock. What waits for its end is not under way, as a
// message with a delay is not, and its queue is not read before.
type windows struct {
	clock *Clock
	meter *meter
	// lengths has the queues that gather.
	lengths map[string]time.Duration

	mu sync.Mutex
	// ends has the queues to which something was sent since their last window.
	ends map[string]time.Time
}

func newWindows(p Plan, clock *Clock, m *meter) *windows {
	w := &windows{clock: clock, meter: m, lengths: map[string]time.Duration{}, ends: map[string]time.Time{}}
	for _, q := range p.Queues() {
		if q.Window > 0 {
			w.lengths[q.Name] = q.Window
		}
	}
	return w
}

// sent counts messages to a queue, and opens its window.
func (w *windows) sent(queue string, n int) {
	length, gathers := w.lengths[queue]
	if !gathers || w.clock.Wall() {
		w.meter.sent(queue, n)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, open := w.ends[queue]; !open {
		w.ends[queue] = w.clock.Now().Add(length)
	}
	w.meter.hold(queue, n)
}

// next is when the next window ends.
func (w *windows) next() (first time.Time, open bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, end := range w.ends {
		if !open || end.Before(first) {
			first, open = end, true
		}
	}
	return first, open
}

// close ends the windows that the clock has reached.
func (w *windows) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for queue, end := range w.ends {
		if !w.clock.Now().Before(end) {
			delete(w.ends, queue)
			w.meter.release(queue)
		}
	}
}
