package queue

import (
	"context"
	"time"
)

// Later is a message that nobody receives before its delay has passed.
type Later struct {
	Delay time.Duration
	Body  string
}

// OneByOne sends messages through a queue that takes one at a time. What was not
// sent is a *PartialError.
func OneByOne(ctx context.Context, q interface {
	SendAfter(ctx context.Context, delay time.Duration, body string) error
}, messages ...Later,
) error {
	failed := map[int]error{}
	for i, m := range messages {
		if err := q.SendAfter(ctx, m.Delay, m.Body); err != nil {
			failed[i] = err
		}
	}
	if len(failed) > 0 {
		return &PartialError{Failed: failed}
	}
	return nil
}
