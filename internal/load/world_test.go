package load_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/memory"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const registryText = `systems:
  shop:
    platform: shopify
    shop: acme.myshopify.com
    secrets: env:SHOP
    timezone: America/New_York
    locations: {"501": east, "502": west, East: east, West: west, "503": ignore}
    exports: {inventory: {preset: shopify-inventory, complete: true}}
  erp: {platform: standard, secrets: env:ERP, locations: {EAST: east, WEST: west}}
integrations:
  stock:
    purpose: Stock
    owner: {team: ops, slack: "#stock"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shop
    rules: [{id: stock, kind: inventory, expect: {available: from.free}, settle: 5m}]
`

// world is load and merge over stores in memory, on a clock of its own.
type world struct {
	now      time.Time
	registry *registry.Registry
	files    *memblob.Store
	records  *memory.Records
	findings *memory.Findings
	bulk     *memqueue.Queue
	// dead are the dead letters of bulk.
	dead  *memqueue.Queue
	loads *memqueue.Queue
	load  *load.Service
	merge *merge.Service
	sent  int
	// dies says whether an invocation of merge for the message ends without an answer.
	dies func(body string) bool
	// hurried gives load no time for more than a chunk.
	hurried bool
	// reaper may kill load; whoever takes the next message is alive.
	reaper *reaper
}

func newWorld(t testing.TB) *world {
	t.Helper()
	read := func(string) ([]byte, error) { return nil, errors.New("no file") }
	r, problems := registry.Parse("plumbline.yaml", []byte(registryText), read, all.Platforms(), nine)
	if r == nil {
		t.Fatal(problems)
	}
	w := &world{now: nine, registry: r, records: &memory.Records{}, findings: &memory.Findings{}}
	clock := func() time.Time { return w.now }
	w.files = &memblob.Store{Now: clock}
	w.dead, w.loads = memqueue.New(memqueue.Options{Now: clock}), memqueue.New(memqueue.Options{Now: clock})
	w.bulk = memqueue.New(memqueue.Options{Now: clock, MaxReceives: contract.MaxReceive, DeadLetters: w.dead})
	receipts := &memory.Receipts{}
	w.load = &load.Service{
		Files: w.files, Blobs: w.files, Documents: w.findings, Records: w.records, Marks: w.findings,
		Bulk: w.bulk, Receipts: receipts, Loads: w.loads, Reader: load.Exports(r, []byte("key")), Generation: r.Generation,
		Complete: func(system string, kind commerce.Kind) bool {
			e := r.Systems[system].Exports[kind]
			return e != nil && e.Complete
		},
		Zone: func(system string) (*time.Location, bool) { s, ok := r.Systems[system]; return s.Timezone, ok },
		Now:  clock, Log: slog.New(slog.DiscardHandler),
	}
	w.merge = &merge.Service{
		Records: w.records, Marks: w.findings, Receipts: receipts, Looks: memqueue.New(memqueue.Options{Now: clock}), Archive: memqueue.New(memqueue.Options{Now: clock}),
		Open:     func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
		Registry: r, Rules: judge.Rules(r), Now: clock, Log: slog.New(slog.DiscardHandler),
	}
	return w
}

// stockFile is a Shopify export of stock at one location, with a line for each SKU.
func stockFile(available ...int) string {
	var b strings.Builder
	b.WriteString("Handle,Title,SKU,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current)\n")
	for i, n := range available {
		if n >= 0 {
			fmt.Fprintf(&b, "mug,Mug,%s,East,0,0,0,%d,%d\n", sku(i), n, n)
		}
	}
	return b.String()
}

func sku(i int) string { return fmt.Sprintf("SKU-%04d", i) }

// put stores a file and tells of it, as the bucket does.
func (w *world) put(t testing.TB, name, content string, meta map[string]string) {
	t.Helper()
	key := "exports/shop/inventory/" + name
	if err := w.files.Write(t.Context(), key, strings.NewReader(content), meta); err != nil {
		t.Fatal(err)
	}
	if err := w.loads.Send(t.Context(), event(key)); err != nil {
		t.Fatal(err)
	}
}

func event(key string) string {
	return `{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"` + url.QueryEscape(key) + `"}}}]}`
}

// run lets the functions work until nothing is left to do, and time pass while
// they wait.
func (w *world) run(t testing.TB) {
	t.Helper()
	for range 10_000 {
		if w.step(t) {
			continue
		}
		_, _, delayed, _ := w.loads.Depth(t.Context())
		if delayed == 0 {
			return
		}
		w.now = w.now.Add(time.Second)
	}
	t.Fatal("the load comes to no end")
}

func (w *world) step(t testing.TB) (worked bool) {
	t.Helper()
	for _, q := range []*memqueue.Queue{w.bulk, w.loads} {
		messages, err := q.Receive(t.Context(), 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			worked = true
			var failed []string
			if q == w.bulk && w.dies != nil && w.dies(m.Body) {
				failed = []string{m.ID}
			} else if q == w.bulk {
				failed = w.merge.Merge(t.Context(), []merge.Message{{ID: m.ID, Body: m.Body, Receives: m.Receives}})
			} else {
				failed = w.loaded(t, m)
			}
			if len(failed) > 0 {
				continue // it comes again
			}
			if err := q.Delete(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	return worked
}

func (w *world) loaded(t testing.TB, m queue.Message) []string {
	t.Helper()
	ctx := t.Context()
	if w.hurried {
		short, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		ctx, w.now = short, w.now.Add(time.Second)
	}
	if w.reaper != nil {
		w.reaper.revive()
	}
	return w.load.Load(ctx, []load.Message{{ID: m.ID, Body: m.Body}})
}

// hook delivers a stock level by webhook, as of now.
func (w *world) hook(t testing.TB, i, available int) { w.hookAt(t, i, available, w.now) }

func (w *world) hookAt(t testing.TB, i, available int, at time.Time) {
	t.Helper()
	w.tell(t, commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{sku(i), "east"}, Part: "level", Native: fmt.Sprintf("%d/501", 9000+i), Slot: "501",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(int64(available)))},
	}, at)
}

func (w *world) tell(t testing.TB, o commerce.Observation, at time.Time) {
	t.Helper()
	o.Stamp(commerce.VersionParts{Clock: at})
	w.sent++
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: fmt.Sprintf("d-%d", w.sent), System: o.System, Received: w.now, Body: []byte("{}")},
		Observations: []commerce.Observation{o}, Generation: w.registry.Generation,
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed := w.merge.Merge(t.Context(), []merge.Message{{ID: "m", Body: body, Receives: 1}}); len(failed) > 0 {
		t.Fatal("not merged")
	}
}

func (w *world) row(t testing.TB, i int) record.Row {
	t.Helper()
	id := commerce.Key{sku(i), "east"}.ID(commerce.Inventory)
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	return rows[id]
}

// available is what the shop's side shows, "-" for a record that it does not have.
func (w *world) available(t testing.TB, i int) string {
	t.Helper()
	side := w.row(t, i).SideOf("shop")
	v, ok := side.Facets["available"]
	if !side.Live || !ok {
		return "-"
	}
	return v.String()
}

func (w *world) stock(t testing.TB, n int) string {
	t.Helper()
	var all []string
	for i := range n {
		all = append(all, w.available(t, i))
	}
	return strings.Join(all, " ")
}

// certificates are those of the shop's stock, the latest first.
func (w *world) certificates(t testing.TB) []load.Certificate {
	t.Helper()
	l, err := load.ReadLedger(t.Context(), w.findings, "shop", commerce.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	return l.Loads
}

// noted is the reason of a mapping row, blank where there is none.
func (w *world) noted(t testing.TB, what, native string) string {
	t.Helper()
	key := commerce.Key{"shop", what, native}
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{key.ID(commerce.Mapping)})
	if err != nil {
		t.Fatal(err)
	}
	side := rows[key.ID(commerce.Mapping)].SideOf("shop")
	if !side.Live {
		return ""
	}
	return side.Facets["reason"].String()
}
