package merge_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/memory"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

var errDown = errors.New("out of order")

// world is merge over stores in memory that count, and fail when told to.
type world struct {
	now     time.Time
	records *records
	marks   *marks
	looks   *looks
	archive *archive
	service *merge.Service
	sent    int
}

func newWorld() *world { return newWorldOf(shopAndERP(5 * time.Minute)) }

func newWorldOf(r *registry.Registry) *world {
	w := &world{now: nine, records: &records{}, marks: &marks{}, looks: &looks{}, archive: &archive{}}
	w.looks.world = w
	w.service = &merge.Service{
		Records: w.records, Marks: w.marks, Looks: w.looks, Archive: w.archive,
		Open:     func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
		Registry: r, Rules: judge.Rules(r), Now: func() time.Time { return w.now },
		Log: slog.New(slog.DiscardHandler),
	}
	return w
}

// shopAndERP has a stock rule with the given settle time, one that expects web
// orders in the ERP, and one that compares product states slowly.
func shopAndERP(settle time.Duration) *registry.Registry {
	rule := func(id string, kind commerce.Kind, from, to string, check registry.Check, settle time.Duration, expect map[string]string) registry.Rule {
		r := registry.Rule{
			Integration: "acme", ID: id, Kind: kind, From: from, To: to, Check: check, Mode: registry.Alert,
			Settle: registry.Settle{For: settle, By: -1},
		}
		for facet, source := range expect {
			f, _ := kind.FacetOf(facet)
			r.Expect = append(r.Expect, registry.Expectation{Facet: facet, Value: compile(kind, source, f.Type)})
		}
		return r
	}
	return &registry.Registry{
		Generation: "g1",
		Systems: map[string]registry.System{
			"erp":  {Name: "erp"},
			"shop": {Name: "shop", Locations: map[string]string{"501": "east", "502": "west", "503": "ignore"}},
		},
		Integrations: []registry.Integration{{Name: "acme", From: "erp", To: "shop", Rules: []registry.Rule{
			rule("stock", commerce.Inventory, "erp", "shop", registry.Equal, settle, map[string]string{"available": "from.free"}),
			rule("order", commerce.Order, "shop", "erp", registry.Present, 30*time.Minute, map[string]string{"total": "from.total"}),
			rule("refund", commerce.Refund, "shop", "erp", registry.Present, 5*time.Minute, nil),
			rule("product", commerce.Product, "erp", "shop", registry.Equal, time.Hour, map[string]string{"status": "from.status"}),
		}}},
	}
}

func compile(kind commerce.Kind, source string, want commerce.Type) *formula.Formula {
	f, err := formula.Compile(source, func(name string) (commerce.Type, bool) {
		_, facet, _ := strings.Cut(name, ".")
		d, ok := kind.FacetOf(facet)
		return d.Type, ok
	}, want)
	if err != nil {
		panic(err)
	}
	return f
}

// message is the queue message of one delivery received now.
func (w *world) message(observations ...commerce.Observation) merge.Message {
	w.sent++
	e := queue.Envelope{
		Delivery:     commerce.Delivery{ID: fmt.Sprintf("d-%d", w.sent), System: "shop", Received: w.now},
		Observations: observations,
	}
	if len(observations) > 0 {
		e.Delivery.System = observations[0].System
	}
	body, err := queue.Encode(e)
	if err != nil {
		panic(err)
	}
	return merge.Message{ID: e.Delivery.ID, Body: body, Receives: 1}
}

func (w *world) merge(t testing.TB, messages ...merge.Message) (failed []string) {
	t.Helper()
	return w.service.Merge(t.Context(), messages)
}

// deliver merges a delivery that must not fail.
func (w *world) deliver(t testing.TB, observations ...commerce.Observation) {
	t.Helper()
	if failed := w.merge(t, w.message(observations...)); len(failed) > 0 {
		t.Fatalf("%v was not merged", failed)
	}
}

func (w *world) row(t testing.TB, kind commerce.Kind, key ...string) record.Row {
	t.Helper()
	id := commerce.Key(key).ID(kind)
	rows, err := w.records.Records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	return rows[id]
}

// shown is a facet of a system's side of a row, or blank.
func shown(row record.Row, system, facet string) string {
	if v, ok := row.SideOf(system).Facets[facet]; ok {
		return v.String()
	}
	return ""
}

// observe makes an observation whose version is the number of the change.
func observe(o commerce.Observation, change int) commerce.Observation {
	o.Stamp(commerce.VersionParts{Clock: nine.Add(time.Duration(change) * time.Second), Sequence: uint64(change)})
	return o
}

