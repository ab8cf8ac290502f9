package trend

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

var monday = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// nights steps a leak through days: a difference stands from the afternoon to the
// night, which takes it away again.
func nights(l Leak, first time.Time, deltas ...string) Leak {
	for i, d := range deltas {
		afternoon := first.Add(time.Duration(i)*24*time.Hour + 9*time.Hour)
		l = l.Step(Rest{Delta: commerce.MustDecimal(d), From: afternoon, Until: afternoon.Add(11 * time.Hour)})
		l = l.Step(Rest{From: afternoon.Add(11 * time.Hour), Until: afternoon.Add(16 * time.Hour)})
	}
	return l
}

func TestLeak_IsFoundThoughEachNightHidesIt(t *testing.T) {
	l := nights(Leak{}, monday, "1", "1", "2", "1", "2", "1", "2")
	if l.Trend(l.Last) {
		t.Fatal("found after seven steps, want eight")
	}
	l = nights(l, monday.Add(7*24*time.Hour), "0", "1")
	if !l.Trend(l.Last) || l.Sum.String() != "11" || l.Most.String() != "2" || l.Steps != 8 || l.Against != 0 {
		t.Errorf("%+v, want eleven units in eight steps, at most two at once", l)
	}
	if got := l.Last.Sub(l.Since).Round(24 * time.Hour); got != 8*24*time.Hour {
		t.Errorf("it began %v before its last step", got)
	}
}

func TestLeak_OneThatStandsIsOneStep(t *testing.T) {
	l := Leak{}
	for hour := range 500 {
		from := monday.Add(time.Duration(hour) * time.Hour)
		l = l.Step(Rest{Delta: commerce.Int(1), From: from, Until: from.Add(time.Hour)})
	}
	if l.Steps != 1 || l.Trend(l.Last) {
		t.Errorf("%+v, want one step", l)
	}
}

func TestLeak_WhatBecomesSmallerIsNoStepTheOtherWay(t *testing.T) {
	l := Leak{}
	for i, d := range []string{"3", "2", "1", "0"} {
		from := monday.Add(time.Duration(i) * 12 * time.Hour)
		l = l.Step(Rest{Delta: commerce.MustDecimal(d), From: from, Until: from.Add(12 * time.Hour)})
	}
	if l.Steps != 1 || l.Against != 0 || l.Sum.String() != "3" || l.Level.Sign() != 0 {
		t.Errorf("%+v, want one step of three and none back", l)
	}
}

func TestLeak_ARecordThatWentBothWaysHasToGoTwiceAsFar(t *testing.T) {
	l := nights(Leak{}, monday, "1", "-1", "1", "1", "1", "1", "1", "1", "1", "1")
	if !l.Rough || l.Trend(l.Last) {
		t.Fatalf("%+v, want none yet", l)
	}
	more := make([]string, 9)
	for i := range more {
		more[i] = "1"
	}
	if l = nights(l, monday.Add(11*24*time.Hour), more...); !l.Trend(l.Last) {
		t.Errorf("%+v, want a trend after twice as many", l)
	}
}

func TestLeak_IsOverWhenNothingLeakedForAsLongAsItTookToFind(t *testing.T) {
	l := nights(Leak{}, monday, "1", "1", "1", "1", "1", "1", "1", "1")
	took := l.Found.Sub(l.Since)
	if !l.Trend(l.Last.Add(took - time.Second)) {
		t.Error("over too early")
	}
	if l.Trend(l.Last.Add(took)) {
		t.Error("still a trend")
	}
	again := nights(l, l.Last.Add(took), "1")
	if again.Trend(again.Last) || again.Steps != 1 {
		t.Errorf("%+v, want a new beginning", again)
	}
}

