package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/trend"
)

// centsOf is the rule "the ERP books what the shop sold", give or take five cents.
func centsOf(t *testing.T) registry.Rule {
	return registry.Rule{
		Integration: "orders-to-erp", ID: "order-money", Kind: commerce.Order, From: "shop", To: "erp", Check: registry.Equal,
		Mode: registry.Watch, Severity: "minor", Settle: registry.Settle{For: 30 * time.Minute, By: -1}, Segment: []string{"store", "currency"},
		Expect: []registry.Expectation{
			{Facet: "tax", Value: compile(t, commerce.Order, "from.tax", commerce.NumberType), Within: compile(t, commerce.Order, "0.05", commerce.NumberType)},
			{Facet: "total", Value: compile(t, commerce.Order, "from.total", commerce.NumberType), Within: compile(t, commerce.Order, "0.05", commerce.NumberType)},
		},
	}
}

// bothHave is an order as both systems have it.
func bothHave(shop, erp commerce.Facets) record.Row {
	return orderHistory().say(0, "shop", "S", shop).say(5, "erp", "E", erp).row
}

func taxAndTotal(tax, total, currency string) commerce.Facets {
	f := commerce.Facets{"tax": number(tax), "total": number(total)}
	if currency != "" {
		f["currency"] = commerce.Text(currency)
	}
	return f
}

func TestSamples_AnOrderIsOneForEachNumber(t *testing.T) {
	rule := centsOf(t)
	for _, c := range []struct {
		name    string
		row     record.Row
		samples map[string]string
		segment string
	}{
		{"cents", bothHave(taxAndTotal("2.00", "10.00", "USD"), taxAndTotal("1.99", "10.01", "USD")), map[string]string{"tax": "-0.01", "total": "0.01"}, "shop/USD"},
		{"no difference is a sample too", bothHave(taxAndTotal("2", "10", "USD"), taxAndTotal("2", "10", "USD")), map[string]string{"tax": "0", "total": "0"}, "shop/USD"},
		{"beyond the tolerance it is a finding", bothHave(taxAndTotal("2", "10", "USD"), taxAndTotal("2", "9", "USD")), nil, "shop/USD"},
		{"a missing facet cannot be told", bothHave(taxAndTotal("2", "10", "USD"), commerce.Facets{"total": number("10")}), nil, "shop/USD"},
		{"two currencies cannot be told", bothHave(taxAndTotal("2", "10", "USD"), taxAndTotal("2", "10", "CAD")), nil, "shop/USD"},
		{"what parts it may be unknown", bothHave(taxAndTotal("2", "10", ""), taxAndTotal("2", "10", "")), map[string]string{"tax": "0", "total": "0"}, "shop/?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			samples := judge.Samples(rule, c.row, judge.Judge(rule, c.row, judge.Context{}, minutes(99)))
			if len(samples) != len(c.samples) {
				t.Fatalf("%d samples, want %d", len(samples), len(c.samples))
			}
			for _, s := range samples {
				if s.Delta.String() != c.samples[s.Facet] || !s.At.Equal(minutes(30)) {
					t.Errorf("%s of %s at %s", s.Delta, s.Facet, s.At)
				}
			}
			if got := judge.SegmentOf(rule, c.row); got != c.segment {
				t.Errorf("segment %s, want %s", got, c.segment)
			}
		})
	}
}

func TestSamples_StockIsOneForEachStep(t *testing.T) {
	rule := within(t, "2")
	row := stockHistory().erp(0, "12").shop(1, "12").row
	if got := judge.Samples(rule, row, judge.Judge(rule, row, judge.Context{}, minutes(99))); len(got) > 0 {
		t.Errorf("%v of stock that never differed", got)
	}
	row.Lessons = map[string]record.Lesson{rule.Name(): {Leak: trend.Leak{Run: trend.Run{Moved: commerce.Int(-1), MovedAt: minutes(50)}}}}
	got := judge.Samples(rule, row, judge.Judge(rule, row, judge.Context{}, minutes(99)))
	if len(got) != 1 || got[0] != (judge.Sample{Facet: "available", Delta: commerce.Int(-1), At: minutes(50)}) {
		t.Errorf("%+v", got)
	}
	if got := judge.SegmentOf(rule, row); got != judge.AllSegments {
		t.Errorf("segment %s of a rule that parts nothing", got)
	}
}

