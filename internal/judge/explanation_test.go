package judge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// money is the rule "the ERP has the web order's total", with a tolerance of so
// much and what is policy.
func money(t testing.TB, within string, policy ...string) registry.Rule {
	rule := registry.Rule{
		Integration: "orders-to-erp", ID: "order-money", Kind: commerce.Order, From: "shop", To: "erp",
		Check: registry.Equal, Mode: registry.Alert, Settle: registry.Settle{For: 30 * time.Minute, By: -1},
		ExplainedBy: policy,
	}
	rule.Expect = []registry.Expectation{{
		Facet: "total_current", Value: compile(t, commerce.Order, "from.total_current", commerce.NumberType),
		Within: compile(t, commerce.Order, within, commerce.NumberType),
	}}
	return rule
}

// says are facets written as "total_current 96 tips 4.20"; other words than
// numbers are texts, and null is null.
func says(text string) commerce.Facets {
	facets := commerce.Facets{}
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		d, err := commerce.ParseDecimal(words[i+1])
		switch {
		case words[i+1] == "null":
			facets[words[i]] = commerce.Null()
		case err != nil:
			facets[words[i]] = commerce.Text(words[i+1])
		default:
			facets[words[i]] = commerce.Number(d)
		}
	}
	return facets
}

// sold is an order that the shop and the ERP reported like this.
func sold(shop, erp string) *history {
	return orderHistory().say(0, "shop", "1", says(shop)).say(1, "erp", "SO-1", says(erp))
}

