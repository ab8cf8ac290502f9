package judge_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// prices is the rule "the shop shows the ERP's prices".
func prices(t *testing.T) registry.Rule {
	rule := registry.Rule{
		Integration: "prices", ID: "price", Kind: commerce.Price, From: "erp", To: "shop",
		Check: registry.Equal, Mode: registry.Alert, Settle: registry.Settle{For: 20 * time.Minute, By: -1},
	}
	for _, facet := range []string{"effective", "regular"} {
		rule.Expect = append(rule.Expect, registry.Expectation{
			Facet: facet, Value: compile(t, commerce.Price, "from."+facet, commerce.NumberType),
		})
	}
	return rule
}

func priceHistory() *history {
	return &history{row: record.Row{Kind: commerce.Price, Key: commerce.Key{"MUG-BLU", "base"}}}
}

func (h *history) price(minute int, system, effective, regular string) *history {
	return h.say(minute, system, system, commerce.Facets{"effective": number(effective), "regular": number(regular)})
}

func TestJudge_EachFacetHasItsOwnClock(t *testing.T) {
	same := func() *history { return priceHistory().price(0, "erp", "8", "10").price(1, "shop", "8", "10") }
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		class   finding.Class
		since   int
		differ  int
	}{
		{
			name: "the facet that is behind for longer counts", history: same().price(30, "erp", "8", "11").price(45, "erp", "9", "11"),
			at: 49, outcome: judge.Pending, class: finding.Late, since: 30, differ: 2,
		},
		{
			name: "its time is up first", history: same().price(30, "erp", "8", "11").price(45, "erp", "9", "11"),
			at: 50, outcome: judge.Differ, class: finding.Late, since: 30, differ: 2,
		},
		{
			name: "a facet that was shown leaves the other its time", history: same().price(30, "erp", "8", "11").price(40, "shop", "8", "11").price(45, "erp", "9", "11"),
			at: 64, outcome: judge.Pending, class: finding.Late, since: 45, differ: 1,
		},
		{
			name: "one late, one that was never expected", history: same().price(30, "erp", "8", "11").price(35, "shop", "7", "10"),
			at: 50, outcome: judge.Differ, class: finding.ValueDiffers, since: 30, differ: 2,
		},
		{
			name: "one never expected, then one late", history: same().price(30, "shop", "7", "10").price(35, "erp", "8", "11"),
			at: 50, outcome: judge.Differ, class: finding.ValueDiffers, since: 30, differ: 2,
		},
		{
			name: "one late, and later one that was never expected", history: same().price(30, "erp", "9", "10").price(35, "shop", "8", "12"),
			at: 50, outcome: judge.Differ, class: finding.ValueDiffers, since: 30, differ: 2,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(prices(t), c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class || !v.Since.Equal(minutes(c.since)) || len(v.Differences()) != c.differ {
				t.Errorf("%s %s since %s, %d facets (%s); want %s %s since %s, %d",
					v.Outcome, v.Class, v.Since.Format("15:04"), len(v.Differences()), v.Why, c.outcome, c.class, minutes(c.since).Format("15:04"), c.differ)
			}
		})
	}
}

func TestJudge_AFacetThatCannotBeToldHidesNoOther(t *testing.T) {
	erp := func(minute int, effective string) *history {
		return priceHistory().price(0, "erp", "8", "10").say(minute, "shop", "shop", commerce.Facets{"effective": number(effective)})
	}
	v := judge.Judge(prices(t), erp(1, "8").row, judge.Context{}, minutes(99))
	if v.Outcome != judge.CannotTell || v.Why != "regular of shop is missing" {
		t.Errorf("one agrees, one is missing: %s (%s)", v.Outcome, v.Why)
	}
	v = judge.Judge(prices(t), erp(1, "7").row, judge.Context{}, minutes(99))
	if d := v.Differences(); v.Outcome != judge.Differ || len(d) != 1 || d[0].Facet != "effective" {
		t.Errorf("one differs, one is missing: %s, %+v", v.Outcome, d)
	}
}

func TestJudge_ASideThatNoLongerHasTheRecordIsNotCompared(t *testing.T) {
	for system, native := range map[string]string{"erp": "E", "shop": "S"} {
		h := stockHistory().erp(0, "12").shop(1, "9").say(2, system, native, nil, gone)
		if v := judge.Judge(stock(t, "from.free"), h.row, judge.Context{}, minutes(99)); v.Outcome != judge.NotJudged || v.Why != system+" no longer has the record" {
			t.Errorf("%s (%s)", v.Outcome, v.Why)
		}
	}
}

