// Package silence tells a system that has fallen silent from one that has
// nothing to say. It is pure: the ten minutes in which something arrived go in,
// and whether so long a silence is usual at this hour of the week comes out.
//
// It leaves to merge what counts as an arrival, to store how arrivals are kept,
// and to drift what follows from a silence.
package silence

import (
	"math"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Source is what may fall silent: one system's news of one kind.
type Source struct {
	System string
	Kind   commerce.Kind
}

const (
	// Remembered is how far back arrivals are learnt from.
	Remembered = 8 * week
	// Kept is how long arrivals are kept: a week more, so that a silence of a week
	// is still judged by all that came before it.
	Kept = Remembered + week
	// Enough is how much history tells what is usual. Before, only a floor does.
	Enough = 2 * week

	week = 7 * 24 * time.Hour
	// merging is how long a delivery may be on its way into its slot.
	merging = 2 * time.Minute
	// ahead is how far it is looked ahead for when a source would be silent.
	ahead = 6 * time.Hour
)

const (
	// Rare is how likely a silence is at most if all is well, before it is called
	// one. A busy source begins a new silence every ten minutes, so that this is
	// not the chance of a false alarm in a year; what that is, the table of the
	// page says.
	Rare = 1e-6
	// Faint is how likely a silence is at most that is not called one yet, and yet
	// makes what hangs on the source doubtful.
	Faint = 0.1
	// Odd is how likely a silence is at most that agrees with another source's.
	Odd = 0.05
)

// Rules is what is known of a source beside its arrivals.
type Rules struct {
	// Zone is where its hours of the week are. Nil is UTC.
	Zone *time.Location
	// Floor is the longest silence that is called normal, or zero.
	Floor time.Duration
	// Watched is since when somebody has listened without a break. What did not
	// arrive before says nothing.
	Watched time.Time
}

// State is what is known of a source.
type State uint8

// The states.
const (
	// Unknown: it was never heard, or there is nothing to tell a silence by.
	Unknown State = iota
	// Heard: it says as much as usual.
	Heard
	// Silent: it says nothing, although it should have.
	Silent
)

// Verdict is the judgement of one source at one time.
type Verdict struct {
	State State
	// Since is the end of the last ten minutes in which something arrived, zero
	// when there are none.
	Since time.Time
	// Chance is how likely nothing comes for so long if all is well.
	Chance float64
	// Learnt reports whether the history is long enough to say what is usual.
	Learnt bool
	// Rhythm is what is usual.
	Rhythm Rhythm
	// Next is until when the source cannot be called silent even if nothing
	// arrives. It is zero for one that is.
	Next time.Time
}

// History is all that is known of one source.
type History struct {
	rules Rules
	// last is the last slot in which something arrived, and none says that there
	// is no such slot.
	last   Slot
	none   bool
	learnt bool
	rhythm Rhythm
}

// Of is what is known of a source by the slots in which something arrived, in
// order and each once.
func Of(slots []Slot, r Rules) History {
	h := History{rules: r, none: len(slots) == 0}
	if h.none {
		return h
	}
	h.last = slots[len(slots)-1]
	if h.learnt = h.last.Start().Sub(slots[0].Start()) >= Enough; h.learnt {
		h.rhythm = Learn(slots, r.Zone)
	}
	return h
}

// Last is the end of the last ten minutes in which something arrived, zero when
// there are none.
func (h History) Last() time.Time {
	if h.none {
		return time.Time{}
	}
	return h.last.End()
}

// Judge says how the source stands.
//
// It is silent when nothing came for at least the floor, and when that is rare
// at these hours of the week. Without enough history the floor alone decides,
// and without either nothing does.
func (h History) Judge(now time.Time) Verdict {
	v := Verdict{Since: h.Last(), Learnt: h.learnt, Rhythm: h.rhythm, Chance: 1}
	if h.none || !h.learnt && h.rules.Floor <= 0 {
		v.Next = h.rules.unknown(now)
		return v
	}
	return v.judge(h.rules, now)
}

// unknown is until when nothing can be told of a source of which nothing can be
// told now.
func (r Rules) unknown(now time.Time) time.Time {
	if r.Floor > 0 {
		return now.Add(min(r.Floor, ahead))
	}
	return now.Add(ahead)
}

// judge goes through the slots since something arrived, and on into those that
// have yet to come.
func (v Verdict) judge(r Rules, now time.Time) Verdict {
	v.State, v.Chance = Heard, 1
	from := latest(v.Since, r.Watched)
	evidence, spell, clock := 0.0, spell{}, wallOf(r.Zone)
	for s := SlotOf(from.Add(Length - 1)); ; s++ {
		over := s.End().Add(merging)
		if over.After(now.Add(ahead)) {
			v.Next = now.Add(ahead)
			return v
		}
		if v.Learnt {
			day, at := clock.at(s)
			evidence += spell.next(&v.Rhythm, day, at)
		}
		passed := !over.After(now)
		if passed {
			v.Chance = math.Exp(-evidence)
		}
		if v.Learnt && evidence < v.Rhythm.Enough() || over.Sub(from) < r.Floor {
			continue
		}
		if passed {
			v.State = Silent
		} else {
			v.Next = over
		}
		return v
	}
}

// Deaf reports that it is not the systems that are silent but their listener,
// and since when: nothing of any other system has come since one of them was
// last heard, which is odd for at least one more that was not odd before. It is
// the latest such time, and zero when there is none.
func Deaf(all map[Source]History, now time.Time) time.Time {
	var deaf time.Time
	for source, h := range all {
		v := h.Judge(now)
		if v.State == Silent && v.Since.After(deaf) && othersToo(all, source, v.Since, now) {
			deaf = v.Since
		}
	}
	return deaf
}

// othersToo reports whether all other systems fell silent with a source.
func othersToo(all map[Source]History, source Source, since, now time.Time) bool {
	odd := false
	for other, h := range all {
		if other.System == source.System || h.none {
			continue
		}
		if h.Last().After(since) {
			return false
		}
		before := h.Judge(since)
		h.rules.Watched = latest(h.rules.Watched, since)
		after := h.Judge(now)
		if before.Chance > Odd && (after.Chance <= Odd || after.State == Silent) {
			odd = true
		}
	}
	return odd
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Union is the slots of both, in order and each once.
func Union(a, b []Slot) []Slot {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