func TestJudge_WhatIsPolicyAgrees(t *testing.T) {
	for _, c := range []struct {
		name, within, shop, erp string
		policy                  []string
		outcome                 judge.Outcome
		explained               string
		rest                    string
	}{
		{
			name: "the tip is booked on an account", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Agree, explained: "exactly the tip, 4.20 USD", rest: "0",
		},
		{
			name: "and nobody names a currency", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20", erp: "total_current 100",
			outcome: judge.Agree, explained: "exactly the tip, 4.20", rest: "0",
		},
		{
			name: "the other side has what this one leaves out", policy: []string{"duties"},
			shop: "total_current 100 currency USD", erp: "total_current 112 duties 12 currency USD",
			outcome: judge.Agree, explained: "exactly the duties, 12.00 USD", rest: "0",
		},
		{
			name: "both have it, and say other amounts", policy: []string{"shipping"},
			shop: "total_current 110 shipping 10 currency USD", erp: "total_current 108 shipping 8 currency USD",
			outcome: judge.Agree, explained: "exactly what the shipping differs by, 2.00 USD", rest: "0",
		},
		{
			name: "a discount makes the amount smaller that holds it", policy: []string{"discount"},
			shop: "total_current 90 discount 10 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Agree, explained: "exactly the discount, 10.00 USD", rest: "0",
		},
		{
			name: "cash rounding, in either direction", policy: []string{"rounding"},
			shop: "total_current 100.02 rounding -0.02 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Agree, explained: "exactly the cash rounding, 0.02 USD", rest: "0",
		},
		{
			name: "an exchange that is invoiced apart", policy: []string{"exchanged", "tips"},
			shop: "total_current 120 exchanged 35 currency USD", erp: "total_current 85 currency USD",
			outcome: judge.Agree, explained: "exactly the exchange, 35.00 USD", rest: "0",
		},
		{
			name: "up to the tolerance", within: "0.02", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20 currency USD", erp: "total_current 99.99 currency USD",
			outcome: judge.Agree, explained: "the tip, 4.20 USD, but for 0.01 USD", rest: "-0.01",
		},
		{
			name: "the sum of several", policy: []string{"tips", "rounding", "gift_sold"},
			shop: "total_current 129.22 tips 4.20 rounding 0.02 gift_sold 25 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Agree, explained: "exactly the gift card that was sold, the cash rounding and the tip, 25.00, 0.02 and 4.20 USD", rest: "0",
		},
		{
			name: "the smallest set counts", policy: []string{"tips", "duties", "shipping"},
			shop: "total_current 112 tips 4 duties 8 shipping 12 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Agree, explained: "exactly the shipping, 12.00 USD", rest: "0",
		},
		{
			name: "two that are the same amount", policy: []string{"tips", "shipping"},
			shop: "total_current 105 tips 5 shipping 5 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Agree, explained: "exactly the shipping or the tip, 5.00 USD; which of them cannot be told", rest: "0",
		},
		{
			name: "a currency without cents", policy: []string{"tips"},
			shop: "total_current 1200 tips 200 currency JPY", erp: "total_current 1000 currency JPY",
			outcome: judge.Agree, explained: "exactly the tip, 200 JPY", rest: "0",
		},
		{
			name: "what agrees needs no explanation", within: "5", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20 currency USD", erp: "total_current 100 currency USD", outcome: judge.Agree,
		},
		{
			name: "a tip that was booked twice is no policy", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20 currency USD", erp: "total_current 108.40 currency USD",
			outcome: judge.Differ, explained: "the gap is exactly the tip, 4.20 USD", rest: "0",
		},
		{
			name: "a cent more than the tip", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20 currency USD", erp: "total_current 99.99 currency USD", outcome: judge.Differ,
		},
		{
			name: "a tip that nobody reports explains nothing", policy: []string{"tips"},
			shop: "total_current 104.20 currency USD", erp: "total_current 100 currency USD", outcome: judge.Differ,
		},
		{
			name: "nor does one that is null", policy: []string{"tips"},
			shop: "total_current 104.20 tips null currency USD", erp: "total_current 100 currency USD", outcome: judge.Differ,
		},
		{
			name: "an amount does not explain itself", policy: []string{"total_current"},
			shop: "total_current 104.20 currency USD", erp: "total_current 100 currency USD", outcome: judge.Differ,
		},
		{
			name: "evidence up to the tolerance", within: "0.05",
			shop: "total_current 112.03 shipping 12 currency USD", erp: "total_current 100 currency USD",
			outcome: judge.Differ, explained: "the gap is the shipping, 12.00 USD, but for 0.03 USD", rest: "-0.03",
		},
		{
			name: "what is as small as the tolerance would be explained by anything", within: "0.05",
			shop: "total_current 100.06 tips 0.02 currency USD", erp: "total_current 100 currency USD", outcome: judge.Differ,
		},
		{
			name: "a status is no amount", policy: []string{"payment"},
			shop: "total_current 104.20 payment paid currency USD", erp: "total_current 100 currency USD", outcome: judge.Differ,
		},
		{
			name: "two currencies", policy: []string{"tips"},
			shop: "total_current 104.20 tips 4.20 currency USD", erp: "total_current 100 currency CAD", outcome: judge.CannotTell,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.within == "" {
				c.within = "0"
			}
			v := judge.Judge(money(t, c.within, c.policy...), sold(c.shop, c.erp).row, judge.Context{}, minutes(99))
			got, rest := "", ""
			if x := v.Facets[0].Explanation; x != nil {
				got, rest = x.Text, x.Rest.String()
				if x.Policy != (v.Outcome == judge.Agree) {
					t.Errorf("policy %t of what is %s", x.Policy, v.Outcome)
				}
			}
			if v.Outcome != c.outcome || got != c.explained || rest != c.rest {
				t.Errorf("%s, %q, rest %q (%s); want %s, %q, rest %q", v.Outcome, got, rest, v.Why, c.outcome, c.explained, c.rest)
			}
			if c.outcome == judge.Agree && got != "" && v.Why != "total_current differs by "+got {
				t.Errorf("why %q", v.Why)
			}
		})
	}
}