func TestJudge_WhatIsHeldIsLookedAtAgainSoon(t *testing.T) {
	rule, h := stock(t, "from.free"), stockHistory().erp(0, "12").shop(1, "9")
	v := judge.Judge(rule, h.row, judge.Context{Held: "behind"}, minutes(99))
	if at := judge.LookAt(rule, v, minutes(99)); !v.Unsettled() || !at.Equal(minutes(101)) {
		t.Errorf("unsettled %t, looked at %s, want in two minutes", v.Unsettled(), at)
	}
}

func TestJudge_ToleranceMayDependOnTheRecord(t *testing.T) {
	rule := present(t, registry.Present)
	rule.Expect = []registry.Expectation{{
		Facet: "total", Value: compile(t, commerce.Order, "from.total", commerce.NumberType),
		Within: compile(t, commerce.Order, "0.01 * from.lines", commerce.NumberType),
	}}
	for _, c := range []struct {
		name, lines, total string
		outcome            judge.Outcome
	}{
		{"a cent on each of three lines", "3", "100.03", judge.Agree},
		{"a cent less on each of three lines", "3", "99.97", judge.Agree},
		{"a little more", "3", "100.0300001", judge.Differ},
		{"one line", "1", "100.03", judge.Differ},
		{"no line", "0", "100", judge.Agree},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := orderHistory().say(0, "shop", "1", commerce.Facets{
				"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false), "total": number("100"), "lines": number(c.lines),
			}).say(1, "erp", "SO-1", commerce.Facets{"total": number(c.total)})
			if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != c.outcome {
				t.Errorf("%s (%s), want %s", v.Outcome, v.Why, c.outcome)
			}
		})
	}
	t.Run("nobody knows the number of lines", func(t *testing.T) {
		h := orderHistory().say(0, "shop", "1", commerce.Facets{
			"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false), "total": number("100"),
		}).say(1, "erp", "SO-1", commerce.Facets{"total": number("100.01")})
		if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != judge.CannotTell || v.Why != "lines of shop is missing" {
			t.Errorf("%s (%s)", v.Outcome, v.Why)
		}
	})
}

func TestJudge_SettleByATimeOfDayIsWallTime(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	local := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		name         string
		by           int // minutes after midnight
		changed, due string
	}{
		{"before the time", 6 * 60, "2026-03-03 05:59:59", "2026-03-03 06:00:00"},
		{"at the time", 6 * 60, "2026-03-03 06:00:00", "2026-03-04 06:00:00"},
		{"over midnight", 30, "2026-03-03 23:50:00", "2026-03-04 00:30:00"},
		{"just after midnight", 30, "2026-03-04 00:10:00", "2026-03-04 00:30:00"},
		{"midnight itself", 0, "2026-03-03 00:00:00", "2026-03-04 00:00:00"},
		{"over the night that lacks an hour", 6 * 60, "2026-03-07 22:00:00", "2026-03-08 06:00:00"},
		{"over the night that has one more", 6 * 60, "2026-10-31 22:00:00", "2026-11-01 06:00:00"},
		{"over the end of the month", 6 * 60, "2026-02-28 22:00:00", "2026-03-01 06:00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := stock(t, "from.free")
			rule.Settle = registry.Settle{By: c.by, Zone: zone}
			changed, due := local(c.changed), local(c.due)
			row := lateRow(changed)
			before := judge.Judge(rule, row, judge.Context{}, due.Add(-time.Second))
			after := judge.Judge(rule, row, judge.Context{}, due)
			if before.Outcome != judge.Pending || !before.Due.Equal(due) || after.Outcome != judge.Differ {
				t.Errorf("a second before %s until %s, then %s; want pending until %s, then differ",
					before.Outcome, before.Due.In(zone), after.Outcome, due)
			}
		})
	}
}

