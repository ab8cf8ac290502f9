package rig

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/redrive"
)

// Redrive moves every dead letter back to its queue, as an operator does, and
// returns how many there were.
func (r *Rig) Redrive(ctx context.Context) (moved int, err error) {
	const most = 1 << 20
	service := redrive.Service{Now: time.Now, Tell: func(redrive.Fate) {}}
	for _, q := range contract.Queues() {
		if q.DeadLetter == "" {
			continue
		}
		n, _, err := service.Move(ctx, r.Wire.Queue(q.DeadLetter), r.Wire.Queue(q.Name), most)
		moved += n
		if err != nil {
			return moved, fmt.Errorf("bring back dead letters of %s: %w", q.Name, err)
		}
	}
	return moved, nil
}

// foundWithin is how long drift may take to open and end findings once nothing
// is told any more: the settle time, a look, and a run of the schedule.
const foundWithin = 30 * time.Second

// AwaitFindings waits until the open findings are exactly the SKUs whose systems
// disagree.
func (r *Rig) AwaitFindings(ctx context.Context) error {
	want, open := r.Truth.Disagreeing(), []string{}
	for deadline := time.Now().Add(foundWithin); ; time.Sleep(100 * time.Millisecond) {
		findings, err := r.Wire.Findings().ActiveFindings(ctx)
		if err != nil {
			return fmt.Errorf("read findings: %w", err)
		}
		open = open[:0]
		for _, f := range findings {
			if f.Rule == "stock" {
				open = append(open, f.Key[0])
			}
		}
		slices.Sort(open)
		switch {
		case slices.Equal(open, want):
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("findings: open are %v, want %v", open, want)
		}
	}
}
