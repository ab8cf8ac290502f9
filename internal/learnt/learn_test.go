package learnt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/registry"
)

var monday = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

var rule = registry.Rule{
	Integration: "acme", ID: "stock", Kind: commerce.Inventory,
	Settle: registry.Settle{For: 4 * time.Hour, By: -1, Learn: registry.Learn{From: 5 * time.Minute, To: 4 * time.Hour}},
}

var east = commerce.Key{"MUG", "east"}

// day is what the audit of a day has added up: so many waits, drawn from f.
func day(n, waits int, f func() time.Duration) fold.Fold {
	var w fold.Waits
	for range waits {
		w.Shown = w.Shown.Add(f())
	}
	return fold.Fold{
		After: monday.AddDate(0, 0, n-1), Until: monday.AddDate(0, 0, n),
		Rules: map[string]*fold.Rule{"acme/stock": {Waits: map[string]fold.Waits{"": w, "east": w}}},
	}
}

func learn(before learnt.State, f fold.Fold) learnt.State {
	return learnt.Learn(before, f.Until.Format(time.DateOnly), f, []registry.Rule{rule})
}

func settle(s learnt.State) time.Duration { return s.Rule(rule, east).Settle.For }

// minutes draws waits around so many minutes.
type minutes struct{ *rand.Rand }

func random(seed uint64) minutes { return minutes{rand.New(rand.NewPCG(seed, 1))} }

func (m minutes) uniform(n float64) time.Duration {
	return time.Duration(m.Float64() * n * float64(time.Minute))
}

func (m minutes) exponential(mean float64) time.Duration {
	return time.Duration(m.ExpFloat64() * mean * float64(time.Minute))
}

func (m minutes) lognormal(median, sigma float64) time.Duration {
	return time.Duration(median * math.Exp(sigma*m.NormFloat64()) * float64(time.Minute))
}

// TestLearn_HowOftenAHealthyWaitIsLonger is the share of healthy waits that the
// learnt settle time takes for late, after four weeks of 500 waits a day.
func TestLearn_HowOftenAHealthyWaitIsLonger(t *testing.T) {
	for _, c := range []struct {
		name         string
		draw         func(minutes) time.Duration
		most         float64 // of 100,000
		least, upper time.Duration
	}{
		{"a job every 15 minutes", func(m minutes) time.Duration { return m.uniform(15) }, 0, 20 * time.Minute, 25 * time.Minute},
		{"a queue, 3 minutes on average", func(m minutes) time.Duration { return m.exponential(3) }, 20, 24 * time.Minute, 36 * time.Minute},
		{"log-normal, 4 minutes, sigma 0.5", func(m minutes) time.Duration { return m.lognormal(4, 0.5) }, 40, 19 * time.Minute, 29 * time.Minute},
		{"mostly at once, every tenth by an hourly job", func(m minutes) time.Duration {
			if m.IntN(10) > 0 {
				return 20 * time.Second
			}
			return m.uniform(60)
		}, 0, 80 * time.Minute, 180 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := random(7)
			var s learnt.State
			for n := range 28 {
				s = learn(s, day(n, 500, func() time.Duration { return c.draw(m) }))
			}
			late := 0
			for range 100_000 {
				if c.draw(m) > settle(s) {
					late++
				}
			}
			t.Logf("settle time %s, %d of 100,000 are longer", settle(s), late)
			if float64(late) > c.most || settle(s) < c.least || settle(s) > c.upper {
				t.Errorf("settle time %s, %d of 100,000 healthy waits are longer", settle(s), late)
			}
		})
	}
}

func TestLearn_NothingIsLearntOfAFew(t *testing.T) {
	m := random(1)
	few := learn(learnt.State{}, day(0, 99, func() time.Duration { return m.uniform(10) }))
	if got := settle(few); got != 4*time.Hour {
		t.Errorf("%s of 99 waits, want the most", got)
	}
	if got := settle(learn(few, day(1, 9, func() time.Duration { return m.uniform(10) }))); got > 20*time.Minute {
		t.Errorf("%s of more than 100 waits", got)
	}
	if got := settle(learnt.State{}); got != 4*time.Hour {
		t.Errorf("%s before anything is learnt, want the most", got)
	}
}

