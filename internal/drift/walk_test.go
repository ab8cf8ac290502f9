package drift_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// changed is a fleet on its way from one registry to another: noted, and begun.
func changed(t *testing.T, skus int) (*fleet, *version) {
	t.Helper()
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atEast))
	f.deploy(old)
	f.apart(t, old, skus)
	f.deploy(next)
	for range 3 {
		f.now = f.now.Add(time.Minute)
		if err := next.drift.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.sweepMessages()); n != 4 {
		t.Fatalf("%d messages of the walk, want one for each part", n)
	}
	return f, next
}

func (f *fleet) sweepMessages() []string {
	var bodies []string
	for _, l := range f.looks.waiting {
		if queue.IsSweep(l.body) {
			bodies = append(bodies, l.body)
		}
	}
	return bodies
}

// judged counts the rows that the walk judged.
func (f *fleet) judged(t *testing.T) (rows int) {
	t.Helper()
	for _, part := range f.sweep(t, "policy").Segments {
		rows += part.Rows
	}
	return rows
}

func TestWalk_ANewGenerationWaitsUntilTheOldOneIsSilent(t *testing.T) {
	f := newFleet()
	old, next := f.version(stocked("g1", "5", atEast)), f.version(stocked("g2", "1", atEast))
	f.deploy(old)
	f.apart(t, old, 1)
	f.deploy(next)
	f.now = f.now.Add(time.Minute)
	noted := f.now
	quiet := generation.Fresh + max(contract.Timeout(contract.Merge), contract.Timeout(contract.Drift))
	for f.now.Sub(noted) < 2*time.Hour {
		if err := next.drift.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(f.sweepMessages()) > 0 {
			break
		}
		f.now = f.now.Add(10 * time.Second)
	}
	if waited := f.now.Sub(noted); waited < quiet || waited > quiet+time.Minute {
		t.Errorf("began after %s, want a little more than %s", waited, quiet)
	}
}

func TestWalk_AnyMessageTwiceIsOnce(t *testing.T) {
	f, v := changed(t, 20)
	for _, body := range f.sweepMessages() {
		f.looks.waiting = append(f.looks.waiting, waiting{f.now, body}, waiting{f.now.Add(time.Hour), body})
	}
	f.run(t, v, 5*time.Minute)
	s := f.sweep(t, "policy")
	f.run(t, v, 2*time.Hour)
	if again := f.sweep(t, "policy"); again.Rev != s.Rev || s.Ended.IsZero() {
		t.Errorf("a message behind the end changed the walk: %+v", again)
	}
	if len(f.open(t)) != 20 || len(f.alerts(t)) != 1 || f.judged(t) != 20 {
		t.Errorf("%d findings, %d alerts, %d rows judged", len(f.open(t)), len(f.alerts(t)), f.judged(t))
	}
}

func TestWalk_LostMessagesAreSentAgain(t *testing.T) {
	f, v := changed(t, 20)
	f.looks.waiting = nil
	f.run(t, v, 10*time.Minute)
	if len(f.open(t)) > 0 {
		t.Fatalf("findings %v without any message", f.open(t))
	}
	f.run(t, v, 10*time.Minute)
	if len(f.open(t)) != 20 || f.sweep(t, "policy").Ended.IsZero() {
		t.Errorf("%d findings", len(f.open(t)))
	}
}

// TestWalk_GoesOnWhereItsTimeEnded gives each invocation so little time that it
// judges one page.
func TestWalk_GoesOnWhereItsTimeEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, v := changed(t, 300)
		slow := &slowPages{Records: f.records, takes: 10 * time.Second}
		v.drift.Records = slow
		invocations := 0
		for len(f.sweepMessages()) > 0 && invocations < 100 {
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
			f.lookOne(ctx, v)
			cancel()
			invocations++
		}
		if slow.pages <= 4 || invocations != slow.pages {
			t.Errorf("%d pages in %d invocations, want one in each", slow.pages, invocations)
		}
		if len(f.open(t)) != 300 || f.judged(t) != 300 || f.sweep(t, "policy").Ended.IsZero() {
			t.Errorf("%d findings, %d rows judged", len(f.open(t)), f.judged(t))
		}
	})
}

