package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

// rates of the day on which the orders of these tests were created, and of
// others.
func rates() *registry.Rates {
	rate := func(date, from, to, value string) registry.Rate {
		return registry.Rate{Date: date, From: from, To: to, Value: commerce.MustDecimal(value)}
	}
	return &registry.Rates{File: "rates.csv", Days: map[string][]registry.Rate{
		"USD/CAD": {rate("2026-03-02", "USD", "CAD", "1.3487"), rate("2026-03-03", "USD", "CAD", "1.3512"), rate("2026-03-04", "USD", "CAD", "1.3600")},
		"USD/JPY": {rate("2026-03-03", "USD", "JPY", "151.237")},
		"EUR/USD": {rate("2026-02-01", "EUR", "USD", "1.0625")},
	}}
}

func TestJudge_TwoCurrenciesMeetAtTheRateOfTheDay(t *testing.T) {
	undated := func(o *commerce.Observation) { o.Created = time.Time{} }
	for _, c := range []struct {
		name, shop, erp string
		change          []func(*commerce.Observation)
		outcome         judge.Outcome
		why             string
	}{
		{name: "converted", shop: "total_current 100 currency USD", erp: "total_current 135.12 currency CAD", outcome: judge.Agree},
		{name: "the other way round", shop: "total_current 135.12 currency CAD", erp: "total_current 100 currency USD", outcome: judge.Agree},
		{name: "a cent that rounding leaves", shop: "total_current 99.99 currency USD", erp: "total_current 135.12 currency CAD", outcome: judge.Agree},
		{name: "two cents", shop: "total_current 100 currency USD", erp: "total_current 135.14 currency CAD", outcome: judge.Differ},
		{name: "another day's rate", shop: "total_current 100 currency USD", erp: "total_current 136 currency CAD", outcome: judge.Differ},
		{name: "a currency without cents", shop: "total_current 100 currency USD", erp: "total_current 15124 currency JPY", outcome: judge.Agree},
		{name: "two of them", shop: "total_current 100 currency USD", erp: "total_current 15126 currency JPY", outcome: judge.Differ},
		{
			name: "the rate was left out", shop: "total_current 100 currency USD", erp: "total_current 100 currency CAD", outcome: judge.Differ,
			why: "the amount is the same in USD as in CAD: the USD/CAD rate of 2026-03-03, 1.3512, was left out",
		},
		{
			name: "a component is converted too", shop: "total_current 112 shipping 12 currency USD", erp: "total_current 135.12 currency CAD", outcome: judge.Differ,
			why: "the gap is exactly the shipping, 16.21 CAD",
		},
		{
			name: "no rate of the week", shop: "total_current 100 currency EUR", erp: "total_current 106.25 currency USD", outcome: judge.CannotTell,
			why: "shop is in EUR, erp in USD, and rates.csv has no rate of 2026-03-03 or the week before",
		},
		{
			name: "a pair without rates", shop: "total_current 100 currency CAD", erp: "total_current 100 currency JPY", outcome: judge.CannotTell,
			why: "shop is in CAD, erp in JPY, and rates.csv has no rate of 2026-03-03 or the week before",
		},
		{
			name: "a record without a date", shop: "total_current 100 currency USD", erp: "total_current 135.12 currency CAD",
			change: []func(*commerce.Observation){undated}, outcome: judge.CannotTell,
			why: "shop is in USD, erp in CAD, and no rate applies: neither says when the record was created",
		},
		{
			name: "a currency that is null", shop: "total_current 100 currency null", erp: "total_current 100 currency CAD", outcome: judge.Agree,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := orderHistory().say(0, "shop", "1", says(c.shop), c.change...).say(1, "erp", "SO-1", says(c.erp), c.change...)
			rule := money(t, "0")
			rule.Rates = rates()
			if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != c.outcome || v.Why != c.why {
				t.Errorf("%s (%s), want %s (%s)", v.Outcome, v.Why, c.outcome, c.why)
			}
		})
	}
}

// TestJudge_ADayBeginsWhereTheBelievedSystemIs: nine in the morning in London is
// still the day before in Honolulu.
func TestJudge_ADayBeginsWhereTheBelievedSystemIs(t *testing.T) {
	rule := money(t, "0")
	rule.Rates, rule.Zone = rates(), time.FixedZone("HST", -10*3600)
	for amount, want := range map[string]judge.Outcome{"134.87": judge.Agree, "135.12": judge.Differ} {
		h := sold("total_current 100 currency USD", "currency CAD total_current "+amount)
		if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != want {
			t.Errorf("%s: %s (%s), want %s", amount, v.Outcome, v.Why, want)
		}
	}
}