func TestJudge_APolicyThatContradictsItselfCannotBeTold(t *testing.T) {
	rule := registry.Rule{
		Integration: "payments", ID: "paid", Kind: commerce.Payment, From: "stripe", To: "shop", ExplainedBy: []string{"fee"},
		Check: registry.Equal, Settle: registry.Settle{For: time.Minute, By: -1},
		Expect: []registry.Expectation{{Facet: "amount", Value: compile(t, commerce.Payment, "from.amount", commerce.NumberType)}},
	}
	h := &history{row: record.Row{Kind: commerce.Payment, Key: commerce.Key{"tx-1"}}}
	apart := func(slot string) func(*commerce.Observation) { return func(o *commerce.Observation) { o.Slot = slot } }
	h.say(0, "stripe", "a", says("amount 100 fee 3"), apart("a")).say(0, "stripe", "b", says("amount 100 fee 4"), apart("b")).say(1, "shop", "s", says("amount 97"))
	if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != judge.CannotTell || v.Why != "stripe reports more than one fee" {
		t.Errorf("%s (%s)", v.Outcome, v.Why)
	}
}

func TestJudge_WhatIsNotPolicyIsToldAsEvidence(t *testing.T) {
	for _, c := range []struct{ name, shop, erp, why, by string }{
		{"one component", "total_current 112 shipping 12 currency USD", "total_current 100 currency USD", "the gap is exactly the shipping, 12.00 USD", "shipping"},
		{"one that was counted twice", "total_current 112 shipping 12 currency USD", "total_current 124 currency USD", "the gap is exactly the shipping, 12.00 USD", "shipping"},
		{"two", "total_current 116.20 shipping 12 tips 4.20 currency USD", "total_current 100 currency USD", "the gap is exactly the shipping and the tip, 12.00 and 4.20 USD", "shipping + tips"},
		{"one of two", "total_current 112 shipping 12 duties 12 currency USD", "total_current 100 currency USD", "the gap is exactly the duties or the shipping, 12.00 USD; which of them cannot be told", ""},
		{"with tax against without", "total_current 108.40 tax_current 8.40 currency USD", "total_current 100 currency USD", "shop is with tax, erp without: exactly the tax, 8.40 USD", "tax_current"},
		{"without tax against with", "total_current 100 tax_current 8.40 currency USD", "total_current 108.40 currency USD", "erp is with tax, shop without: exactly the tax, 8.40 USD", "tax_current"},
		{"cents as units", "total_current 104.20 currency USD", "total_current 10420 currency USD", "erp shows 100 times as much, as if it counted in a smaller unit", "unit"},
		{"units as cents", "total_current 10420 currency USD", "total_current 104.20 currency USD", "shop shows 100 times as much, as if it counted in a smaller unit", "unit"},
		{"rounded per line", "total_current 104.20 lines 5 tax_current 8 currency USD", "total_current 104.22 lines 5 tax_current 8.02 currency USD", "the gap is exactly what the tax differs by, 0.02 USD", "tax_current"},
		{"rounded per line, and nobody says of what", "total_current 104.20 lines 5 currency USD", "total_current 104.22 currency USD", "rounded per line against per order: 0.02 USD over 5 lines", "rounding per line"},
		{"rounded per line, and only the other side counts lines", "total_current 104.20 currency USD", "total_current 104.22 lines 5 currency USD", "rounded per line against per order: 0.02 USD over 5 lines", "rounding per line"},
		{"half a cent for each line is all", "total_current 104.20 lines 3 currency USD", "total_current 104.22 lines 3 currency USD", "", ""},
		{"one line is rounded once", "total_current 104.20 lines 1 currency KWD", "total_current 104.2005 lines 1 currency KWD", "", ""},
		{"rounded, and a component is another", "total_current 104.20 lines 5 shipping 5 currency USD", "total_current 104.22 shipping 6 currency USD", "", ""},
		{"nothing", "total_current 104.20 shipping 12 currency USD", "total_current 100 currency USD", "", ""},
		{"three at a time would explain anything", "total_current 107 shipping 1 tips 2 duties 4 currency USD", "total_current 100 currency USD", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(money(t, "0"), sold(c.shop, c.erp).row, judge.Context{}, minutes(99))
			d := v.Differences()
			if v.Outcome != judge.Differ || v.Why != c.why || len(d) != 1 || d[0].Explained != c.why || d[0].By != c.by {
				t.Errorf("%s (%s) by %q; want it to differ (%s) by %q", v.Outcome, v.Why, d[0].By, c.why, c.by)
			}
			young := judge.Judge(money(t, "0"), sold(c.shop, c.erp).row, judge.Context{}, minutes(2))
			if young.Outcome != judge.Pending || young.Differences()[0].Explained != c.why {
				t.Errorf("while it is young: %s, %+v", young.Outcome, young.Differences())
			}
		})
	}
}

