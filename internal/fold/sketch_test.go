package fold_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/fold"
)

func sketch(times ...time.Duration) fold.Sketch {
	var s fold.Sketch
	for _, d := range times {
		s = s.Add(d)
	}
	return s
}

// A quantile is never too short, and at most a twentieth too long.
func TestSketch_AQuantileIsATwentiethTooLongAtMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.SliceOfN(rapid.IntRange(1, 30*24*3600), 1, 200).Draw(t, "seconds")
		var times []time.Duration
		for _, s := range seconds {
			times = append(times, time.Duration(s)*time.Second)
		}
		slices.Sort(times)
		p := rapid.Float64Range(0.01, 1).Draw(t, "p")
		exact := times[int(math.Ceil(p*float64(len(times))-1e-9))-1]
		got := sketch(times...).Quantile(p, nil)
		if got < exact-time.Microsecond || float64(got) > 1.05*float64(exact)+1000 {
			t.Fatalf("quantile %g of %v is %s, want %s", p, times, got, exact)
		}
	})
}

func TestSketch_WhatIsNotOverYetTookAsLongAsItHasWaited(t *testing.T) {
	minute := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	var shown fold.Sketch
	for i := range 90 {
		shown = shown.Add(minute(1 + i/30))
	}
	for _, c := range []struct {
		name    string
		p       float64
		waiting fold.Sketch
		want    time.Duration
	}{
		{"nothing waits", 0.5, nil, minute(2)},
		{"what waits for a moment says nothing", 0.5, sketch(slices.Repeat([]time.Duration{time.Second}, 90)...), minute(2)},
		{"what waits for longer than most makes the others fewer", 0.5, sketch(slices.Repeat([]time.Duration{minute(10)}, 30)...), minute(2)},
		{"what lies beyond all that was shown is as long as it has waited", 0.9, sketch(slices.Repeat([]time.Duration{minute(10)}, 30)...), minute(10)},
		{"half wait", 0.5, sketch(slices.Repeat([]time.Duration{minute(10)}, 90)...), minute(3)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shown.Quantile(c.p, c.waiting); got < c.want || float64(got) > 1.05*float64(c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if got := fold.Sketch(nil).Quantile(0.99, nil); got != 0 {
		t.Errorf("of nothing %s, want 0", got)
	}
}

func TestSketch_FadesAndForgets(t *testing.T) {
	s := sketch(time.Minute, time.Minute, time.Hour)
	if got := s.Faded(0.5).Weight(); got != 1.5 {
		t.Errorf("half of three is %g", got)
	}
	if got := s.Faded(0.005); got != nil && got.Weight() > 0.011 {
		t.Errorf("%v is still remembered", got)
	}
	if diff := cmp.Diff(sketch(time.Minute, time.Minute), s.UpTo(30*time.Minute)); diff != "" {
		t.Error(diff)
	}
}
