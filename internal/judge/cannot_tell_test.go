package judge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestJudge_OurOwnTroubleHoldsOpenings(t *testing.T) {
	h := stockHistory().erp(0, "12").shop(1, "12").erp(30, "9")
	rule := stock(t, "from.free")
	for name, c := range map[string]struct {
		around judge.Context
		open   string
		want   judge.Outcome
	}{
		"our backlog":                  {around: judge.Context{Held: "behind"}, want: judge.CannotTell},
		"an unread delivery":           {around: judge.Context{Unread: map[string]time.Time{"shop": minutes(40)}}, want: judge.CannotTell},
		"an unread one before the row": {around: judge.Context{Unread: map[string]time.Time{"shop": minutes(0)}}, want: judge.Differ},
		"an unread one of another":     {around: judge.Context{Unread: map[string]time.Time{"wms": minutes(40)}}, want: judge.Differ},
		"an unread one of yesterday":   {around: judge.Context{Unread: map[string]time.Time{"shop": minutes(40 - 24*60)}}, want: judge.Differ},
		"a finding that is open":       {around: judge.Context{Held: "behind"}, open: "f", want: judge.Differ},
	} {
		t.Run(name, func(t *testing.T) {
			row := h.row
			row.Marks = map[string]record.Mark{rule.Name(): {Open: c.open}}
			if v := judge.Judge(rule, row, c.around, minutes(60)); v.Outcome != c.want {
				t.Errorf("%s (%s), want %s", v.Outcome, v.Why, c.want)
			}
		})
	}
}

func TestJudge_AmountsInTwoCurrenciesAreNotCompared(t *testing.T) {
	rule := present(t, registry.Present)
	rule.Expect = []registry.Expectation{{Facet: "total", Value: compile(t, commerce.Order, "from.total", commerce.NumberType)}}
	say := func(currency, total string) commerce.Facets {
		return commerce.Facets{
			"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false),
			"currency": commerce.Text(currency), "total": number(total),
		}
	}
	h := orderHistory().say(0, "shop", "1", say("CAD", "10")).say(1, "erp", "SO-1", say("USD", "10"))
	v := judge.Judge(rule, h.row, judge.Context{}, minutes(99))
	if v.Outcome != judge.CannotTell || v.Why != "shop is in CAD, erp in USD" {
		t.Errorf("%s (%s)", v.Outcome, v.Why)
	}
}

func TestJudge_TooManyViewsCannotBeCompared(t *testing.T) {
	h := stockHistory()
	for i := range record.MaxViews + 1 {
		h.say(i, "erp", strings.Repeat("x", i+1), commerce.Facets{"free": number("1")}, func(o *commerce.Observation) { o.Slot = "" })
	}
	if v := judge.Judge(stock(t, "from.free"), h.row, judge.Context{}, minutes(99)); v.Outcome != judge.CannotTell {
		t.Errorf("%s, want cannot tell", v.Outcome)
	}
}
