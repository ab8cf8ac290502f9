package merge

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// moveDelay is when a row is looked at that a view has left: longer after it than
// the invocation lasts that stores the link's new key.
const moveDelay = time.Minute

// follow makes what an earlier key got through the link wait for the link's new
// key: when a variant gets another SKU, its stock goes with it. The views stay
// in the old row until drift drops them, which it does before it opens
// anything. It is asked to look, for what is open there by now: before the link
// is stored, because nobody knows of the earlier key afterwards.
func (b *batch) follow(ctx context.Context, before, after record.Row) (record.Row, error) {
	was, is := target(before), target(after)
	if was == nil || is == nil || was.ViewID != is.ViewID || was.Facets.Equal(is.Facets) {
		// A product that has got one more variant has not moved.
		return after, nil
	}
	rows, err := b.Records.Get(ctx, b.linked(*was))
	if err != nil {
		return after, fmt.Errorf("read rows of the former key: %w", err)
	}
	via := after.Key[1] + "/" + after.Key[2]
	var left []queue.Later
	for _, row := range rows {
		for _, v := range row.Views {
			if v.System == is.System && v.Via == via {
				after, _ = record.Wait(after, unkeyed(row, v, *was, after.Key))
				left = append(left, queue.Later{
					Delay: moveDelay,
					Body:  queue.EncodeLook(queue.Look{Kind: row.Kind, Key: row.Key, Due: b.Now().Add(moveDelay), Left: true}),
				})
			}
		}
	}
	if len(left) == 0 {
		return after, nil
	}
	if err := b.Looks.SendLater(ctx, left...); err != nil {
		return after, fmt.Errorf("ask for a look at the former key: %w", err)
	}
	return after, nil
}

// linked are the records whose key a link's view may have completed.
func (b *batch) linked(v record.View) []commerce.RecordID {
	sku, known := v.Facets["sku"]
	if !known {
		return nil
	}
	ids := []commerce.RecordID{commerce.Key{sku.String()}.ID(commerce.Product)}
	for _, location := range b.Registry.Systems[v.System].Locations {
		id := commerce.Key{sku.String(), location}.ID(commerce.Inventory)
		if location != platform.Ignore && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// unkeyed is a view as the observation that it was, without the parts of the
// key that came from the link.
func unkeyed(row record.Row, v, from record.View, link commerce.Key) commerce.Observation {
	key := slices.Clone(row.Key)
	for i, part := range row.Kind.KeyParts() {
		if _, linked := from.Facets[part]; linked {
			key[i] = ""
		}
	}
	return commerce.Observation{
		System: v.System, Kind: row.Kind, Key: key, Via: &commerce.Via{Type: link[1], Native: link[2]},
		Part: v.Part, Native: v.Native, Slot: v.Slot, Version: v.Version, Gone: v.Gone,
		SucceededBy: v.SucceededBy, Created: v.Created, Facets: v.Facets, Lines: v.Lines,
	}
}
