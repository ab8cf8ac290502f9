package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
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
	// held is how many bytes the process held.
	held  uint64
	steps [steps]spent
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

// Each step is taken so often, or as often as it fits into a time; the median
// counts. What takes longer is even by itself.
const (
	rounds = 7
	enough = 10 * time.Second
)

// garbage is how many bytes are allocated between two collections, however many
// records there are: what a function reads is collected, what is in its tables is
// not.
const garbage = 64 << 20

// collectEvenly collects now, and after each garbage bytes from here on. It returns
// how many bytes are held.
func collectEvenly() uint64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	debug.SetGCPercent(int(max(1, garbage*100/memory.HeapAlloc)))
	return memory.HeapAlloc
}

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
	p := point{records: records, held: collectEvenly()}
	for step, take := range [steps]func(context.Context) error{e.Tick, e.Tick, e.look, e.audit} {
		if p.steps[step], err = e.median(ctx, step, take); err != nil {
			return p, fmt.Errorf("%s: %w", names[step], err)
		}
		fmt.Fprintf(progress, "%d records: %s: %s\n", records, names[step], p.steps[step])
	}
	return p, nil
}

// median takes a step several times and returns the one of median time.
func (e *estate) median(ctx context.Context, step int, take func(context.Context) error) (spent, error) {
	var all []spent
	for begun := time.Now(); len(all) < rounds && (len(all) == 0 || time.Since(begun) < enough); {
		if err := e.before(ctx, step); err != nil {
			return spent{}, fmt.Errorf("prepare: %w", err)
		}
		one, err := e.once(ctx, take)
		if err != nil {
			return spent{}, err
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b spent) int { return cmp.Compare(a.took, b.took) })
	return all[len(all)/2], nil
}

// once takes a step.
func (e *estate) once(ctx context.Context, take func(context.Context) error) (spent, error) {
	before, begun := e.usage(), time.Now()
	if err := take(ctx); err != nil {
		return spent{}, err
	}
	took, after := time.Since(begun), e.usage()
	return spent{
		took:   took,
		reads:  after.Reads + after.IndexReads - before.Reads - before.IndexReads,
		writes: after.Writes + after.IndexWrites - before.Writes - before.IndexWrites,
	}, nil
}

// before brings the estate to where a step finds it.
func (e *estate) before(ctx context.Context, step int) error {
	switch step {
	case minute, look:
		return e.put(ctx, e.due)
	case audit:
		// What minutes asked for is not the audit's. There is one audit a day, and what nobody corrected until the morning would
		// be told by it.
		e.parts, e.now = nil, e.now.AddDate(0, 0, 1)
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
