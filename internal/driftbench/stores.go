package driftbench

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store"
)

// rows are a store of rows that tells of every row that was written.
type rows struct {
	store.Records
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
