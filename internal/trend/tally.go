package trend

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Tally is what one walk over all rows adds up of one facet in one segment: the
// settled differences that it has not told of before. The zero Tally is of none,
// and Tallies of parts of a walk merge in any order.
type Tally struct {
	// N counts the samples, those without any difference included.
	N int `json:"n,omitempty"`
	// Up are those where the other side shows more than expected, Down less.
	Up   Way `json:"u,omitzero"`
	Down Way `json:"d,omitzero"`
}

// Way are the samples that differ one way.
type Way struct {
	N int `json:"n,omitempty"`
	// Sum adds up their differences, and Most is the greatest one; both positive.
	Sum  commerce.Decimal `json:"s,omitzero"`
	Most commerce.Decimal `json:"m,omitzero"`
	// Sizes counts them by size, in powers of two of the facet's smallest step.
	Sizes map[int]int `json:"z,omitempty"`
	// Oldest is when the first of them was made.
	Oldest time.Time `json:"o,omitzero"`
}

// Add adds one sample: a difference, zero for none, that was made at the time. The
// smallest step is the floor of sizes.
func (t *Tally) Add(delta, smallest commerce.Decimal, at time.Time) {
	t.N++
	way := &t.Up
	switch delta.Sign() {
	case 0:
		return
	case -1:
		way = &t.Down
	}
	way.merge(Way{N: 1, Sum: delta.Abs(), Most: delta.Abs(), Sizes: map[int]int{sizeOf(delta.Abs(), smallest): 1}, Oldest: at})
}

// Merge adds what another part of the walk added up.
func (t *Tally) Merge(o Tally) {
	t.N += o.N
	t.Up.merge(o.Up)
	t.Down.merge(o.Down)
}

func (w *Way) merge(o Way) {
	if o.N == 0 {
		return
	}
	if w.N == 0 || o.Oldest.Before(w.Oldest) {
		w.Oldest = o.Oldest
	}
	w.N += o.N
	w.Sum = plus(w.Sum, o.Sum)
	if o.Most.Cmp(w.Most) > 0 {
		w.Most = o.Most
	}
	w.Sizes = merged(w.Sizes, o.Sizes)
}

// plus is a sum. One that is not exact stays what it was, which takes more than
// any tolerance.
func plus(a, b commerce.Decimal) commerce.Decimal {
	if sum, err := a.Add(b); err == nil {
		return sum
	}
	return a
}

func merged(a, b map[int]int) map[int]int {
	if len(a)+len(b) == 0 {
		return nil
	}
	sum := make(map[int]int, len(a)+len(b))
	for _, sizes := range []map[int]int{a, b} {
		for size, n := range sizes {
			sum[size] += n
		}
	}
	return sum
}

// maxSize bounds the sizes that are told apart.
const maxSize = 40

// sizeOf is how often the smallest step can be doubled without passing the
// difference. What is smaller than the smallest step counts as one.
func sizeOf(d, smallest commerce.Decimal) int {
	for size := range maxSize {
		next, err := smallest.Add(smallest)
		if err != nil || next.Cmp(d) > 0 {
			return size
		}
		smallest = next
	}
	return maxSize
}

// median is the size of which at least half are not greater.
func median(sizes map[int]int) int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	for size, seen := 0, 0; size < maxSize; size++ {
		if seen += sizes[size]; 2*seen >= total {
			return size
		}
	}
	return maxSize
}
