package replay_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/replay"
	"github.com/plumbline/plumbline/internal/store/memory"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const registryFile = `
systems:
  erp: {platform: standard, secrets: ["env:ERP"], locations: {EAST: east}}
  shop: {platform: standard, secrets: ["env:SHOP"], locations: {EAST: east}}
integrations:
  stock:
    purpose: Stock
    owner: {team: inventory-ops, slack: "#inventory-ops"}
    deputy: {team: order-desk}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 20m}
      - {id: person, kind: customer, expect: {country: from.country}, settle: 20m}
`

func parse(t testing.TB) *registry.Registry {
	t.Helper()
	r, problems := registry.Parse("plumbline.yaml", []byte(registryFile), nil, all.Platforms(), nine)
	if r == nil {
		t.Fatal(problems)
	}
	return r
}

// world is merge and archive over stores in memory. A body is a SKU and a number;
// how it is read is the normaliser's, which the test may repair.
type world struct {
	now      time.Time
	registry *registry.Registry
	records  *memory.Records
	findings memory.Findings
	bucket   memblob.Store
	queue    *memqueue.Queue
	// reads is how many units the normaliser makes of one, and revision is its.
	reads, revision int64
	merge           *merge.Service
	archive         *archive.Service
}

func newWorld(t testing.TB) *world {
	w := &world{now: nine.Add(time.Hour), registry: parse(t), records: &memory.Records{}, reads: 1, revision: 1}
	clock := func() time.Time { return w.now }
	w.queue = memqueue.New(memqueue.Options{Now: clock, Visibility: time.Minute})
	open := func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) }
	log := slog.New(slog.DiscardHandler)
	w.merge = &merge.Service{
		Records: current{w}, Marks: &w.findings, Looks: nowhere{}, Archive: nowhere{}, Open: open,
		Registry: w.registry, Rules: judge.Rules(w.registry), Now: clock, Log: log,
	}
	w.archive = &archive.Service{Blobs: &w.bucket, Open: open, Now: clock, Log: log}
	return w
}

// read is the normaliser of both systems.
func (w *world) read(d commerce.Delivery) (platform.Reading, error) {
	var what string
	var units int64
	if _, err := fmt.Sscanf(string(d.Body), "%s %d", &what, &units); err != nil {
		return platform.Reading{}, errors.New("body: want a SKU and a number")
	}
	o := commerce.Observation{System: d.System, Part: "level", Native: what, Slot: "EAST"}
	switch d.Topic {
	case "customer":
		o.Kind, o.Key, o.Slot = commerce.Customer, commerce.Key{what}, ""
		o.Facets = commerce.Facets{"country": commerce.Text(fmt.Sprint("C", units))}
	case "forget":
		return platform.Reading{Erase: []commerce.Erasure{{System: d.System, Native: what, Hash: what}}}, nil
	default:
		facet := map[string]string{"erp": "free", "shop": "available"}[d.System]
		o.Kind, o.Key = commerce.Inventory, commerce.Key{what, "east"}
		o.Facets = commerce.Facets{facet: commerce.Number(commerce.Int(units * w.reads))}
	}
	o.Stamp(commerce.VersionParts{Clock: d.Received, Normaliser: uint16(w.revision)})
	return platform.Reading{Observations: []commerce.Observation{o}}, nil
}

func (w *world) service() *replay.Service {
	return &replay.Service{
		Archive: archive.Reader{Blobs: &w.bucket}, Read: w.read, Generation: w.registry.Generation, Whole: replay.WholeSince(w.now),
		Seal: func(_ context.Context, e queue.Envelope) (string, error) { return queue.Encode(e) },
	}
}

// receive reads a delivery, merges it and archives it.
func (w *world) receive(t testing.TB, system, topic, body string, at time.Time) {
	t.Helper()
	d := commerce.Delivery{ID: "d-" + body, System: system, Topic: topic, Received: at, Body: []byte(body)}
	reading, err := w.read(d)
	if err != nil {
		t.Fatal(err)
	}
	w.take(t, queue.Envelope{Delivery: d, Observations: reading.Observations, Erase: reading.Erase, Generation: w.registry.Generation})
}

func (w *world) take(t testing.TB, e queue.Envelope) {
	t.Helper()
	body, err := queue.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	w.message(t, body)
}

func (w *world) message(t testing.TB, body string) {
	t.Helper()
	if failed := w.merge.Merge(t.Context(), []merge.Message{{ID: "m", Body: body, Receives: 1}}); len(failed) > 0 {
		t.Fatal("a delivery was not merged")
	}
	if failed := w.archive.Archive(t.Context(), []archive.Message{{ID: "m", Body: body}}); len(failed) > 0 {
		t.Fatal("a delivery was not archived")
	}
}

var whole = replay.Span{Since: nine.AddDate(-1, 0, 0), Until: nine.AddDate(1, 0, 0)}

func (w *world) preview(t testing.TB, span replay.Span) replay.Report {
	t.Helper()
	report, err := replay.Preview(t.Context(), w.service().Items(t.Context(), span), w.records, w.registry, w.now)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// replay sends a span and lets merge and archive take what was sent.
func (w *world) replay(t testing.TB, span replay.Span) (sent int) {
	t.Helper()
	sent, err := w.service().Send(t.Context(), span, w.queue)
	if err != nil {
		t.Fatal(err)
	}
	_, err = queue.Drain(t.Context(), w.queue, 1000, func(m queue.Message) (bool, error) {
		w.message(t, m.Body)
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

type nowhere struct{}

func (nowhere) Send(context.Context, ...string) error                  { return nil }
func (nowhere) SendAfter(context.Context, time.Duration, string) error { return nil }
func (nowhere) SendLater(context.Context, ...queue.Later) error        { return nil }

// current is the store of rows that the world has now.
type current struct{ *world }

func (c current) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return c.records.Get(ctx, ids)
}

func (c current) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return c.records.Glance(ctx, ids)
}

func (c current) Put(ctx context.Context, row record.Row) error { return c.records.Put(ctx, row) }
