package drift_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// world is merge and drift over stores in memory, with a clock that tests move
// and looks that fall due on it.
type world struct {
	now       time.Time
	records   *memory.Records
	findings  *memory.Findings
	looks     *looks
	published int
	merge     *merge.Service
	drift     *drift.Service
	envelopes map[string]queue.Envelope
	sent      int
}

// looks is a queue of looks on the world's clock.
type looks struct {
	world *world

	mu      sync.Mutex
	waiting []waiting
}

type waiting struct {
	at   time.Time
	body string
}

func (l *looks) SendAfter(_ context.Context, delay time.Duration, body string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, waiting{l.world.now.Add(delay), body})
	return nil
}

// SendLater sends each message as SendAfter does.
func (l *looks) SendLater(ctx context.Context, messages ...queue.Later) error {
	return queue.OneByOne(ctx, l, messages...)
}

type archive struct{}

func (archive) Send(context.Context, ...string) error { return nil }

func (w *world) Publish(context.Context, topic.Message) error {
	w.published++
	return nil
}

func compile(kind commerce.Kind, source string, want commerce.Type) *formula.Formula {
	f, err := formula.Compile(source, func(name string) (commerce.Type, bool) {
		if name == "in_flight" || name == "delta" {
			return commerce.NumberType, true
		}
		_, facet, _ := strings.Cut(name, ".")
		d, ok := kind.FacetOf(facet)
		return d.Type, ok
	}, want)
	if err != nil {
		panic(err)
	}
	return f
}

// stockRegistry has one stock rule, and one that expects web orders in the ERP
// so that stock can see what is in flight.
func stockRegistry(expect string, settle time.Duration) *registry.Registry {
	owner := registry.Owner{Team: "inventory-ops"}
	return &registry.Registry{
		Generation: "test",
		Systems:    map[string]registry.System{"erp": {Name: "erp"}, "shop": {Name: "shop"}},
		Integrations: []registry.Integration{
			{
				Name: "stock", Owner: owner, From: "erp", To: "shop",
				Rules: []registry.Rule{{
					Integration: "stock", ID: "stock", Kind: commerce.Inventory, From: "erp", To: "shop",
					Check: registry.Equal, Mode: registry.Alert, Severity: "critical",
					Settle: registry.Settle{For: settle, By: -1},
					Expect: []registry.Expectation{{Facet: "available", Value: compile(commerce.Inventory, expect, commerce.NumberType)}},
				}},
			},
			{
				Name: "orders", Owner: owner, From: "shop", To: "erp",
				Rules: []registry.Rule{{
					Integration: "orders", ID: "order-in-erp", Kind: commerce.Order, From: "shop", To: "erp",
					Check: registry.Present, Mode: registry.Alert, Settle: registry.Settle{For: 3 * time.Hour, By: -1},
				}},
			},
		},
	}
}

func newWorld(r *registry.Registry) *world {
	return newWorldOver(r, &stored{now: nine, records: &memory.Records{}, findings: &memory.Findings{}})
}

// newWorldOver is a world that goes on with what is stored.
func newWorldOver(r *registry.Registry, s *stored) *world {
	w := &world{now: s.now, records: s.records, findings: s.findings, envelopes: map[string]queue.Envelope{}}
	w.looks = &looks{world: w, waiting: s.looks}
	log := slog.New(slog.DiscardHandler)
	now := func() time.Time { return w.now }
	w.merge = &merge.Service{
		Records: w.records, Marks: w.findings, Looks: w.looks, Archive: archive{},
		Open:     func(_ context.Context, body string) (queue.Envelope, error) { return w.envelopes[body], nil },
		Registry: r, Rules: judge.Rules(r), Now: now, Log: log,
	}
	w.drift = &drift.Service{
		Records: w.records, Findings: w.findings, Marks: w.findings, Looks: w.looks, Topic: w,
		Registry: r, Rules: judge.Rules(r), Now: now, Log: log,
	}
	return w
}

// message makes the queue message of one delivery received now.
func (w *world) message(observations ...commerce.Observation) merge.Message {
	w.sent++
	id := fmt.Sprintf("delivery-%d", w.sent)
	w.envelopes[id] = queue.Envelope{
		Delivery:     commerce.Delivery{ID: id, System: observations[0].System, Received: w.now},
		Observations: observations,
	}
	return merge.Message{ID: id, Body: id, Receives: 1}
}

// deliver merges one delivery received now.
func (w *world) deliver(t testing.TB, observations ...commerce.Observation) {
	t.Helper()
	if failed := w.merge.Merge(t.Context(), []merge.Message{w.message(observations...)}); len(failed) > 0 {
		t.Fatalf("messages %v were not merged", failed)
	}
}

// level is a stock level of one SKU, the version being the number of the change.
func level(system, facet string, value, version int) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Inventory, Key: commerce.Key{"CAP-BLK", "east"},
		Part: "level", Native: system + "-1", Slot: "east",
		Facets: commerce.Facets{facet: commerce.Number(commerce.Int(int64(value)))},
	}
	o.Stamp(commerce.VersionParts{Clock: nine.Add(time.Duration(version) * time.Second), Sequence: uint64(version) + 1})
	return o
}

// runLooks judges the looks that are due by now.
func (w *world) runLooks(t testing.TB) {
	t.Helper()
	due := slices.DeleteFunc(slices.Clone(w.looks.waiting), func(l waiting) bool { return l.at.After(w.now) })
	w.looks.waiting = slices.DeleteFunc(w.looks.waiting, func(l waiting) bool { return !l.at.After(w.now) })
	for _, l := range due {
		if failed := w.drift.Look(t.Context(), []drift.Message{{ID: "look", Body: l.body}}); len(failed) > 0 {
			t.Fatal("a look failed")
		}
	}
}

func (w *world) tick(t testing.TB) {
	t.Helper()
	if err := w.drift.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// opened lists the findings of a rule that were ever opened, the oldest first.
func (w *world) opened(t testing.TB, rule string) []finding.Finding {
	t.Helper()
	all, err := w.findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b finding.Finding) int { return a.Opened.Compare(b.Opened) })
	return slices.DeleteFunc(all, func(f finding.Finding) bool { return f.Rule != rule || !f.Told() })
}
