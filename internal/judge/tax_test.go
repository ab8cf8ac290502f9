package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// priced is a price that the ERP and the shop reported like this.
func priced(erp, shop commerce.Facets) record.Row {
	h := &history{row: record.Row{Kind: commerce.Price, Key: commerce.Key{"MUG-BLU", "base"}}}
	return h.say(0, "erp", "I", erp).say(1, "shop", "V", shop).row
}

// pricing is the rule "the shop has the ERP's price", with rates of tax.
func pricing(t *testing.T, rates ...string) registry.Rule {
	rule := registry.Rule{
		Integration: "prices", ID: "price", Kind: commerce.Price, From: "erp", To: "shop",
		Check: registry.Equal, Settle: registry.Settle{For: 30 * time.Minute, By: -1},
		Expect: []registry.Expectation{{Facet: "regular", Value: compile(t, commerce.Price, "from.regular", commerce.NumberType)}},
	}
	for _, rate := range rates {
		rule.TaxRates = append(rule.TaxRates, commerce.MustDecimal(rate))
	}
	return rule
}

func TestJudge_APriceWithTaxAgainstOneWithoutSaysSo(t *testing.T) {
	for _, c := range []struct{ name, erp, shop, why, by string }{
		{"without against with", "regular 100 currency EUR", "regular 119 currency EUR", "shop is with tax, erp without: exactly the tax of 19 %, 19.00 EUR", "tax of 19 %"},
		{"with against without", "regular 119 currency EUR", "regular 100 currency EUR", "erp is with tax, shop without: exactly the tax of 19 %, 19.00 EUR", "tax of 19 %"},
		{"the other rate", "regular 100 currency EUR", "regular 107 currency EUR", "shop is with tax, erp without: exactly the tax of 7 %, 7.00 EUR", "tax of 7 %"},
		{"rounded up from the net price", "regular 12.56 currency EUR", "regular 14.95 currency EUR", "shop is with tax, erp without: exactly the tax of 19 %, 2.39 EUR", "tax of 19 %"},
		{"rounded down from the gross price", "regular 16.79 currency EUR", "regular 19.98 currency EUR", "shop is with tax, erp without: exactly the tax of 19 %, 3.19 EUR", "tax of 19 %"},
		{"a currency without cents", "regular 1000 currency JPY", "regular 1190 currency JPY", "shop is with tax, erp without: exactly the tax of 19 %, 190 JPY", "tax of 19 %"},
		{"nobody names a currency", "regular 100", "regular 119", "shop is with tax, erp without: exactly the tax of 19 %, 19.00", "tax of 19 %"},
		{"a cent more than the tax", "regular 100 currency EUR", "regular 119.01 currency EUR", "", ""},
		{"another rate", "regular 100 currency EUR", "regular 120 currency EUR", "", ""},
		{"cents, which any rate may meet", "regular 0.45 currency EUR", "regular 0.54 currency EUR", "", ""},
		{"a price of nothing", "regular 0 currency EUR", "regular 19 currency EUR", "", ""},
		{"an invalid price", "regular -100 currency EUR", "regular -119 currency EUR", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(pricing(t, "19", "7"), priced(says(c.erp), says(c.shop)), judge.Context{}, minutes(99))
			d := v.Differences()
			if v.Outcome != judge.Differ || v.Why != c.why || len(d) != 1 || d[0].By != c.by {
				t.Errorf("%s (%s), %+v; want it to differ (%s) by %q", v.Outcome, v.Why, d, c.why, c.by)
			}
		})
	}
}

// TestJudge_TaxExplainsNothingAgainstWhatASideSays: a price that is known to be
// with tax is not told to be without.
func TestJudge_TaxExplainsNothingAgainstWhatASideSays(t *testing.T) {
	const exactly = "shop is with tax, erp without: exactly the tax of 19 %, 19.00 EUR"
	for _, c := range []struct {
		name      string
		erp, shop commerce.Value
		why       string
	}{
		{"neither says", commerce.Null(), commerce.Null(), exactly},
		{"both say so", commerce.Bool(false), commerce.Bool(true), exactly},
		{"one says so", commerce.Bool(false), commerce.Null(), exactly},
		{"both are with tax", commerce.Bool(true), commerce.Bool(true), ""},
		{"both are without", commerce.Bool(false), commerce.Bool(false), ""},
		{"the other way round", commerce.Bool(true), commerce.Bool(false), ""},
	} {
		erp, shop := says("regular 100 currency EUR"), says("regular 119 currency EUR")
		erp["tax_included"], shop["tax_included"] = c.erp, c.shop
		if v := judge.Judge(pricing(t, "19"), priced(erp, shop), judge.Context{}, minutes(99)); v.Outcome != judge.Differ || v.Why != c.why {
			t.Errorf("%s: %s (%s), want it to differ (%s)", c.name, v.Outcome, v.Why, c.why)
		}
	}
}

func TestJudge_TwoRatesThatMeetAreBothTold(t *testing.T) {
	v := judge.Judge(pricing(t, "19", "19.1"), priced(says("regular 1.25 currency EUR"), says("regular 1.49 currency EUR")), judge.Context{}, minutes(99))
	if want := "shop is with tax, erp without: exactly the tax of 19 or 19.1 %, 0.24 EUR"; v.Why != want {
		t.Errorf("%s (%s), want %s", v.Outcome, v.Why, want)
	}
}

// TestJudge_ATaxRateExcusesNothing: prices that cannot be compared stay so.
func TestJudge_ATaxRateExcusesNothing(t *testing.T) {
	v := judge.Judge(pricing(t, "19"), priced(says("regular 100 currency EUR"), says("regular 119 currency CHF")), judge.Context{}, minutes(99))
	if v.Outcome != judge.CannotTell || v.Why != "erp is in EUR, shop in CHF" {
		t.Errorf("%s (%s)", v.Outcome, v.Why)
	}
}
