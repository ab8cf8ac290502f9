package silence

import (
	"math"
	"slices"
	"time"
)

const (
	hours = 24
	// slots is how many slots an hour has.
	slots = int(time.Hour / Length)
	// weight is how many slots the pooled estimate of an hour counts for. It is
	// small: a shop that is closed on Wednesdays must not be lent the other days'
	// customers.
	weight = 2
	// certain is the most that one slot may promise. More would let two quiet
	// slots of a busy hour be a silence.
	certain = 0.97
	// margin is how much more a silence says than the longest of the past, and
	// patience bounds how much that can come to, in silences that are rare.
	margin   = 2.5
	patience = 3
)

// rare is what a silence of the chance Rare says.
var rare = -math.Log(Rare)

// Rhythm is how often something arrived in each hour of the week, in local
// time, and how likely it does in a slot. The zero Rhythm expects nothing.
type Rhythm struct {
	week   [7][hours]hour
	likely [7][hours]float64
	// against is what empty slots of an hour say against all being well, one after
	// the other: the logarithm of how likely each is, without its sign.
	against [7][hours][slots]float64
	// longest is what the two longest silences said that ended by themselves.
	longest [2]float64
}

// hour counts the slots of one hour of the week.
type hour struct{ heard, all int }

func (h hour) plus(o hour) hour { return hour{h.heard + o.heard, h.all + o.all} }

// Learn counts the slots from the first arrival to the last, and of those the
// latest eight weeks. The arrivals are in order and each once. What came after the last one, which may be an outage, does
// not make silence usual. Hours are what the clock on the wall shows: an hour
// that it repeats counts twice, one that it skips not at all.
func Learn(slots []Slot, zone *time.Location) Rhythm {
	var r Rhythm
	if len(slots) == 0 {
		return r
	}
	last := slots[len(slots)-1]
	first := max(slots[0], last-Slot(Remembered/Length)+1)
	next, _ := slices.BinarySearch(slots, first)
	slots = slots[next:]
	clock := wallOf(zone)
	next = 0
	for s := first; s <= last; s++ {
		day, at := clock.at(s)
		h := &r.week[day][at]
		h.all++
		if slots[next] == s {
			h.heard++
			next++
		}
	}
	r.estimate()
	r.silences(slots, clock)
	return r
}

// estimate says how likely something arrives in a slot. An hour of the week with
// few observations borrows from the same hour of like days, and that from all
// hours. One in which nothing ever came promises nothing, whatever others say.
func (r *Rhythm) estimate() {
	var all hour
	var like [2][hours]hour
	for d, day := range r.week {
		for h, one := range day {
			all = all.plus(one)
			like[weekend(d)][h] = like[weekend(d)][h].plus(one)
		}
	}
	overall := all.of(1, 0)
	for d, day := range r.week {
		for h, one := range day {
			if one.heard > 0 {
				pooled := like[weekend(d)][h].of(weight, overall)
				r.likely[d][h] = min(one.of(weight, pooled), certain)
				r.against[d][h] = one.against(pooled)
			}
		}
	}
}

// of is the share of slots with an arrival, when as many more have the given
// share.
func (h hour) of(more int, share float64) float64 {
	return (float64(h.heard) + float64(more)*share) / float64(h.all+more)
}

// against is what empty slots say, one after the other. Each of them is one more
// that was empty in this hour: an hour that has begun quietly is likelier to go on
// so, the more the less is known of it.
func (h hour) against(pooled float64) (says [slots]float64) {
	for n := range says {
		empty := float64(h.all-h.heard+n) + weight*(1-pooled)
		says[n] = -math.Log(max(empty/float64(h.all+weight+n), 1-certain))
	}
	return says
}

// spell goes through empty slots in their order.
type spell struct {
	day     time.Weekday
	hour, n int
	begun   bool
}

// next is the evidence of one more empty slot.
func (s *spell) next(r *Rhythm, day time.Weekday, hour int) float64 {
	if s.begun && s.day == day && s.hour == hour {
		s.n = min(s.n+1, slots-1)
	} else {
		*s = spell{day: day, hour: hour, begun: true}
	}
	return r.against[day][hour][s.n]
}

// Likely is how likely something arrives in a slot.
func (r Rhythm) Likely(s Slot, zone *time.Location) float64 {
	day, at := wallOf(zone).at(s)
	return r.likely[day][at]
}

// silences weighs the silences between arrivals. Days differ, and people take
// long lunches, so that they are longer than if each slot were tossed by itself.
func (r *Rhythm) silences(slots []Slot, clock *wall) {
	for i, s := range slots {
		if i == 0 {
			continue
		}
		silence, spell := 0.0, spell{}
		for empty := slots[i-1] + 1; empty < s; empty++ {
			day, at := clock.at(empty)
			silence += spell.next(r, day, at)
		}
		switch {
		case silence >= patience*rare:
		case silence > r.longest[0]:
			r.longest = [2]float64{silence, r.longest[0]}
		default:
			r.longest[1] = max(r.longest[1], silence)
		}
	}
}

// Enough is what a silence has to say to be called one: more than is rare, and
// more than twice as much as the longest that ended by itself but for one, which
// may have been an outage. One that said three times what is rare surely was, and
// is no measure.
func (r Rhythm) Enough() float64 { return min(max(rare, margin*r.longest[1]), patience*rare) }

// weekend is 1 for a day on which fewer people work, and 0 for others.
func weekend(day int) int {
	if d := time.Weekday(day); d == time.Saturday || d == time.Sunday {
		return 1
	}
	return 0
}

// Usual is in how many slots of how many the source was heard in the slot's hour
// of the week.
func (r Rhythm) Usual(s Slot, zone *time.Location) (heard, all int) {
	day, at := wallOf(zone).at(s)
	h := r.week[day][at]
	return h.heard, h.all
}

// Busiest is the slot from one time to another in which an arrival is most
// likely, the last of several.
func (r Rhythm) Busiest(from, until time.Time, zone *time.Location) Slot {
	best := SlotOf(until)
	clock := wallOf(zone)
	likely := func(s Slot) float64 {
		day, at := clock.at(s)
		return r.likely[day][at]
	}
	for s := best - 1; !s.Start().Before(from); s-- {
		if likely(s) > likely(best) {
			best = s
		}
	}
	return best
}
