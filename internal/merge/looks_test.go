package merge_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

func TestLooks_AnUnsettledRowIsLookedAtWhenItsTimeIsUp(t *testing.T) {
	w := newWorld()
	w.deliver(t, level("erp", "MUG", 12, 1))
	w.deliver(t, level("shop", "MUG", 12, 1))
	if len(w.looks.sent) > 0 {
		t.Fatalf("looks %v at a row whose sides agree", w.looks.sent)
	}
	w.now = nine.Add(time.Hour)
	w.deliver(t, level("erp", "MUG", 9, 2))
	want := queue.Look{Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"}, Due: w.now.Add(5 * time.Minute)}
	if got := w.looks.sent; len(got) != 1 || got[0].Key.ID(got[0].Kind) != want.Key.ID(want.Kind) || !got[0].Due.Equal(want.Due) || !got[0].at.Equal(want.Due) {
		t.Errorf("looks %+v, want one of %+v", got, want)
	}
}

func TestLooks_NothingIsAcknowledgedBeforeItsLookIsSent(t *testing.T) {
	w := newWorld()
	w.deliver(t, level("erp", "MUG", 12, 1))
	m := w.message(level("shop", "MUG", 9, 1))
	w.looks.down = errDown
	if failed := w.merge(t, m); len(failed) != 1 || len(w.archive.bodies) != 1 {
		t.Errorf("failed %v and %d archived, want the message back", failed, len(w.archive.bodies))
	}
	w.looks.down = nil
	w.records.forget()
	w.now = nine.Add(3 * time.Minute)
	if failed := w.merge(t, m); failed != nil || len(w.records.puts) > 0 {
		t.Errorf("the next try: failed %v, writes %v", failed, w.records.puts)
	}
	if got := w.looks.sent; len(got) != 1 || !got[0].Due.Equal(nine.Add(5*time.Minute)) || !got[0].at.Equal(got[0].Due) {
		t.Errorf("looks %+v, want the one that was never sent", got)
	}
}

func TestLooks_AreSentTogetherAndThoseThatAreNotGiveTheirMessagesBack(t *testing.T) {
	w := newWorld()
	w.deliver(t, level("erp", "MUG", 12, 1), level("erp", "CAP", 12, 1))
	mug, hat := w.message(level("shop", "MUG", 9, 1)), w.message(level("shop", "CAP", 9, 1))
	w.looks.before = func() error {
		if w.looks.asked++; w.looks.asked == 2 {
			return errDown
		}
		return nil
	}
	failed := w.merge(t, mug, hat)
	if w.looks.requests != 1 || len(failed) != 1 || len(w.looks.sent) != 1 {
		t.Errorf("%d requests, failed %v, %d looks sent; want one of two looks of one request, and the other message back",
			w.looks.requests, failed, len(w.looks.sent))
	}
}

func TestLooks_ARowThatIsReadAsItWasStillGetsTheLookThatMayBeLost(t *testing.T) {
	w := newWorld()
	w.deliver(t, level("erp", "MUG", 12, 1))
	m := w.message(level("shop", "MUG", 9, 1))
	w.looks.down = errDown
	w.merge(t, m)
	w.looks.down, w.records.lags = nil, true
	w.records.forget()
	if failed := w.merge(t, m); failed != nil || len(w.looks.sent) != 1 {
		t.Errorf("failed %v, looks %v; want the one that was never sent", failed, w.looks.sent)
	}
	if row := w.row(t, commerce.Inventory, "MUG", "east"); row.Rev != 2 || len(w.records.puts) != 1 {
		t.Errorf("revision %d after %d tries to write, want one that lost its race and changed nothing", row.Rev, len(w.records.puts))
	}
}

func TestLooks_ADuplicateSendsTheLookAgainOnlyWhileItIsUnsettled(t *testing.T) {
	w := newWorld()
	erp, shop := level("erp", "MUG", 9, 1), level("shop", "MUG", 12, 1)
	w.deliver(t, erp)
	w.deliver(t, shop)
	w.deliver(t, shop)
	if len(w.looks.sent) != 2 {
		t.Errorf("%d looks after a duplicate of an unsettled row, want 2", len(w.looks.sent))
	}
	w.deliver(t, level("shop", "MUG", 9, 2))
	w.deliver(t, shop)
	if len(w.looks.sent) != 2 {
		t.Errorf("%d looks after a duplicate of a settled row, want no more", len(w.looks.sent))
	}
}

func TestLooks_OneOnItsWayIsEnough(t *testing.T) {
	w := newWorld()
	w.deliver(t, level("erp", "MUG", 12, 1), level("shop", "MUG", 12, 1))
	for i := range 4 {
		w.deliver(t, level("erp", "MUG", 11-i, i+2))
		w.now = w.now.Add(time.Minute)
	}
	if len(w.looks.sent) != 1 {
		t.Errorf("%d looks at a row that changed four times within its settle time, want 1", len(w.looks.sent))
	}
}

func TestLooks_ARowOfTwoRulesIsLookedAtForTheFasterOne(t *testing.T) {
	r := shopAndERP(5 * time.Minute)
	slow := r.Integrations[0].Rules[0]
	slow.ID, slow.Settle.For = "stock-by-the-hour", time.Hour
	r.Integrations[0].Rules = append(r.Integrations[0].Rules, slow)
	w := newWorldOf(r)
	w.deliver(t, level("erp", "MUG", 12, 1))
	m := w.message(level("shop", "MUG", 9, 1))
	w.looks.down = errDown
	w.merge(t, m)
	w.looks.down = nil
	w.merge(t, m)
	if got := w.looks.sent; len(got) != 1 || !got[0].Due.Equal(nine.Add(5*time.Minute)) {
		t.Errorf("looks %+v, want the faster rule's", got)
	}
	if due := w.row(t, commerce.Inventory, "MUG", "east").Due; !due.Equal(nine.Add(time.Hour)) {
		t.Errorf("due %s, want the slower rule's turn", due)
	}
}

// TestLooks_ARowThatSettlesWithinThreeDelaysIsLookedAtInSteps lets a row be behind
// for longer than a message can wait.
func TestLooks_ARowThatSettlesWithinThreeDelaysIsLookedAtInSteps(t *testing.T) {
	w := newWorldOf(shopAndERP(30 * time.Minute))
	w.deliver(t, level("erp", "MUG", 12, 1))
	w.deliver(t, level("shop", "MUG", 9, 1))
	if got := w.looks.sent; len(got) != 1 || !got[0].Due.Equal(nine.Add(queue.MaxDelay)) || !got[0].at.Equal(got[0].Due) {
		t.Fatalf("looks %+v, want one as late as a message can be", got)
	}
	row := w.row(t, commerce.Inventory, "MUG", "east")
	if !row.Due.IsZero() {
		t.Errorf("due %s, want nothing in the index", row.Due)
	}
}

func TestIndex_ARowThatSettlesSlowlyWaitsThereAndSendsNoLook(t *testing.T) {
	w := newWorldOf(shopAndERP(time.Hour))
	w.deliver(t, level("erp", "MUG", 12, 1))
	w.deliver(t, level("shop", "MUG", 9, 1))
	if due := w.row(t, commerce.Inventory, "MUG", "east").Due; !due.Equal(nine.Add(time.Hour)) || len(w.looks.sent) > 0 {
		t.Errorf("due %s with %d looks, want 10:00 and none", due, len(w.looks.sent))
	}
	w.deliver(t, level("shop", "MUG", 12, 2))
	if row := w.row(t, commerce.Inventory, "MUG", "east"); !row.Due.IsZero() || len(row.Marks) > 0 {
		t.Errorf("a row that agrees is due %s with marks %v", row.Due, row.Marks)
	}
}

// TestIndex_ARowKeepsItsTurnWhenItChangesAgain changes a side that is behind
// once more, at each minute of the hour.
func TestIndex_ARowKeepsItsTurnWhenItChangesAgain(t *testing.T) {
	for minute := 1; minute < 60; minute++ {
		w := newWorldOf(shopAndERP(time.Hour))
		w.deliver(t, level("erp", "MUG", 12, 1), level("shop", "MUG", 12, 1))
		w.deliver(t, level("erp", "MUG", 9, 2))
		w.now = nine.Add(time.Duration(minute) * time.Minute)
		w.deliver(t, level("erp", "MUG", 8, 3))
		if turn := w.turn(t, "MUG"); turn.IsZero() || turn.After(nine.Add(time.Hour)) {
			t.Errorf("changed again at minute %d: looked at %s, want an hour after the first change at the latest", minute, turn)
		}
	}
}

// turn is when the row is looked at next, through the index or the queue.
func (w *world) turn(t testing.TB, sku string) time.Time {
	t.Helper()
	turn := w.row(t, commerce.Inventory, sku, "east").Due
	for _, l := range w.looks.sent {
		if l.Key[0] == sku && !l.at.Before(w.now) && (turn.IsZero() || l.at.Before(turn)) {
			turn = l.at
		}
	}
	return turn
}

func TestIndex_OrdersThatTheOtherSideLacksAreFoundThere(t *testing.T) {
	w := newWorld()
	order := func(system string) commerce.Observation {
		return observe(commerce.Observation{
			System: system, Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Part: "order", Native: system, Slot: "order", Created: nine,
			Facets: commerce.Facets{"total": number(5)}, Lines: []commerce.Line{{SKU: "MUG", Units: commerce.Int(1)}},
		}, 1)
	}
	w.service.Rules[commerce.Order][0].Settle.For = time.Minute
	w.deliver(t, order("shop"))
	row := w.row(t, commerce.Order, "shop", "US1042")
	if !row.Due.Equal(nine.Add(time.Minute)) || len(w.looks.sent) > 0 {
		t.Errorf("due %s with %d looks: stock finds what is in flight in the index", row.Due, len(w.looks.sent))
	}
	w.deliver(t, order("erp"))
	if row := w.row(t, commerce.Order, "shop", "US1042"); !row.Due.IsZero() {
		t.Errorf("an order that both have is due %s", row.Due)
	}
}

func TestIndex_OnlyDriftLetsARowWithAnOpenFindingRest(t *testing.T) {
	for name, rule := range map[string]string{"of its rule": "acme/stock", "of a rule that the registry no longer has": "acme/removed"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.deliver(t, level("erp", "MUG", 12, 1), level("shop", "MUG", 9, 1))
			row := w.row(t, commerce.Inventory, "MUG", "east")
			row.Marks = map[string]record.Mark{rule: {Open: "f-1", Since: nine}}
			row.Due = nine.Add(6 * time.Hour)
			if err := w.records.Records.Put(t.Context(), row); err != nil {
				t.Fatal(err)
			}
			w.now = nine.Add(time.Hour)
			w.deliver(t, level("shop", "MUG", 12, 2))
			got := w.row(t, commerce.Inventory, "MUG", "east")
			if got.Marks[rule].Open != "f-1" || !got.Due.Equal(w.now) {
				t.Errorf("open %q, due %s; want it kept and due now", got.Marks[rule].Open, got.Due)
			}
		})
	}
}

