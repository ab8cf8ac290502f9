package drift_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// This file runs the real merge and drift through every interleaving of their
// calls to the store, with a crash before or after any call and redelivery. It
// states the property that the row protocol exists for: once everything is
// quiet, a finding is open if and only if the views differ, and each finding
// reached people once.
//
// Two prefixes that leave the same store and have shown each actor the same
// answers have the same future, so only one of them is followed.

var capAtEast = commerce.Key{"CAP-BLK", "east"}.ID(commerce.Inventory)

var errCrash = errors.New("crashed")

// actor is one invocation that is redelivered until it succeeds.
type actor struct {
	name string
	work func(ctx context.Context, ports *gate) error
}

// gate lets one actor make one call at a time, as the schedule says.
type gate struct {
	world   *world
	ask     chan struct{}
	grant   chan verdict
	seen    *strings.Builder
	crashed bool
}

type verdict uint8

const (
	proceed verdict = iota
	crashBefore
	crashAfter
)

// call makes one call of the actor: it waits for its turn, and may crash.
func (g *gate) call(name string, do func() error) error {
	if g.crashed {
		return errCrash
	}
	g.ask <- struct{}{}
	v := <-g.grant
	if v == crashBefore {
		g.crashed = true
		return errCrash
	}
	err := do()
	fmt.Fprintf(g.seen, "%s:%v;", name, err)
	if v == crashAfter {
		g.crashed = true
		return errCrash
	}
	return err
}

func (g *gate) Get(ctx context.Context, ids []commerce.RecordID) (rows map[commerce.RecordID]record.Row, err error) {
	err = g.call("get", func() error {
		rows, err = g.world.records.Get(ctx, ids)
		fmt.Fprintf(g.seen, "%v", rows)
		return err
	})
	return rows, err
}

func (g *gate) Put(ctx context.Context, row record.Row) error {
	return g.call("put", func() error { return g.world.records.Put(ctx, row) })
}

// Due goes through the gate for the one shard that can hold the row.
func (g *gate) Due(ctx context.Context, shard int, until time.Time, limit int) (ids []commerce.RecordID, err error) {
	if shard != store.ShardOf(capAtEast) {
		return nil, nil
	}
	err = g.call("due", func() error {
		ids, err = g.world.records.Due(ctx, shard, until, limit)
		fmt.Fprintf(g.seen, "%v", ids)
		return err
	})
	return ids, err
}

func (g *gate) SendAfter(ctx context.Context, delay time.Duration, body string) error {
	return g.call("look", func() error { return g.world.looks.SendAfter(ctx, delay, body) })
}

func (g *gate) GetFinding(ctx context.Context, id string) (finding.Finding, error) {
	f, err := gateGet(g, "finding", func() (finding.Finding, error) { return g.world.findings.GetFinding(ctx, id) })
	return f, err
}

func gateGet[T any](g *gate, name string, get func() (T, error)) (value T, err error) {
	err = g.call(name, func() error {
		value, err = get()
		fmt.Fprintf(g.seen, "%v", value)
		return err
	})
	return value, err
}

func (g *gate) PutFinding(ctx context.Context, f finding.Finding) error {
	return g.call("put finding", func() error { return g.world.findings.PutFinding(ctx, f) })
}

// exploration walks the tree of schedules depth first, by replay.
type exploration struct {
	t     *testing.T
	start func() (*world, []*actor)
	check func(t *testing.T, w *world, schedule string)
	// crashes is how many calls of a schedule may crash.
	crashes int
	seen    map[string]bool
	ends    int
	visited int
}

// choice is one step of a schedule: which actor, and what happens to its call.
type choice struct {
	actor int
	v     verdict
}

// explore runs every schedule that begins with the prefix.
func (e *exploration) explore(prefix []choice) {
	stack := [][]choice{prefix}
	for len(stack) > 0 {
		path := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		options, key, w := e.replay(path)
		if e.seen[key] {
			continue
		}
		e.seen[key] = true
		e.visited++
		if len(options) == 0 {
			e.ends++
			e.check(e.t, w, fmt.Sprint(path))
			continue
		}
		for _, o := range options {
			stack = append(stack, append(slices.Clone(path), o))
		}
	}
}

