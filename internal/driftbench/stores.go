package driftbench

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// rows are a store of rows with an index by the time at which they are due, as a
// table has one. A store in memory looks through all rows instead, which is too
// slow for months.
type rows struct {
	store.Records
	// wrote hears of every row that was written.
	wrote func(record.Row)

	mu    sync.Mutex
	due   [store.Shards]map[commerce.RecordID]time.Time
	ids   []commerce.RecordID
	fresh map[commerce.RecordID]bool
	// read are rows as they were last read. Copies for every reader take most of
	// the time of a run, and neither merge nor drift writes into what it reads.
	read map[commerce.RecordID]record.Row
}

func newRows(under store.Records, wrote func(record.Row)) *rows {
	r := &rows{Records: under, wrote: wrote, fresh: map[commerce.RecordID]bool{}, read: map[commerce.RecordID]record.Row{}}
	for i := range r.due {
		r.due[i] = map[commerce.RecordID]time.Time{}
	}
	return r
}

func (r *rows) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make(map[commerce.RecordID]record.Row, len(ids))
	var unread []commerce.RecordID
	for _, id := range ids {
		if row, known := r.read[id]; known {
			all[id] = row
		} else {
			unread = append(unread, id)
		}
	}
	if len(unread) == 0 {
		return all, nil
	}
	if len(r.read) > maxRead {
		clear(r.read)
	}
	rows, err := r.Records.Get(ctx, unread)
	for id, row := range rows {
		r.read[id], all[id] = row, row
	}
	return all, err
}

func (r *rows) Put(ctx context.Context, row record.Row) error {
	if err := r.Records.Put(ctx, row); err != nil {
		return err
	}
	id := row.ID()
	r.mu.Lock()
	delete(r.read, id)
	shard := r.due[store.ShardOf(id)]
	if row.Due.IsZero() {
		delete(shard, id)
	} else {
		shard[id] = row.Due
	}
	if row.Rev == 0 {
		r.fresh[id] = true
	}
	r.wrote(row)
	r.mu.Unlock()
	return nil
}

// maxRead is of how many rows what was read is kept: all stock, and the orders of
// some days.
const maxRead = 3000

// Due lists the due rows of the shard, the longest due first.
func (r *rows) Due(_ context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []commerce.RecordID
	for id, at := range r.due[shard] {
		if !at.After(until) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b commerce.RecordID) int {
		if c := r.due[shard][a].Compare(r.due[shard][b]); c != 0 {
			return c
		}
		return compare(a, b)
	})
	return ids[:min(limit, len(ids))], nil
}

func compare(a, b commerce.RecordID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// anyDue reports whether a row is due by the time.
func (r *rows) anyDue(until time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, shard := range r.due {
		for _, at := range shard {
			if !at.After(until) {
				return true
			}
		}
	}
	return false
}

// Page reads rows in the order of their ids.
func (r *rows) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	r.mu.Lock()
	if len(r.fresh) > 0 {
		r.ids = slices.Sorted(func(yield func(commerce.RecordID) bool) {
			for _, id := range r.ids {
				if !yield(id) {
					return
				}
			}
			for id := range maps.Keys(r.fresh) {
				if !yield(id) {
					return
				}
			}
		})
		clear(r.fresh)
	}
	ids := r.ids
	r.mu.Unlock()
	first, found := slices.BinarySearch(ids, commerce.RecordID(cursor))
	if found {
		first++
	}
	var page []commerce.RecordID
	next := ""
	for _, id := range ids[first:] {
		if store.ShardOf(id)%segments != segment {
			continue
		}
		if len(page) == limit {
			next = string(page[limit-1])
			break
		}
		page = append(page, id)
	}
	read, err := r.Get(ctx, page)
	if err != nil {
		return nil, "", err
	}
	all := make([]record.Row, 0, len(page))
	for _, id := range page {
		all = append(all, read[id])
	}
	return all, next, nil
}

// Findings are what a store of findings, alerts and all else must be able to do.
type Findings interface {
	store.Findings
	store.Marks
	store.Sweeps
	store.Documents
}

// outbox is a store of findings with an index of the alerts that want attention,
// as a table has one, that notes when findings were first told.
type outbox struct {
	Findings
	// opened are the findings that were ever told, as they were then.
	opened map[string]finding.Finding

	mu    sync.Mutex
	wakes map[string]time.Time
}

func newOutbox(under Findings) *outbox {
	return &outbox{Findings: under, opened: map[string]finding.Finding{}, wakes: map[string]time.Time{}}
}

func (o *outbox) PutFinding(ctx context.Context, f finding.Finding) error {
	if err := o.Findings.PutFinding(ctx, f); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, known := o.opened[f.ID]; !known && f.Told() {
		o.opened[f.ID] = f
	}
	return nil
}

func (o *outbox) PutAlert(ctx context.Context, a alert.Alert) error {
	if err := o.Findings.PutAlert(ctx, a); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if at, wanted := a.Wakes(); wanted {
		o.wakes[a.ID] = at
	} else {
		delete(o.wakes, a.ID)
	}
	return nil
}

// Outbox lists the alerts that are awake, by id.
func (o *outbox) Outbox(ctx context.Context, until time.Time) ([]alert.Alert, error) {
	var awake []alert.Alert
	for _, id := range o.awake(until) {
		a, err := o.GetAlert(ctx, id)
		if err != nil {
			return nil, err
		}
		awake = append(awake, a)
	}
	return awake, nil
}

func (o *outbox) awake(until time.Time) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var ids []string
	for id, at := range o.wakes {
		if !at.After(until) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
