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

// states is the rule "no state of the kind is impossible".
func states(kind commerce.Kind) registry.Rule {
	return registry.Rule{
		Integration: "orders-to-wms", ID: "state", Kind: kind, From: "shop", To: "wms",
		Check: registry.State, Mode: registry.Alert, Settle: registry.Settle{For: 2 * time.Hour, By: -1},
	}
}

func words(pairs ...string) commerce.Facets {
	f := commerce.Facets{}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i]] = commerce.Text(pairs[i+1])
	}
	return f
}

func (h *history) pays(minute int, payment string) *history {
	return h.say(minute, "shop", "1", words("payment", payment))
}

func (h *history) cancels(minute int, system, native, shipped string) *history {
	return h.say(minute, system, native, commerce.Facets{"cancelled": commerce.Bool(true), "units_shipped": number(shipped)})
}

func (h *history) ships(minute int, system, native, shipped string) *history {
	return h.say(minute, system, native, commerce.Facets{"cancelled": commerce.Bool(false), "units_shipped": number(shipped)})
}

func TestState_OfOrders(t *testing.T) {
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		why     string
		since   int
	}{
		{name: "money comes", history: orderHistory().pays(0, "pending").pays(5, "authorized").pays(9, "paid"), at: 999, outcome: judge.Agree},
		{name: "money goes back", history: orderHistory().pays(0, "paid").pays(5, "partially_refunded").pays(9, "refunded"), at: 999, outcome: judge.Agree},
		{name: "an edit that adds a line", history: orderHistory().pays(0, "paid").pays(5, "partially_paid").pays(9, "paid"), at: 999, outcome: judge.Agree},
		{name: "a line added to a refunded order", history: orderHistory().pays(0, "refunded").pays(5, "partially_refunded"), at: 999, outcome: judge.Agree},
		{
			name: "a refund that is undone", history: orderHistory().pays(0, "paid").pays(5, "refunded").pays(9, "paid"), at: 129,
			outcome: judge.Differ, why: "payment of shop went back from refunded to paid", since: 9,
		},
		{
			name: "a payment that is undone", history: orderHistory().pays(0, "paid").pays(5, "pending"), at: 125,
			outcome: judge.Differ, why: "payment of shop went back from paid to pending", since: 5,
		},
		{name: "for a moment", history: orderHistory().pays(0, "paid").pays(5, "pending"), at: 124, outcome: judge.Pending, since: 5},
		{name: "and right again", history: orderHistory().pays(0, "paid").pays(5, "pending").pays(60, "paid"), at: 999, outcome: judge.Agree},
		{name: "a word that nobody knows", history: orderHistory().pays(0, "refunded").pays(5, "in dispute"), at: 999, outcome: judge.Agree},
		{
			name: "a second invoice that nobody has paid", at: 999, outcome: judge.Agree,
			history: orderHistory().say(0, "wms", "INV-1", words("payment", "paid")).say(5, "wms", "INV-2", words("payment", "pending")),
		},
		{
			name: "goods to somebody who pays later", at: 999, outcome: judge.Agree,
			history: orderHistory().say(0, "shop", "1", words("payment", "pending", "fulfilment", "fulfilled")),
		},
		{
			name: "goods without money", at: 999, outcome: judge.Differ, why: "shop shows the order as fulfilled and its payment as voided", since: 7,
			history: orderHistory().say(0, "shop", "1", words("payment", "authorized", "fulfilment", "unfulfilled")).
				say(5, "shop", "1", words("payment", "voided", "fulfilment", "unfulfilled")).
				say(7, "shop", "1", words("payment", "voided", "fulfilment", "fulfilled")),
		},
		{
			name: "void, and nothing left", at: 999, outcome: judge.Agree,
			history: orderHistory().say(0, "shop", "1", words("payment", "voided", "fulfilment", "unfulfilled")),
		},
		{
			name: "cancelled, and shipped hours later", at: 999, outcome: judge.Differ, since: 200,
			why:     "wms shipped the order after it was cancelled in shop",
			history: orderHistory().ships(0, "shop", "1", "0").ships(1, "wms", "W", "0").cancels(10, "shop", "1", "0").ships(200, "wms", "W", "2"),
		},
		{
			name: "cancelled and shipped by one system", at: 999, outcome: judge.Differ, since: 200,
			why:     "wms shipped the order after it was cancelled",
			history: orderHistory().ships(1, "wms", "W", "0").cancels(10, "wms", "W", "0").cancels(200, "wms", "W", "2"),
		},
		{
			name: "shipped, and told late", at: 999, outcome: judge.Agree,
			history: orderHistory().ships(0, "shop", "1", "0").ships(1, "wms", "W", "0").cancels(10, "shop", "1", "0").ships(129, "wms", "W", "2"),
		},
		{
			name: "shipped, and then cancelled", at: 999, outcome: judge.Agree,
			history: orderHistory().ships(0, "shop", "1", "0").ships(1, "wms", "W", "2").cancels(10, "shop", "1", "0").ships(300, "wms", "W", "2"),
		},
		{
			name: "reopened, and shipped", at: 999, outcome: judge.Agree,
			history: orderHistory().ships(1, "wms", "W", "0").cancels(10, "shop", "1", "0").ships(20, "shop", "1", "0").ships(300, "wms", "W", "2"),
		},
		{
			name: "a parcel that is taken back", at: 999, outcome: judge.Agree,
			history: orderHistory().say(0, "shop", "1", words("fulfilment", "fulfilled")).say(5, "shop", "1", words("fulfilment", "unfulfilled")),
		},
		{
			name: "a shipment that was not counted when the order was cancelled", at: 999, outcome: judge.Agree,
			history: orderHistory().cancels(10, "shop", "1", "0").ships(300, "wms", "W", "2"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantState(t, states(commerce.Order), c.history.row, c.at, c.outcome, c.why, c.since)
		})
	}
}

