package trend

import (
	"math"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	// Reference is what each sample that differs takes off the sum, as a share of
	// the usual size: the smallest one-sidedness that is worth a word.
	Reference = 0.25
	// Limit is the sum from which on it is a trend: more than fifty samples of the
	// usual size, one way and without exception.
	Limit = 37.5
	// remembers is how many differences the usual size is taken of.
	remembers = 4096
)

// Series is what is known of one facet of a rule in one segment. The zero Series
// knows nothing.
type Series struct {
	// Sizes are the sizes of the differences so far, newer ones weighing more. The
	// usual size is their median. They stay as they are while a trend is open.
	Sizes    map[int]int `json:",omitempty"`
	Up, Down Course
}

// Course is one way of a series.
type Course struct {
	// Score is the cumulative sum in usual sizes.
	Score float64 `json:",omitempty"`
	// Since is when the first sample of the course was made.
	Since time.Time `json:",omitzero"`
	// N counts the samples since then, With those that went this way and Against
	// those that went the other way.
	N       int `json:",omitempty"`
	With    int `json:",omitempty"`
	Against int `json:",omitempty"`
	// Sum is what those this way add up to, Back those the other way, and Most the
	// greatest one this way.
	Sum, Back, Most commerce.Decimal
	// Found is when the course became a trend, or zero. Quiet is for how long
	// samples have not gone this way since.
	Found time.Time     `json:",omitzero"`
	Quiet time.Duration `json:",omitempty"`
}

// Trend reports whether one way is a trend.
func (c Course) Trend() bool { return !c.Found.IsZero() }

// Step takes the series one walk further. The walk tells of what happened from
// one time to another.
func (s Series) Step(t Tally, from, until time.Time) Series {
	news := merged(t.Up.Sizes, t.Down.Sizes)
	base := s.Sizes
	if len(base) == 0 {
		base = news
	}
	usual := median(base)
	up, down := score(t.Up.Sizes, usual), score(t.Down.Sizes, usual)
	takes := Reference * float64(t.Up.N+t.Down.N)
	s.Up = s.Up.step(t.N, t.Up, t.Down, up-down-takes, from, until)
	s.Down = s.Down.step(t.N, t.Down, t.Up, down-up-takes, from, until)
	if !s.Up.Trend() && !s.Down.Trend() {
		s.Sizes = fading(merged(s.Sizes, news))
	}
	return s
}

// score adds up samples by their size: one of the usual size or more counts for
// one, a smaller one for its share.
func score(sizes map[int]int, usual int) float64 {
	sum := 0.0
	for size, n := range sizes {
		sum += float64(n) * math.Exp2(float64(min(size-usual, 0)))
	}
	return sum
}

// fading halves what is known of sizes when it is much.
func fading(sizes map[int]int) map[int]int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	for total > remembers {
		total = 0
		for size, n := range sizes {
			sizes[size] = n / 2
			total += n / 2
		}
	}
	return sizes
}

// step takes one way further by the samples with it and those against it.
func (c Course) step(n int, with, against Way, by float64, from, until time.Time) Course {
	if c.Trend() {
		return c.add(n, with, against).rest(n, by, until.Sub(from))
	}
	if c.Score += by; c.Score <= 0 {
		return Course{}
	}
	if c.Since.IsZero() {
		c.Since = with.Oldest
	}
	c = c.add(n, with, against)
	if c.Score > Limit && c.oneSided() {
		c.Found = until
	}
	return c
}

func (c Course) add(n int, with, against Way) Course {
	c.N, c.With, c.Against = c.N+n, c.With+with.N, c.Against+against.N
	c.Sum, c.Back = plus(c.Sum, with.Sum), plus(c.Back, against.Sum)
	if with.Most.Cmp(c.Most) > 0 {
		c.Most = with.Most
	}
	return c
}

// oneSided reports whether the differences are what their signs say: few large
// ones may make up for many small ones.
func (c Course) oneSided() bool { return c.Sum.Cmp(plus(c.Back, c.Back)) > 0 }

// rest ends a trend when nothing has gone its way for as long as it took to find.
// A time without any sample says nothing.
func (c Course) rest(n int, by float64, lasted time.Duration) Course {
	switch {
	case by > 0:
		c.Quiet = 0
	case n > 0:
		c.Quiet += lasted
	}
	if c.Quiet >= quiet(c.Found.Sub(c.Since)) {
		return Course{}
	}
	return c
}
