package drift_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// fleet is several versions of merge and drift over the same stores and queues,
// and a deployment that says which of them is current.
type fleet struct {
	*world
	current string
	// pending are messages of the queue of observations, in the order of their
	// first delivery.
	pending []merge.Message
	log     *strings.Builder
}

// version is merge and drift under one registry.
type version struct {
	registry *registry.Registry
	merge    *merge.Service
	drift    *drift.Service
}

func newFleet() *fleet {
	w := newWorldOver(stockRegistry("from.free", 5*time.Minute), &stored{now: nine, records: &memory.Records{}, findings: &memory.Findings{}})
	return &fleet{world: w, log: &strings.Builder{}}
}

// version starts functions with the registry.
func (f *fleet) version(r *registry.Registry) *version {
	v := &version{registry: r}
	gate := generation.New(r.Generation, func(context.Context) (string, error) { return f.current, nil }, func() time.Time { return f.now })
	log := slog.New(slog.NewTextHandler(f.log, nil))
	reader := learnt.NewReader(f.findings, judge.Rules(r), f.merge.Now, log)
	v.merge = &merge.Service{
		Records: f.records, Marks: f.findings, Looks: f.looks, Archive: archive{}, Open: f.merge.Open,
		Registry: r, Rules: judge.Rules(r), Generation: gate, Now: f.merge.Now, Log: log, Learnt: reader,
	}
	d := *f.drift
	d.Learnt = reader
	d.Registry, d.Rules, d.Generation, d.Log, d.Sweeps, d.Documents, d.Moves = r, judge.Rules(r), gate, log, f.findings, f.findings, f
	v.drift = &d
	return v
}

// deploy makes a version current, before its functions do anything.
func (f *fleet) deploy(v *version) { f.current = v.registry.Generation }

// Send takes views that drift moves to another record.
func (f *fleet) Send(_ context.Context, bodies ...string) error {
	for _, body := range bodies {
		e, err := queue.Decode(body)
		if err != nil {
			return err
		}
		f.enqueue(e)
	}
	return nil
}

func (f *fleet) enqueue(e queue.Envelope) {
	f.sent++
	id := fmt.Sprintf("message-%d", f.sent)
	f.envelopes[id] = e
	f.pending = append(f.pending, merge.Message{ID: id, Body: id, Receives: 1})
}

// receive queues what a version's receive made of a delivery.
func (f *fleet) receive(v *version, o commerce.Observation) {
	if o.Kind == commerce.Inventory {
		if location, known, _ := v.registry.Systems[o.System].Locations.Locate(o.Slot); known {
			o.Key = commerce.Key{o.Key[0], location}
		}
	}
	f.enqueue(queue.Envelope{
		Delivery:     commerce.Delivery{ID: fmt.Sprintf("delivery-%d", f.sent+1), System: o.System, Received: f.now},
		Observations: []commerce.Observation{o}, Generation: v.registry.Generation,
	})
}

// mergeOne gives a version the pending message of that number. What it returns
// stays in the queue.
func (f *fleet) mergeOne(ctx context.Context, v *version, i int) {
	m := f.pending[i]
	if failed := v.merge.Merge(ctx, []merge.Message{m}); len(failed) == 0 {
		f.pending = append(f.pending[:i:i], f.pending[i+1:]...)
	}
}

func (f *fleet) mergeAll(t testing.TB, v *version) {
	t.Helper()
	for n := len(f.pending); n > 0 && len(f.pending) > 0; n-- {
		f.mergeOne(t.Context(), v, 0)
	}
	if len(f.pending) > 0 {
		t.Fatalf("%d messages were not merged", len(f.pending))
	}
}

// lookOne gives a version the first look that is due, and reports whether there
// was one. What it returns comes again three minutes later.
func (f *fleet) lookOne(ctx context.Context, v *version) bool {
	for i, l := range f.looks.waiting {
		if l.at.After(f.now) {
			continue
		}
		f.looks.waiting = append(f.looks.waiting[:i:i], f.looks.waiting[i+1:]...)
		if failed := v.drift.Look(ctx, []drift.Message{{ID: "look", Body: l.body}}); len(failed) > 0 {
			f.looks.waiting = append(f.looks.waiting, waiting{f.now.Add(3 * time.Minute), l.body})
		}
		return true
	}
	return false
}

// run lets time pass under one version, with its messages, looks and ticks.
func (f *fleet) run(t testing.TB, v *version, d time.Duration) {
	t.Helper()
	for end := f.now.Add(d); f.now.Before(end); {
		f.now = f.now.Add(time.Minute)
		if err := v.drift.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		for f.lookOne(t.Context(), v) {
			f.mergeAll(t, v)
		}
		f.mergeAll(t, v)
	}
}

// stocked is the registry of version one: stock within the given tolerance,
// locations of the shop, and orders that have to be in the ERP.
func stocked(generation, within string, locations map[string]string, change ...func(*registry.Registry)) *registry.Registry {
	r := stockRegistry("from.free", 5*time.Minute)
	r.Generation = generation
	r.Integrations[0].Rules[0].Expect[0].Within = compile(commerce.Inventory, within, commerce.NumberType)
	shop := r.Systems["shop"]
	shop.Locations = locations
	r.Systems["shop"] = shop
	for _, c := range change {
		c(r)
	}
	return r
}

var (
	atEast = map[string]string{"501": "east", "502": "west"}
	atWest = map[string]string{"501": "west", "502": "east"}
)

// stockOf is a level as a system reports it: of the shop at its own location.
func (f *fleet) stockOf(system, sku, native string, amount int) commerce.Observation {
	o := f.levelOf(system, sku, amount)
	o.Native += "/" + native
	o.Slot = native
	if system == "erp" {
		o.Key = commerce.Key{sku, native}
	}
	o.Stamp(commerce.VersionParts{Clock: f.now, Sequence: uint64(f.sent) + 1})
	return o
}

// apart lets the shop show two pieces more than the ERP of so many SKUs, and lets
// everything settle.
func (f *fleet) apart(t testing.TB, v *version, skus int) {
	t.Helper()
	for i := range skus {
		sku := fmt.Sprintf("SKU-%02d", i)
		f.receive(v, f.stockOf("erp", sku, "east", 10+i))
		f.receive(v, f.stockOf("shop", sku, "501", 12+i))
	}
	f.mergeAll(t, v)
	f.run(t, v, 20*time.Minute)
}

func (f *fleet) sweep(t testing.TB, name string) store.Sweep {
	t.Helper()
	s, err := f.findings.GetSweep(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// open lists the open findings as "rule key".
func (f *fleet) open(t testing.TB) map[string]finding.Finding {
	t.Helper()
	open := map[string]finding.Finding{}
	for _, one := range f.all(t) {
		if one.State == finding.Open {
			open[one.Rule+" "+one.Key.Text(one.Kind)] = one
		}
	}
	return open
}

// openAlerts are those that are not over.
func (f *fleet) openAlerts(t testing.TB) []alert.Alert {
	t.Helper()
	var open []alert.Alert
	for _, a := range f.alerts(t) {
		if a.Closed.IsZero() && a.Size() > 0 {
			open = append(open, a)
		}
	}
	return open
}