func TestWalk_WithTooLittleTimeForAPageItComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, v := changed(t, 20)
		for range 4 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			f.lookOne(ctx, v)
			cancel()
		}
		if n := len(f.sweepMessages()); n != 4 || len(f.open(t)) > 0 {
			t.Fatalf("%d messages, findings %v", n, f.open(t))
		}
		f.run(t, v, 10*time.Minute)
		if len(f.open(t)) != 20 {
			t.Errorf("%d findings", len(f.open(t)))
		}
	})
}

// slowPages takes its time for each page.
type slowPages struct {
	drift.Records
	takes time.Duration
	pages int
}

func (s *slowPages) Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error) {
	s.pages++
	time.Sleep(s.takes)
	return s.Records.Page(ctx, segment, segments, cursor, limit)
}

func TestWalk_LooksGoFirst(t *testing.T) {
	f, v := changed(t, 4)
	f.receive(v, f.stockOf("erp", "LATE", "east", 10))
	f.receive(v, f.stockOf("shop", "LATE", "501", 40))
	f.mergeAll(t, v)
	f.now = f.now.Add(10 * time.Minute)
	messages := []drift.Message{{ID: "walk", Body: f.sweepMessages()[0]}, {ID: "look", Body: lookAt(commerce.Inventory, "LATE", "east")}}
	v.drift.Records = &closedPages{Records: f.records, before: func() {
		if len(f.open(t)) != 1 {
			t.Errorf("findings %v before the walk goes on, want the one that was looked at", f.open(t))
		}
	}}
	if failed := v.drift.Look(t.Context(), messages); strings.Join(failed, ",") != "walk" {
		t.Errorf("failed %v", failed)
	}
}

// closedPages cannot be read.
type closedPages struct {
	drift.Records
	before func()
}

func (c *closedPages) Page(context.Context, int, int, string, int) ([]record.Row, string, error) {
	c.before()
	return nil, "", errDown
}

func TestWalk_ARowThatCannotBeJudgedKeepsNoOther(t *testing.T) {
	f, v := changed(t, 10)
	v.drift.Records = &refusing{Records: f.records, id: commerce.Key{"SKU-04", "east"}.ID(commerce.Inventory)}
	for range 4 {
		f.lookOne(t.Context(), v)
	}
	if len(f.open(t)) != 9 || f.sweep(t, "policy").Ended.IsZero() {
		t.Errorf("%d findings, want all but that of the row that is refused", len(f.open(t)))
	}
	v.drift.Records = f.records
	f.run(t, v, 5*time.Minute)
	if len(f.open(t)) != 10 || len(f.alerts(t)) != 1 {
		t.Errorf("%d findings in %d alerts once the row can be judged", len(f.open(t)), len(f.alerts(t)))
	}
}

// refusing does not write one row.
type refusing struct {
	drift.Records
	id commerce.RecordID
}

func (r *refusing) Put(ctx context.Context, row record.Row) error {
	if row.ID() == r.id {
		return errDown
	}
	return r.Records.Put(ctx, row)
}

func TestWalk_AMessageOfANewerRegistryWaits(t *testing.T) {
	f, v := changed(t, 3)
	old := f.version(stocked("g1", "5", atEast))
	body := f.sweepMessages()[0]
	if failed := old.drift.Look(t.Context(), []drift.Message{{ID: "walk", Body: body}}); len(failed) != 1 {
		t.Error("the old drift took the message of the new one for done")
	}
	f.deploy(old)
	f.now = f.now.Add(time.Minute)
	if failed := old.drift.Look(t.Context(), []drift.Message{{ID: "walk", Body: body}}); len(failed) != 0 {
		t.Error("the current drift keeps the message of one that was taken back")
	}
	if failed := v.drift.Look(t.Context(), []drift.Message{{ID: "poison", Body: strings.Replace(body, `"run"`, `"walk"`, 1)}}); len(failed) != 1 {
		t.Error("a message that cannot be read is taken for done")
	}
}
