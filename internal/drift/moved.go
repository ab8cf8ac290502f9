package drift

import (
	"context"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// dropMoved removes views whose link names another key by now, or whose location
// the registry maps to another one: a variant that got another SKU must not
// speak for its old one. What has another location goes to merge first, so that
// it speaks there; a link's own changes merge follows by itself. It reports
// whether it wrote the row.
func (r *run) dropMoved(ctx context.Context, row record.Row) (bool, error) {
	links := map[commerce.RecordID]bool{}
	for _, v := range row.Views {
		if id, linked := linkID(v); linked {
			links[id] = true
		}
	}
	if len(links) == 0 && !r.hasRelocated(row) {
		return false, nil
	}
	ids := make([]commerce.RecordID, 0, len(links))
	for id := range links {
		ids = append(ids, id)
	}
	rows, err := r.Records.Get(ctx, ids)
	if err != nil {
		return false, fmt.Errorf("read links of %s: %w", row.ID(), err)
	}
	kept := row
	kept.Views = nil
	for _, v := range row.Views {
		id, linked := linkID(v)
		if !r.relocated(row, v) && (!linked || !moved(rows[id], row, v)) {
			kept.Views = append(kept.Views, v)
		}
	}
	if len(kept.Views) == len(row.Views) {
		return false, nil
	}
	if err := r.relocate(ctx, row); err != nil {
		return false, err
	}
	if len(kept.Views) == 0 {
		kept.Expires = r.now.Add(record.Tombstones)
	}
	kept.Generation = r.Registry.Generation
	if err := r.Records.Put(ctx, kept); err != nil {
		return false, fmt.Errorf("drop moved views of %s: %w", row.ID(), err)
	}
	return true, nil
}

// cutVia reads the link of a view.
func cutVia(via string) (kind, native string, linked bool) { return strings.Cut(via, "/") }

func linkID(v record.View) (commerce.RecordID, bool) {
	kind, native, linked := cutVia(v.Via)
	return commerce.Key{v.System, kind, native}.ID(commerce.Link), linked
}

// moved reports whether the link names another key than the row's for a view.
func moved(link, row record.Row, v record.View) bool {
	facets := named(link, v.Native)
	for i, part := range row.Kind.KeyParts() {
		if value, ok := facets[part]; ok && value.String() != row.Key[i] {
			return true
		}
	}
	return false
}

// named is what a link says of a native: its own view's facets where it has one,
// as a product has of each variant, else those of the first live view.
func named(link record.Row, native string) commerce.Facets {
	var first commerce.Facets
	for _, v := range link.Views {
		switch {
		case v.Gone:
		case v.Native == native:
			return v.Facets
		case first == nil:
			first = v.Facets
		}
	}
	return first
}