func wantState(t *testing.T, rule registry.Rule, row record.Row, at int, outcome judge.Outcome, why string, since int) {
	t.Helper()
	v := judge.Judge(rule, row, judge.Context{}, minutes(at))
	if v.Outcome != outcome || outcome == judge.Differ && (v.Class != finding.Impossible || v.Why != why) {
		t.Fatalf("%s %s (%s), want %s (%s)", v.Outcome, v.Class, v.Why, outcome, why)
	}
	if v.Unsettled() && !v.Since.Equal(minutes(since)) {
		t.Errorf("since %s, want %s", v.Since.Format("15:04"), minutes(since).Format("15:04"))
	}
}

func TestState_OfShipmentsAndReturns(t *testing.T) {
	shipment := func() *history { return rowOf(commerce.Shipment, "shop", "US1042", "1Z999") }
	wantState(t, states(commerce.Shipment), shipment().say(0, "wms", "1", words("status", "in_transit")).
		say(5, "wms", "1", words("status", "delivered")).row, 999, judge.Agree, "", 0)
	wantState(t, states(commerce.Shipment), shipment().say(0, "wms", "1", words("status", "delivered")).
		say(5, "wms", "1", words("status", "in_transit")).row, 999, judge.Differ, "status of wms went back from delivered to in_transit", 5)
	wantState(t, states(commerce.Shipment), shipment().say(0, "wms", "1", words("status", "delivered")).
		say(5, "wms", "1", words("status", "returned")).row, 999, judge.Agree, "", 0)

	back := func(facet string) *history {
		h := rowOf(commerce.Return, "shop", "US1042", "R1")
		return h.say(0, "wms", "1", commerce.Facets{facet: commerce.Bool(true)}).say(5, "wms", "1", commerce.Facets{facet: commerce.Bool(false)})
	}
	wantState(t, states(commerce.Return), back("refunded").row, 999, judge.Differ, "refunded of wms went back from true to false", 5)
	wantState(t, states(commerce.Return), back("received").row, 999, judge.Differ, "received of wms went back from true to false", 5)
	wantState(t, states(commerce.Return), back("exchange").row, 999, judge.Agree, "", 0)
}