// running is an actor in its current invocation.
type running struct {
	*actor
	g    *gate
	done chan error
	idle bool // waits for a grant
	over bool
}

// replay runs a schedule and returns what may come next.
func (e *exploration) replay(path []choice) (options []choice, key string, w *world) {
	w, actors := e.start()
	all := make([]*running, len(actors))
	for i, a := range actors {
		all[i] = &running{actor: a, g: &gate{world: w, seen: &strings.Builder{}}}
		all[i].launch(e.t)
		all[i].settle(e.t)
	}
	crashes := e.crashes
	for _, c := range path {
		r := all[c.actor]
		if c.v != proceed {
			crashes--
		}
		r.idle = false
		r.g.grant <- c.v
		r.settle(e.t)
	}
	var b strings.Builder
	for i, r := range all {
		fmt.Fprintf(&b, "%d|%t|%d|%s\n", i, r.over, crashes, r.g.seen)
		if r.over {
			continue
		}
		options = append(options, choice{i, proceed})
		if crashes > 0 {
			options = append(options, choice{i, crashBefore}, choice{i, crashAfter})
		}
	}
	b.WriteString(w.fingerprint(e.t))
	if len(options) > 0 {
		defer e.abandon(all)
	}
	return options, b.String(), w
}

// launch starts an invocation.
func (r *running) launch(t *testing.T) {
	r.g = &gate{world: r.g.world, ask: make(chan struct{}), grant: make(chan verdict), seen: r.g.seen}
	r.done = make(chan error, 1)
	g := r.g
	go func() { r.done <- r.work(t.Context(), g) }()
}

// settle waits until the actor waits for a grant or is over; an invocation that
// failed is delivered again.
func (r *running) settle(t *testing.T) {
	for {
		select {
		case <-r.g.ask:
			r.idle = true
			return
		case err := <-r.done:
			if err == nil {
				r.over = true
				return
			}
			r.g.seen.Reset()
			fmt.Fprintf(r.g.seen, "again;")
			r.launch(t)
		}
	}
}

// abandon lets the goroutines of a prefix end.
func (e *exploration) abandon(all []*running) {
	for _, r := range all {
		if r.over {
			continue
		}
		r.g.grant <- crashBefore
		if err := <-r.done; err == nil {
			e.t.Errorf("%s ended well although its call crashed", r.name)
		}
	}
}

// fingerprint is everything that is stored.
func (w *world) fingerprint(t *testing.T) string {
	var b strings.Builder
	_ = w.records.Scan(t.Context(), "", func(row record.Row) error {
		fmt.Fprintf(&b, "%+v\n", row)
		return nil
	})
	findings, _ := w.findings.AllFindings(t.Context())
	alerts, _ := w.findings.AllAlerts(t.Context())
	fmt.Fprintf(&b, "%+v\n%+v\n%d looks", findings, alerts, len(w.looks.waiting))
	return b.String()
}

// messageActor delivers one message to merge until it is acknowledged.
func messageActor(w *world, o commerce.Observation) *actor {
	m := w.message(o)
	return &actor{name: m.ID, work: func(ctx context.Context, g *gate) error {
		s := &merge.Service{
			Records: g, Marks: w.findings, Looks: g, Archive: archive{},
			Open:     func(_ context.Context, body string) (queue.Envelope, error) { return w.envelopes[body], nil },
			Registry: w.merge.Registry, Rules: w.merge.Rules, Now: w.merge.Now, Log: w.merge.Log,
		}
		if failed := s.Merge(ctx, []merge.Message{m}); len(failed) > 0 {
			return errCrash
		}
		return nil
	}}
}

// gatedFindings sends what decides the protocol through the gate, and the rest
// straight to the store.
type gatedFindings struct {
	findingsStore
	g *gate
}