func TestJudge_TheMoneyAtRiskIsInTheCurrencyThatIsCompared(t *testing.T) {
	for impact, want := range map[string]string{"abs(delta)": "5", "from.total_current": "135.12", "expected": "135.12", "to.total_current": "140.12"} {
		rule := money(t, "0")
		rule.Rates = rates()
		rule.Impact = compile(t, commerce.Order, impact, commerce.NumberType)
		v := judge.Judge(rule, sold("total_current 100 currency USD", "total_current 140.12 currency CAD").row, judge.Context{}, minutes(99))
		if v.Impact == nil || v.Impact.String() != want || v.Currency != "CAD" {
			t.Errorf("%s: %v %s, want %s CAD", impact, v.Impact, v.Currency, want)
		}
	}
}

func TestJudge_AmountsAreComparedInTheCurrencyThatTheFormulaNames(t *testing.T) {
	for _, c := range []struct {
		name, facet, formula, shop, erp string
		rated                           bool
		outcome                         judge.Outcome
		why                             string
	}{
		{
			name: "the buyer's amount with an ERP in the buyer's currency", facet: "total", formula: "from.presentment_total",
			shop: "total 100 currency USD presentment_total 135 presentment_currency CAD", erp: "total 135 currency CAD", outcome: judge.Agree,
		},
		{
			name: "the shop's amount with an ERP in the buyer's currency", facet: "total", formula: "from.total",
			shop: "total 100 currency USD presentment_total 135 presentment_currency CAD", erp: "total 135 currency CAD",
			outcome: judge.CannotTell, why: "shop is in USD, erp in CAD",
		},
		{
			name: "the buyer's amount with an ERP in the shop's currency", facet: "total", formula: "from.presentment_total",
			shop: "total 100 currency USD presentment_total 135 presentment_currency CAD", erp: "total 100 currency USD",
			outcome: judge.CannotTell, why: "shop is in CAD, erp in USD",
		},
		{
			name: "a sum of both", facet: "total", formula: "from.presentment_total - from.tax",
			shop: "total 100 tax 8 currency USD presentment_total 135 presentment_currency CAD", erp: "total 127 currency CAD",
			outcome: judge.CannotTell, why: "the formula has amounts of shop in USD and in CAD",
		},
		{
			name: "both in one currency", facet: "total", formula: "from.presentment_total - from.tax",
			shop: "total 135 tax 8 currency CAD presentment_total 135 presentment_currency CAD", erp: "total 127 currency CAD", outcome: judge.Agree,
		},
		{
			name: "amounts of both sides in two currencies", facet: "total", formula: "max(from.total, to.total)", rated: true,
			shop: "total 100 currency USD", erp: "total 100 currency CAD",
			outcome: judge.CannotTell, why: "shop is in USD, erp in CAD, and the formula has amounts of both",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := money(t, "0")
			rule.Expect = []registry.Expectation{{Facet: c.facet, Value: compile(t, commerce.Order, c.formula, commerce.NumberType)}}
			if c.rated {
				rule.Rates = rates()
			}
			if v := judge.Judge(rule, sold(c.shop, c.erp).row, judge.Context{}, minutes(99)); v.Outcome != c.outcome || v.Why != c.why {
				t.Errorf("%s (%s), want %s (%s)", v.Outcome, v.Why, c.outcome, c.why)
			}
		})
	}
}

func TestJudge_ARatioThatIsARateIsTold(t *testing.T) {
	for _, c := range []struct{ name, shop, erp, why string }{
		{"as a whole", "total_current 135.12 currency CAD", "total_current 100 currency CAD", "the ratio is 1.3512, the USD/CAD rate of 2026-03-03"},
		{"the other way", "total_current 100 currency CAD", "total_current 135.12 currency CAD", "the ratio is 1.3512, the USD/CAD rate of 2026-03-03"},
		{"one side names the currency", "total_current 135.12", "total_current 100 currency CAD", "the ratio is 1.3512, the USD/CAD rate of 2026-03-03"},
		{
			"in one component", "total_current 213.51 shipping 13.51 currency CAD", "total_current 210 currency CAD",
			"the gap is what the shipping, 13.51 CAD, changes at 1.3512, the USD/CAD rate of 2026-03-03",
		},
		{"nobody names the currency", "total_current 135.12", "total_current 100", ""},
		{"another ratio", "total_current 135.50 currency CAD", "total_current 100 currency CAD", ""},
		{"too little to be no chance", "total_current 0.27 currency CAD", "total_current 0.20 currency CAD", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := money(t, "0")
			rule.Rates = rates()
			if v := judge.Judge(rule, sold(c.shop, c.erp).row, judge.Context{}, minutes(99)); v.Outcome != judge.Differ || v.Why != c.why {
				t.Errorf("%s (%s), want it to differ (%s)", v.Outcome, v.Why, c.why)
			}
		})
	}
}