// An outage of three hours a day, of which every wait becomes a finding, is not
// what is usual.
func TestLearn_AnOutageIsNotLearnt(t *testing.T) {
	m := random(3)
	var s learnt.State
	for n := range 28 {
		s = learn(s, day(n, 300, func() time.Duration { return m.uniform(15) }))
	}
	healthy := settle(s)
	for n := range 60 {
		s = learn(s, day(28+n, 300, func() time.Duration {
			if m.IntN(8) == 0 {
				return m.uniform(180)
			}
			return m.uniform(15)
		}))
	}
	if got := settle(s); float64(got) > 1.35*float64(healthy) {
		t.Errorf("%s after sixty days with an outage each, was %s", got, healthy)
	}
}

func TestLearn_WhatGetsSlowerIsFollowedStepByStep(t *testing.T) {
	m := random(4)
	var s learnt.State
	for n := range 28 {
		s = learn(s, day(n, 300, func() time.Duration { return m.uniform(15) }))
	}
	before := settle(s)
	for n := range 40 {
		last := settle(s)
		s = learn(s, day(28+n, 300, func() time.Duration { return m.uniform(22) }))
		if now := settle(s); float64(now) > 1.25*float64(last)+float64(10*time.Second) {
			t.Fatalf("from %s to %s within a day", last, now)
		}
	}
	if got := settle(s); got <= before || got < 30*time.Minute || got > 40*time.Minute {
		t.Errorf("%s of waits up to 22 minutes, was %s", got, before)
	}
}

func TestLearn_ASettleTimeHoldsStill(t *testing.T) {
	m := random(5)
	var s learnt.State
	changes := 0
	for n := range 100 {
		last := settle(s)
		s = learn(s, day(n, 300, func() time.Duration { return m.exponential(3) }))
		if n > 7 && settle(s) != last {
			changes++
		}
	}
	if changes > 5 {
		t.Errorf("%d changes in 92 days of the same", changes)
	}
}

// A day without an audit changes nothing but freshness.
func TestLearn_ASkippedDayIsMadeGood(t *testing.T) {
	m := random(6)
	days := make([]fold.Fold, 10)
	for n := range days {
		days[n] = day(n, 200, func() time.Duration { return m.uniform(15) })
	}
	var daily, skipping learnt.State
	for _, f := range days {
		daily = learn(daily, f)
	}
	for n, f := range days {
		if n == 4 || n == 5 {
			days[6].Merge(f)
			continue
		}
		skipping = learn(skipping, f)
	}
	a, b := settle(daily), settle(skipping)
	if math.Abs(float64(a-b)) > 0.1*float64(a) {
		t.Errorf("%s with two days skipped, want %s", b, a)
	}
}

func TestLearn_WhatIsLongPastIsForgotten(t *testing.T) {
	m := random(8)
	s := learn(learnt.State{}, day(0, 1000, func() time.Duration { return m.uniform(15) }))
	for n := 1; n <= 100; n++ {
		s = learn(s, fold.Fold{Until: monday.AddDate(0, 0, n)})
	}
	if got := settle(s); got != 4*time.Hour {
		t.Errorf("%s a hundred days after the last wait, want the most", got)
	}
	s = learn(s, fold.Fold{Until: monday.AddDate(2, 0, 0)})
	if diff := cmp.Diff(map[string]map[string]fold.Sketch{"acme/stock": {}}, s.Waits); diff != "" {
		t.Errorf("two years later (-want +got):\n%s", diff)
	}
}

func TestRule_TheSegmentGoesBeforeTheWhole(t *testing.T) {
	l := learnt.Learnt{Rules: map[string]map[string]learnt.Time{
		"acme/stock": {"": {Settle: 20 * time.Minute}, "east": {Settle: 10 * time.Minute}, "north": {Settle: time.Second}},
	}}
	other := rule
	other.ID = "other"
	set := rule
	set.Settle = registry.Settle{For: time.Minute, By: -1}
	for _, c := range []struct {
		rule     registry.Rule
		location string
		want     time.Duration
	}{
		{rule, "east", 10 * time.Minute},
		{rule, "west", 20 * time.Minute},
		{rule, "north", 5 * time.Minute}, // the least of the registry
		{other, "east", 4 * time.Hour},
		{set, "east", time.Minute},
	} {
		t.Run(fmt.Sprint(c.rule.ID, c.location), func(t *testing.T) {
			if got := l.Rule(c.rule, commerce.Key{"MUG", c.location}).Settle.For; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
