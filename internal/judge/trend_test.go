package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// within is the stock rule with a tolerance.
func within(t *testing.T, tolerance string) registry.Rule {
	rule := stock(t, "from.free")
	rule.Expect[0].Within = compile(t, commerce.Inventory, tolerance, commerce.NumberType)
	return rule
}

// minuteOf is a time of day of the days of a leak.
func minuteOf(day, hour int) int { return day*24*60 + (hour-9)*60 }

// learnt plays what merge does with each delivery: note how the row stood.
func (h *history) learnt(rule registry.Rule, minute int, system string, value string) *history {
	before := h.row
	if system == "erp" {
		h.erp(minute, value)
	} else {
		h.shop(minute, value)
	}
	lesson := h.row.Lessons[rule.Name()]
	lesson.Leak = judge.Leak(rule, before, judge.Context{}, minutes(minute))
	h.row.Lessons = map[string]record.Lesson{rule.Name(): lesson}
	return h
}

// leaky is a row of which the ERP counts one unit less each morning, which the shop
// does not hear of before the night.
func leaky(rule registry.Rule, days int) *history {
	h := stockHistory().learnt(rule, 0, "erp", "100").learnt(rule, 1, "shop", "100")
	for day := range days {
		left := commerce.Int(int64(99 - day)).String()
		h.learnt(rule, minuteOf(day, 11), "erp", left).learnt(rule, minuteOf(day+1, 3), "shop", left)
	}
	return h
}

func TestJudge_ASlowDivergence(t *testing.T) {
	rule := within(t, "2")
	beyond := leaky(rule, 9).learnt(rule, minuteOf(9, 12), "erp", "80")
	open := leaky(rule, 9).learnt(rule, minuteOf(9, 12), "erp", "80")
	open.row.Marks = map[string]record.Mark{rule.Name(): {Open: "f"}}
	tied := leaky(rule, 9)
	tied.say(minuteOf(9, 12), "shop", "S", commerce.Facets{})
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		class   finding.Class
		why     string
	}{
		{name: "seven units in seven days may be chance", history: leaky(rule, 7), at: minuteOf(7, 12), outcome: judge.Agree},
		{
			name: "eight are none", history: leaky(rule, 8), at: minuteOf(8, 12), outcome: judge.Differ, class: finding.SlowDivergence,
			why: "8 units in 7 days, always one way, never above 1 at once",
		},
		{
			name: "the last one has not been hidden yet", history: leaky(rule, 7).learnt(rule, minuteOf(7, 11), "erp", "92"),
			at: minuteOf(7, 13), outcome: judge.Differ, class: finding.SlowDivergence,
			why: "8 units in 7 days, always one way, never above 1 at once",
		},
		{name: "or may be on its way", history: leaky(rule, 7).learnt(rule, minuteOf(7, 11), "erp", "92"), at: minuteOf(7, 12), outcome: judge.Agree},
		{name: "it is over when nothing leaked for as long", history: leaky(rule, 8), at: minuteOf(16, 12), outcome: judge.Agree},
		{name: "beyond the tolerance it is a difference", history: beyond, at: minuteOf(9, 13), outcome: judge.Differ, class: finding.Late},
		{name: "and lag is not", history: beyond, at: minuteOf(9, 12) + 5, outcome: judge.Pending, class: finding.Late},
		{name: "a missing facet cannot be told", history: tied, at: minuteOf(9, 13), outcome: judge.CannotTell, why: "available of shop is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(rule, c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class || c.why != "" && v.Why != c.why {
				t.Errorf("%s %s, %q; want %s %s, %q", v.Outcome, v.Class, v.Why, c.outcome, c.class, c.why)
			}
		})
	}
	if v := judge.Judge(rule, open.row, judge.Context{}, minutes(minuteOf(9, 12)+5)); v.Outcome != judge.Pending || v.Follows {
		t.Errorf("%s, follows %v: lag must not end what is open", v.Outcome, v.Follows)
	}
}

func TestJudge_ASlowDivergenceSaysWhatItComesTo(t *testing.T) {
	rule := within(t, "2")
	v := judge.Judge(rule, leaky(rule, 9).row, judge.Context{}, minutes(minuteOf(9, 12)))
	differences := v.Differences()
	if len(differences) != 1 || differences[0].Facet != "available" || differences[0].Expected != "0" || differences[0].Actual != "9" ||
		differences[0].Delta.String() != "9" {
		t.Errorf("%+v", differences)
	}
	if v.Impact == nil || v.Impact.String() != "36" {
		t.Errorf("%v at risk, want 9 units at 4", v.Impact)
	}
	if !v.Since.Equal(minutes(minuteOf(0, 11))) || v.Cause.Version.IsZero() {
		t.Errorf("since %s, caused by %+v", v.Since, v.Cause)
	}
}

func TestJudge_LagIsNoSlowDivergence(t *testing.T) {
	rule := within(t, "5")
	h := stockHistory().learnt(rule, 0, "erp", "9000").learnt(rule, 1, "shop", "9000")
	left := 9000
	for day := range 60 {
		for hour := 10; hour < 20; hour++ {
			// The shop leads; the ERP follows an hour later, which is late but not long.
			left -= 3
			value := commerce.Int(int64(left)).String()
			h.learnt(rule, minuteOf(day, hour), "shop", value).learnt(rule, minuteOf(day, hour)+55, "erp", value)
		}
	}
	if l := h.row.Lessons[rule.Name()].Leak; l.Steps != 0 {
		t.Errorf("%+v, want no step", l)
	}
}

func TestJudge_ARuleWithADeadlineLearnsFromWhatStoodPastIt(t *testing.T) {
	rule := within(t, "2")
	rule.Settle = registry.Settle{By: 6 * 60, Zone: time.UTC}
	if l := leaky(rule, 30).row.Lessons[rule.Name()].Leak; l.Steps != 0 {
		t.Errorf("%+v: all was shown by the deadline", l)
	}
	h := stockHistory().learnt(rule, 0, "erp", "100").learnt(rule, 1, "shop", "100")
	for day := range 9 {
		left := commerce.Int(int64(99 - day)).String()
		h.learnt(rule, minuteOf(2*day, 11), "erp", left).learnt(rule, minuteOf(2*day+1, 12), "shop", left)
	}
	if l := h.row.Lessons[rule.Name()].Leak; l.Steps != 9 || l.Found.IsZero() {
		t.Errorf("%+v, want nine steps", l)
	}
}
