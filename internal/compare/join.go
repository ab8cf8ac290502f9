package compare

import (
	"runtime"

	"golang.org/x/sync/errgroup"
)

// slot is one key during the join of a part.
type slot struct {
	keyHash
	values [2]uint64
	rows   [2]uint32
	line   [2]uint32 // of the first row
	// several says that rows of one side have unequal values.
	several [2]bool
}

// status is what the join says of a key that is not simply equal.
type status uint8

const (
	lacksRight status = 1 << iota // only the left file has it
	lacksLeft
	unequal
	repeated // several rows of one file have it
	unclear  // and they say different things
	even     // nothing is odd, and all keys are looked at
)

// odd is a key that the second pass looks at.
type odd struct {
	keyHash
	status
}

// joined is what the first pass comes to.
type joined struct {
	keys      [2]int // distinct ones
	agree     int
	odd       []odd
	lines     [2][]uint32 // where odd records begin, in any order
	duplicate int
}

// join puts the two indexes together, part by part on all processors. With all,
// equal keys are looked at too.
func join(x *[2]keyIndex, all bool) joined {
	workers := min(runtime.GOMAXPROCS(0), parts)
	results := make([]joined, workers)
	var group errgroup.Group
	for w := range workers {
		group.Go(func() error {
			t := table{all: all}
			for p := w; p < parts; p += workers {
				t.join(x, p, &results[w])
			}
			return nil
		})
	}
	_ = group.Wait() // nothing here fails
	sum := results[0]
	for _, r := range results[1:] {
		sum.keys[Left] += r.keys[Left]
		sum.keys[Right] += r.keys[Right]
		sum.agree += r.agree
		sum.duplicate += r.duplicate
		sum.odd = append(sum.odd, r.odd...)
		for side := range sum.lines {
			sum.lines[side] = append(sum.lines[side], r.lines[side]...)
		}
	}
	return sum
}

// table is an open-addressing hash table over slots. Its memory is used again for
// each part.
type table struct {
	places []uint32 // index into slots, plus one
	slots  []slot
	all    bool
}

func (t *table) join(x *[2]keyIndex, p int, r *joined) {
	t.reset(x[Left].size(p) + x[Right].size(p))
	for side := range x {
		x[side].take(p, func(e entry) { t.add(Side(side), e, r) })
	}
	for i := range t.slots {
		t.slots[i].judge(r, t.all)
	}
}

func (t *table) reset(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	if cap(t.places) < size {
		t.places = make([]uint32, size)
	}
	t.places = t.places[:size]
	clear(t.places)
	t.slots = t.slots[:0]
}

func (t *table) add(side Side, e entry, r *joined) {
	mask := uint64(len(t.places) - 1)
	for i := e.h & mask; ; i = (i + 1) & mask {
		at := t.places[i]
		if at == 0 {
			t.slots = append(t.slots, slot{keyHash: e.keyHash})
			at = uint32(len(t.slots))
			t.places[i] = at
		}
		s := &t.slots[at-1]
		if s.keyHash != e.keyHash {
			continue
		}
		if s.rows[side] == 0 {
			s.line[side] = e.line
		} else {
			s.several[side] = s.several[side] || s.values[side] != e.values
			r.lines[side] = append(r.lines[side], e.line) // what is repeated is odd
		}
		s.values[side] = e.values
		s.rows[side]++
		return
	}
}

func (s *slot) judge(r *joined, all bool) {
	var is status
	left, right := s.rows[Left] > 0, s.rows[Right] > 0
	if left {
		r.keys[Left]++
	}
	if right {
		r.keys[Right]++
	}
	if s.rows[Left] > 1 || s.rows[Right] > 1 {
		r.duplicate++
		is |= repeated
	}
	switch {
	case !right:
		is |= lacksRight
	case !left:
		is |= lacksLeft
	case s.several[Left] || s.several[Right]:
		is |= unclear
	case s.values[Left] != s.values[Right]:
		is |= unequal
	case all:
		is |= even
	default:
		r.agree++
	}
	if is == 0 {
		return
	}
	r.odd = append(r.odd, odd{s.keyHash, is})
	for side := range s.line {
		if s.rows[side] > 0 {
			r.lines[side] = append(r.lines[side], s.line[side])
		}
	}
}