func TestLeak_StepsTheOtherWayChangeNothingWhileItIsOpen(t *testing.T) {
	l := nights(Leak{}, monday, "1", "1", "1", "1", "1", "1", "1", "1")
	back := nights(l, monday.Add(9*24*time.Hour), "-1", "-1", "-1")
	if back.Score != l.Score || back.Sum != l.Sum || !back.Last.Equal(l.Last) || back.Against != 3 {
		t.Errorf("%+v, want what it is measured by to stay as in %+v", back, l)
	}
}

func TestLeak_TheSameRestTwiceIsOnce(t *testing.T) {
	r := Rest{Delta: commerce.Int(1), From: monday, Until: monday.Add(5 * time.Hour)}
	once := Leak{}.Step(r)
	if twice := once.Step(r); twice != once {
		t.Errorf("%+v, want %+v", twice, once)
	}
}

func TestLeak_AStepAMonthIsNone(t *testing.T) {
	l := Leak{}
	for i := range 40 {
		l = nights(l, monday.Add(time.Duration(i)*31*24*time.Hour), "1")
	}
	if l.Trend(l.Last) || l.Steps != 1 {
		t.Errorf("%+v", l)
	}
}

// shopAndShelf plays a SKU that sells: the storefront counts each sale at once, the
// ERP when the job comes by, every quarter of an hour. Leaks are sales that the
// ERP counts and the storefront never does, until the job of the night.
func shopAndShelf(rng *rand.Rand, days, ordersADay int, leakEvery int, wait time.Duration) Leak {
	var l Leak
	var delta int64 // of the storefront against the ERP, as it is
	unsynced, orders := int64(0), 0
	changed := monday
	change := func(at time.Time, by func()) {
		if at.Sub(changed) >= wait {
			l = l.Step(Rest{Delta: commerce.Int(delta), From: changed, Until: at})
		}
		by()
		changed = at
	}
	const jobs = 15 * time.Minute
	next := monday
	for at := monday; at.Before(monday.Add(time.Duration(days) * 24 * time.Hour)); at = at.Add(jobs) {
		if at.Sub(monday)%(24*time.Hour) == 20*time.Hour && delta != 0 {
			change(at, func() { delta, unsynced = 0, 0 }) // the job of the night
		}
		if unsynced != 0 {
			change(at, func() { delta, unsynced = delta+unsynced, 0 })
		}
		for ; next.Before(at.Add(jobs)); next = sale(rng, next, ordersADay) {
			if orders++; leakEvery > 0 && orders%leakEvery == 0 {
				change(later(changed, next), func() { delta++ })
				continue
			}
			change(later(changed, next), func() { delta, unsynced = delta-1, unsynced+1 })
		}
	}
	return l
}

// sale is when the next order comes, between six in the morning and eight at
// night.
func sale(rng *rand.Rand, last time.Time, ordersADay int) time.Time {
	next := last.Add(time.Duration(rng.ExpFloat64() * float64(14*time.Hour) / float64(ordersADay)))
	if next.Hour() >= 20 || next.Hour() < 6 {
		return next.Add(4 * time.Hour).Truncate(24 * time.Hour).Add(6*time.Hour + time.Duration(rng.IntN(900))*time.Second)
	}
	return next
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func TestLeak_AShopThatLeadsTheERPIsNoLeakInAThousandDays(t *testing.T) {
	for _, orders := range []int{4, 40, 330} {
		l := shopAndShelf(rand.New(rand.NewPCG(1, uint64(orders))), 1000, orders, 0, 2*time.Hour)
		if l.Steps != 0 || l.Against != 0 {
			t.Errorf("%d orders a day: %+v, want no step", orders, l)
		}
	}
}

func TestLeak_OneUnitInFortyOrdersIsFoundInTwoWeeks(t *testing.T) {
	for seed := range uint64(50) {
		l := shopAndShelf(rand.New(rand.NewPCG(seed, 2)), 14, 48, 40, 2*time.Hour)
		if l.Found.IsZero() {
			t.Errorf("seed %d: %+v", seed, l)
		}
	}
}