func TestState_WhatCannotBeTold(t *testing.T) {
	rule := states(commerce.Order)
	rule.When = compile(t, commerce.Order, "!from.test", commerce.BoolType)
	undone := func() *history { return orderHistory().pays(0, "refunded").pays(5, "paid") }
	if v := judge.Judge(rule, undone().row, judge.Context{}, minutes(999)); v.Outcome != judge.CannotTell || v.Why != "test of shop is missing" {
		t.Errorf("nobody says whether it is a test: %s (%s)", v.Outcome, v.Why)
	}
	tie := undone().say(5, "shop", "1", words("payment", "refunded"), func(o *commerce.Observation) { o.Created = minutes(0) })
	tie.row.Views[0].Ties = 4 // two contents of one instant
	if v := judge.Judge(states(commerce.Order), tie.row, judge.Context{}, minutes(999)); v.Outcome != judge.CannotTell {
		t.Errorf("nobody knows which came last: %s (%s)", v.Outcome, v.Why)
	}
}

// An open finding does not end because the row forgot how it began, and ends when
// the state is right.
func TestState_WhatIsForgottenEndsNothing(t *testing.T) {
	rule, h := states(commerce.Order), orderHistory().pays(0, "paid").pays(4, "refunded").pays(5, "paid")
	v := judge.Judge(rule, h.row, judge.Context{}, minutes(300))
	h.row.Marks = map[string]record.Mark{rule.Name(): {Since: v.Since, First: v.First, Open: "f-1"}}
	for i := range 120 {
		h.say(10+i, "shop", "1", words("payment", "paid", "channel", fmt.Sprint(i)))
	}
	if v := judge.Judge(rule, h.row, judge.Context{}, minutes(300)); v.Outcome != judge.CannotTell {
		t.Errorf("forgotten: %s (%s)", v.Outcome, v.Why)
	}
	h.pays(200, "refunded")
	if v := judge.Judge(rule, h.row, judge.Context{}, minutes(300)); v.Outcome != judge.Agree {
		t.Errorf("right again: %s (%s)", v.Outcome, v.Why)
	}
}

func TestJudge_SaysWhenOlderDataCameBack(t *testing.T) {
	followed := func() *history {
		return priceHistory().price(0, "erp", "8", "10").price(1, "shop", "8", "10").price(30, "erp", "9", "10").price(35, "shop", "9", "10")
	}
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		class   finding.Class
		since   int
	}{
		{"it shows what it had before", followed().price(60, "shop", "8", "10"), 80, judge.Differ, finding.Overwritten, 60},
		{"for a moment", followed().price(60, "shop", "8", "10"), 79, judge.Pending, finding.Overwritten, 60},
		{"and the new value again", followed().price(60, "shop", "8", "10").price(70, "shop", "9", "10"), 999, judge.Agree, "", 0},
		{"it shows what nobody had", followed().price(60, "shop", "7", "10"), 80, judge.Differ, finding.ValueDiffers, 60},
		{"the believed side went back", followed().price(60, "erp", "8", "10"), 80, judge.Differ, finding.Late, 60},
		{"it never followed", priceHistory().price(0, "erp", "8", "10").price(1, "shop", "8", "10").price(30, "erp", "9", "10"), 80, judge.Differ, finding.Late, 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(prices(t), c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class || !v.Since.Equal(minutes(c.since)) && c.class != "" {
				t.Errorf("%s %s since %s (%s), want %s %s since %s", v.Outcome, v.Class, v.Since.Format("15:04"), v.Why, c.outcome, c.class, minutes(c.since).Format("15:04"))
			}
		})
	}
	sold := stockHistory().erp(0, "9").shop(1, "9").erp(30, "8").shop(35, "8").shop(60, "9")
	if v := judge.Judge(stock(t, "from.free"), sold.row, judge.Context{}, minutes(99)); v.Class == finding.Overwritten {
		t.Error("stock comes back to earlier values all the time")
	}
}
