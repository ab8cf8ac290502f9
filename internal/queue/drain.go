package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// drainWait is how long an empty answer of the queue is doubted: one receive
// may miss messages that are there.
const drainWait = time.Second

// Drain takes at most limit messages off the queue, one at a time, and deletes
// each that taken accepts; it returns how many those were. What taken leaves, or
// fails on, is visible again when Drain returns. Each message is offered once,
// as far as the queue can tell. An error of taken ends it.
func Drain(ctx context.Context, q Queue, limit int, taken func(Message) (bool, error)) (deleted int, err error) {
	var left []Message
	defer func() {
		// What is left must be given back even when the caller gave up.
		if back := q.Release(context.WithoutCancel(ctx), left...); back != nil {
			err = errors.Join(err, fmt.Errorf("release %d messages: %w", len(left), back))
		}
	}()
	seen := map[string]bool{}
	for offered := 0; offered < limit; {
		batch, err := q.Receive(ctx, min(limit-offered, 10), drainWait)
		if err != nil || len(batch) == 0 {
			return deleted, err
		}
		fresh := false
		for i, m := range batch {
			if seen[m.ID] {
				left = append(left, m)
				continue
			}
			seen[m.ID], fresh = true, true
			offered++
			ok, err := taken(m)
			if err != nil {
				left = append(left, batch[i:]...)
				return deleted, err
			}
			if !ok {
				left = append(left, m)
				continue
			}
			if err := q.Delete(ctx, m); err != nil {
				return deleted, err
			}
			deleted++
		}
		if !fresh {
			return deleted, nil
		}
	}
	return deleted, nil
}
