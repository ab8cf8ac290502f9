package judge_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestJudge_ARuleAppliesWithinItsDates(t *testing.T) {
	h := stockHistory().erp(0, "12").shop(0, "9")
	for name, c := range map[string]struct {
		valid   registry.Validity
		outcome judge.Outcome
		why     string
	}{
		"always":        {registry.Validity{}, judge.Differ, ""},
		"from now on":   {registry.Validity{From: minutes(99)}, judge.Differ, ""},
		"not yet":       {registry.Validity{From: minutes(100)}, judge.NotJudged, "the rule applies from 2026-03-03 10:40 UTC"},
		"for a while":   {registry.Validity{Until: minutes(100)}, judge.Differ, ""},
		"no longer":     {registry.Validity{Until: minutes(99)}, judge.NotJudged, "the rule applied until 2026-03-03 10:39 UTC"},
		"long over now": {registry.Validity{From: minutes(1), Until: minutes(2)}, judge.NotJudged, "the rule applied until 2026-03-03 09:02 UTC"},
	} {
		rule := stock(t, "from.free")
		rule.Valid = c.valid
		v := judge.Judge(rule, h.row, judge.Context{}, minutes(99))
		if v.Outcome != c.outcome || c.why != "" && v.Why != c.why {
			t.Errorf("%s: %s, %q; want %s, %q", name, v.Outcome, v.Why, c.outcome, c.why)
		}
		if v.Outcome == judge.NotJudged && v.Unsettled() {
			t.Errorf("%s: a rule that does not apply wants to be looked at", name)
		}
	}
}
