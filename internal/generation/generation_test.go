package generation_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/generation"
)

// deployment says which generation is current, and counts how often it is asked.
type deployment struct {
	mu      sync.Mutex
	current string
	err     error
	asked   int
	takes   time.Duration
}

func (d *deployment) ask(context.Context) (string, error) {
	time.Sleep(d.takes)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	return d.current, d.err
}

func (d *deployment) set(current string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.current, d.err = current, err
}

func check(t *testing.T, g *generation.Gate, wrote string, want error) {
	t.Helper()
	if err := g.Check(t.Context(), wrote); !errors.Is(err, want) {
		t.Errorf("what %q wrote: %v, want %v", wrote, err, want)
	}
}

func gate(own string, d *deployment) *generation.Gate { return generation.New(own, d.ask, time.Now) }

func TestGate_TheCurrentOneGoesOnAndTheOtherWaits(t *testing.T) {
	d := &deployment{current: "new"}
	older, newer := gate("old", d), gate("new", d)
	for _, wrote := range []string{"", "older", "new"} {
		check(t, older, wrote, generation.ErrOld)
	}
	for _, wrote := range []string{"", "older", "old", "new"} {
		check(t, newer, wrote, nil)
	}
}

func TestGate_TheOwnGenerationCostsNothing(t *testing.T) {
	d := &deployment{current: "new"}
	g := gate("old", d)
	check(t, g, "old", nil)
	if d.asked > 0 {
		t.Errorf("asked %d times", d.asked)
	}
}

func TestGate_WithoutADeploymentTheOwnIsCurrent(t *testing.T) {
	var g *generation.Gate
	check(t, g, "other", nil)
	if current, err := g.Current(t.Context()); !current || err != nil {
		t.Errorf("current %t, %v", current, err)
	}
}

func TestGate_BelievesForHalfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deployment{current: "own"}
		g := gate("own", d)
		for range 100 {
			check(t, g, "other", nil)
		}
		if d.asked != 1 {
			t.Errorf("asked %d times, want once", d.asked)
		}
		d.set("next", nil)
		time.Sleep(generation.Fresh - time.Second)
		check(t, g, "other", nil)
		time.Sleep(time.Second)
		check(t, g, "other", generation.ErrOld)
	})
}

// TestGate_AGenerationMetFirstIsAskedAbout: who has heard that it is current, and
// then meets what its successor wrote, must not go on with what it heard.
func TestGate_AGenerationMetFirstIsAskedAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deployment{current: "own"}
		g := gate("own", d)
		check(t, g, "before", nil)
		time.Sleep(time.Second)
		d.set("next", nil)
		check(t, g, "next", generation.ErrOld)
		check(t, g, "before", generation.ErrOld)
		if d.asked != 2 {
			t.Errorf("asked %d times, want twice", d.asked)
		}
	})
}

func TestGate_CurrentAsksNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deployment{current: "own"}
		g := gate("own", d)
		for _, current := range []string{"own", "next", "own"} {
			d.set(current, nil)
			time.Sleep(time.Second)
			if got, err := g.Current(t.Context()); got != (current == "own") || err != nil {
				t.Errorf("%s is current: %t, %v", current, got, err)
			}
		}
	})
}

func TestGate_WhileNobodyAnswersTheLastAnswerServes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("out of order")
		d := &deployment{err: down}
		g := gate("own", d)
		check(t, g, "other", down)
		check(t, g, "other", down)
		if d.asked != 1 {
			t.Errorf("asked %d times at once", d.asked)
		}
		time.Sleep(time.Minute)
		d.set("own", nil)
		check(t, g, "other", nil)
		d.set("", down)
		time.Sleep(time.Minute)
		check(t, g, "other", nil)
		check(t, g, "third", nil)
		time.Sleep(time.Hour)
		check(t, g, "other", down)
		d.set("", nil)
		time.Sleep(time.Minute)
		if err := g.Check(t.Context(), "other"); err == nil || errors.Is(err, generation.ErrOld) {
			t.Errorf("a blank answer: %v", err)
		}
	})
}

func TestGate_ManyAtOnceAskTwiceAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deployment{current: "own", takes: time.Second}
		g := gate("own", d)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { check(t, g, "other", nil) })
		}
		all.Wait()
		if d.asked > 2 {
			t.Errorf("asked %d times", d.asked)
		}
	})
}
