package learnt

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/registry"
)

const (
	// memory is how long it takes to forget all but a third of what was seen.
	memory = 28 * 24 * time.Hour
	// enough is of how many waits something is learnt at least.
	enough = 100
	// growth is how much a settle time may grow within a day.
	growth = 1.25
	// steady is how near to the last settle time a new one changes nothing.
	steady = 0.1
	// grain is what settle times are rounded up to.
	grain = 10 * time.Second
)

// State is what was learnt, and what it was learnt of.
type State struct {
	Learnt
	// Waits are how long changes waited, by rule and segment; what was seen longer
	// ago weighs less.
	Waits map[string]map[string]fold.Sketch `json:",omitempty"`
}

// Learn is what an audit learns of the given rules, after all that was learnt
// before.
//
// Waits that were longer than the settle time of their day teach nothing: they
// were findings, and an outage is not to become what is usual. For the same
// reason a settle time grows by no more than a quarter a day.
func Learn(before State, run string, f fold.Fold, rules []registry.Rule) State {
	next := State{
		Learnt: Learnt{N: before.N + 1, Run: run, At: f.Until, Rules: map[string]map[string]Time{}},
		Waits:  map[string]map[string]fold.Sketch{},
	}
	passed := time.Duration(0)
	if !before.At.IsZero() {
		passed = f.Until.Sub(before.At)
	}
	for _, rule := range rules {
		if !rule.Settle.Learned() {
			continue
		}
		name := rule.Name()
		now := map[string]fold.Waits{}
		if r := f.Rules[name]; r != nil {
			now = r.Waits
		}
		times, waits := map[string]Time{}, map[string]fold.Sketch{}
		for _, segment := range segments(before.Waits[name], now) {
			held, known := before.settle(rule, segment)
			shown := before.Waits[name][segment].Faded(math.Exp(-float64(passed) / float64(memory)))
			shown = shown.Merge(now[segment].Shown.UpTo(held.For))
			if len(shown) == 0 {
				continue
			}
			waits[segment] = shown
			if t, ok := learn(shown, now[segment].Waiting.UpTo(held.For)); ok {
				t.Settle = settled(t, held.For, known, passed)
				t.Settle = rule.Settle.Learnt(t.Settle).For
				times[segment] = t
			}
		}
		next.Rules[name], next.Waits[name] = times, waits
	}
	return next
}

func segments(before map[string]fold.Sketch, now map[string]fold.Waits) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(now))
	slices.Sort(all)
	return slices.Compact(all)
}

// learn is the settle time that waits suggest: what 99 of 100 do not exceed, and
// beyond it twice the way from what 90 do not exceed, half as much again at
// least. The longer the tail, the further away: of waits that are exponential, or
// shorter in their tail, one in ten thousand is longer.
func learn(shown, waiting fold.Sketch) (Time, bool) {
	t := Time{Of: int(shown.Weight()), P90: shown.Quantile(0.90, waiting), P99: shown.Quantile(0.99, waiting)}
	t.Settle = max(t.P99+t.P99/2, t.P99+2*(t.P99-t.P90))
	return t, t.Of >= enough
}

// settled is the settle time that follows the one that held before. The first of
// a rule follows nothing but the most that it may be.
func settled(t Time, held time.Duration, known bool, passed time.Duration) time.Duration {
	if known {
		days := passed.Hours() / 24
		t.Settle = min(t.Settle, time.Duration(float64(held)*math.Pow(growth, days)))
		if math.Abs(float64(t.Settle-held)) <= steady*float64(held) {
			return held
		}
	}
	return (t.Settle + grain - 1).Truncate(grain)
}
