package local

import (
	"sync"
	"time"
)

// windows are the gathering windows of queues while the clock is stepped: a
// window is a time of that clock. What waits for its end is not under way, as a
// message with a delay is not, and its queue is not read before. An outage of who
// reads a queue is a window that ends with it.
type windows struct {
	clock   *Clock
	meter   *meter
	outages Outages
	// lengths has the queues that gather, and consumers who reads each queue.
	lengths   map[string]time.Duration
	consumers map[string]string

	mu sync.Mutex
	// ends has the queues to which something was sent since their last window.
	ends map[string]time.Time
}

func newWindows(o Options, clock *Clock, m *meter) *windows {
	w := &windows{
		clock: clock, meter: m, outages: o.Outages,
		lengths: map[string]time.Duration{}, consumers: map[string]string{}, ends: map[string]time.Time{},
	}
	for _, q := range o.Plan.Queues() {
		w.consumers[q.Name] = q.Consumer
		if q.Window > 0 {
			w.lengths[q.Name] = q.Window
		}
	}
	return w
}

// sent counts messages to a queue, and opens its window.
func (w *windows) sent(queue string, n int) {
	now := w.clock.Now()
	length, gathers := w.lengths[queue]
	waits := gathers || !w.outages.end(w.consumers[queue], now).IsZero()
	if !waits || w.clock.Wall() {
		w.meter.sent(queue, n)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, open := w.ends[queue]; !open {
		w.ends[queue] = now.Add(length) // close puts it off while the outage holds
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
	now := w.clock.Now()
	for queue, end := range w.ends {
		outage := w.outages.end(w.consumers[queue], now)
		switch {
		case now.Before(end):
		case !outage.IsZero():
			w.ends[queue] = outage
		default:
			delete(w.ends, queue)
			w.meter.release(queue)
		}
	}
}
