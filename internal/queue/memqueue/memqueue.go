// Package memqueue is a queue in the process, on a clock that its owner moves.
// It has visibility, delay and dead letters like the real one.
package memqueue

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
)

// Options say how a queue behaves.
type Options struct {
	// Now is the queue's clock.
	Now func() time.Time
	// Visibility is how long a received message is hidden. It may be zero.
	Visibility time.Duration
	// MaxReceives is how often a message is received before it goes to
	// DeadLetters. Zero is for ever.
	MaxReceives int
	DeadLetters *Queue
}

// Queue is a queue.Queue. Receive does not wait: only the owner moves the
// clock.
type Queue struct {
	options Options

	mu       sync.Mutex
	sent     int
	messages []*held
}

// held is a message and when it is next visible.
type held struct {
	message  queue.Message
	visible  time.Time
	delayed  bool
	received bool
}

// New returns an empty queue.
func New(o Options) *Queue { return &Queue{options: o} }

// Send stores all bodies or none.
func (q *Queue) Send(ctx context.Context, bodies ...string) error {
	for _, body := range bodies {
		if len(body) > queue.MaxBytes {
			return queue.ErrTooLarge
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("send %d messages: %w", len(bodies), err)
	}
	for _, body := range bodies {
		q.add(body, 0)
	}
	return nil
}

// SendAfter stores a body that is visible after the delay.
func (q *Queue) SendAfter(ctx context.Context, delay time.Duration, body string) error {
	if delay > queue.MaxDelay {
		return queue.ErrDelay
	}
	if len(body) > queue.MaxBytes {
		return queue.ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("send after %v: %w", delay, err)
	}
	delay = (max(delay, 0) + time.Second - 1).Truncate(time.Second)
	q.add(body, delay)
	return nil
}

// SendLater stores each message as SendAfter does.
func (q *Queue) SendLater(ctx context.Context, messages ...queue.Later) error {
	for _, m := range messages {
		if len(m.Body) > queue.MaxBytes {
			return queue.ErrTooLarge
		}
		if m.Delay > queue.MaxDelay {
			return queue.ErrDelay
		}
	}
	return queue.OneByOne(ctx, q, messages...)
}

func (q *Queue) add(body string, delay time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sent++
	now := q.options.Now()
	q.messages = append(q.messages, &held{
		message: queue.Message{ID: strconv.Itoa(q.sent), Body: body, Sent: now.UTC()},
		visible: now.Add(delay), delayed: delay > 0,
	})
}

// Depth counts exactly.
func (q *Queue) Depth(context.Context) (visible, inFlight, delayed int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.options.Now()
	for _, h := range q.messages {
		switch {
		case !h.visible.After(now):
			visible++
		case h.delayed && !h.received:
			delayed++
		default:
			inFlight++
		}
	}
	return visible, inFlight, delayed, nil
}

// Receive takes the visible messages, the first sent first.
func (q *Queue) Receive(ctx context.Context, limit int, _ time.Duration) ([]queue.Message, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.options.Now()
	var taken []queue.Message
	var kept []*held
	for _, h := range q.messages {
		switch {
		case h.visible.After(now) || len(taken) == min(limit, 10):
			kept = append(kept, h)
		case q.options.MaxReceives > 0 && h.message.Receives >= q.options.MaxReceives:
			q.options.DeadLetters.add(h.message.Body, 0)
		default:
			h.received = true
			h.message.Receives++
			h.message.Receipt = h.message.ID + "/" + strconv.Itoa(h.message.Receives)
			h.visible = now.Add(q.options.Visibility)
			taken, kept = append(taken, h.message), append(kept, h)
		}
	}
	q.messages = kept
	return taken, nil
}

// Delete removes the messages; those that are gone are no error.
func (q *Queue) Delete(_ context.Context, messages ...queue.Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	var kept []*held
	for _, h := range q.messages {
		if !among(messages, h.message.ID) {
			kept = append(kept, h)
		}
	}
	q.messages = kept
	return nil
}

// Release makes the messages visible now.
func (q *Queue) Release(_ context.Context, messages ...queue.Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, h := range q.messages {
		if among(messages, h.message.ID) {
			h.visible = q.options.Now()
		}
	}
	return nil
}

func among(messages []queue.Message, id string) bool {
	for _, m := range messages {
		if m.ID == id {
			return true
		}
	}
	return false
}
