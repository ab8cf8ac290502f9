package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/registry"
)

// quietStock is a stock rule of five minutes with a window of silence.
func quietStock(integrations ...string) *registry.Registry {
	r := stockRegistry("from.free", 5*time.Minute)
	r.Quiet = []registry.Quiet{{EveryDay: true, From: 9*60 + 30, Until: 10 * 60, Why: "stocktake", Integrations: integrations}}
	return r
}

func TestQuiet_NothingOpensInsideTheWindowAndAllAfterIt(t *testing.T) {
	for name, c := range map[string]struct {
		integrations []string
		least, most  time.Time
	}{
		"a window of all":            {nil, at(10, 0), at(10, 3)},
		"a window of the rule's own": {[]string{"stock"}, at(10, 0), at(10, 3)},
		"a window of another's":      {[]string{"orders"}, at(9, 33), at(9, 35)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(quietStock(c.integrations...))
			w.now = at(9, 28)
			w.differ(t, "CAP-BLK")
			w.until(t, at(10, 30))
			if f := w.only(t); f.Opened.Before(c.least) || f.Opened.After(c.most) || !f.Since.Equal(at(9, 28)) {
				t.Errorf("opened %s since %s, want between %s and %s", f.Opened, f.Since, c.least, c.most)
			}
		})
	}
}

func TestQuiet_WhatAgreesBeforeTheEndIsNeverTold(t *testing.T) {
	w := newWorld(quietStock())
	w.now = at(9, 28)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 58))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.until(t, at(10, 30))
	if all := w.all(t); len(all) > 0 {
		t.Errorf("findings %+v", all)
	}
}

func TestQuiet_AnOpenFindingLivesOn(t *testing.T) {
	w := newWorld(quietStock())
	w.now = at(9, 20)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 40))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 7))
	w.until(t, at(9, 42))
	if f := w.only(t); f.State != finding.Open || f.Differences[0].Actual != "7" {
		t.Fatalf("state %s, differences %+v, want the newest", f.State, f.Differences)
	}
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 12))
	w.until(t, at(9, 45))
	if f := w.only(t); f.State != finding.Resolved {
		t.Errorf("state %s inside the window, although the sides agree", f.State)
	}
}

func TestBacklog_HoldsOpeningsWhileMergingIsBehind(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	for w.now.Before(at(9, 20)) {
		w.until(t, w.now.Add(time.Minute))
		if err := w.findings.LatestMark(t.Context(), merge.LateMark, w.now); err != nil {
			t.Fatal(err)
		}
	}
	if all := w.all(t); len(all) > 0 {
		t.Fatalf("%d findings while what would settle them may wait in the queue", len(all))
	}
	w.until(t, at(9, 30))
	if f := w.only(t); f.Opened.Before(at(9, 22)) || f.Opened.After(at(9, 25)) {
		t.Errorf("opened %s, want soon after two minutes without a late delivery", f.Opened)
	}
}

// What is held waits by itself: that another rule of the record has an open
// finding, which is looked at hours later, is no reason to wait as long.
func TestHold_EndsForEachRuleOfARecordByItself(t *testing.T) {
	for name, settle := range map[string]time.Duration{
		"a rule that waits in the queue": 12 * time.Minute,
		"a rule that waits in the index": 20 * time.Minute,
	} {
		t.Run(name, func(t *testing.T) {
			r := stockRegistry("from.free", 5*time.Minute)
			later := r.Integrations[0].Rules[0]
			later.ID, later.Settle.For = "stock-later", settle
			r.Integrations[0].Rules = append(r.Integrations[0].Rules, later)
			w := newWorld(r)
			w.differ(t, "CAP-BLK")
			w.until(t, at(9, 8))
			w.only(t)
			for w.now.Before(at(9, 30)) {
				w.until(t, w.now.Add(time.Minute))
				if err := w.findings.LatestMark(t.Context(), merge.LateMark, w.now); err != nil {
					t.Fatal(err)
				}
			}
			if all := w.opened(t, "stock-later"); len(all) > 0 {
				t.Fatalf("opened %s, while merging was behind", all[0].Opened)
			}
			w.until(t, at(10, 0))
			if all := w.opened(t, "stock-later"); len(all) != 1 || all[0].Opened.After(at(9, 36)) {
				t.Errorf("%+v, want one finding soon after two minutes without a late delivery", all)
			}
		})
	}
}

