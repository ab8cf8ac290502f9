// Package memtopic keeps what is published, for tests.
package memtopic

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/plumbline/plumbline/internal/topic"
)

// Topic is a topic.Publisher. The zero Topic is ready.
type Topic struct {
	mu       sync.Mutex
	messages []topic.Message
}

// Publish keeps the message as subscribers would get it.
func (t *Topic) Publish(ctx context.Context, m topic.Message) error {
	if m.Size() > topic.MaxBytes {
		return topic.ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	m.Subject = topic.Subject(m.Subject)
	m.Attributes = maps.Clone(m.Attributes)
	maps.DeleteFunc(m.Attributes, func(_, value string) bool { return value == "" })
	t.mu.Lock()
	defer t.mu.Unlock()
	t.messages = append(t.messages, m)
	return nil
}

// Messages returns what was published so far, in order.
func (t *Topic) Messages() []topic.Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.messages)
}