// TestLooks_AnUnsettledRowAlwaysHasItsTurn is the invariant behind all of the
// above: whatever changes when, and whichever looks fail, a row that is not at
// rest is looked at by the time at which its verdict may change.
func TestLooks_AnUnsettledRowAlwaysHasItsTurn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		settle := rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 20 * time.Minute, time.Hour}).Draw(rt, "settle")
		w := newWorldOf(shopAndERP(settle))
		rule := w.service.Rules[commerce.Inventory][0]
		steps := rapid.IntRange(1, 12).Draw(rt, "steps")
		for i := range steps {
			w.now = w.now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, 4 * time.Minute, 16 * time.Minute, 50 * time.Minute}).Draw(rt, "pause"))
			system := rapid.SampledFrom([]string{"erp", "shop"}).Draw(rt, "system")
			m := w.message(level(system, "MUG", rapid.IntRange(1, 3).Draw(rt, "amount"), i+1))
			if rapid.IntRange(0, 3).Draw(rt, "look fails") == 0 {
				w.looks.down = errDown
			}
			if failed := w.merge(t, m); len(failed) > 0 {
				w.looks.down = nil
				w.now = w.now.Add(3 * time.Minute)
				if failed := w.merge(t, m); failed != nil {
					rt.Fatalf("step %d: failed twice", i)
				}
			}
			w.looks.down = nil
			row := w.row(t, commerce.Inventory, "MUG", "east")
			v := judge.Judge(rule, row, judge.Context{}, w.now)
			if turn := w.turn(t, "MUG"); v.Unsettled() && (turn.IsZero() || turn.After(laterOf(judge.LookAt(rule, v, w.now), w.now))) {
				rt.Fatalf("step %d at %s: %s until %s, and looked at %s", i, w.now, v.Outcome, v.Due, turn)
			}
		}
	})
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func TestMapped_KnowsTheLocationsOfTheRegistry(t *testing.T) {
	w := newWorld()
	unknown := func(what, native string) commerce.Observation {
		return observe(commerce.Observation{
			System: "shop", Kind: commerce.Mapping, Key: commerce.Key{"shop", what, native}, Part: "mapping", Native: native, Slot: "mapping",
			Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
		}, 1)
	}
	for _, c := range []struct {
		what, native string
		looks        int
	}{{"location", "501", 0}, {"location", "503", 0}, {"location", "599", 1}, {judge.Unreadable, "501", 1}} {
		w.looks.sent = nil
		w.deliver(t, unknown(c.what, c.native))
		if len(w.looks.sent) != c.looks {
			t.Errorf("%s %s: %d looks, want %d", c.what, c.native, len(w.looks.sent), c.looks)
		}
	}
}
