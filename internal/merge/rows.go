package merge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/metric"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// races is how often a row is tried again after a lost race. The measured
	// longest chain in a flash sale on one key is 5.
	races = 16
	// writers is how many rows of a slice are written at the same time.
	writers = 8
)

// errDeadline leaves the rest of a batch to a later invocation.
var errDeadline = errors.New("merge: too little time left")

// rows merges the tasks row by row, in slices.
func (b *batch) rows(ctx context.Context, tasks []task) {
	byRow := map[commerce.RecordID][]task{}
	var ids []commerce.RecordID
	for _, t := range tasks {
		id := t.o.Key.ID(t.o.Kind)
		if _, seen := byRow[id]; !seen {
			ids = append(ids, id)
		}
		byRow[id] = append(byRow[id], t)
	}
	for slice := range slices.Chunk(ids, sliceRows) {
		b.slice(ctx, slice, byRow)
	}
}

func (b *batch) slice(ctx context.Context, ids []commerce.RecordID, byRow map[commerce.RecordID][]task) {
	failAll := func(err error) {
		for _, id := range ids {
			b.failTasks(byRow[id], err)
		}
	}
	// At half the price. A row that is not the last any more loses its race, which
	// gives the row as it is; where nothing is news to an older row, nothing is to
	// the newer one, and whoever wrote that one asked for the looks that it wants.
	rows, err := b.read(ctx, ids, b.Records.Glance)
	if err != nil {
		failAll(err)
		return
	}
	errs := make([]error, len(ids))
	var group errgroup.Group
	group.SetLimit(writers)
	for i, id := range ids {
		one := func() error {
			errs[i] = b.row(ctx, rows[id], byRow[id])
			return nil
		}
		if len(ids) == 1 { // as most deliveries are: a goroutine would only grow its stack
			_ = one()
			continue
		}
		group.Go(one)
	}
	_ = group.Wait() // every error is kept with its row
	for i, id := range ids {
		if errs[i] != nil {
			b.failTasks(byRow[id], fmt.Errorf("merge %s: %w", id, errs[i]))
		}
	}
	b.grant(ctx)
}

// reading is one of the ways to read rows.
type reading func(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)

// read reads rows, unless too little time is left to write them.
func (b *batch) read(ctx context.Context, ids []commerce.RecordID, from reading) (map[commerce.RecordID]record.Row, error) {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
		return nil, errDeadline
	}
	rows, err := from(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d rows: %w", len(ids), err)
	}
	return rows, nil
}

func (b *batch) failTasks(tasks []task, err error) {
	for _, t := range tasks {
		b.fail(t.message, err)
	}
}

// row merges the tasks of one row with one conditional write, and asks for a
// look where it leaves the row unsettled.
func (b *batch) row(ctx context.Context, row record.Row, tasks []task) (err error) {
	defer recovered(&err)
	for range races {
		if !row.Suppressed.IsZero() {
			return b.comesBack(ctx, tasks)
		}
		next, looks, changed := b.next(row, tasks)
		if changed {
			if err := b.Generation.Check(ctx, row.Generation); err != nil {
				return err
			}
			err = b.Records.Put(ctx, next)
			var lost *store.LostError
			if errors.As(err, &lost) {
				metric.Add(ctx, metric.Races, 1)
				row = lost.Current
				continue
			}
			if err != nil {
				return err
			}
			measure(ctx, row, next)
		}
		for _, at := range looks {
			b.wish(next.Kind, next.Key, at, tasks)
		}
		b.kits(next, tasks)
		return nil
	}
	return fmt.Errorf("%d races lost", races)
}

// recovered turns a panic into an error: a row that breaks the code must not
// take its neighbours with it. What the panic says may hold values of a body,
// so it is not repeated.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the row breaks the code (%T)", p)
	}
}

// next is the row after the tasks, and when it wants to be looked at.
func (b *batch) next(row record.Row, tasks []task) (next record.Row, looks []time.Time, changed bool) {
	next = row
	next.Kind, next.Key = tasks[0].o.Kind, tasks[0].o.Key
	for _, t := range tasks {
		var news bool
		next, news = record.Merge(next, t.o, t.from)
		changed = changed || news
	}
	if !changed {
		// A duplicate: the look of the first delivery may never have been sent.
		return next, lostLooks(next), false
	}
	next.Generation = b.Registry.Generation
	context := b.context()
	next, look := b.mark(b.learn(row, next, context), context)
	if !look.IsZero() {
		looks = []time.Time{look}
	}
	return next, looks, true
}
