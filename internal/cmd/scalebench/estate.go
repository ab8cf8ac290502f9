package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/topic"
)

// unsettled is how many records wait for their time.
const unsettled = 1000

// estate is drift over so many records, of which some are unsettled.
type estate struct {
	*home
	*drift.Service
	now time.Time
	// due are the unsettled rows as they were before anybody judged them.
	due   []record.Row
	parts []drift.Message
}

func newEstate(h *home, r *registry.Registry) *estate {
	e := &estate{home: h, now: nine}
	e.Service = &drift.Service{
		Records: h.records, Findings: h.findings, Marks: h.findings, Sweeps: h.findings, Documents: h.findings,
		Looks: e, Topic: e, Registry: r, Rules: judge.Rules(r),
		Now: func() time.Time { return e.now }, Log: slog.New(slog.DiscardHandler),
	}
	return e
}

// SendAfter keeps the parts of an audit and drops looks: what they would judge
// again is measured by itself.
func (e *estate) SendAfter(_ context.Context, _ time.Duration, body string) error {
	if queue.IsSweep(body) {
		e.parts = append(e.parts, drift.Message{ID: fmt.Sprint(len(e.parts)), Body: body})
	}
	return nil
}

// Publish drops the alert; there is none.
func (e *estate) Publish(context.Context, topic.Message) error { return nil }

// fill stores the records. All agree but those that are due, whose change is an
// hour old and has until the morning.
func (e *estate) fill(ctx context.Context, records int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for from := 0; from < records && ctx.Err() == nil; from += batch {
		group.Go(func() error {
			rows := make([]record.Row, 0, batch)
			for i := from; i < min(from+batch, records); i++ {
				rows = append(rows, e.price(i, i < unsettled))
			}
			return e.load(ctx, rows)
		})
	}
	for i := range unsettled {
		e.due = append(e.due, e.price(i, true))
	}
	return group.Wait()
}

// price is a row of the ERP's and the shop's price of one item.
func (e *estate) price(i int, differs bool) record.Row {
	row := record.Row{Generation: e.Registry.Generation}
	for _, system := range []string{"erp", "shopify-us"} {
		amount := "19.90"
		if differs && system == "erp" {
			amount = "21.50"
		}
		o := commerce.Observation{
			System: system, Kind: commerce.Price, Key: commerce.Key{fmt.Sprintf("SKU-%08d", i), "base"}, Part: "price", Native: fmt.Sprint(i),
			Facets: commerce.Facets{"regular": commerce.Number(commerce.MustDecimal(amount)), "currency": commerce.Text("USD")},
		}
		o.Stamp(commerce.VersionParts{Clock: nine.Add(-time.Hour)})
		row.Kind, row.Key = o.Kind, o.Key
		row, _ = record.Merge(row, o, record.Source{Delivery: "d", Received: nine.Add(-time.Hour)})
	}
	if differs {
		row.Due = nine
	}
	return row
}

// put writes rows over what is stored of their records.
func (e *estate) put(ctx context.Context, rows []record.Row) error {
	ids := make([]commerce.RecordID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID()
	}
	stored, err := e.records.Get(ctx, ids)
	if err != nil {
		return err
	}
	for i, row := range rows {
		row.Rev = stored[ids[i]].Rev
		if err := e.records.Put(ctx, row); err != nil {
			return err
		}
	}
	return nil
}
