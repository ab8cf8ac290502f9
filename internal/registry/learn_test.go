package registry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/registry"
)

func TestLoad_ASettleTimeThatIsLearntHasBounds(t *testing.T) {
	const file = "testdata/good/learned.yaml"
	r := load(t, file)
	for rule, want := range map[string]registry.Learn{
		"of-defaults": {From: 10 * time.Minute, To: 2 * time.Hour},
		"own":         {From: time.Minute, To: 30 * time.Minute},
		"half":        {From: time.Minute, To: 4 * time.Hour},
		"set":         {},
	} {
		t.Run(rule, func(t *testing.T) {
			for _, got := range r.RulesFor("inventory") {
				if got.ID != rule {
					continue
				}
				if got.Settle.Learn != want || got.Settle.Learned() && got.Settle.For != want.To {
					t.Errorf("%+v, want the bounds %+v and the most until something is learnt", got.Settle, want)
				}
			}
		})
	}
}

func TestLearnt_StaysInsideItsBounds(t *testing.T) {
	learned := registry.Settle{For: time.Hour, By: -1, Learn: registry.Learn{From: 5 * time.Minute, To: time.Hour}}
	for learnt, want := range map[time.Duration]time.Duration{
		time.Minute: 5 * time.Minute, 20 * time.Minute: 20 * time.Minute, 3 * time.Hour: time.Hour,
	} {
		if got := learned.Learnt(learnt).For; got != want {
			t.Errorf("learnt %s is %s, want %s", learnt, got, want)
		}
	}
	if got := (registry.Settle{For: time.Hour, By: -1}).Learnt(time.Minute).For; got != time.Hour {
		t.Errorf("a settle time that is not learnt became %s", got)
	}
}

// Rows are judged again when the bounds change, and not when they do not.
func TestRuleDigests_CoverTheBoundsOfWhatIsLearnt(t *testing.T) {
	r := load(t, "testdata/good/learned.yaml")
	rules := r.RulesFor("inventory")
	before := r.RuleDigests(rules, time.Time{})
	for i := range rules {
		rules[i].Settle.Learn.From += time.Second
	}
	for name, digest := range r.RuleDigests(rules, time.Time{}) {
		if digest == before[name] && !strings.HasSuffix(name, "/set") {
			t.Errorf("%s has the same digest with other bounds", name)
		}
	}
}
