package drift_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

// accounted expects each web order in the ERP, and the same totals of each day on
// both sides at nine.
func accounted(change ...func(*registry.Registry)) *registry.Registry {
	since := map[commerce.Kind]time.Time{commerce.Order: nine.AddDate(0, 0, -2)}
	r := &registry.Registry{
		Generation: "g1",
		Systems: map[string]registry.System{
			"shop": {Name: "shop", Currency: "USD", CoveredSince: since}, "erp": {Name: "erp", Currency: "USD", CoveredSince: since},
		},
		Integrations: []registry.Integration{{
			Name: "orders", Owner: registry.Owner{Team: "finance"}, From: "shop", To: "erp",
			Rules: []registry.Rule{
				{
					Integration: "orders", ID: "order-in-erp", Kind: commerce.Order, From: "shop", To: "erp",
					Check: registry.Present, Mode: registry.Alert, Severity: "critical", Settle: registry.Settle{For: 30 * time.Minute, By: -1},
				},
				{
					Integration: "orders", ID: "day-close", Kind: commerce.Order, From: "shop", To: "erp",
					Check: registry.Total, Mode: registry.Alert, Severity: "minor", Settle: registry.Settle{By: -1},
					When:   compile(commerce.Order, "!from.test", commerce.BoolType),
					Expect: []registry.Expectation{{Facet: "total", Value: compile(commerce.Order, "from.total", commerce.NumberType)}},
					Totals: &registry.Totals{
						By: []string{"currency"}, Count: true, Closes: 9 * 60, Zone: time.UTC, Days: time.UTC, Within: map[string]commerce.Decimal{},
					},
				},
			},
		}},
	}
	for _, c := range change {
		c(r)
	}
	return r
}

// accounts is a fleet under the registry, at noon.
func accounts(change ...func(*registry.Registry)) (*fleet, *version) {
	f := newFleet()
	f.now = at(12, 0)
	v := f.version(accounted(change...))
	f.deploy(v)
	return f, v
}

// webOrder is an order as one system has it, created now.
func (f *fleet) webOrder(system string, number int, amount string) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Order, Key: commerce.Key{"shop", fmt.Sprintf("US%d", number)}, Part: "order",
		Native: fmt.Sprintf("%s-%d", system, number), Slot: "order", Created: f.now,
		Facets: commerce.Facets{
			"total": commerce.Number(commerce.MustDecimal(amount)), "currency": commerce.Text("USD"), "test": commerce.Bool(false),
		},
	}
	o.Stamp(commerce.VersionParts{Clock: f.now, Sequence: uint64(f.sent) + 1})
	return o
}

func (f *fleet) order(v *version, number int, shop, erp string) {
	if shop != "" {
		f.receive(v, f.webOrder("shop", number, shop))
	}
	if erp != "" {
		f.receive(v, f.webOrder("erp", number, erp))
	}
}

// ledger is what a day came to, as lines.
func (f *fleet) ledger(t testing.TB, period string) string {
	t.Helper()
	return f.ledgerOf(t, "orders/day-close", period)
}

func (f *fleet) ledgerOf(t testing.TB, rule, period string) string {
	t.Helper()
	d, err := f.findings.GetDocument(t.Context(), total.Document(rule, period))
	if err != nil {
		t.Fatal(err)
	}
	var day total.Day
	if err := json.Unmarshal(d.Body, &day); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range day.Results {
		lines = append(lines, fmt.Sprintf("%s %s: %s", r.By, r.Outcome, r.Why))
		for _, name := range r.Measures() {
			s := r.Sums[name]
			lines = append(lines, fmt.Sprintf("  %s %s / %s explained %s waiting %s rest %s", name, s.Expected, s.Actual, s.Explained, s.Waiting, s.Rest))
		}
		for _, p := range r.Parts {
			lines = append(lines, fmt.Sprintf("  %s %s", p.Record, map[bool]string{true: "is told", false: "is not told"}[p.Finding != ""]))
		}
	}
	return strings.Join(append(lines, day.Trouble), "\n")
}

func compare(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
		t.Error(diff)
	}
}

func TestTotals_WhatFindingsTellIsNoNewAlert(t *testing.T) {
	f, v := accounts()
	for i := range 5 {
		f.order(v, 100+i, "10.50", "10.50")
	}
	f.order(v, 200, "384.10", "")
	f.order(v, 201, "15", "")
	f.run(t, v, 22*time.Hour)
	compare(t, `
USD explained: open findings about 2 records explain it
  total 451.6 / 52.5 explained -399.1 waiting 0 rest 0
  records 7 / 5 explained -2 waiting 0 rest 0
  shop/US200 is told
  shop/US201 is told
`, f.ledger(t, "2026-03-03"))
	if alerts := f.openAlerts(t); len(alerts) != 1 || alerts[0].Rule != "order-in-erp" {
		t.Errorf("alerts %+v, want that of the missing orders alone", alerts)
	}
}

