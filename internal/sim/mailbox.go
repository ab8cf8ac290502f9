package sim

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

// mailbox is a queue with what calls its consumer: it hands out batches in any
// order, more than once, late, and again what was not deleted.
type mailbox struct {
	sending sync.Mutex
	world   *world
	contract.Queue
	held   map[string]*held
	bodies map[string]int
	// running counts the consumer's invocations for this queue.
	running int
	dead    []string
	handle  func(ctx context.Context, i *instance, batch []queue.Message) (failed []string)
}

type held struct {
	queue.Message
	visible time.Time
}

// send takes a message. Its id follows from what it says, so that two who send at
// once make no difference.
func (m *mailbox) send(delay time.Duration, body string) {
	m.sending.Lock()
	defer m.sending.Unlock()
	w := m.world
	m.bodies[body]++
	if m.Name == contract.Decisions {
		w.noteDecision(body)
	}
	id := fmt.Sprintf("%016x-%d", w.hash(body), m.bodies[body])
	at := time.Now().Add(delay)
	if w.chance(w.Plan.Lag, "lag "+m.Name+id) {
		w.count("fault: late message")
		at = at.Add(w.between(0, 4*time.Minute, "late "+id))
	}
	h := &held{Message: queue.Message{ID: id, Body: body, Sent: time.Now()}, visible: at}
	m.held[id] = h
	m.wait(h)
}

// wait has the message delivered when it is visible, and a batch may be gathered.
func (m *mailbox) wait(h *held) {
	const poll = 200 * time.Millisecond
	m.world.at(h.visible.Add(m.Window+poll).Truncate(poll), "deliver "+m.Name+" "+h.ID, m.deliver)
}

// deliver calls the consumer with what is visible, if it may run once more.
func (m *mailbox) deliver() {
	if m.running >= m.MaxConcurrency {
		return // whoever ends delivers
	}
	batch := m.receive()
	if len(batch) == 0 {
		return
	}
	m.running++
	work := func(ctx context.Context, i *instance) func() {
		failed := m.handle(ctx, i, batch)
		return func() { m.settle(batch, failed) }
	}
	m.world.invoke(m.Consumer, m.Timeout, work, func() { m.running--; m.deliver() })
}

// receive takes some of the visible messages, in any order.
func (m *mailbox) receive() []queue.Message {
	w, now := m.world, time.Now()
	var visible []*held
	for _, h := range m.held {
		if !h.visible.After(now) {
			visible = append(visible, h)
		}
	}
	slices.SortFunc(visible, func(a, b *held) int { return cmp.Compare(a.ID, b.ID) })
	w.rng.Shuffle(len(visible), func(i, j int) { visible[i], visible[j] = visible[j], visible[i] })
	if len(visible) == 0 {
		return nil
	}
	var batch []queue.Message
	limit := 1 + w.rng.IntN(min(m.BatchSize, 40))
	if w.rng.IntN(2) == 0 {
		limit = 1 // so that several run at once
	}
	for _, h := range visible[:min(len(visible), limit)] {
		if h.Receives >= m.MaxReceive {
			w.count("dead letters")
			m.dead = append(m.dead, h.Body)
			delete(m.held, h.ID)
			continue
		}
		h.Receives++
		h.visible = now.Add(m.Visibility)
		m.wait(h)
		batch = append(batch, h.Message)
	}
	if len(batch) == 0 {
		return m.receive()
	}
	return batch
}

// settle deletes what did not fail. A delete may come to nothing.
func (m *mailbox) settle(batch []queue.Message, failed []string) {
	w := m.world
	for _, b := range batch {
		h := m.held[b.ID]
		switch {
		case h == nil || slices.Contains(failed, b.ID):
		case w.chance(w.Plan.Twice, fmt.Sprintf("twice %s %s %d", m.Name, b.ID, b.Receives)):
			w.count("fault: message comes again")
			if h.Receives == m.MaxReceive {
				h.Receives-- // it was handled: no fault of the consumer's
			}
			h.visible = time.Now().Add(w.between(0, m.Visibility, "again "+b.ID))
			m.wait(h)
		default:
			delete(m.held, b.ID)
		}
	}
}

// redrive brings the dead letters back.
func (m *mailbox) redrive() {
	dead := m.dead
	m.dead = nil
	slices.Sort(dead)
	for _, body := range dead {
		m.world.count("redriven")
		m.send(0, body)
	}
}

// sender is a function's client of a queue.
type sender struct {
	*instance
	name string
}

// Send sends bodies, perhaps only some of them.
func (s sender) Send(_ context.Context, bodies ...string) error {
	w, m := s.world, s.world.queues[s.name]
	partial := &queue.PartialError{Failed: map[int]error{}}
	err := s.call(s.name, "send", func() error {
		for i, body := range bodies {
			if len(bodies) > 1 && w.chance(w.Plan.Partial, fmt.Sprintf("partial %d %d %s", s.invocation.number, i, body)) {
				w.count("fault: part of a batch not sent")
				partial.Failed[i] = errUnclear
				continue
			}
			m.send(0, body)
		}
		return nil
	}, nil)
	if err == nil && len(partial.Failed) > 0 {
		return partial
	}
	return err
}

// SendAfter sends one body that is visible later.
func (s sender) SendAfter(_ context.Context, delay time.Duration, body string) error {
	if delay > queue.MaxDelay {
		return queue.ErrDelay
	}
	return s.call(s.name, "send after", func() error {
		s.world.queues[s.name].send((max(delay, 0) + time.Second - 1).Truncate(time.Second), body)
		return nil
	}, nil)
}

// SendLater sends each message as SendAfter does.
func (s sender) SendLater(ctx context.Context, messages ...queue.Later) error {
	return queue.OneByOne(ctx, s, messages...)
}
