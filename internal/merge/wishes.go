package merge

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
)

// wishes are the looks that the rows of a slice want. They are sent together,
// after all of the slice is written and before anything is acknowledged: what
// stops in between comes again and finds which looks may be lost.
type wishes struct {
	mu    sync.Mutex
	looks []queue.Later
	// tasks are those whose messages wait for the look.
	tasks [][]task
}

// wish asks for a look at a record, once the slice is written.
func (b *batch) wish(kind commerce.Kind, key commerce.Key, at time.Time, tasks []task) {
	look := b.later(kind, key, at)
	b.wishes.mu.Lock()
	defer b.wishes.mu.Unlock()
	b.wishes.looks = append(b.wishes.looks, look)
	b.wishes.tasks = append(b.wishes.tasks, tasks)
}

// later is the message of a look at a time, or as near to it as a queue can delay.
func (b *batch) later(kind commerce.Kind, key commerce.Key, at time.Time) queue.Later {
	return queue.Later{
		Delay: min(max(at.Sub(b.Now()), 0), queue.MaxDelay),
		Body:  queue.EncodeLook(queue.Look{Kind: kind, Key: key, Due: at}),
	}
}

// grant sends the looks that were asked for. A message whose look is not sent is
// not merged.
func (b *batch) grant(ctx context.Context) {
	looks, tasks := b.wishes.looks, b.wishes.tasks
	b.wishes.looks, b.wishes.tasks = nil, nil
	if len(looks) == 0 {
		return
	}
	err := b.Looks.SendLater(ctx, looks...)
	var partial *queue.PartialError
	for i := range looks {
		why := err
		if errors.As(err, &partial) {
			why = partial.Failed[i]
		}
		if why != nil {
			b.failTasks(tasks[i], fmt.Errorf("ask for a look: %w", why))
		}
	}
}
