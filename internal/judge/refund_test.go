package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

func booked(t *testing.T, within string) registry.Rule {
	return registry.Rule{
		Integration: "refunds", ID: "refund-booked", Kind: commerce.Refund, From: "shop", To: "erp", Check: registry.Present,
		Settle: registry.Settle{For: time.Hour, By: -1},
		Expect: []registry.Expectation{{
			Facet: "amount", Value: compile(t, commerce.Refund, "from.amount", commerce.NumberType),
			Within: compile(t, commerce.Refund, within, commerce.NumberType),
		}},
	}
}

func TestAsRefund_IsExactlyWhatIsNotBooked(t *testing.T) {
	for _, c := range []struct {
		name, shop, erp  string // the order
		refunded, credit string // its refunds; no credit is none in the ERP
		pending          bool
	}{
		{"not booked at all", "total_current 128 tax_current 8", "total_current 186 tax_current 12", "amount 58 tax 4", "", true},
		{"booked in part", "total_current 128 tax_current 8", "total_current 136 tax_current 8", "amount 58", "amount 50", true},
		{"up to the rule's tolerance", "total_current 128 tax_current 8", "total_current 186.01 tax_current 12", "amount 58 tax 4", "", true},
		{"and two cents", "total_current 128 tax_current 8", "total_current 186.02 tax_current 12", "amount 58 tax 4", "", false},
		{"another tax", "total_current 128 tax_current 8", "total_current 186 tax_current 13", "amount 58 tax 4", "", false},
		{"tax alone", "total_current 128 tax_current 8", "total_current 128 tax_current 12", "amount 58 tax 4", "", false},
		{"all is booked", "total_current 128 tax_current 8", "total_current 186 tax_current 8", "amount 58", "amount 58", false},
		{"refunds of nothing", "total_current 128 tax_current 8", "total_current 186 tax_current 8", "amount 0", "", false},
		{"a refund of which the amount is missing", "total_current 128 tax_current 8", "total_current 186 tax_current 12", "tax 4", "", false},
		{"refunds in two currencies", "total_current 128 tax_current 8", "total_current 186 tax_current 8", "amount 58 currency USD", "amount 50 currency CAD", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := money(t, "0.01")
			rule.Expect = append(rule.Expect, registry.Expectation{Facet: "tax_current", Value: compile(t, commerce.Order, "from.tax_current", commerce.NumberType)})
			order := sold(c.shop, c.erp).row
			refunds := &history{row: record.Row{Kind: commerce.Refund, Key: commerce.Key{"shop", "US1042"}}}
			refunds.say(0, "shop", "r", says(c.refunded))
			if c.credit != "" {
				refunds.say(1, "erp", "CM-1", says(c.credit))
			}
			v := judge.Judge(rule, order, judge.Context{}, minutes(99))
			if v.Outcome != judge.Differ {
				t.Fatalf("the order is %s (%s)", v.Outcome, v.Why)
			}
			about := booked(t, "0")
			u, ok := judge.UnbookedBy(about, refunds.row, judge.Judge(about, refunds.row, judge.Context{}, minutes(99)))
			if ok {
				v = judge.AsRefund(rule, order, judge.Context{}, minutes(99), v, u)
			}
			if pending := v.Outcome == judge.Pending; pending != c.pending {
				t.Errorf("%s (%s), unbooked %+v; want pending %t", v.Outcome, v.Why, u, c.pending)
			}
			if c.pending && (!v.Due.Equal(minutes(99+60)) || v.Differences()[0].By != "refund") {
				t.Errorf("looked at again %s, by %+v", v.Due, v.Differences())
			}
		})
	}
}
