package drift

import (
	"context"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/kit"
	"github.com/plumbline/plumbline/internal/record"
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