func level(system, sku string, amount, change int) commerce.Observation {
	facet := map[string]string{"erp": "free", "shop": "available"}[system]
	return observe(commerce.Observation{
		System: system, Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Part: "level", Native: system + "/" + sku, Slot: "east",
		Facets: commerce.Facets{facet: number(amount)},
	}, change)
}

func number(n int) commerce.Value { return commerce.Number(commerce.Int(int64(n))) }

// records counts what reaches the store of rows.
type records struct {
	memory.Records
	// refuse and before are asked at each write; refuse ends it.
	refuse func(row record.Row) error
	before func(row record.Row)
	// unreadable fails reads; beforeRead is asked at each.
	unreadable error
	beforeRead func() error
	// lags makes glances show every row as it was before its last write.
	lags bool

	mu    sync.Mutex
	was   map[commerce.RecordID]record.Row
	reads [][]commerce.RecordID
	puts  []commerce.RecordID
}

func (r *records) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	r.mu.Lock()
	r.reads = append(r.reads, slices.Clone(ids))
	r.mu.Unlock()
	if r.unreadable != nil {
		return nil, r.unreadable
	}
	if r.beforeRead != nil {
		if err := r.beforeRead(); err != nil {
			return nil, err
		}
	}
	return r.Records.Get(ctx, ids)
}

// Glance reads like Get, or the row as it was before its last write.
func (r *records) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	rows, err := r.Get(ctx, ids)
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range rows {
		if before, lags := r.was[id]; lags && r.lags {
			rows[id] = before
			if before.Rev == 0 {
				delete(rows, id)
			}
		}
	}
	return rows, err
}

func (r *records) Put(ctx context.Context, row record.Row) error {
	r.mu.Lock()
	r.puts = append(r.puts, row.ID())
	r.mu.Unlock()
	if r.before != nil {
		r.before(row)
	}
	if r.refuse != nil {
		if err := r.refuse(row); err != nil {
			return err
		}
	}
	before, err := r.Records.Get(ctx, []commerce.RecordID{row.ID()})
	if err != nil {
		return err
	}
	if err := r.Records.Put(ctx, row); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.was == nil {
		r.was = map[commerce.RecordID]record.Row{}
	}
	r.was[row.ID()] = before[row.ID()]
	return nil
}

// forget starts counting anew.
func (r *records) forget() { r.reads, r.puts = nil, nil }

// looks keeps the looks that were asked for.
type looks struct {
	world *world

	mu   sync.Mutex
	down error
	// before is asked at each look.
	before func() error
	sent   []sentLook
	// requests and asked count requests and looks.
	requests, asked int
}

// sentLook is a look and when the queue hands it out.
type sentLook struct {
	queue.Look
	at time.Time
}

func (l *looks) SendLater(ctx context.Context, messages ...queue.Later) error {
	l.mu.Lock()
	l.requests++
	l.mu.Unlock()
	return queue.OneByOne(ctx, l, messages...)
}

func (l *looks) SendAfter(_ context.Context, delay time.Duration, body string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down != nil {
		return l.down
	}
	if l.before != nil {
		if err := l.before(); err != nil {
			return err
		}
	}
	look, err := queue.DecodeLook(body)
	l.sent = append(l.sent, sentLook{look, l.world.now.Add(delay)})
	return err
}

// archive keeps what it gets, but for bodies that it refuses.
type archive struct {
	refuse func(body string) error
	down   error
	bodies []string
}

func (a *archive) Send(_ context.Context, bodies ...string) error {
	if a.down != nil {
		return a.down
	}
	partial := &queue.PartialError{Failed: map[int]error{}}
	for i, body := range bodies {
		if a.refuse != nil && a.refuse(body) != nil {
			partial.Failed[i] = a.refuse(body)
			continue
		}
		a.bodies = append(a.bodies, body)
	}
	if len(partial.Failed) > 0 {
		return partial
	}
	return nil
}

// marks counts the writes of marks.
type marks struct {
	memory.Findings
	down   error
	writes int
}

func (m *marks) EarliestMark(ctx context.Context, name string, t time.Time) error {
	m.writes++
	return errors.Join(m.down, m.Findings.EarliestMark(ctx, name, t))
}

func (m *marks) LatestMark(ctx context.Context, name string, t time.Time) error {
	m.writes++
	return errors.Join(m.down, m.Findings.LatestMark(ctx, name, t))
}

// at is the mark of that name, or zero.
func (m *marks) at(t testing.TB, name string) time.Time {
	t.Helper()
	all, err := m.GetMarks(t.Context(), []string{name})
	if err != nil {
		t.Fatal(err)
	}
	return all[name]
}
