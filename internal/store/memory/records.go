// Package memory keeps rows, findings, alerts, groups and marks in the process,
// under the same promises as the tables. It serves tests, and commands that
// need no stack.
package memory

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// Records keeps rows. It is a store.Records. The zero Records is empty and
// ready.
type Records struct {
	// Shared keeps and gives rows themselves instead of copies. Nobody may write into
	// what was read or written then. It saves simulations most of their time.
	Shared bool

	mu     sync.Mutex
	rows   map[commerce.RecordID]record.Row
	shards [store.Shards]shard
}

// Clone returns a store of its own with the same rows.
func (r *Records) Clone() *Records {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &Records{Shared: r.Shared, rows: maps.Clone(r.rows)}
	for i, s := range r.shards {
		c.shards[i] = s.clone()
	}
	return c
}

// in is the row of a writer, and out the row for a reader.
func (r *Records) in(row record.Row) record.Row {
	if r.Shared {
		return store.Ordered(row)
	}
	return store.Kept(row)
}

func (r *Records) out(row record.Row) record.Row {
	if r.Shared {
		return row
	}
	return store.Kept(row)
}

// Get returns copies of the rows, or the rows themselves where they are shared.
func (r *Records) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("get %d records: %w", len(ids), err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rows := make(map[commerce.RecordID]record.Row, len(ids))
	for _, id := range ids {
		if row, ok := r.rows[id]; ok {
			rows[id] = r.out(row)
		}
	}
	return rows, nil
}

// Glance is Get: nothing lags behind here.
func (r *Records) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return r.Get(ctx, ids)
}

// Put keeps a copy of the row.
func (r *Records) Put(ctx context.Context, row record.Row) error {
	id := row.ID()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put record %s: %w", id, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	current, ok := r.rows[id]
	if !ok {
		current = record.Row{Kind: row.Kind, Key: row.Key}
	}
	if current.Rev != row.Rev {
		return fmt.Errorf("put record %s: %w", id, &store.LostError{Current: r.out(current)})
	}
	kept := r.in(row)
	kept.Rev++
	if r.rows == nil {
		r.rows = map[commerce.RecordID]record.Row{}
	}
	at := &r.shards[store.ShardOf(id)]
	at.remove(id, r.rows[id])
	at.add(id, kept)
	r.rows[id] = kept
	return nil
}

// Due reads the shard's index.
func (r *Records) Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list due records of shard %d: %w", shard, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shards[shard].dueUntil(until, limit), nil
}

// Page reads the rows shard by shard, in each in the order of their ids. The
// cursor is the shard and the last id that was read.
func (r *Records) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", fmt.Errorf("read a page of records: %w", err)
	}
	at, after, err := readCursor(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("read a page of records: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []record.Row
	for i := range r.shards {
		if i%segments != segment || i < at {
			continue
		}
		if i > at {
			after = ""
		}
		for _, id := range r.shards[i].after(after, limit-len(rows)) {
			rows = append(rows, r.out(r.rows[id]))
		}
		if len(rows) == limit {
			return rows, fmt.Sprintf("%d|%s", i, rows[limit-1].ID()), nil
		}
	}
	return rows, "", nil
}

// readCursor is the inverse of what Page writes.
func readCursor(cursor string) (shard int, after commerce.RecordID, err error) {
	if cursor == "" {
		return 0, "", nil
	}
	number, id, _ := strings.Cut(cursor, "|")
	shard, err = strconv.Atoi(number)
	return shard, commerce.RecordID(id), err
}

// Scan walks the rows as they were when it was called.
func (r *Records) Scan(ctx context.Context, kind commerce.Kind, each func(record.Row) error) error {
	for _, row := range r.snapshot(kind) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("scan records: %w", err)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func (r *Records) snapshot(kind commerce.Kind) []record.Row {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []record.Row
	for _, row := range r.rows {
		if kind == "" || row.Kind == kind {
			rows = append(rows, r.out(row))
		}
	}
	return rows
}
