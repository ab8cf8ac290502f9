package judge_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// lawOf is a rule about an equation of terms that are given as they are.
func lawOf(t *testing.T, left, right string, terms ...registry.Term) registry.Rule {
	t.Helper()
	side := func(text string) *formula.Formula {
		f, err := formula.Compile(text, func(string) (commerce.Type, bool) { return commerce.NumberType, true }, commerce.NumberType)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	return registry.Rule{
		Integration: "payments", ID: "law", From: "shop", To: "erp", Check: registry.Total,
		Law:    &registry.Law{Left: side(left), Right: side(right), Terms: terms},
		Totals: &registry.Totals{By: []string{"currency"}, Days: time.UTC, Zone: time.UTC, Within: map[string]commerce.Decimal{}},
	}
}

func bareFormula(t *testing.T, kind commerce.Kind, text string) *formula.Formula {
	t.Helper()
	f, err := formula.Compile(text, func(name string) (commerce.Type, bool) {
		f, ok := kind.FacetOf(name)
		return f.Type, ok
	}, commerce.BoolType)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lines writes what was added as one line each.
func addedLines(all []judge.Added) string {
	var lines []string
	for _, a := range all {
		line := a.Period + " " + a.By
		for _, name := range slices.Sorted(maps.Keys(a.Terms)) {
			line += fmt.Sprintf(" %s=%s", name, a.Terms[name])
		}
		if s, ok := a.Sums[registry.HoldsMeasure]; ok {
			line += fmt.Sprintf(" %s / %s", s.Expected, s.Actual)
		}
		lines = append(lines, strings.TrimSpace(line+" "+a.Unknown+a.Undated+a.Finding))
	}
	return strings.Join(lines, "\n")
}

var lawDays = []string{"2026-03-02", "2026-03-03", "2026-03-04"}

func TestAddTerm_ALawOfOneSetIsJudgedRecordByRecord(t *testing.T) {
	payouts := registry.Term{Name: "p", System: "shop", Kind: commerce.Payout, Facets: []string{"net", "gross", "fees"}}
	payouts.When = bareFormula(t, commerce.Payout, `status == "paid"`)
	rule := lawOf(t, "p.net", "p.gross - p.fees", payouts)
	payout := func(change ...func(*record.View)) record.Row {
		v := record.View{ViewID: record.ViewID{System: "shop"}, Created: evening, Received: evening, Facets: commerce.Facets{
			"net": number("95"), "gross": number("100"), "fees": number("3"), "currency": commerce.Text("USD"), "status": commerce.Text("paid"),
		}}
		for _, c := range change {
			c(&v)
		}
		return record.Row{Kind: commerce.Payout, Key: commerce.Key{"po-1"}, Views: []record.View{v}, Marks: map[string]record.Mark{"payments/payout": {Open: "f-1"}}}
	}
	for _, c := range []struct {
		name   string
		row    record.Row
		judged []judge.Judged
		want   string
	}{
		{"both sides of the law", payout(), nil, "2026-03-03 USD 97 / 95"},
		{
			"a finding about the payout tells it", payout(),
			[]judge.Judged{{Rule: registry.Rule{Integration: "payments", ID: "payout", From: "shop", To: "erp"}}},
			"2026-03-03 USD 97 / 95 f-1",
		},
		{"a day says when it was paid", payout(set("paid_at", commerce.Time(evening.AddDate(0, 0, -1)))), nil, "2026-03-02 USD 97 / 95"},
		{"it is not counted", payout(set("status", commerce.Text("pending"))), nil, ""},
		{"a facet is missing", payout(without("fees")), nil, "2026-03-03 USD fees of shop is missing"},
		{"its condition cannot be told", payout(without("status")), nil, "2026-03-03 USD status is missing in shop"},
		{"no day", payout(func(v *record.View) { v.Created = time.Time{} }), nil, "po-1: shop does not say when it came about"},
		{"another day", payout(func(v *record.View) { v.Created = evening.AddDate(0, 0, 9) }), nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := addedLines(judge.AddTerm(rule, payouts, c.row, lawDays, c.judged, judge.Context{})); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAddTerm_AChangeBelongsToTheDayOnWhichItCame(t *testing.T) {
	open := registry.Term{Name: "open", System: "shop", Kind: commerce.Order, Facets: []string{"total"}, Change: true}
	open.When = bareFormula(t, commerce.Order, `payment == "pending"`)
	rule := lawOf(t, "open.total", "open.records", open)
	monday := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	facets := func(payment, total string) commerce.Facets {
		return commerce.Facets{"payment": commerce.Text(payment), "total": number(total), "currency": commerce.Text("USD")}
	}
	view := func(facets commerce.Facets, received time.Time, was ...record.Past) record.View {
		return record.View{ViewID: record.ViewID{System: "shop"}, Created: monday, Received: received, Facets: facets, Was: was}
	}
	wednesday := monday.AddDate(0, 0, 2)
	for _, c := range []struct {
		name string
		row  record.Row
		want string
	}{
		{"it comes about", orderRow(nil, view(facets("pending", "10"), monday)), "2026-03-02 USD open.records=1 open.total=10"},
		{"it is paid at once", orderRow(nil, view(facets("paid", "10"), monday)), ""},
		{
			"it is paid later", orderRow(nil, view(facets("paid", "10"), wednesday, record.Past{Until: wednesday, Facets: facets("pending", "10")})),
			"2026-03-02 USD open.records=1 open.total=10\n2026-03-04 USD open.records=-1 open.total=-10",
		},
		{
			"it grows", orderRow(nil, view(facets("pending", "12"), wednesday, record.Past{Until: wednesday, Facets: facets("pending", "10")})),
			"2026-03-02 USD open.records=1 open.total=10\n2026-03-04 USD open.total=2",
		},
		{
			"it is heard of after midnight", orderRow(nil, view(facets("pending", "10"), monday.Add(10*time.Hour))),
			"2026-03-02 USD open.records=1 open.total=10",
		},
		{
			"it changed too often", orderRow(nil, view(facets("paid", "10"), wednesday,
				record.Past{Until: wednesday, Gap: true, Facets: facets("pending", "11")}, record.Past{Until: monday.Add(time.Hour), Facets: facets("pending", "10")})),
			"2026-03-02 USD it changed too often in shop to know what it was when the day began\n2026-03-04 USD it changed too often in shop to know what it was when the day began",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := addedLines(judge.AddTerm(rule, open, c.row, lawDays, nil, judge.Context{})); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSides_ASumOfNothingIsZero(t *testing.T) {
	rule := lawOf(t, "orders.total", "payments.amount / payments.records")
	if _, _, why := judge.Sides(rule.Law, map[string]commerce.Decimal{"orders.total": commerce.Int(5)}); why != "payments.amount / payments.records cannot be computed" {
		t.Errorf("why %q", why)
	}
	rule = lawOf(t, "orders.total", "payments.amount")
	left, right, why := judge.Sides(rule.Law, map[string]commerce.Decimal{"orders.total": commerce.Int(5)})
	if left != commerce.Int(5) || right != (commerce.Decimal{}) || why != "" {
		t.Errorf("%s, %s, %q", left, right, why)
	}
}
