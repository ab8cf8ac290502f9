package merge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

func TestCoverage_IsSinceTheEarliestDeliveryOfAKind(t *testing.T) {
	w := newWorld()
	w.now = nine.Add(time.Hour)
	w.deliver(t, level("erp", "MUG", 1, 1), itemLink("1", "MUG", 1))
	w.now = nine
	early := w.message(level("erp", "CAP", 1, 1))
	w.now = nine.Add(time.Hour)
	w.merge(t, early)
	w.deliver(t, level("erp", "BAG", 1, 1))
	if got := w.marks.at(t, merge.CoveredMark("erp", commerce.Inventory)); !got.Equal(nine) {
		t.Errorf("covered since %s, want 9:00", got)
	}
	for _, name := range []string{
		merge.CoveredMark("erp", commerce.Order), merge.CoveredMark("shop", commerce.Inventory), merge.CoveredMark("shop", commerce.Link),
	} {
		if got := w.marks.at(t, name); !got.IsZero() {
			t.Errorf("%s since %s, although nothing of the kind was heard", name, got)
		}
	}
}

func TestCoverage_AMarkIsWrittenOnceAndNotWithEveryDelivery(t *testing.T) {
	w := newWorld()
	for i := range 20 {
		w.deliver(t, level("erp", "MUG", i, i+1), level("erp", "CAP", i, i+1))
		w.now = w.now.Add(time.Second)
	}
	if w.marks.writes != 1 {
		t.Errorf("%d writes of marks, want 1", w.marks.writes)
	}
}

func TestCoverage_WhatCannotBeNotedComesAgain(t *testing.T) {
	w := newWorld()
	m := w.message(level("erp", "MUG", 1, 1))
	w.marks.down = errDown
	if failed := w.merge(t, m); len(failed) != 1 {
		t.Error("acknowledged without its mark")
	}
	w.marks.down = nil
	if failed := w.merge(t, m); failed != nil || w.marks.at(t, merge.CoveredMark("erp", commerce.Inventory)).IsZero() {
		t.Errorf("the next try: failed %v, or without the mark", failed)
	}
}

func TestLate_DeliveriesThatWaitedForUsAreNoted(t *testing.T) {
	for _, c := range []struct {
		age  time.Duration
		late bool
	}{{time.Second, false}, {2 * time.Minute, false}, {2*time.Minute + time.Second, true}, {3 * time.Hour, true}} {
		w := newWorld()
		m := w.message(level("erp", "MUG", 1, 1))
		w.now = nine.Add(c.age)
		w.merge(t, m)
		if got := w.marks.at(t, merge.LateMark); got.IsZero() == c.late || c.late && !got.Equal(w.now) {
			t.Errorf("merged %s after it was received: late at %s", c.age, got)
		}
	}
}

func TestLate_ABacklogIsNotedEveryTenSecondsAtMost(t *testing.T) {
	w := newWorld()
	old := w.message(level("erp", "MUG", 1, 1))
	w.now = nine.Add(time.Hour)
	w.merge(t, old)
	writes := w.marks.writes
	for range 9 {
		w.now = w.now.Add(time.Second)
		w.merge(t, old)
	}
	if w.marks.writes != writes {
		t.Errorf("%d more writes within ten seconds", w.marks.writes-writes)
	}
	w.now = w.now.Add(time.Second)
	w.merge(t, old)
	if got := w.marks.at(t, merge.LateMark); !got.Equal(w.now) {
		t.Errorf("late at %s, want now, ten seconds on", got)
	}
}

func TestDead_TheLastFailureIsNotedForItsSystem(t *testing.T) {
	for _, c := range []struct {
		name     string
		receives int
		body     string
		fails    bool
		noted    bool
	}{
		{name: "the fifth failure", receives: 5, fails: true, noted: true},
		{name: "the fourth failure", receives: 4, fails: true},
		{name: "the fifth try succeeds", receives: 5},
		{name: "nobody knows whose it is", receives: 5, body: "poison"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			m := w.message(level("erp", "MUG", 1, 1))
			m.Receives = c.receives
			if c.body != "" {
				m.Body = c.body
			}
			w.now = nine.Add(time.Minute)
			if c.fails {
				w.records.refuse = func(record.Row) error { return errDown }
			}
			w.merge(t, m)
			if got := w.marks.at(t, merge.UnreadMark("erp")); !got.Equal(w.now) == c.noted {
				t.Errorf("noted at %s, want it noted: %t", got, c.noted)
			}
			if got := w.marks.at(t, merge.UnreadMark("")); !got.IsZero() {
				t.Error("noted for no system")
			}
		})
	}
}

func TestUnread_ADeliveryInQuarantineIsNotedUntilItIsRead(t *testing.T) {
	report := func(what string, gone bool, change int) commerce.Observation {
		return observe(commerce.Observation{
			System: "erp", Kind: commerce.Mapping, Key: commerce.Key{"erp", what, "stock/update"}, Part: "mapping", Native: "stock/update",
			Slot: "mapping", Gone: gone, Facets: commerce.Facets{"reason": commerce.Text("why")},
		}, change)
	}
	w := newWorld()
	unread := merge.UnreadMark("erp")
	w.deliver(t, report("location", false, 1))
	if got := w.marks.at(t, unread); !got.IsZero() {
		t.Error("an unknown location is noted as an unread delivery")
	}
	for _, what := range []string{judge.Unreadable, judge.Credential} {
		w.deliver(t, report(what, false, 1))
		if got := w.marks.at(t, unread); !got.Equal(nine) {
			t.Errorf("%s: noted at %s, want when it was received", what, got)
		}
		w.deliver(t, report(what, true, 2))
		if got := w.marks.at(t, unread); !got.IsZero() {
			t.Errorf("%s: still noted although it is over", what)
		}
	}
}

func TestCoverage_AFileSaysNothingAboutWhoIsHeardOrLate(t *testing.T) {
	w := newWorld()
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: "load-1", System: "erp", Topic: commerce.ExportTopic, Received: nine.Add(-time.Hour)},
		Observations: []commerce.Observation{level("erp", "MUG", 1, 1)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed := w.merge(t, merge.Message{ID: "m", Body: body, Receives: 1}); len(failed) > 0 || w.marks.writes > 0 {
		t.Errorf("failed %v, %d marks written", failed, w.marks.writes)
	}
}
