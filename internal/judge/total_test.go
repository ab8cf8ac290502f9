package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

var evening = time.Date(2026, 3, 3, 23, 30, 0, 0, time.UTC)

// dayClose adds up the totals and the number of orders by day, currency and store.
func dayClose(t *testing.T) registry.Rule {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return registry.Rule{
		Integration: "orders", ID: "day-close", Kind: commerce.Order, From: "shop", To: "erp", Check: registry.Total, Mode: registry.Alert,
		When:   compile(t, commerce.Order, `from.channel != "pos"`, commerce.BoolType),
		Expect: []registry.Expectation{{Facet: "total", Value: compile(t, commerce.Order, "from.total", commerce.NumberType)}},
		Totals: &registry.Totals{By: []string{"currency", "store"}, Count: true, Days: berlin, Zone: berlin},

		ExplainedBy: []string{"tips"},
	}
}

// between is a rule that judges orders between two systems, and what it says of
// some of their facets.
func between(id, from, to string, facets ...judge.FacetVerdict) judge.Judged {
	rule := registry.Rule{Integration: "orders", ID: id, Kind: commerce.Order, From: from, To: to}
	return judge.Judged{Rule: rule, Verdict: judge.Verdict{Facets: facets}}
}

func orderRow(marks map[string]record.Mark, views ...record.View) record.Row {
	return record.Row{Kind: commerce.Order, Key: commerce.Key{"shop", "US1"}, Views: views, Marks: marks}
}

func orderOf(system, total string, change ...func(*record.View)) record.View {
	v := record.View{
		ViewID: record.ViewID{System: system, Part: "order", Native: "1"}, Created: evening, Received: evening.Add(time.Minute),
		Facets: commerce.Facets{"total": number(total), "currency": commerce.Text("USD"), "channel": commerce.Text("web"), "tips": number("0")},
	}
	for _, c := range change {
		c(&v)
	}
	return v
}

func set(facet string, value commerce.Value) func(*record.View) {
	return func(v *record.View) { v.Facets[facet] = value }
}

func without(facet string) func(*record.View) {
	return func(v *record.View) { delete(v.Facets, facet) }
}

