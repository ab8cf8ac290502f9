package drift_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// rounding compares the totals of web orders, give or take five cents.
func rounding(r *registry.Registry) {
	r.Integrations[0].Rules[1] = registry.Rule{
		Integration: "orders", ID: "order-money", Kind: commerce.Order, From: "shop", To: "erp",
		Check: registry.Equal, Mode: registry.Alert, Severity: "minor", Settle: registry.Settle{For: 30 * time.Minute, By: -1},
		Segment: []string{"store", "currency"},
		Expect: []registry.Expectation{{
			Facet: "total", Value: compile(commerce.Order, "from.total", commerce.NumberType),
			Within: compile(commerce.Order, "0.05", commerce.NumberType),
		}},
	}
}

// trade takes so many orders a day for some days, each day with an audit. Off is
// what the ERP books of an order instead of 10.00.
func (f *fleet) trade(t *testing.T, v *version, first, days, orders int, off func(n int) string) {
	t.Helper()
	for day := first; day < first+days; day++ {
		for n := range orders {
			f.order(v, 1000*day+n, "10.00", off(day*orders+n))
		}
		f.mergeAll(t, v)
		f.now = f.now.Add(24 * time.Hour)
		f.audit(t, v)
		f.run(t, v, 5*time.Minute)
	}
}

func aCentLess(int) string { return "9.99" }
func exactly(int) string   { return "10.00" }

// either is a cent up, a cent down or right, in turn.
func either(n int) string { return []string{"10.01", "9.99", "10.00"}[n%3] }

func policies(t *testing.T, f *fleet) []finding.Finding {
	t.Helper()
	var all []finding.Finding
	for _, x := range f.all(t) {
		if x.Class == finding.OneSided {
			all = append(all, x)
		}
	}
	return all
}

func TestOneSided_ACentOnManyOrdersIsOneFinding(t *testing.T) {
	f, v := accounts(rounding)
	f.trade(t, v, 1, 2, 24, aCentLess)
	if got := policies(t, f); len(got) > 0 {
		t.Fatalf("%d findings after 48 orders, want none yet", len(got))
	}
	f.trade(t, v, 3, 8, 24, func(n int) string {
		if n%12 == 0 {
			return "10.00"
		}
		return "9.99"
	})
	got := policies(t, f)
	if len(got) != 1 || len(f.open(t)) != 1 {
		t.Fatalf("%d policy findings, %d open, want one", len(got), len(f.open(t)))
	}
	const want = "total is 0.01 USD too low on 224 of 240 orders, always one way: a rounding policy, not orders"
	if f := got[0]; f.Why != want || f.Rule != "order-money-trend" || f.Key.Text(f.Kind) != "orders/order-money/shop/USD" || f.State != finding.Open ||
		f.Differences[0].Delta.String() != "-2.24" || f.Impact.String() != "2.24" || f.Currency != "USD" {
		t.Errorf("%s %s %s: %s, %+v", f.Rule, f.Key, f.State, f.Why, f.Differences)
	}
	if len(f.openAlerts(t)) != 1 {
		t.Errorf("%d alerts", len(f.openAlerts(t)))
	}

	f.trade(t, v, 11, 2, 24, exactly)
	if got := policies(t, f)[0]; got.State != finding.Open {
		t.Errorf("%s after two days without", got.State)
	}
	f.trade(t, v, 13, 3, 24, exactly)
	if got := policies(t, f)[0]; got.State != finding.Resolved {
		t.Errorf("%s after as long as it took to find", got.State)
	}
}

func TestOneSided_CentsEitherWayAreNone(t *testing.T) {
	f, v := accounts(rounding)
	f.trade(t, v, 1, 20, 30, either)
	if got := policies(t, f); len(got) > 0 || len(f.all(t)) > 0 {
		t.Errorf("%d findings of %d", len(got), len(f.all(t)))
	}
}

func TestOneSided_WhatCannotBeToldIsNoSample(t *testing.T) {
	f, v := accounts(rounding)
	for n := range 120 {
		shop, erp := f.webOrder("shop", n, "10.00"), f.webOrder("erp", n, "9.99")
		erp.Facets["currency"] = commerce.Text("CAD")
		f.receive(v, shop)
		f.receive(v, erp)
	}
	f.mergeAll(t, v)
	f.now = f.now.Add(24 * time.Hour)
	f.audit(t, v)
	f.run(t, v, 5*time.Minute)
	if got := policies(t, f); len(got) > 0 {
		t.Errorf("%s", got[0].Why)
	}
}

func TestOneSided_AnAuditThatConcludesTwiceCountsOnce(t *testing.T) {
	f, v := accounts(rounding)
	f.trade(t, v, 1, 2, 30, aCentLess)
	before := policies(t, f)
	if len(before) != 1 {
		t.Fatalf("%d findings", len(before))
	}
	// The walk is over, and its last message comes again as if its end were lost.
	s := f.sweep(t, "audit")
	s.Ended = time.Time{}
	if err := f.findings.PutSweep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, time.Hour)
	if after := policies(t, f); len(after) != 1 || after[0].Why != before[0].Why || after[0].Rev != before[0].Rev {
		t.Errorf("%s, was %s", after[0].Why, before[0].Why)
	}
}

func TestOneSided_ManyLeaksAtOnePlaceAreOne(t *testing.T) {
	f := newFleet()
	v := f.version(stocked("g1", "2", atEast, func(r *registry.Registry) { r.Integrations[0].Rules[0].Segment = []string{"location"} }))
	f.deploy(v)
	const skus = 40
	level := func(system, native string, n, amount int) {
		f.receive(v, f.stockOf(system, fmt.Sprintf("SKU-%02d", n), native, amount))
	}
	for n := range skus {
		level("erp", "east", n, 100)
		level("shop", "501", n, 100)
	}
	f.mergeAll(t, v)
	for day := range 2 {
		f.now = f.now.Add(6 * time.Hour)
		for n := range skus {
			level("erp", "east", n, 99-day)
		}
		f.mergeAll(t, v)
		f.now = f.now.Add(12 * time.Hour)
		for n := range skus {
			level("shop", "501", n, 99-day)
		}
		f.mergeAll(t, v)
		f.now = f.now.Add(6 * time.Hour)
		f.audit(t, v)
		f.run(t, v, 5*time.Minute)
	}
	got := f.all(t)
	if len(got) != 1 || got[0].Class != finding.SlowDivergence || got[0].Rule != "stock-trend" ||
		got[0].Why != "available is 1 too high on 80 of 80 changes, always one way: a leak that many records share, or a policy" {
		t.Fatalf("%d findings: %+v", len(got), got)
	}
}
