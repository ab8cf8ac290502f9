package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

var amounts = []string{"discount", "duties", "exchanged", "gift_sold", "gift_used", "rounding", "shipping", "tips"}

// anyOrder is an order of small round amounts, so that many of them meet.
func anyOrder(rt *rapid.T) (shop, erp commerce.Facets) {
	side := func(label string) commerce.Facets {
		facets := commerce.Facets{"total_current": commerce.Number(commerce.Int(rapid.Int64Range(90, 110).Draw(rt, label+" total")))}
		for _, name := range amounts {
			switch rapid.IntRange(0, 4).Draw(rt, label+" has "+name) {
			case 0:
				facets[name] = commerce.Null()
			case 1, 2:
				facets[name] = commerce.Number(commerce.Int(rapid.Int64Range(-1, 9).Draw(rt, label+" "+name)))
			}
		}
		return facets
	}
	return side("shop"), side("erp")
}

// TestJudge_ExplanationsAddUp states what holds of any order under any policy: it
// turns no agreement into a difference; what agrees by policy is within the
// tolerance of amounts that some side reports, and says so; and the order in
// which the policy is written changes nothing.
func TestJudge_ExplanationsAddUp(t *testing.T) {
	explained, differed := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		shop, erp := anyOrder(rt)
		row := orderHistory().say(0, "shop", "1", shop).say(1, "erp", "SO-1", erp).row
		within := rapid.Int64Range(0, 2).Draw(rt, "within")
		policy := rapid.SliceOfNDistinct(rapid.SampledFrom(amounts), 0, 5, rapid.ID).Draw(rt, "policy")

		strict := judge.Judge(money(t, fmt.Sprint(within)), row, judge.Context{}, minutes(99))
		v := judge.Judge(money(t, fmt.Sprint(within), policy...), row, judge.Context{}, minutes(99))
		if strict.Outcome == judge.Agree && (v.Outcome != judge.Agree || v.Facets[0].Explanation != nil) {
			rt.Fatalf("what agrees is %s (%s) with a policy", v.Outcome, v.Why)
		}
		turned := slices.Clone(policy)
		slices.Reverse(turned)
		if again := judge.Judge(money(t, fmt.Sprint(within), turned...), row, judge.Context{}, minutes(99)); cmp.Diff(v, again, exact) != "" {
			rt.Fatalf("the policy in another order:\n%s", cmp.Diff(v, again, exact))
		}
		f := v.Facets[0]
		if f.Explanation == nil {
			return
		}
		if f.Explanation.Policy {
			explained++
		} else {
			differed++
		}
		if f.Explanation.Policy != (v.Outcome == judge.Agree) {
			rt.Fatalf("%s, although policy %t explains it", v.Outcome, f.Explanation.Policy)
		}
		rest := f.Explanation.Rest
		if rest.Abs().Cmp(commerce.Int(within)) > 0 {
			rt.Fatalf("%s leaves %s, more than the tolerance of %d", f.Explanation.Text, rest, within)
		}
		if by := f.Explanation.By; by != "" && by != "lines" && by != "rounding per line" && by != "unit" {
			names := strings.Split(by, " + ")
			if f.Explanation.Policy {
				for _, name := range names {
					if !slices.Contains(policy, name) {
						rt.Fatalf("%s is no policy: %v", name, policy)
					}
				}
			}
			gap, err := f.Delta.Sub(rest)
			if err != nil || !reachable(gap, names, shop, erp) {
				rt.Fatalf("%s: no amounts of %s add up to %s", f.Explanation.Text, by, gap)
			}
		}
	})
	if explained == 0 || differed == 0 {
		t.Errorf("%d explained by policy, %d by evidence: the property says nothing of one of them", explained, differed)
	}
}

// reachable tries every way in which one amount of each name can be added or
// taken off.
func reachable(gap commerce.Decimal, names []string, shop, erp commerce.Facets) bool {
	if len(names) == 0 {
		return gap.Sign() == 0
	}
	a, _ := shop[names[0]].Decimal()
	b, _ := erp[names[0]].Decimal()
	between, _ := b.Sub(a)
	for _, d := range []commerce.Decimal{a, b, between} {
		for _, signed := range []commerce.Decimal{d, d.Neg()} {
			if left, err := gap.Sub(signed); err == nil && signed.Sign() != 0 && reachable(left, names[1:], shop, erp) {
				return true
			}
		}
	}
	return false
}

// BenchmarkJudge_Order measures rows that agree with and without a policy, and
// such as policy explains: what agrees pays nothing for it.
func BenchmarkJudge_Order(b *testing.B) {
	agrees := sold("total_current 104.20 tips 4.20 shipping 12 tax_current 8 lines 3 currency USD", "total_current 104.20 shipping 12 tax_current 8 lines 3 currency USD").row
	explained := sold("total_current 104.20 tips 4.20 shipping 12 tax_current 8 lines 3 currency USD", "total_current 100 shipping 12 tax_current 8 lines 3 currency USD").row
	policy := []string{"exchanged", "gift_sold", "gift_used", "rounding", "tips"}
	plain, with := money(b, "0.01 * from.lines"), money(b, "0.01 * from.lines", policy...)
	for _, c := range []struct {
		name    string
		judging func() judge.Verdict
	}{
		{"agrees without policy", func() judge.Verdict { return judge.Judge(plain, agrees, judge.Context{}, minutes(99)) }},
		{"agrees with policy", func() judge.Verdict { return judge.Judge(with, agrees, judge.Context{}, minutes(99)) }},
		{"explained by policy", func() judge.Verdict { return judge.Judge(with, explained, judge.Context{}, minutes(99)) }},
		{"differs", func() judge.Verdict { return judge.Judge(plain, explained, judge.Context{}, minutes(99)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.judging()
			}
		})
	}
}

// TestJudge_WhatAgreesPaysNothingForPolicy: explanations are looked for only
// where something differs.
func TestJudge_WhatAgreesPaysNothingForPolicy(t *testing.T) {
	row := sold("total_current 104.20 tips 4.20 lines 3 currency USD", "total_current 104.20 lines 3 currency USD").row
	plain, with := money(t, "0.01 * from.lines"), money(t, "0.01 * from.lines", "exchanged", "gift_sold", "tips")
	with.Rates = rates()
	allocations := func(rule registry.Rule) float64 {
		return testing.AllocsPerRun(100, func() { judge.Judge(rule, row, judge.Context{}, minutes(99)) })
	}
	if before, after := allocations(plain), allocations(with); after > before {
		t.Errorf("%v allocations, %v without a policy", after, before)
	}
}