// lined gives an observation lines written as "SOCK-M 1 MUG-BLU 2".
func lined(text string) func(*commerce.Observation) {
	return func(o *commerce.Observation) {
		words := strings.Fields(text)
		for i := 0; i+1 < len(words); i += 2 {
			o.Lines = append(o.Lines, commerce.Line{SKU: words[i], Units: commerce.MustDecimal(words[i+1])})
		}
	}
}

func TestJudge_LinesThatOneSideHasExplainWhatDiffers(t *testing.T) {
	for _, c := range []struct{ name, shop, erp, shopUnits, erpUnits, why string }{
		{"one that was added", "MUG-BLU 2 SOCK-M 1", "MUG-BLU 2", "3", "2", "the gap is exactly line SOCK-M × 1, which erp does not have"},
		{"more of the same", "MUG-BLU 3", "MUG-BLU 1", "3", "1", "the gap is exactly line MUG-BLU × 2, which erp does not have"},
		{"one that was removed", "MUG-BLU 2", "MUG-BLU 2 SOCK-M 1", "2", "3", "the gap is exactly line SOCK-M × 1, which shop does not have"},
		{"one for another", "MUG-BLU 1", "SOCK-M 1", "1", "1", "the gap is exactly line MUG-BLU × 1, which erp does not have, and line SOCK-M × 1, which shop does not have"},
		{"two", "A 1 B 2 C 1", "C 1", "4", "1", "the gap is exactly lines A × 1 and B × 2, which erp does not have"},
		{"more than anybody reads", "A 1 B 1 C 1 D 1 E 1", "E 1", "5", "1", ""},
		{"lines that are no more than a part of it", "MUG-BLU 2 SOCK-M 1", "MUG-BLU 2", "5", "2", ""},
		{"lines of which one side tells none", "MUG-BLU 2", "", "2", "0", ""},
		{"the same lines", "MUG-BLU 2", "MUG-BLU 2", "2", "2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := orderHistory().
				say(0, "shop", "1", says("total_current 186.40 currency USD units_current "+c.shopUnits), lined(c.shop)).
				say(1, "erp", "SO-1", says("total_current 168.37 currency USD units_current "+c.erpUnits), lined(c.erp))
			if v := judge.Judge(money(t, "0.03"), h.row, judge.Context{}, minutes(99)); v.Outcome != judge.Differ || v.Why != c.why {
				t.Errorf("%s (%s), want it to differ (%s)", v.Outcome, v.Why, c.why)
			}
		})
	}
}

// TestJudge_AnExplanationBelongsToItsFacet: what explains the total does not
// excuse the units.
func TestJudge_AnExplanationBelongsToItsFacet(t *testing.T) {
	rule := money(t, "0", "tips")
	rule.Expect = append(rule.Expect, registry.Expectation{
		Facet: "units_current", Value: compile(t, commerce.Order, "from.units_current", commerce.NumberType),
	})
	h := sold("total_current 104.20 tips 4.20 units_current 3 currency USD", "total_current 100 units_current 2 currency USD")
	v := judge.Judge(rule, h.row, judge.Context{}, minutes(99))
	if d := v.Differences(); v.Outcome != judge.Differ || v.Why != "" || len(d) != 1 || d[0].Facet != "units_current" || d[0].Explained != "" {
		t.Errorf("%s (%s): %+v", v.Outcome, v.Why, d)
	}
	if f := v.Facets[0]; f.Outcome != judge.Agree || f.Residual().Sign() != 0 || f.Delta.String() != "-4.2" {
		t.Errorf("the total: %+v", f)
	}
}

