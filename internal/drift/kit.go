package drift

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/kit"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// kit lets a kit's row show what its systems have of it by their components, and
// writes it if that changes it. The row may be new: then nothing but its key is
// known of it. Other rows it returns as they are.
func (r *run) kit(ctx context.Context, row record.Row) (record.Row, error) {
	if row.Kind != commerce.Inventory {
		return row, nil
	}
	components := r.Registry.Kits.Of[row.Key[0]]
	if len(components) == 0 {
		return row, nil
	}
	location := row.Key[1]
	ids := make([]commerce.RecordID, len(components))
	for i, c := range components {
		ids[i] = commerce.Key{c.SKU, location}.ID(commerce.Inventory)
	}
	stored, err := r.Records.Get(ctx, ids)
	if err != nil {
		return row, fmt.Errorf("read components of %s: %w", row.ID(), err)
	}
	rows := map[string]record.Row{}
	for i, c := range components {
		rows[c.SKU] = stored[ids[i]]
	}
	next, changed := row, false
	for _, system := range r.Registry.Kits.Systems {
		if err := r.lacking(ctx, system, components, rows); err != nil {
			return row, err
		}
		o, known := kit.Observe(row.Key[0], location, system, components, rows)
		if !known {
			continue
		}
		if shows(row, o) {
			continue
		}
		var news bool
		next, news = record.Merge(next, o, newest(rows, system))
		changed = changed || news
	}
	if !changed {
		return row, nil
	}
	next.Generation = r.Registry.Generation
	if err := r.Records.Put(ctx, next); err != nil {
		return row, fmt.Errorf("write what follows for %s: %w", row.ID(), err)
	}
	next.Rev++
	return next, nil
}

// learning is how long a system is heard before a component that it never told
// of is lacking.
const learning = 24 * time.Hour

// lacking notes components that a system does not know although it knows others
// of the kit, each once however many kits it is in. A walk over all rows also
// takes back what is known by now.
func (r *run) lacking(ctx context.Context, system string, components []registry.Component, rows map[string]record.Row) error {
	lacking := kit.Lacking(system, components, rows)
	if len(lacking) == 0 && !r.sweeping {
		return nil
	}
	around, err := r.context(ctx, commerce.Inventory)
	if err != nil {
		return err
	}
	since, covered := around.Covered[system]
	since = since.Add(learning)
	if !covered || r.now.Before(since) {
		return nil
	}
	for _, c := range components {
		n := note{
			system: system, what: judge.KitComponent, native: c.SKU, at: since, since: since,
			reason: system + " has never reported stock of " + c.SKU + ", which kits are made of",
		}
		if !slices.Contains(lacking, c.SKU) {
			if known, err := r.holds(ctx, n); err != nil || !known {
				if err != nil {
					return err
				}
				continue
			}
			n.over, n.at = true, r.now
		}
		if err := r.note(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// holds reports whether the note is there and not over.
func (r *run) holds(ctx context.Context, n note) (bool, error) {
	id := n.observation().Key.ID(commerce.Mapping)
	rows, err := r.Records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return false, fmt.Errorf("read %s: %w", id, err)
	}
	return rows[id].SideOf(n.system).Live, nil
}

// newKit is the row to look at: a kit's may not be there yet.
func (r *run) newKit(id commerce.RecordID, row record.Row, found bool) (record.Row, bool) {
	if found || len(r.Registry.Kits.Of) == 0 {
		return row, found
	}
	kind, key, err := id.Parse()
	if err != nil || kind != commerce.Inventory || len(r.Registry.Kits.Of[key[0]]) == 0 {
		return row, false
	}
	return record.Row{Kind: kind, Key: key}, true
}

// shows reports whether the row has all that the observation says: a newer
// version of the same is worth no write.
func shows(row record.Row, o commerce.Observation) bool {
	id := record.ViewID{System: o.System, Part: o.Part, Native: o.Native}
	for _, v := range row.Views {
		if v.ViewID == id {
			return v.Gone == o.Gone && v.Facets.Equal(o.Facets)
		}
	}
	return false
}

// newest is the delivery that last changed one of the components in the system:
// the kit changed then, and because of it.
func newest(rows map[string]record.Row, system string) record.Source {
	var from record.Source
	for _, row := range rows {
		for _, v := range row.Views {
			if v.System == system && v.Received.After(from.Received) {
				from = record.Source{Delivery: v.Delivery, Received: v.Received}
			}
		}
	}
	return from
}
