package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// point is what drift took of one number of records.
type point struct {
	records int
	steps   [steps]spent
}

// spent is what one step took.
type spent struct {
	took          time.Duration
	reads, writes float64
}

// The steps that are measured.
const (
	minute = iota // a run of the schedule that finds unsettled rows due
	idle          // a run that finds none
	look          // one row that a message asks for
	audit         // every row judged again
	steps
)

// rounds is how often each step is taken; its median counts. The audit is taken
// once where it is long enough to be even by itself.
const (
	rounds  = 7
	oneLong = 500_000
)

// measure fills a store and takes each step on it.
func measure(ctx context.Context, r *registry.Registry, open func(context.Context, io.Writer) (*home, error), records int, progress io.Writer) (point, error) {
	h, err := open(ctx, progress)
	if err != nil {
		return point{}, err
	}
	defer h.close()
	e, begun := newEstate(h, r), time.Now()
	if err := e.fill(ctx, records); err != nil {
		return point{}, fmt.Errorf("fill: %w", err)
	}
	fmt.Fprintf(progress, "%d records filled in %.1f s\n", records, time.Since(begun).Seconds())
	p := point{records: records}
	for step, take := range [steps]func(context.Context) error{e.Tick, e.Tick, e.look, e.audit} {
		times := rounds
		if step == audit && records > oneLong {
			times = 1
		}
		if p.steps[step], err = e.median(ctx, times, step, take); err != nil {
			return p, err
		}
	}
	fmt.Fprintf(progress, "%d records: minute %v, idle %v, look %v, audit %v\n", records,
		p.steps[minute].took, p.steps[idle].took, p.steps[look].took, p.steps[audit].took)
	return p, nil
}

// median takes a step so many times and returns the one of median time.
func (e *estate) median(ctx context.Context, times, step int, take func(context.Context) error) (spent, error) {
	all := make([]spent, times)
	for i := range all {
		if err := e.before(ctx, step); err != nil {
			return spent{}, fmt.Errorf("prepare: %w", err)
		}
		before, begun := e.usage(), time.Now()
		if err := take(ctx); err != nil {
			return spent{}, err
		}
		after := e.usage()
		all[i] = spent{
			took:   time.Since(begun),
			reads:  after.Reads + after.IndexReads - before.Reads - before.IndexReads,
			writes: after.Writes + after.IndexWrites - before.Writes - before.IndexWrites,
		}
	}
	slices.SortFunc(all, func(a, b spent) int { return int(a.took - b.took) })
	return all[times/2], nil
}

// before brings the estate to where a step finds it.
func (e *estate) before(ctx context.Context, step int) error {
	switch step {
	case minute, look:
		return e.put(ctx, e.due)
	case audit:
		// There is one audit a day, and what nobody corrected until the morning would
		// be told by it.
		e.now = e.now.AddDate(0, 0, 1)
		settled := make([]record.Row, unsettled)
		for i := range settled {
			settled[i] = e.price(i, false)
		}
		return e.put(ctx, settled)
	}
	return nil
}

// look judges the first of the unsettled rows.
func (e *estate) look(ctx context.Context) error {
	row := e.due[0]
	body := queue.EncodeLook(queue.Look{Kind: row.Kind, Key: row.Key, Due: nine})
	if failed := e.Look(ctx, []drift.Message{{ID: "look", Body: body}}); len(failed) > 0 {
		return fmt.Errorf("look: not done")
	}
	return nil
}

// audit begins an audit and walks all its parts.
func (e *estate) audit(ctx context.Context) error {
	if err := e.Audit(ctx); err != nil {
		return err
	}
	for len(e.parts) > 0 {
		parts := e.parts
		e.parts = nil
		if failed := e.Look(ctx, parts); len(failed) > 0 {
			return fmt.Errorf("audit: parts %v not walked", failed)
		}
	}
	return nil
}
