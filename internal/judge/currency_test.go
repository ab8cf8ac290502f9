package judge_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestJudge_EachAmountIsComparedInItsOwnCurrency(t *testing.T) {
	for _, c := range []struct {
		name, facet, from, to string
		fromBuyer, toBuyer    string
		want                  judge.Outcome
	}{
		{"amounts in one currency", "total", "USD", "USD", "CAD", "EUR", judge.Agree},
		{"amounts in two", "total", "USD", "CAD", "EUR", "EUR", judge.CannotTell},
		{"buyers' amounts in one currency", "presentment_total", "USD", "CAD", "EUR", "EUR", judge.Agree},
		{"buyers' amounts in two", "presentment_total", "USD", "USD", "CAD", "EUR", judge.CannotTell},
		{"pieces have no currency", "units", "USD", "CAD", "CAD", "EUR", judge.Agree},
		{"neither have lines", "lines", "USD", "CAD", "CAD", "EUR", judge.Agree},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := present(t, registry.Present)
			rule.Expect = []registry.Expectation{{Facet: c.facet, Value: compile(t, commerce.Order, "from."+c.facet, commerce.NumberType)}}
			say := func(currency, buyer string) commerce.Facets {
				return commerce.Facets{
					"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false), c.facet: number("10"),
					"currency": commerce.Text(currency), "presentment_currency": commerce.Text(buyer),
				}
			}
			h := orderHistory().say(0, "shop", "1", say(c.from, c.fromBuyer)).say(1, "erp", "SO-1", say(c.to, c.toBuyer))
			if v := judge.Judge(rule, h.row, judge.Context{}, minutes(99)); v.Outcome != c.want {
				t.Errorf("%s (%s), want %s", v.Outcome, v.Why, c.want)
			}
		})
	}
}