func TestTotals_WhatNothingExplainsIsOneFindingThatEndsWithIt(t *testing.T) {
	f, v := accounts()
	f.order(v, 100, "186.40", "168.40")
	f.order(v, 101, "10", "10")
	f.order(v, 200, "384.10", "")
	f.run(t, v, 20*time.Hour)
	if open := f.open(t); len(open) != 1 {
		t.Fatalf("findings %v before the day closed, want the missing order", open)
	}
	f.run(t, v, 2*time.Hour)
	compare(t, `
USD differ: nothing explains what is left of total
  total 580.5 / 178.4 explained -384.1 waiting 0 rest -18
  records 3 / 2 explained -1 waiting 0 rest 0
  shop/US100 is not told
  shop/US200 is told
`, f.ledger(t, "2026-03-03"))
	found, ok := f.open(t)["day-close orders/day-close/2026-03-03/USD"]
	if !ok {
		t.Fatalf("findings %v", f.open(t))
	}
	want := []finding.Difference{{Facet: "total", Expected: "196.4", Actual: "178.4"}}
	if found.Class != finding.TotalDiffers || len(found.Differences) != 1 || found.Differences[0].Expected != want[0].Expected ||
		found.Differences[0].Actual != want[0].Actual || found.Differences[0].Delta.String() != "-18" || found.Impact.String() != "18" || found.Currency != "USD" {
		t.Errorf("%+v", found)
	}
	if found.Why != "nothing is known of shop/US100; open findings about 1 others are taken off" {
		t.Errorf("why %q", found.Why)
	}
	if alerts := f.openAlerts(t); len(alerts) != 2 {
		t.Fatalf("%d alerts", len(alerts))
	}

	// The order is corrected a day later: the closed day is right again.
	f.receive(v, f.lateOrder("erp", 100, "186.40"))
	f.run(t, v, 24*time.Hour)
	if _, still := f.open(t)["day-close orders/day-close/2026-03-03/USD"]; still {
		t.Error("the finding is open although the day is right by now")
	}
	if got := f.ledger(t, "2026-03-03"); !strings.HasPrefix(got, "USD explained") {
		t.Error(got)
	}
}

func TestTotals_ALateFindingExplainsWhatWasWaiting(t *testing.T) {
	f, v := accounts(func(r *registry.Registry) { r.Integrations[0].Rules[0].Settle.For = 26 * time.Hour })
	f.order(v, 200, "384.10", "")
	f.run(t, v, 22*time.Hour)
	if got := f.ledger(t, "2026-03-03"); !strings.HasPrefix(got, "USD waiting: 1 record is inside its settle time") {
		t.Error(got)
	}
	f.run(t, v, 24*time.Hour)
	if got := f.ledger(t, "2026-03-03"); !strings.HasPrefix(got, "USD explained: open findings about 1 record explain it") {
		t.Error(got)
	}
	if alerts := f.openAlerts(t); len(alerts) != 1 {
		t.Errorf("%d alerts, want that of the missing order alone", len(alerts))
	}
}

func TestTotals_WhatCannotBeKnownIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*registry.Registry)
		do     func(*fleet, *version)
		want   string
	}{
		"coverage begins inside the day": {
			func(r *registry.Registry) {
				r.Systems["erp"].CoveredSince[commerce.Order] = at(6, 0)
			},
			func(f *fleet, v *version) { f.order(v, 100, "10", "8") },
			"USD cannot_tell: the orders of shop are known since 2026-03-03 06:00 UTC only",
		},
		"a facet is missing": {
			func(*registry.Registry) {},
			func(f *fleet, v *version) {
				o := f.webOrder("erp", 100, "8")
				delete(o.Facets, "total")
				f.receive(v, o)
				f.order(v, 100, "10", "")
			},
			"USD cannot_tell: shop/US100: total of erp is missing",
		},
		"two currencies": {
			func(*registry.Registry) {},
			func(f *fleet, v *version) {
				o := f.webOrder("erp", 100, "8")
				o.Facets["currency"] = commerce.Text("CAD")
				f.receive(v, o)
				f.order(v, 100, "10", "")
			},
			"USD cannot_tell: shop/US100: shop is in USD, erp in CAD",
		},
		"no system says when": {
			func(*registry.Registry) {},
			func(f *fleet, v *version) {
				o := f.webOrder("shop", 100, "8")
				o.Created = time.Time{}
				f.receive(v, o)
				f.order(v, 101, "10", "8")
			},
			"USD cannot_tell: shop/US100: no system says when it came about",
		},
		"a delivery cannot be read": {
			func(*registry.Registry) {},
			func(f *fleet, v *version) {
				o := commerce.Observation{
					System: "erp", Kind: commerce.Mapping, Key: commerce.Key{"erp", "topic", "orders"}, Part: "mapping", Native: "orders",
					Facets: commerce.Facets{"reason": commerce.Text("why")},
				}
				o.Stamp(commerce.VersionParts{Clock: f.now})
				f.receive(v, o)
				f.order(v, 100, "10", "8")
			},
			"USD cannot_tell: a delivery of erp could not be read at 2026-03-03 12:00 UTC",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, v := accounts(c.change)
			c.do(f, v)
			f.run(t, v, 22*time.Hour)
			if got := f.ledger(t, "2026-03-03"); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			for name := range f.open(t) {
				if strings.HasPrefix(name, "day-close") {
					t.Errorf("finding %s", name)
				}
			}
		})
	}
}

