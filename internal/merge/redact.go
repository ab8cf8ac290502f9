package merge

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// redactOrders takes what may name the customer out of the customer's orders,
// and lets the link of each say so: an order may not have been heard of yet.
func (b *batch) redactOrders(ctx context.Context, request commerce.Erasure) error {
	for some := range slices.Chunk(request.Orders, sliceRows) {
		links := make([]commerce.RecordID, len(some))
		for i, native := range some {
			links[i] = orderLink(request.System, native).ID(commerce.Link)
		}
		rows, err := b.read(ctx, links, b.Records.Get)
		if err != nil {
			return err
		}
		var group errgroup.Group
		group.SetLimit(writers)
		for _, native := range some {
			link := named(rows, commerce.Link, orderLink(request.System, native))
			group.Go(func() error {
				link, err := b.redact(ctx, link)
				if err != nil {
					return err
				}
				return b.redactOrder(ctx, link)
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func orderLink(system, native string) commerce.Key {
	return commerce.Key{system, commerce.OrderLink, native}
}

// redactOrder redacts the order that a link names, if it names one.
func (b *batch) redactOrder(ctx context.Context, link record.Row) error {
	v := target(link)
	if v == nil {
		return nil
	}
	key := commerce.Key{text(v.Facets, "store"), text(v.Facets, "number")}
	if !key.Complete() {
		return nil
	}
	order, err := b.one(ctx, commerce.Order, key)
	if err != nil {
		return err
	}
	if _, err := b.redact(ctx, order); err != nil {
		return err
	}
	return b.clean(ctx, order)
}

// redact redacts a row as of now and returns it.
func (b *batch) redact(ctx context.Context, row record.Row) (record.Row, error) {
	return b.rewrite(ctx, row, func(row record.Row) (record.Row, bool, error) {
		next, changed := record.Redact(row, b.Now())
		return next, changed, nil
	})
}
