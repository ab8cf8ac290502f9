package drift_test

import (
	"context"
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
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// watching is a world in which drift looks after itself and after the systems,
// and merge gets what drift sends.
type watching struct {
	*world
	arrivals *memory.Arrivals
	moves    []string
	// stuck keeps merge from getting it, and blind drift from its looks.
	stuck, blind bool
}

func watch(r *registry.Registry) *watching {
	w := &watching{world: newWorld(r), arrivals: &memory.Arrivals{}}
	w.merge.Arrivals = w.arrivals
	w.drift.Documents, w.drift.Sweeps, w.drift.Moves = w.findings, w.findings, w
	w.drift.Watch = drift.NewWatch(w.arrivals)
	return w
}

func (w *watching) Send(_ context.Context, bodies ...string) error {
	w.moves = append(w.moves, bodies...)
	return nil
}

// heard fills the history: each system was heard in every ten minutes of its
// hours on workdays.
func (w *watching) heard(t *testing.T, source silence.Source, weeks int, until time.Time) {
	t.Helper()
	for at := until.AddDate(0, 0, -7*weeks); at.Before(until); at = at.Add(silence.Length) {
		if at.Weekday() != time.Sunday && at.Weekday() != time.Saturday && at.Hour() >= 8 && at.Hour() < 18 {
			if err := w.arrivals.Arrive(t.Context(), source, at); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// pass lets minutes go by, in each of which drift ticks and the queues move on.
func (w *watching) pass(t *testing.T, until time.Time) {
	t.Helper()
	for w.now.Before(until) {
		w.now = w.now.Add(time.Minute)
		w.queues(t)
		w.tick(t)
		w.queues(t)
	}
}

func (w *watching) queues(t *testing.T) {
	t.Helper()
	if !w.stuck {
		for _, body := range w.moves {
			e, err := queue.Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			w.envelopes[body] = e
			if failed := w.merge.Merge(t.Context(), []merge.Message{{ID: "move", Body: body}}); failed != nil {
				t.Fatal("a move was not merged")
			}
		}
		w.moves = nil
	}
	if !w.blind {
		w.runLooks(t)
	}
}

// says lists what is told or was, as "rule key class state".
func (w *watching) says(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, f := range w.all(t) {
		all = append(all, fmt.Sprintf("%s %s %s %s", f.Rule, f.Key.Text(f.Kind), f.Class, f.State))
	}
	slices.Sort(all)
	return all
}

func (w *watching) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := w.says(t); !slices.Equal(got, want) {
		t.Errorf("at %s it says\n%s\nwant\n%s", w.now.Format("02 15:04"), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

var erpStock, shopStock = silence.Source{System: "erp", Kind: commerce.Inventory}, silence.Source{System: "shop", Kind: commerce.Inventory}

const (
	erpSilent = "silence-erp erp/silence/inventory silent "
	deafNow   = "plumbline plumbline/silence/everything plumbline "
	notFound  = "plumbline plumbline/canary/difference plumbline "
	stoodOver = "plumbline plumbline/schedule/run plumbline "
	noAudit   = "plumbline plumbline/schedule/audit plumbline "
)

// talk lets a system be heard every five minutes for a while.
func (w *watching) talk(t *testing.T, until time.Time, sources ...silence.Source) {
	t.Helper()
	for w.now.Before(until) {
		for _, s := range sources {
			if err := w.arrivals.Arrive(t.Context(), s, w.now); err != nil {
				t.Fatal(err)
			}
		}
		w.pass(t, w.now.Add(5*time.Minute))
	}
}

func TestSilence_ASystemThatStopsIsOneFindingUntilItIsHeard(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.talk(t, at(10, 0), erpStock, shopStock)
	w.talk(t, at(10, 40), shopStock)
	w.expect(t)
	w.talk(t, at(11, 30), shopStock)
	w.expect(t, erpSilent+"open")
	f := w.all(t)[0]
	if !f.Since.Equal(at(10, 0)) || f.Why != "on Tuesdays from 10:00 to 11:00 something comes in 48 of 48 ten-minute slots" {
		t.Errorf("since %s: %s", f.Since, f.Why)
	}
	if alerts := w.alerts(t); len(alerts) != 1 || alerts[0].Seq == 0 {
		t.Errorf("%d alerts, want 1", len(alerts))
	}
	w.talk(t, at(12, 0), erpStock, shopStock)
	w.expect(t, erpSilent+"resolved")
	w.talk(t, at(13, 0), shopStock)
	w.expect(t, erpSilent+"open", erpSilent+"resolved")
}

func TestSilence_WhatDependsOnItWaitsUntilItHadTimeToCatchUp(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.differ(t, "BEFORE")
	w.talk(t, at(10, 0), shopStock)
	w.differ(t, "DURING")
	w.talk(t, at(11, 0), shopStock)
	stock := "stock BEFORE@east value_differs open"
	w.expect(t, erpSilent+"open", stock)
	w.talk(t, at(11, 15), erpStock, shopStock)
	w.expect(t, erpSilent+"resolved", stock)
	w.talk(t, at(11, 45), erpStock, shopStock)
	w.expect(t, erpSilent+"resolved", stock, "stock DURING@east value_differs open")
}

func TestSilence_NightsAndWeekendsAreNone(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	friday := time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)
	w.heard(t, erpStock, 8, friday)
	w.heard(t, shopStock, 8, friday)
	w.now, w.drift.Sweeps = friday, nil
	w.pass(t, friday.Add(62*time.Hour)) // Monday, eight o'clock
	w.expect(t)
}

func TestSilence_WhoHearsNobodyReportsItselfAndHoldsEverything(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.differ(t, "MUG")
	w.pass(t, at(9, 19))
	w.deliver(t, w.levelOf("shop", "MUG", 12)) // agrees, and differs again when nobody is heard
	w.pass(t, at(10, 5))
	w.expect(t, deafNow+"open")
	w.differ(t, "CAP")
	w.pass(t, at(11, 0))
	w.expect(t, deafNow+"open")
	w.talk(t, at(12, 0), erpStock, shopStock)
	w.expect(t, deafNow+"resolved", "stock CAP@east value_differs open")
}

func TestSilence_ABacklogOfOursIsNone(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	for w.now.Before(at(11, 0)) {
		if err := w.findings.LatestMark(t.Context(), merge.LateMark, w.now); err != nil {
			t.Fatal(err)
		}
		if err := w.arrivals.Arrive(t.Context(), shopStock, w.now); err != nil {
			t.Fatal(err)
		}
		w.pass(t, w.now.Add(time.Minute))
	}
	w.expect(t)
}

func TestSilence_ExpectEveryAloneDecidesWithoutHistory(t *testing.T) {
	r := stockRegistry("from.free", 20*time.Minute)
	r.Systems["erp"] = registry.System{Name: "erp", ExpectEvery: map[commerce.Kind]time.Duration{commerce.Inventory: 90 * time.Minute}}
	w := watch(r)
	w.pass(t, at(12, 0))
	w.expect(t) // never heard
	w.talk(t, at(12, 30), erpStock, shopStock)
	w.talk(t, at(13, 55), shopStock)
	w.expect(t)
	w.talk(t, at(14, 5), shopStock)
	w.expect(t, erpSilent+"open")
	if f := w.all(t)[0]; f.Why != "nothing came for longer than the 1h30m of expect_every" {
		t.Error(f.Why)
	}
}

func TestSilence_OfWhatNobodyDependsOnAnyMoreIsOver(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.talk(t, at(10, 5), shopStock)
	w.expect(t, erpSilent+"open")
	r := stockRegistry("from.free", 20*time.Minute)
	r.Integrations[0].Rules[0].Mode = registry.Off
	w.use(r)
	w.talk(t, at(10, 10), shopStock)
	w.expect(t, erpSilent+"resolved")
}

func TestSchedule_ABreakIsToldAndNothingIsSilentBecauseOfIt(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.talk(t, at(9, 30), erpStock, shopStock)
	w.now = at(9, 36)
	w.pass(t, at(9, 37))
	w.expect(t, stoodOver+"open")
	if f := w.all(t)[0]; !f.Since.Equal(at(9, 30)) || f.Why != "it stood still from 03 Mar 09:30 to 09:37 UTC, and what was due then opens late" {
		t.Errorf("since %s: %s", f.Since, f.Why)
	}
	w.talk(t, at(10, 10), erpStock, shopStock)
	w.expect(t, stoodOver+"resolved")
	// Four minutes are a deployment, and eight days somebody's wish.
	w.now = w.now.Add(4 * time.Minute)
	w.talk(t, w.now.Add(10*time.Minute), erpStock, shopStock)
	w.now = w.now.AddDate(0, 0, 8)
	w.pass(t, w.now.Add(3*time.Minute))
	w.expect(t, stoodOver+"resolved")
}

func TestSchedule_AnAuditThatDoesNotBeginIsToldUntilItDoes(t *testing.T) {
	w := watch(stockRegistry("from.free", 20*time.Minute))
	if err := w.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass(t, at(9, 10).AddDate(0, 0, 1))
	if err := w.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass(t, nine.Add(50*time.Hour))
	w.expect(t)
	w.pass(t, nine.Add(50*time.Hour+11*time.Minute))
	w.expect(t, noAudit+"open")
	if err := w.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass(t, w.now.Add(2*time.Minute))
	w.expect(t, noAudit+"resolved")
}

// A tick that stops anywhere is done again, and two at once are one.
func TestWatch_ATickThatFailsIsDoneAgain(t *testing.T) {
	for step := range 8 {
		w := watch(stockRegistry("from.free", 20*time.Minute))
		w.heard(t, erpStock, 8, nine)
		w.heard(t, shopStock, 8, nine)
		w.talk(t, at(9, 30), shopStock)
		before := w.says(t)
		down := &failing{Findings: w.findings, after: step}
		w.drift.Documents, w.drift.Findings = down, down
		for w.now.Before(at(10, 30)) {
			if err := w.arrivals.Arrive(t.Context(), shopStock, w.now); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(time.Minute)
			w.queues(t)
			_ = w.drift.Tick(t.Context()) // what fails is done again
			_ = w.drift.Tick(t.Context())
			w.queues(t)
		}
		if len(before) > 0 || !slices.Equal(w.says(t), []string{erpSilent + "open"}) || len(w.alerts(t)) != 1 {
			t.Errorf("after a failure at step %d: %v in %d alerts", step, w.says(t), len(w.alerts(t)))
		}
	}
}

// failing writes one of its writes not at all.
type failing struct {
	*memory.Findings
	after int
}

func (f *failing) fails() bool {
	f.after--
	return f.after == -1
}

func (f *failing) PutFinding(ctx context.Context, one finding.Finding) error {
	if f.fails() {
		return errDown
	}
	return f.Findings.PutFinding(ctx, one)
}

func (f *failing) PutDocument(ctx context.Context, d store.Document) error {
	if f.fails() {
		return errDown
	}
	return f.Findings.PutDocument(ctx, d)
}
