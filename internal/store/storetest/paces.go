package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/store"
)

// twice is two calls a second, and three at once after a rest.
var twice = platform.Pace{Every: 500 * time.Millisecond, Burst: 3}

// Paces runs the suite of shared paces. Each call of open returns an empty
// store.
func Paces(t *testing.T, open func(t *testing.T) store.Paces) {
	for name, test := range map[string]func(*testing.T, store.Paces){
		"a burst after a rest, then the pace":     burst,
		"what cannot wait takes nothing":          impatient,
		"names do not slow each other":            names,
		"nothing is called while it is held":      held,
		"a shorter hold does not end a longer":    holdsAdd,
		"of many at once none has another's call": together,
		"a pace of nothing holds nothing back":    unlimited,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// expectCalls reserves calls one after the other and compares how long after
// now each may be made; -1 is none.
func expectCalls(t *testing.T, p store.Paces, pace platform.Pace, now time.Time, wait time.Duration, want ...time.Duration) {
	t.Helper()
	for i, w := range want {
		at, reserved, err := p.Reserve(t.Context(), "erp", pace, now, wait)
		must(t, err)
		if got := at.Sub(now); reserved != (w >= 0) || reserved && got != w {
			t.Fatalf("call %d: after %v, reserved %t; want after %v", i+1, got, reserved, w)
		}
	}
}

func burst(t *testing.T, p store.Paces) {
	const half = 500 * time.Millisecond
	expectCalls(t, p, twice, noon, time.Minute, 0, 0, 0, half, 2*half, 3*half)
	expectCalls(t, p, twice, noon.Add(10*time.Second), time.Minute, 0, 0, 0, half)
	expectCalls(t, p, twice, noon.Add(11*time.Second), time.Minute, 0, half)
	one := platform.Pace{Every: time.Second}
	expectCalls(t, p, one, noon.Add(time.Hour), time.Minute, 0, time.Second, 2*time.Second)
}

func impatient(t *testing.T, p store.Paces) {
	expectCalls(t, p, twice, noon, time.Second, 0, 0, 0, 500*time.Millisecond, time.Second, -1, -1)
	at, reserved, err := p.Reserve(t.Context(), "erp", twice, noon, 0)
	if want := noon.Add(1500 * time.Millisecond); err != nil || reserved || !at.Equal(want) {
		t.Errorf("refused until %v, reserved %t, %v; want until %v: what was refused took a call", at, reserved, err, want)
	}
	expectCalls(t, p, twice, noon.Add(1500*time.Millisecond), 0, 0)
}

func names(t *testing.T, p store.Paces) {
	expectCalls(t, p, twice, noon, 0, 0, 0, 0, -1)
	if _, reserved, err := p.Reserve(t.Context(), "wms", twice, noon, 0); err != nil || !reserved {
		t.Errorf("another name: reserved %t, %v", reserved, err)
	}
}

func held(t *testing.T, p store.Paces) {
	expectCalls(t, p, twice, noon, 0, 0)
	must(t, p.Hold(t.Context(), "erp", twice, noon.Add(time.Minute)))
	expectCalls(t, p, twice, noon.Add(59*time.Second), 0, -1)
	expectCalls(t, p, twice, noon.Add(59*time.Second), time.Minute, time.Second, 1500*time.Millisecond)
}

func holdsAdd(t *testing.T, p store.Paces) {
	for _, d := range []time.Duration{time.Second, time.Minute, 30 * time.Second} {
		must(t, p.Hold(t.Context(), "erp", twice, noon.Add(d)))
	}
	expectCalls(t, p, twice, noon, time.Hour, time.Minute)
}

func together(t *testing.T, p store.Paces) {
	var mu sync.Mutex
	var all sync.WaitGroup
	at := map[time.Time]int{}
	for range 12 {
		all.Go(func() {
			when, reserved, err := p.Reserve(t.Context(), "erp", twice, noon, time.Minute)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || !reserved {
				t.Errorf("reserved %t, %v", reserved, err)
			}
			at[when]++
		})
	}
	all.Wait()
	for i := range 10 {
		want := 1
		if i == 0 {
			want = twice.Burst
		}
		if got := at[noon.Add(time.Duration(i)*twice.Every)]; got != want {
			t.Errorf("%d calls %v after noon, want %d", got, time.Duration(i)*twice.Every, want)
		}
	}
}

func unlimited(t *testing.T, p store.Paces) {
	expectCalls(t, p, platform.Pace{}, noon, 0, 0, 0, 0, 0)
	must(t, p.Hold(t.Context(), "erp", platform.Pace{}, noon.Add(time.Minute)))
	expectCalls(t, p, platform.Pace{}, noon, 0, -1)
}
