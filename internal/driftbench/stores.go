package driftbench

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store"
)

// rows are a store of rows that tells of every row that was written.
type rows struct {
	store.Records
	now   func() time.Time
	wrote func(record.Row)
	mu    sync.Mutex
}

func (r *rows) Put(ctx context.Context, row record.Row) error {
	if err := r.Records.Put(ctx, row); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrote(row)
	return nil
}

// rests is how long after its last change a record of something that happens once
// is left out of walks over all rows, but for those of the first Monday of a month.
const rests = 4 * 24 * time.Hour

// ends are the kinds of records that come to an end, or to rest.
var ends = []commerce.Kind{
	commerce.Order, commerce.Shipment, commerce.Return, commerce.Refund, commerce.Payment, commerce.Payout, commerce.Customer,
}

// Page leaves out rows that would only be judged as they were the night before.
// Otherwise most of a run of months is audits of orders that ended weeks ago.
func (r *rows) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	var page []record.Row
	for {
		more, next, err := r.Records.Page(ctx, segment, segments, cursor, limit)
		if err != nil {
			return nil, "", err
		}
		for _, row := range more {
			if !r.resting(row) {
				page = append(page, row)
			}
		}
		if next == "" || len(page) >= limit/2 {
			return page, next, nil
		}
		cursor = next
	}
}

// resting reports whether nothing is open of a row, and nothing will come of time
// alone: what stands, such as stock, may have crept apart.
func (r *rows) resting(row record.Row) bool {
	now := r.now()
	switch {
	case len(row.Marks) > 0 || !row.Due.IsZero() || len(row.Waiting) > 0, now.Weekday() == time.Monday && now.Day() <= 7:
		return false
	case !slices.Contains(ends, row.Kind):
		return false
	}
	return !slices.ContainsFunc(row.Views, func(v record.View) bool { return now.Sub(v.Received) < rests })
}

// Findings are what a store of findings, alerts and all else must be able to do.
type Findings = rerun.Findings

// outbox is a store of findings with an index of the alerts that want attention,
// as a table has one, that notes when findings were first told.
type outbox struct {
	Findings
	// opened are the findings that were ever told, as they were then.
	opened map[string]finding.Finding

	mu    sync.Mutex
	wakes map[string]time.Time
	// read are walks as they were last read: two are read every minute.
	read map[string]store.Sweep
}

func newOutbox(under Findings) *outbox {
	return &outbox{
		Findings: under, opened: map[string]finding.Finding{}, wakes: map[string]time.Time{}, read: map[string]store.Sweep{},
	}
}

func (o *outbox) GetSweep(ctx context.Context, name string) (store.Sweep, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s, known := o.read[name]; known {
		return s, nil
	}
	s, err := o.Findings.GetSweep(ctx, name)
	if err == nil {
		o.read[name] = s
	}
	return s, err
}

func (o *outbox) PutSweep(ctx context.Context, s store.Sweep) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.read, s.Name)
	return o.Findings.PutSweep(ctx, s)
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

// anyAwake reports whether an alert wants attention by the time.
func (o *outbox) anyAwake(until time.Time) bool { return len(o.awake(until)) > 0 }

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
