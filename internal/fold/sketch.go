package fold

import (
	"maps"
	"math"
	"slices"
	"time"
)

// Sketch is how long something took, many times over: how often by length, in
// classes each of which is a twentieth longer than the one before. So a quantile
// is at most a twentieth too long, however many there were. Sketches merge by
// adding, in any order.
type Sketch map[int]float64

// width is how much longer a class is than the one before.
const width = 1.05

// class is that of the shortest times of at least d; a second and less is class
// 0.
func class(d time.Duration) int {
	return max(0, int(math.Ceil(math.Log(d.Seconds())/math.Log(width)-1e-9)))
}

// longest is the longest time of a class.
func longest(class int) time.Duration {
	return time.Duration(math.Pow(width, float64(class)) * float64(time.Second))
}

// Add counts one more time, and returns the sketch; a nil sketch is made.
func (s Sketch) Add(d time.Duration) Sketch { return added(s, class(d), 1) }

// Merge adds another sketch, and returns the sketch; a nil sketch is made.
func (s Sketch) Merge(o Sketch) Sketch {
	for c, n := range o {
		s = added(s, c, n)
	}
	return s
}

// Weight is how many times there are.
func (s Sketch) Weight() float64 {
	sum := 0.0
	for _, n := range s {
		sum += n
	}
	return sum
}

// UpTo is the sketch without times that are longer than d, as far as classes
// tell.
func (s Sketch) UpTo(d time.Duration) Sketch {
	last := class(d)
	var kept Sketch
	for c, n := range s {
		if c <= last {
			kept = added(kept, c, n)
		}
	}
	return kept
}

// negligible is the weight below which a class is forgotten.
const negligible = 0.01

// Faded is the sketch with all weights times the factor.
func (s Sketch) Faded(factor float64) Sketch {
	var faded Sketch
	for c, n := range s {
		if n *= factor; n >= negligible {
			faded = added(faded, c, n)
		}
	}
	return faded
}

// Quantile is the time that a share p of all do not exceed, where some are not
// over yet and are known to take at least as long as they have waited. It is the
// estimate of Kaplan and Meier on classes. Where it is beyond everything seen, it
// is the longest that was seen; it is 0 of nothing.
func (s Sketch) Quantile(p float64, waiting Sketch) time.Duration {
	classes := slices.AppendSeq(slices.Collect(maps.Keys(s)), maps.Keys(waiting))
	slices.Sort(classes)
	classes = slices.Compact(classes)
	if len(classes) == 0 {
		return 0
	}
	left, longer := s.Weight()+waiting.Weight(), 1.0
	for _, c := range classes {
		if n := s[c]; n > 0 {
			if longer *= 1 - n/left; 1-longer >= p-1e-9 {
				return longest(c)
			}
		}
		left -= s[c] + waiting[c]
	}
	return longest(classes[len(classes)-1])
}
