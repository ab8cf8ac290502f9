package replay

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// Records is a store of rows that is only read.
type Records interface {
	Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
}

// overlay is a store of rows that keeps what is written to itself, over one that
// it only reads. Each row is read from below once.
type overlay struct {
	below Records

	mu sync.Mutex
	// was are the rows as they are below, and now what became of them.
	was, now map[commerce.RecordID]record.Row
}

func newOverlay(below Records) *overlay {
	return &overlay{below: below, was: map[commerce.RecordID]record.Row{}, now: map[commerce.RecordID]record.Row{}}
}

func (o *overlay) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fetch(ctx, ids); err != nil {
		return nil, err
	}
	rows := map[commerce.RecordID]record.Row{}
	for _, id := range ids {
		if row := o.now[id]; row.Rev > 0 {
			rows[id] = store.Kept(row)
		}
	}
	return rows, nil
}

func (o *overlay) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return o.Get(ctx, ids)
}

// fetch reads the rows from below that were not read yet.
func (o *overlay) fetch(ctx context.Context, ids []commerce.RecordID) error {
	var fresh []commerce.RecordID
	for _, id := range ids {
		if _, known := o.now[id]; !known {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	rows, err := o.below.Get(ctx, fresh)
	if err != nil {
		return err
	}
	for _, id := range fresh {
		o.was[id], o.now[id] = rows[id], rows[id]
	}
	return nil
}

func (o *overlay) Put(ctx context.Context, row record.Row) error {
	id := row.ID()
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fetch(ctx, []commerce.RecordID{id}); err != nil {
		return err
	}
	if current := o.now[id]; current.Rev != row.Rev {
		current.Kind, current.Key = row.Kind, row.Key
		return fmt.Errorf("put record %s: %w", id, &store.LostError{Current: store.Kept(current)})
	}
	row = store.Kept(row)
	row.Rev++
	o.now[id] = row
	return nil
}

// nowhere takes everything else that merge writes, and keeps nothing.
type nowhere struct{}

func (nowhere) Send(context.Context, ...string) error                            { return nil }
func (nowhere) SendLater(context.Context, ...queue.Later) error                  { return nil }
func (nowhere) EarliestMark(context.Context, string, time.Time) error            { return nil }
func (nowhere) LatestMark(context.Context, string, time.Time) error              { return nil }
func (nowhere) DeleteMark(context.Context, string) error                         { return nil }
func (nowhere) GetMarks(context.Context, []string) (map[string]time.Time, error) { return nil, nil }
