package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/registry"
)

// twoSettleTimes has a second stock rule, which waits a little longer.
func twoSettleTimes() *registry.Registry {
	r := stockRegistry("from.free", 5*time.Minute)
	slow := r.Integrations[0].Rules[0]
	slow.ID, slow.Settle = "slow", registry.Settle{For: 12 * time.Minute, By: -1}
	r.Integrations[0].Rules = append(r.Integrations[0].Rules, slow)
	return r
}

// TestRules_EachOpensInItsOwnTime: a row asks for one look at a time, whatever
// number of rules wait.
func TestRules_EachOpensInItsOwnTime(t *testing.T) {
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		r := twoSettleTimes()
		rules := r.Integrations[0].Rules
		r.Integrations[0].Rules = []registry.Rule{rules[order[0]], rules[order[1]]}
		w := newWorld(r)
		w.differ(t, "CAP-BLK")
		w.until(t, at(9, 30))
		for rule, want := range map[string]time.Time{"stock": at(9, 5), "slow": at(9, 12)} {
			got := w.opened(t, rule)
			if len(got) != 1 || got[0].State != finding.Open || got[0].Opened.Sub(want).Abs() > time.Minute {
				t.Errorf("rule %s: %d findings, want one that opens at %s", rule, len(got), want)
			}
		}
	}
}

// TestRules_ALookThatWasNeverSentIsSentWithTheDuplicate: whichever rule wanted it.
func TestRules_ALookThatWasNeverSentIsSentWithTheDuplicate(t *testing.T) {
	w := newWorld(twoSettleTimes())
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 12))
	m := w.message(w.levelOf("shop", "CAP-BLK", 9))
	w.mergeAgain(t, m)
	w.looks.waiting = nil
	w.now = at(9, 1)
	w.mergeAgain(t, m)
	w.until(t, at(9, 30))
	for _, rule := range []string{"stock", "slow"} {
		if len(w.opened(t, rule)) != 1 {
			t.Errorf("rule %s has %d findings", rule, len(w.opened(t, rule)))
		}
	}
}

func (w *world) mergeAgain(t *testing.T, m merge.Message) {
	t.Helper()
	if failed := w.merge.Merge(t.Context(), []merge.Message{m}); len(failed) > 0 {
		t.Fatalf("failed %v", failed)
	}
}