// lateRow is a row whose ERP changed at a time, and whose shop shows what the
// ERP had the day before.
func lateRow(changed time.Time) record.Row {
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}}
	for _, say := range []struct {
		at            time.Time
		system, facet string
		value         string
	}{
		{changed.Add(-26 * time.Hour), "erp", "free", "12"}, {changed.Add(-25 * time.Hour), "shop", "available", "12"}, {changed, "erp", "free", "9"},
	} {
		o := commerce.Observation{System: say.system, Part: "p", Native: "1", Facets: commerce.Facets{say.facet: number(say.value)}}
		o.Stamp(commerce.VersionParts{Clock: say.at})
		row, _ = record.Merge(row, o, record.Source{Received: say.at})
	}
	return row
}

func TestJudge_AConditionOnASideThatIsNotThere(t *testing.T) {
	tracked := stock(t, "from.free")
	tracked.When = compile(t, commerce.Inventory, "from.tracked && to.tracked", commerce.BoolType)
	yes, no := commerce.Bool(true), commerce.Bool(false)
	row := func(from, to *commerce.Value) record.Row {
		erp, shop := commerce.Facets{"free": number("12")}, commerce.Facets{"available": number("9")}
		if from != nil {
			erp["tracked"] = *from
		}
		if to != nil {
			shop["tracked"] = *to
		}
		return stockHistory().say(0, "erp", "E", erp).say(1, "shop", "S", shop).row
	}
	null := commerce.Null()
	for _, c := range []struct {
		name    string
		row     record.Row
		outcome judge.Outcome
		why     string
	}{
		{"both track", row(&yes, &yes), judge.Differ, ""},
		{"one does not track", row(&yes, &no), judge.NotJudged, "the rule's condition is not met"},
		{"one does not say", row(&yes, nil), judge.CannotTell, "tracked of shop is missing"},
		{"one says nothing, but the other decides", row(&no, nil), judge.NotJudged, "the rule's condition is not met"},
		{"one says null", row(&yes, &null), judge.CannotTell, "tracked of shop is null"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if v := judge.Judge(tracked, c.row, judge.Context{}, minutes(99)); v.Outcome != c.outcome || v.Why != c.why {
				t.Errorf("%s (%s), want %s (%s)", v.Outcome, v.Why, c.outcome, c.why)
			}
		})
	}

	shipped := present(t, registry.Present)
	shipped.When = compile(t, commerce.Order, `from.payment == "paid" && !to.cancelled`, commerce.BoolType)
	paid := commerce.Facets{"payment": commerce.Text("paid")}
	if v := judge.Judge(shipped, orderHistory().say(0, "shop", "1", paid).row, judge.Context{}, minutes(99)); v.Outcome != judge.Differ || v.Class != finding.Missing {
		t.Errorf("a condition on the missing side: %s %s (%s), want it found missing", v.Outcome, v.Class, v.Why)
	}
	unsaid := orderHistory().say(0, "shop", "1", paid).say(1, "erp", "SO-1", nil)
	if v := judge.Judge(shipped, unsaid.row, judge.Context{}, minutes(99)); v.Outcome != judge.CannotTell || v.Why != "cancelled of erp is missing" {
		t.Errorf("a condition that the other side does not say: %s (%s)", v.Outcome, v.Why)
	}
	unpaid := commerce.Facets{"cancelled": commerce.Bool(false)}
	if v := judge.Judge(shipped, orderHistory().say(0, "shop", "1", unpaid).row, judge.Context{}, minutes(99)); v.Outcome != judge.CannotTell {
		t.Errorf("a condition that the believed side does not say: %s (%s)", v.Outcome, v.Why)
	}
}

func TestJudge_ViewsOfOneSystemThatContradictEachOther(t *testing.T) {
	rule := stock(t, "from.free")
	rule.Expect = append(rule.Expect, registry.Expectation{Facet: "price", Value: compile(t, commerce.Inventory, "from.cost", commerce.NumberType)})
	two := func(system, facet, a, b string) *history {
		free := func(o *commerce.Observation) { o.Slot = "" }
		return stockHistory().say(0, "erp", "E", commerce.Facets{"free": number("12"), "cost": number("4")}).
			say(0, "shop", "S", commerce.Facets{"available": number("12"), "price": number("4")}).
			say(1, system, "x", commerce.Facets{facet: number(a)}, free).say(1, system, "y", commerce.Facets{facet: number(b)}, free)
	}
	for _, c := range []struct {
		name    string
		history *history
		outcome judge.Outcome
		why     string
	}{
		{"on what the rule compares", two("shop", "price", "4", "5"), judge.CannotTell, "shop reports more than one price"},
		{"on what the formula reads", two("erp", "cost", "4", "5"), judge.CannotTell, "erp reports more than one cost"},
		{"on what the rule does not read", two("shop", "cost", "4", "5"), judge.Agree, ""},
		{"not at all", two("shop", "price", "4", "4"), judge.Agree, ""},
		{"on a sum, which is no contradiction", two("erp", "free", "1", "2"), judge.Differ, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(rule, c.history.row, judge.Context{}, minutes(99))
			if v.Outcome != c.outcome || v.Why != c.why {
				t.Errorf("%s (%s), want %s (%s)", v.Outcome, v.Why, c.outcome, c.why)
			}
		})
	}
}

