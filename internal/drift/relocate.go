package drift

import (
	"context"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// Moves takes what the systems said of records that have another key by now, as
// deliveries without a body.
type Moves interface {
	Send(ctx context.Context, bodies ...string) error
}

// location is where the registry maps a stock level, and whether that is another
// place than the row's. It is blank for one that the registry ignores by now.
func (r *run) location(row record.Row, v record.View) (location string, other bool) {
	if row.Kind != commerce.Inventory || v.Slot == "" {
		return "", false
	}
	location, known, ignored := r.Registry.Systems[v.System].Locations.Locate(v.Slot)
	if ignored {
		return "", true
	}
	return location, known && location != row.Key[len(row.Key)-1]
}

func (r *run) relocated(row record.Row, v record.View) bool {
	_, other := r.location(row, v)
	return other
}

func (r *run) hasRelocated(row record.Row) bool {
	return slices.ContainsFunc(row.Views, func(v record.View) bool { return r.relocated(row, v) })
}

// relocate sends the views of a row whose location is another one by now to
// merge, which puts them where they belong. Twice is once: they keep their
// versions.
func (r *run) relocate(ctx context.Context, row record.Row) error {
	var bodies []string
	for _, v := range row.Views {
		location, other := r.location(row, v)
		if !other || location == "" {
			continue
		}
		body, err := queue.Encode(queue.Envelope{
			Delivery:     commerce.Delivery{ID: v.Delivery, System: v.System, Topic: "relocated", Received: r.now},
			Observations: []commerce.Observation{observationOf(row, v, location)}, Generation: r.Registry.Generation,
		})
		if err != nil {
			return fmt.Errorf("move a view of %s: %w", row.ID(), err)
		}
		bodies = append(bodies, body)
	}
	if len(bodies) == 0 || r.Moves == nil {
		return nil
	}
	if err := r.Moves.Send(ctx, bodies...); err != nil {
		return fmt.Errorf("move views of %s: %w", row.ID(), err)
	}
	return nil
}

// observationOf is a view as the observation that it was, at another location.
func observationOf(row record.Row, v record.View, location string) commerce.Observation {
	o := commerce.Observation{
		System: v.System, Kind: row.Kind, Key: slices.Clone(row.Key), Part: v.Part, Native: v.Native, Slot: v.Slot,
		Version: v.Version, Gone: v.Gone, SucceededBy: v.SucceededBy, Created: v.Created, Facets: v.Facets, Lines: v.Lines,
	}
	o.Key[len(o.Key)-1] = location
	if via, native, linked := cutVia(v.Via); linked {
		o.Via = &commerce.Via{Type: via, Native: native}
	}
	return o
}