func TestUnread_HoldsOpeningsOfItsSystemForAnHour(t *testing.T) {
	unread := func(system string, when time.Time) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			if err := w.findings.LatestMark(t.Context(), merge.UnreadMark(system), when); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		with func(*testing.T, *world)
		open time.Time
	}{
		"of one side, newer than the row": {unread("erp", at(9, 2)), at(10, 2)},
		"of the other side":               {unread("shop", at(9, 2)), at(10, 2)},
		"older than the row":              {unread("erp", at(8, 59)), at(9, 5)},
		"of a third system":               {unread("wms", at(9, 2)), at(9, 5)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			w.differ(t, "CAP-BLK")
			c.with(t, w)
			w.until(t, at(11, 0))
			if f := w.only(t); f.Opened.Before(c.open) || f.Opened.After(c.open.Add(3*time.Minute)) {
				t.Errorf("opened %s, want about %s", f.Opened, c.open)
			}
		})
	}
	t.Run("until it is read", func(t *testing.T) {
		w := newWorld(stockRegistry("from.free", 5*time.Minute))
		w.differ(t, "CAP-BLK")
		unread("erp", at(9, 2))(t, w)
		w.until(t, at(9, 20))
		if err := w.findings.DeleteMark(t.Context(), merge.UnreadMark("erp")); err != nil {
			t.Fatal(err)
		}
		w.until(t, at(9, 30))
		if f := w.only(t); f.Opened.Before(at(9, 20)) || f.Opened.After(at(9, 23)) {
			t.Errorf("opened %s, want soon after 9:20", f.Opened)
		}
	})
}

func TestCoverage_MissingIsJudgedOnlyWhereEverythingIsKnown(t *testing.T) {
	created := func(when time.Time) commerce.Observation {
		o := order("shop", 1)
		o.Created = when
		return o
	}
	heard := func(t *testing.T, w *world) { w.deliver(t, order("erp", 99)) }
	since := func(when time.Time) func(*registry.Registry) {
		return func(r *registry.Registry) {
			erp := r.Systems["erp"]
			erp.CoveredSince = map[commerce.Kind]time.Time{commerce.Order: when}
			r.Systems["erp"] = erp
		}
	}
	for _, c := range []struct {
		name    string
		heard   func(*testing.T, *world)
		said    func(*registry.Registry)
		created time.Time
		found   bool
	}{
		{name: "created after the ERP was first heard", heard: heard, created: at(9, 30), found: true},
		{name: "created before the ERP was first heard", heard: heard, created: at(8, 30)},
		{name: "the ERP was never heard", created: at(9, 30)},
		{name: "created after what the registry says", heard: heard, said: since(at(8, 0)), created: at(8, 30), found: true},
		{name: "created before what the registry says", heard: heard, said: since(at(9, 45)), created: at(9, 30)},
		{name: "the ERP was never heard, and the registry says what it has", said: since(at(8, 0)), created: at(8, 30), found: true},
		{name: "nobody knows when it was created", heard: heard},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := stockRegistry("from.free", 5*time.Minute)
			if c.said != nil {
				c.said(r)
			}
			w := newWorld(r)
			if c.heard != nil {
				c.heard(t, w)
			}
			w.now = at(10, 0)
			w.deliver(t, created(c.created))
			w.until(t, at(14, 0))
			got := w.opened(t, "order-in-erp")
			if found := len(got) > 0; found != c.found {
				t.Fatalf("found %t, want %t", found, c.found)
			}
			if c.found && (got[0].Class != finding.Missing || got[0].Opened.Before(at(13, 0)) || got[0].Opened.After(at(13, 2))) {
				t.Errorf("class %s opened %s, want missing at 13:00", got[0].Class, got[0].Opened)
			}
		})
	}
}