func (f gatedFindings) GetFinding(ctx context.Context, id string) (finding.Finding, error) {
	return f.g.GetFinding(ctx, id)
}

func (f gatedFindings) PutFinding(ctx context.Context, v finding.Finding) error {
	return f.g.PutFinding(ctx, v)
}

func driftOf(w *world, g *gate) *drift.Service {
	return &drift.Service{
		Records: g, Findings: gatedFindings{w.findings, g}, Marks: w.findings, Looks: g, Topic: w,
		Registry: w.drift.Registry, Rules: w.drift.Rules, Now: w.drift.Now, Log: w.drift.Log,
	}
}

func tickActor(w *world) *actor {
	return &actor{name: "tick", work: func(ctx context.Context, g *gate) error {
		return driftOf(w, g).Tick(ctx)
	}}
}

func lookActor(w *world) *actor {
	body := queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"CAP-BLK", "east"}, Due: nine})
	return &actor{name: "look", work: func(ctx context.Context, g *gate) error {
		if failed := driftOf(w, g).Look(ctx, []drift.Message{{ID: "look", Body: body}}); len(failed) > 0 {
			return errCrash
		}
		return nil
	}}
}

// quiesce lets everything that is still asked for happen, undisturbed.
func (w *world) quiesce(t *testing.T) {
	for range 12 {
		w.now = w.now.Add(20 * time.Minute)
		w.runLooks(t)
		w.tick(t)
	}
}

func TestProtocol_FindingsEqualDifferencesInEveryInterleaving(t *testing.T) {
	erp := func(v int) commerce.Observation { return level("erp", "free", v, v) }
	shop := func(v int) commerce.Observation { return level("shop", "available", v, v) }
	for _, c := range []struct {
		name     string
		messages []commerce.Observation
		ticks    int
		crashes  int
	}{
		{"the ERP changes, the shop follows, one call crashes", []commerce.Observation{erp(1), shop(1)}, 0, 1},
		{"the ERP changes, two drifts look, one call crashes", []commerce.Observation{erp(1)}, 1, 1},
		{"the ERP changes, the shop follows, two drifts look", []commerce.Observation{erp(1), shop(1)}, 1, 0},
		{"the ERP changes, the shop follows, the ERP changes again", []commerce.Observation{erp(1), shop(1), erp(2)}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &exploration{t: t, seen: map[string]bool{}, check: checkTruth, crashes: c.crashes}
			e.start = func() (*world, []*actor) {
				w := newWorld(stockRegistry("from.free", 0))
				w.deliver(t, erp(0))
				w.deliver(t, shop(0))
				var actors []*actor
				for _, o := range c.messages {
					actors = append(actors, messageActor(w, o))
				}
				actors = append(actors, lookActor(w))
				for range c.ticks {
					actors = append(actors, tickActor(w))
				}
				return w, actors
			}
			e.explore(nil)
			t.Logf("%d states, %d end states", e.visited, e.ends)
			if e.ends == 0 {
				t.Error("no schedule came to an end")
			}
		})
	}
}

func checkTruth(t *testing.T, w *world, schedule string) {
	t.Helper()
	w.quiesce(t)
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{capAtEast})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		differs := row.SideOf("erp").Facets["free"] != row.SideOf("shop").Facets["available"]
		open := 0
		for _, f := range w.opened(t, "stock") {
			if f.State != finding.Resolved {
				open++
			}
		}
		if differs && open != 1 || !differs && open != 0 {
			t.Fatalf("views differ %t, %d findings open, after %s\n%s", differs, open, schedule, w.fingerprint(t))
		}
	}
	alerts, err := w.findings.AllAlerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]int{}
	for _, a := range alerts {
		if a.Published != a.Seq {
			t.Fatalf("alert %s is not published, after %s", a.ID, schedule)
		}
		for _, m := range a.Members {
			members[m.Finding]++
		}
	}
	for _, f := range w.opened(t, "stock") {
		if members[f.ID] != 1 {
			t.Fatalf("finding %s is told %d times, after %s", f.ID, members[f.ID], schedule)
		}
	}
}