// What was told of a day neither ends nor changes while the day cannot be judged.
func TestTotals_WhatWasToldStaysWhileNothingCanBeTold(t *testing.T) {
	f, v := accounts()
	f.order(v, 100, "10", "8")
	f.run(t, v, 22*time.Hour)
	before := f.open(t)["day-close orders/day-close/2026-03-03/USD"]
	if err := f.findings.LatestMark(t.Context(), "unread|erp", at(13, 0)); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, 24*time.Hour)
	if got := f.ledger(t, "2026-03-03"); !strings.HasPrefix(got, "USD cannot_tell") {
		t.Fatal(got)
	}
	after := f.open(t)["day-close orders/day-close/2026-03-03/USD"]
	if before.ID == "" || after.ID != before.ID || after.Rev != before.Rev {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
	if err := f.findings.DeleteMark(t.Context(), "unread|erp"); err != nil {
		t.Fatal(err)
	}
	f.receive(v, f.lateOrder("erp", 100, "10"))
	f.run(t, v, 24*time.Hour)
	if open := f.open(t); len(open) > 0 {
		t.Errorf("findings %v once the day is right", open)
	}
}

// lateOrder is an order that was created at noon of the first day and is told now.
func (f *fleet) lateOrder(system string, number int, amount string) commerce.Observation {
	o := f.webOrder(system, number, amount)
	o.Created = at(12, 0)
	return o
}

// A test order on either side, and one that the shop does not have, are counted
// as the condition says.
func TestTotals_CountWhatTheConditionSays(t *testing.T) {
	f, v := accounts()
	o := f.webOrder("shop", 100, "10")
	o.Facets["test"] = commerce.Bool(true)
	f.receive(v, o)
	f.order(v, 100, "", "10")
	f.order(v, 101, "", "7")
	f.run(t, v, 22*time.Hour)
	if got := f.ledger(t, "2026-03-03"); !strings.Contains(got, "total 0 / 7 explained 0 waiting 0 rest 7") {
		t.Error(got)
	}
}

func TestTotals_ARunThatIsRepeatedChangesNothing(t *testing.T) {
	f, v := accounts()
	f.order(v, 100, "186.40", "168.40")
	f.run(t, v, 22*time.Hour)
	before, open := f.ledger(t, "2026-03-03"), len(f.all(t))
	s := f.sweep(t, "totals")
	if s.Ended.IsZero() {
		t.Fatal("the walk has not ended")
	}
	next := v.registry
	next.Generation = "g2"
	again := f.version(next)
	f.deploy(again)
	f.run(t, again, time.Hour)
	if now := f.sweep(t, "totals"); now.Run == s.Run || now.Ended.IsZero() {
		t.Fatalf("a new generation did not add up again: %+v", now)
	}
	compare(t, before, f.ledger(t, "2026-03-03"))
	if len(f.all(t)) != open || len(f.openAlerts(t)) != 1 {
		t.Errorf("%d findings and %d alerts, want %d and 1", len(f.all(t)), len(f.openAlerts(t)), open)
	}
}

func TestTotals_WaitWhilePlumblineIsBehind(t *testing.T) {
	f, v := accounts()
	f.order(v, 100, "186.40", "168.40")
	f.run(t, v, 20*time.Hour+58*time.Minute)
	for range 4 {
		if err := f.findings.LatestMark(t.Context(), "late", f.now); err != nil {
			t.Fatal(err)
		}
		f.run(t, v, time.Minute)
	}
	if s, err := f.findings.GetSweep(t.Context(), "totals"); err == nil && s.Since.Equal(at(9, 0).AddDate(0, 0, 1)) {
		t.Error("the day was added up although deliveries are merged late")
	}
	f.run(t, v, 5*time.Minute)
	if got := f.ledger(t, "2026-03-03"); !strings.HasPrefix(got, "USD differ") {
		t.Error(got)
	}
}