func TestAdd_SaysWhatARecordAddsToWhichDay(t *testing.T) {
	gone := func(v *record.View) { v.Gone, v.Facets = true, nil }
	morning := func(v *record.View) { v.Created = evening.Add(10 * time.Hour) }
	undated := func(v *record.View) { v.Created = time.Time{} }
	before := func(v *record.View) { v.Received = evening }
	for _, c := range []struct {
		name  string
		row   record.Row
		allow string
		entry total.Entry
		sum   string
		no    bool
	}{
		{name: "both sides", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "8")), entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 8, 1 / 1"},
		{name: "the believed side says on which day", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "8", morning)), entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 8, 1 / 1"},
		{
			name: "a facet says it rather than the view", row: orderRow(nil, orderOf("shop", "10", set("created", commerce.Time(evening.AddDate(0, 0, -1)))), orderOf("erp", "8")),
			entry: total.Entry{Period: "2026-03-03", By: "USD/shop"}, sum: "10 / 8, 1 / 1",
		},
		{name: "only the believed side", row: orderRow(nil, orderOf("shop", "10")), entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 0, 1 / 0"},
		{name: "only the other side", row: orderRow(nil, orderOf("erp", "8", without("channel"))), entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "0 / 8, 0 / 1"},
		{name: "removed on one side", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "8", gone)), entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 0, 1 / 0"},
		{name: "policy explains it", row: orderRow(nil, orderOf("shop", "10", set("tips", number("2"))), orderOf("erp", "8")), entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 8 allowed -2, 1 / 1"},
		{
			name: "the rule about single orders allows it", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "10.01")), allow: "total",
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 10.01 allowed 0.01, 1 / 1",
		},
		{
			name: "it allows another facet", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "10.01")), allow: "tax",
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 10.01, 1 / 1",
		},
		{name: "removed on both", row: orderRow(nil, orderOf("shop", "10", gone), orderOf("erp", "8", gone)), no: true},
		{name: "the condition leaves it out", row: orderRow(nil, orderOf("shop", "10", set("channel", commerce.Text("pos"))), orderOf("erp", "8")), no: true},
		{
			name: "a finding tells it", row: orderRow(map[string]record.Mark{"orders/money": {Open: "f-1"}, "orders/present": {}}, orderOf("shop", "10")),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop", Finding: "f-1"}, sum: "10 / 0, 1 / 0",
		},
		{
			name: "a settle time goes on", row: orderRow(map[string]record.Mark{"orders/present": {}}, orderOf("shop", "10")),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop", Waits: "present"}, sum: "10 / 0, 1 / 0",
		},
		{
			name: "a finding of other systems tells nothing", row: orderRow(map[string]record.Mark{"orders/shipped": {Open: "f-1"}}, orderOf("shop", "10")),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop"}, sum: "10 / 0, 1 / 0",
		},
		{
			name: "two currencies", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "8", set("currency", commerce.Text("CAD")))),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop", Unknown: "shop is in USD, erp in CAD"},
		},
		{
			name: "a facet is missing", row: orderRow(nil, orderOf("shop", "10"), orderOf("erp", "8", without("total"))),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop", Unknown: "total of erp is missing"},
		},
		{
			name: "a facet is null", row: orderRow(nil, orderOf("erp", "8", set("total", commerce.Null()))),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop", Unknown: "total of erp is null"},
		},
		{
			name: "the condition cannot be told", row: orderRow(nil, orderOf("shop", "10", without("channel"))),
			entry: total.Entry{Period: "2026-03-04", By: "USD/shop", Unknown: "channel of shop is missing"},
		},
		{
			name: "no currency", row: orderRow(nil, orderOf("shop", "10", without("currency"))),
			entry: total.Entry{Period: "2026-03-04", By: "?/shop", Unknown: "currency is missing"},
		},
		{name: "no day", row: orderRow(nil, orderOf("shop", "10", undated, before), orderOf("erp", "10", undated)), entry: total.Entry{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			judged := []judge.Judged{
				between("present", "shop", "erp", judge.FacetVerdict{Facet: c.allow, Outcome: judge.Agree}),
				between("money", "erp", "shop"), between("shipped", "wms", "shop"),
			}
			a, counts := judge.Add(dayClose(t), c.row, judged, judge.Context{})
			if counts == c.no {
				t.Fatalf("counts %t", counts)
			}
			if c.no {
				return
			}
			if undated := c.entry.Period == ""; undated != (a.Undated != "") || undated {
				if a.Undated != "shop/US1: no system says when it came about" || !a.Changed.Equal(evening.Add(time.Minute)) {
					t.Errorf("undated %q, changed %s", a.Undated, a.Changed)
				}
				return
			}
			got := total.Entry{Period: a.Period, By: a.By, Finding: a.Finding, Waits: a.Waits, Unknown: a.Unknown}
			if got.Period != c.entry.Period || got.By != c.entry.By || got.Finding != c.entry.Finding || got.Waits != c.entry.Waits || got.Unknown != c.entry.Unknown {
				t.Errorf("%+v, want %+v", got, c.entry)
			}
			if c.sum != "" {
				sum, n := a.Sums["total"], a.Sums[total.Records]
				allowed := ""
				if sum.Allowed.Sign() != 0 {
					allowed = " allowed " + sum.Allowed.String()
				}
				if text := sum.Expected.String() + " / " + sum.Actual.String() + allowed + ", " + n.Expected.String() + " / " + n.Actual.String(); text != c.sum {
					t.Errorf("%s, want %s", text, c.sum)
				}
			}
		})
	}
}

func TestJudge_ATotalThatNothingExplainsDiffersUntilItIsTakenBack(t *testing.T) {
	rule := registry.Rule{Integration: "orders", ID: "day-close", Kind: commerce.Total, From: "shop", To: "erp"}
	view := func(measure, expected, actual string) record.View {
		return record.View{
			ViewID: record.ViewID{System: commerce.Plumbline, Part: measure, Native: "2026-03-03/USD"}, Created: evening, Received: evening.Add(time.Hour),
			Facets: commerce.Facets{
				"expected": number(expected), "actual": number(actual), "currency": commerce.Text("USD"), "reason": commerce.Text("nothing is known of US1"),
			},
		}
	}
	row := record.Row{Kind: commerce.Total, Key: commerce.Key{"orders", "day-close", "2026-03-03", "USD"}, Views: []record.View{view("records", "3", "2"), view("total", "100", "82")}}
	v := judge.Judge(rule, row, judge.Context{}, evening.Add(2*time.Hour))
	if v.Outcome != judge.Differ || v.Class != finding.TotalDiffers || !v.Since.Equal(evening) || v.Why != "nothing is known of US1" {
		t.Errorf("%+v", v)
	}
	if len(v.Differences()) != 2 || v.Impact == nil || v.Impact.String() != "18" || v.Currency != "USD" {
		t.Errorf("differences %+v, impact %v", v.Differences(), v.Impact)
	}
	other := rule
	other.ID = "units"
	if v := judge.Judge(other, row, judge.Context{}, evening); v.Outcome != judge.NotJudged {
		t.Errorf("another rule: %s", v.Outcome)
	}
	for i := range row.Views {
		row.Views[i].Gone, row.Views[i].Facets = true, nil
	}
	if v := judge.Judge(rule, row, judge.Context{}, evening); v.Outcome != judge.Agree {
		t.Errorf("taken back: %s", v.Outcome)
	}
}