func TestCurrencyIn_ReadsBackWhatSegmentOfWrote(t *testing.T) {
	rule := centsOf(t)
	for segment, want := range map[string]string{"shop/USD": "USD", "a/shop/USD": "USD", "shop/?": "", "others": "", "all": ""} {
		if got := judge.CurrencyIn(rule, segment, "total"); got != want {
			t.Errorf("%s: %q, want %q", segment, got, want)
		}
	}
}

// policy is the row of what an audit reports.
func policy(facets ...commerce.Facets) record.Row {
	h := &history{row: record.Row{Kind: commerce.Trend, Key: commerce.Key{"orders-to-erp", "order-money", "shop/USD"}}}
	for i, f := range facets {
		h.say(0, commerce.Plumbline, "shop/USD", f, func(o *commerce.Observation) {
			o.Part, o.Gone = []string{"tax", "total"}[i], f == nil
		})
	}
	return h.row
}

func oneWay(sum, most, with, against, of string, kind commerce.Kind, currency string) commerce.Facets {
	f := commerce.Facets{
		"sum": number(sum), "most": number(most), "with": number(with), "against": number(against), "of": number(of),
		"kind": commerce.Text(string(kind)), "since": commerce.Time(minutes(-60)),
	}
	if currency != "" {
		f["currency"] = commerce.Text(currency)
	}
	return f
}

func TestJudge_APolicyThatManyRecordsShare(t *testing.T) {
	rules := judge.Rules(&registry.Registry{Integrations: []registry.Integration{{Name: "orders-to-erp", Rules: []registry.Rule{centsOf(t), present(t, registry.Present)}}}})
	if len(rules[commerce.Trend]) != 1 {
		t.Fatalf("%d rules, want one for the rule that compares numbers", len(rules[commerce.Trend]))
	}
	rule := rules[commerce.Trend][0]
	if rule.ID != "order-money-trend" || rule.Mode != registry.Watch {
		t.Errorf("%s in mode %s", rule.ID, rule.Mode)
	}
	cent := oneWay("-2.12", "0.01", "212", "0", "240", commerce.Order, "USD")
	for _, c := range []struct {
		name    string
		row     record.Row
		outcome judge.Outcome
		why     string
	}{
		{"a cent", policy(nil, cent), judge.Differ, "total is 0.01 USD too low on 212 of 240 orders, always one way: a rounding policy, not orders"},
		{
			"a few the other way, of any size", policy(oneWay("31.4", "1.2", "90", "3", "95", commerce.Order, "USD")), judge.Differ,
			"tax is up to 1.2 USD too high on 90 of 95 orders, 3 the other way: a policy, not orders",
		},
		{
			"two facets are one finding", policy(oneWay("0.6", "0.01", "60", "0", "60", commerce.Order, "USD"), cent), judge.Differ,
			"tax is 0.01 USD too high on 60 of 60 orders, always one way: a rounding policy, not orders; " +
				"total is 0.01 USD too low on 212 of 240 orders, always one way: a rounding policy, not orders",
		},
		{
			"no amounts", policy(oneWay("64", "2", "58", "2", "60", commerce.Inventory, "")), judge.Differ,
			"tax is up to 2 too high on 58 of 60 changes, 2 the other way: a leak that many records share, or a policy",
		},
		{"corrected", policy(nil, nil), judge.Agree, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(rule, c.row, judge.Context{}, minutes(99))
			if v.Outcome != c.outcome || v.Why != c.why {
				t.Errorf("%s, %q; want %s, %q", v.Outcome, v.Why, c.outcome, c.why)
			}
			class := finding.OneSided
			if c.name == "no amounts" {
				class = finding.SlowDivergence
			}
			if v.Outcome == judge.Differ && (v.Class != class || !v.Since.Equal(minutes(-60)) || v.Cause.Version.IsZero()) {
				t.Errorf("%s since %s by %+v", v.Class, v.Since, v.Cause)
			}
		})
	}
	other := policy(cent)
	other.Key = commerce.Key{"orders-to-erp", "another", "shop/USD"}
	if v := judge.Judge(rule, other, judge.Context{}, minutes(99)); v.Outcome != judge.NotJudged {
		t.Errorf("%s of another rule's row", v.Outcome)
	}
}