// TestJudge_CurrencyOfAmounts asks which facets the record's currency is about.
func TestJudge_CurrencyOfAmounts(t *testing.T) {
	say := func(currency string, facets commerce.Facets) commerce.Facets {
		all := commerce.Facets{"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false)}
		if currency != "" {
			all["currency"] = commerce.Text(currency)
		}
		for name, v := range facets {
			all[name] = v
		}
		return all
	}
	for _, c := range []struct {
		name, facet string
		from, to    string // currencies
		value       commerce.Value
		outcome     judge.Outcome
	}{
		{"an amount in two currencies", "total", "CAD", "USD", number("10"), judge.CannotTell},
		{"an amount in one currency", "total", "USD", "USD", number("10"), judge.Agree},
		{"an amount whose currency one side does not say", "total", "USD", "", number("10"), judge.Agree},
		{"units are no amount", "units_current", "CAD", "USD", number("10"), judge.Agree},
		{"a status is no amount", "fulfilment", "CAD", "USD", commerce.Text("fulfilled"), judge.Agree},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := present(t, registry.Present)
			d, _ := commerce.Order.FacetOf(c.facet)
			rule.Expect = []registry.Expectation{{Facet: c.facet, Value: compile(t, commerce.Order, "from."+c.facet, d.Type)}}
			facets := commerce.Facets{c.facet: c.value}
			h := orderHistory().say(0, "shop", "1", say(c.from, facets)).say(1, "erp", "SO-1", say(c.to, facets))
			if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != c.outcome {
				t.Errorf("%s (%s), want %s", v.Outcome, v.Why, c.outcome)
			}
		})
	}
}

// remember judges the row as of the minute and marks it as merge would.
func (h *history) remember(rule registry.Rule, minute int) judge.Verdict {
	v := judge.Judge(rule, h.row, judge.Context{}, minutes(minute))
	h.row.Marks = nil
	if v.Unsettled() {
		h.row.Marks = map[string]record.Mark{rule.Name(): {
			Since: v.Since, First: v.First, System: v.Cause.System, Cause: v.Cause.Delivery, Version: v.Cause.Version,
		}}
	}
	return v
}

// TestJudge_WhatNeverMeetsNeverSettles changes both sides every minute, to
// values that the other never has.
func TestJudge_WhatNeverMeetsNeverSettles(t *testing.T) {
	rule := stock(t, "from.free")
	h := stockHistory()
	for minute := range 300 {
		h.erp(minute, fmt.Sprint(5000-minute)).shop(minute, fmt.Sprint(9000-minute))
		v := h.remember(rule, minute)
		if over := minute >= 12*20; over != (v.Outcome == judge.Differ && v.Class == finding.NeverSettles) {
			t.Fatalf("minute %d: %s %s since %s, want it told after twelve settle times", minute, v.Outcome, v.Class, v.Since.Format("15:04"))
		}
	}
}

// TestJudge_ASideThatTrailsButFollowsSettles changes the ERP every minute and
// lets the shop show everything ten minutes later, for five hours.
func TestJudge_ASideThatTrailsButFollowsSettles(t *testing.T) {
	rule := stock(t, "from.free")
	h := stockHistory()
	for minute := range 300 {
		h.erp(minute, fmt.Sprint(5000-minute))
		if minute >= 10 {
			h.shop(minute, fmt.Sprint(5000-minute+10))
		}
		if v := h.remember(rule, minute); v.Outcome == judge.Differ {
			t.Fatalf("minute %d: %s since %s", minute, v.Class, v.Since.Format("15:04"))
		}
	}
}