// TestJudge_WhatAgreesKeepsItsSignedDelta: a cent that is always on one side is
// seen by those who add up many records.
func TestJudge_WhatAgreesKeepsItsSignedDelta(t *testing.T) {
	v := judge.Judge(money(t, "0.05"), sold("total_current 100", "total_current 99.98").row, judge.Context{}, minutes(99))
	if f := v.Facets[0]; v.Outcome != judge.Agree || f.Delta.String() != "-0.02" || f.Residual().String() != "-0.02" {
		t.Errorf("%s: %+v", v.Outcome, f)
	}
}

// TestJudge_ThePastIsExplainedAsWell: a side that was explained until the other
// changed has lagged since that change, and not since the beginning.
func TestJudge_ThePastIsExplainedAsWell(t *testing.T) {
	h := sold("total_current 104.20 tips 4.20", "total_current 100").say(50, "shop", "1", says("total_current 124.20 tips 4.20"))
	v := judge.Judge(money(t, "0", "tips"), h.row, judge.Context{}, minutes(60))
	if v.Outcome != judge.Pending || !v.Since.Equal(minutes(50)) || v.Class != finding.Late {
		t.Errorf("%s %s since %s, want it pending since the change", v.Outcome, v.Class, v.Since)
	}
}

func TestJudge_IgnoredRecordsAreNotJudged(t *testing.T) {
	rule := stock(t, "from.free")
	rule.Ignored = []registry.Ignored{{Part: "sku", Pattern: "SAMPLE-*"}, {Part: "location", Pattern: "popup"}}
	for _, c := range []struct {
		key     commerce.Key
		outcome judge.Outcome
		why     string
	}{
		{commerce.Key{"SAMPLE-1", "east"}, judge.NotJudged, "ignored by the registry: sku SAMPLE-*"},
		{commerce.Key{"MUG-BLU", "popup"}, judge.NotJudged, "ignored by the registry: location popup"},
		{commerce.Key{"MUG-BLU", "east"}, judge.Differ, ""},
	} {
		h := stockHistory()
		h.row.Key = c.key
		if v := judge.Judge(rule, h.erp(0, "12").shop(1, "9").row, judge.Context{}, minutes(99)); v.Outcome != c.outcome || v.Why != c.why {
			t.Errorf("%v: %s (%s), want %s (%s)", c.key, v.Outcome, v.Why, c.outcome, c.why)
		}
	}
}

// TestJudge_TheOrderOfPolicyDoesNotMatter judges under every order of three
// names.
func TestJudge_TheOrderOfPolicyDoesNotMatter(t *testing.T) {
	h := sold("total_current 117 tips 5 shipping 5 duties 12 currency USD", "total_current 100 currency USD")
	want := ""
	for _, policy := range [][]string{{"duties", "shipping", "tips"}, {"tips", "shipping", "duties"}, {"shipping", "tips", "duties"}} {
		v := judge.Judge(money(t, "0", policy...), h.row, judge.Context{}, minutes(99))
		if want == "" {
			want = v.Why
		}
		if v.Outcome != judge.Agree || v.Why != want {
			t.Errorf("%v: %s (%s), want %s", policy, v.Outcome, v.Why, want)
		}
	}
}

// TestLeak_WhatPolicyExplainsIsNone: only what it leaves counts.
func TestLeak_WhatPolicyExplainsIsNone(t *testing.T) {
	rule := money(t, "0.05", "tips")
	for erp, want := range map[string]string{"total_current 100": "0", "total_current 99.98": "-0.02"} {
		leak := judge.Leak(rule, sold("total_current 104.20 tips 4.20", erp).row, judge.Context{}, minutes(9000))
		if leak.Level.String() != want {
			t.Errorf("%s: a level of %s, want %s", erp, leak.Level, want)
		}
	}
}
