package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// note is something that drift found out by itself, or that is over.
type note struct {
	system, what, native string
	// at orders the notes about one thing.
	at time.Time
	// over says that it is so no longer.
	over   bool
	since  time.Time
	reason string
}

// note keeps a note as a row, and judges it at once: it has to reach people when
// the queues, or merge, stand still. The row is due before it is judged, so that
// it is also when this stops in between. A note that is known already changes
// nothing.
func (r *run) note(ctx context.Context, n note) error {
	o := n.observation()
	id := o.Key.ID(o.Kind)
	for range races {
		rows, err := r.Records.Get(ctx, []commerce.RecordID{id})
		if err != nil {
			return fmt.Errorf("read %s: %w", id, err)
		}
		row, found := rows[id]
		if n.over && !stands(row) {
			return nil
		}
		if !found {
			row = record.Row{Kind: o.Kind, Key: o.Key}
		}
		if err := r.Generation.Check(ctx, row.Generation); found && err != nil {
			return fmt.Errorf("note %s: %w", id, err)
		}
		row, news := record.Merge(row, o, record.Source{Received: r.now})
		if !news {
			return nil
		}
		row.Due, row.Generation = r.now, r.Registry.Generation
		err = r.Records.Put(ctx, row)
		if errors.Is(err, store.ErrLost) {
			continue
		}
		if err != nil {
			return fmt.Errorf("note %s: %w", id, err)
		}
		return r.row(ctx, id, queue.Look{})
	}
	return fmt.Errorf("note %s: %d races lost", id, races)
}

// stands reports whether somebody noted what the row is about.
func stands(row record.Row) bool {
	return slices.ContainsFunc(row.Views, func(v record.View) bool { return !v.Gone })
}

func (n note) observation() commerce.Observation {
	o := commerce.Observation{
		System: n.system, Kind: commerce.Mapping, Key: commerce.Key{n.system, n.what, n.native},
		Part: "mapping", Native: n.native, Slot: "mapping", Gone: n.over,
	}
	if !n.over {
		o.Facets = commerce.Facets{"reason": commerce.Text(n.reason), "since": commerce.Time(n.since)}
	}
	o.Stamp(commerce.VersionParts{Clock: n.at})
	return o
}
