package rig

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
)

// quietFor is how long all queues must be empty before nothing moves any more:
// a message is in no queue while a sender has it in hand.
const quietFor = time.Second

// AwaitQuiet waits until no queue that a function reads has a message to work
// on, failed ones that come back included. Those with a delay are not waited for.
func (r *Rig) AwaitQuiet(ctx context.Context) error {
	var since time.Time
	for {
		depth, err := r.Depth(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("wait for quiet: %w", err)
		case len(depth) > 0:
			since = time.Time{}
		case since.IsZero():
			since = time.Now()
		case time.Since(since) >= quietFor:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for quiet, messages are left (%v): %w", depth, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Depth is how many messages wait in each queue that a function reads, without the
// empty ones.
func (r *Rig) Depth(ctx context.Context) (map[string]int, error) {
	waiting := map[string]int{}
	for _, q := range contract.Queues() {
		if q.Consumer == "" {
			continue
		}
		visible, inFlight, _, err := r.Wire.Queue(q.Name).Depth(ctx)
		if err != nil {
			return nil, err
		}
		if visible+inFlight > 0 {
			waiting[q.Name] = visible + inFlight
		}
	}
	return waiting, nil
}

// Verify compares what is stored and archived with what was acknowledged, and
// wants no dead letters.
func (r *Rig) Verify(ctx context.Context) error {
	values, err := r.values(ctx)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	archived, err := r.archived(ctx)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	dead, err := r.DeadLetters(ctx)
	if err == nil && len(dead) > 0 {
		err = fmt.Errorf("dead letters: %v", dead)
	}
	return errors.Join(r.Truth.Stored(values), r.Truth.Kept("the archive", archived), err)
}

// values are the numbers that are stored of each view.
func (r *Rig) values(ctx context.Context) (map[traffic.View]string, error) {
	values := map[traffic.View]string{}
	err := r.Wire.Records().Scan(ctx, commerce.Inventory, func(row record.Row) error {
		for _, v := range row.Views {
			values[traffic.View{System: v.System, SKU: row.Key[0]}] = v.Facets[traffic.Facet(v.System)].String()
		}
		return nil
	})
	return values, err
}

// archived are the ids of the deliveries in the archive.
func (r *Rig) archived(ctx context.Context) (map[string]bool, error) {
	now, ids := time.Now(), map[string]bool{}
	for e, err := range r.Wire.Archive().Read(ctx, contract.DeliveryKeys, now.AddDate(0, 0, -1), now.AddDate(0, 0, 1), "") {
		if err != nil {
			return nil, err
		}
		ids[e.Delivery.ID] = true
	}
	return ids, nil
}

// DeadLetters counts what lies in dead letter queues and in quarantine, by name.
func (r *Rig) DeadLetters(ctx context.Context) (map[string]int, error) {
	dead := map[string]int{}
	for _, q := range contract.Queues() {
		if q.Consumer != "" {
			continue
		}
		visible, inFlight, _, err := r.Wire.Queue(q.Name).Depth(ctx)
		if err != nil {
			return nil, err
		}
		if n := visible + inFlight; n > 0 {
			dead[q.Name] = n
		}
	}
	return dead, nil
}
