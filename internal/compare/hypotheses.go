package compare

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// absent: one side has no value at all.
func (e *evidence) absent(f Facet, g group) []candidate {
	var places [2][]int
	for _, i := range g.places {
		l, r := e.r.Findings[i].Left.State == Present, e.r.Findings[i].Right.State == Present
		switch {
		case l && !r:
			places[Right] = append(places[Right], i)
		case r && !l:
			places[Left] = append(places[Left], i)
		}
	}
	var all []candidate
	for side, at := range places {
		if len(at) >= fewest && g.whole() || most(len(at), len(g.places)) {
			all = append(all, candidate{fmt.Sprintf("no %s on the %s%s", f.Name, Side(side), g.at()), f.Name, at, true})
		}
	}
	return all
}

// offset: the right side is always off by the same number, as with a buffer.
func (e *evidence) offset(f Facet, g group) []candidate {
	by := map[commerce.Decimal]int{}
	for _, i := range g.places {
		if _, _, delta, ok := e.numbers(i); ok {
			by[delta]++
		}
	}
	offset, n := mode(by, commerce.Decimal.Cmp)
	if n < 2 {
		return nil
	}
	var places []int
	floored := false
	for _, i := range g.places {
		left, right, delta, ok := e.numbers(i)
		// Stock that a buffer takes below nothing is shown as none.
		floor := ok && offset.Sign() < 0 && right.Sign() == 0 && left.Sign() > 0 && left.Cmp(offset.Abs()) < 0
		if ok && delta == offset || floor {
			places = append(places, i)
			floored = floored || floor
		}
	}
	if !most(len(places), len(g.places)) {
		return nil
	}
	text := fmt.Sprintf("%s is exactly %s %s on the right%s", f.Name, offset.Abs(), higher(offset), g.at())
	switch {
	case f.Money && offset.Abs().Cmp(fiveCents) <= 0:
		return nil // cents says it better
	case floored:
		text += ", and never below 0: a buffer?"
	case offset.Sign() < 0 && !f.Money:
		text += ": a buffer?"
	}
	return []candidate{{text, f.Name, places, true}}
}

var fiveCents = commerce.MustDecimal("0.05")

// cents: amounts differ by cents, and always one way, as different rounding does.
func (e *evidence) cents(f Facet, g group) []candidate {
	if !f.Money {
		return nil
	}
	var ways [2][]int
	for _, i := range g.places {
		if _, _, delta, ok := e.numbers(i); ok && delta.Abs().Cmp(fiveCents) <= 0 {
			way := 0
			if delta.Sign() < 0 {
				way = 1
			}
			ways[way] = append(ways[way], i)
		}
	}
	for way, places := range ways {
		if most(len(places), len(ways[0])+len(ways[1])) && len(places)*2 >= len(g.places) {
			return []candidate{{fmt.Sprintf("%s is a few cents %s on the right%s, never the other way: is it rounded by line there, or in total?", f.Name, [...]string{"higher", "lower"}[way], g.at()), f.Name, places, true}}
		}
	}
	return nil
}

// oneWay: whatever the sizes, the differences of a group go one way.
func (e *evidence) oneWay(f Facet, g group) []candidate {
	t := e.tally(g)
	n := t.Up.N + t.Down.N
	up := most(t.Up.N, n)
	if !up && !most(t.Down.N, n) || n < fewest {
		return nil
	}
	sum, err := t.Up.Sum.Sub(t.Down.Sum)
	if err != nil || sum.Sign() == 0 {
		return nil
	}
	return []candidate{{
		fmt.Sprintf("%s is %s on the right%s in %s of %s, %s in all", f.Name, higher(sum), g.at(), Number(max(t.Up.N, t.Down.N)), count(n, "difference"), signed(sum)),
		f.Name, g.places, false,
	}}
}

// moved: times that are off by whole hours are in another zone.
func (e *evidence) moved(f Facet, g group) []candidate {
	if f.Type != commerce.TimeType {
		return nil
	}
	by := map[time.Duration][]int{}
	for _, i := range g.places {
		l, err1 := time.Parse(time.RFC3339Nano, e.r.Findings[i].Left.Text)
		r, err2 := time.Parse(time.RFC3339Nano, e.r.Findings[i].Right.Text)
		if err1 == nil && err2 == nil {
			by[r.Sub(l)] = append(by[r.Sub(l)], i)
		}
	}
	var all []candidate
	for _, shift := range slices.Sorted(maps.Keys(by)) {
		if most(len(by[shift]), len(g.places)) {
			text := fmt.Sprintf("%s is exactly %s later on the right%s", f.Name, shift.Abs(), g.at())
			if shift < 0 {
				text = fmt.Sprintf("%s is exactly %s earlier on the right%s", f.Name, shift.Abs(), g.at())
			}
			if shift%(15*time.Minute) == 0 && shift.Abs() <= 14*time.Hour {
				text += ": another time zone?"
			}
			all = append(all, candidate{text, f.Name, by[shift], true})
		}
	}
	return all
}

// replaced: one word on the left is always another on the right, or is cut off.
func (e *evidence) replaced(f Facet, g group) []candidate {
	if !g.whole() || f.Hidden {
		return nil
	}
	type words struct{ left, right string }
	by := map[words][]int{}
	cut := map[int][]int{}
	for _, i := range g.places {
		found := e.r.Findings[i]
		if found.Left.State != Present || found.Right.State != Present {
			continue
		}
		l, r := found.Left.Text, found.Right.Text
		by[words{l, r}] = append(by[words{l, r}], i)
		if strings.HasPrefix(l, r) {
			n := len([]rune(r))
			cut[n] = append(cut[n], i)
		}
	}
	var all []candidate
	for n, places := range cut {
		if most(len(places), len(g.places)) {
			all = append(all, candidate{fmt.Sprintf("%s is cut off after %d characters on the right", f.Name, n), f.Name, places, true})
		}
	}
	for w, places := range by {
		if len(places) >= fewest && len(by) <= maxWords {
			all = append(all, candidate{fmt.Sprintf("%s is %q on the left and %q on the right", f.Name, w.left, w.right), f.Name, places, true})
		}
	}
	slices.SortFunc(all, func(a, b candidate) int { return strings.Compare(a.text, b.text) })
	return all
}

// maxWords is how many pairs of words a facet may have to be one with a small
// vocabulary, such as a status.
const maxWords = 50

// lacking: records that one side lacks are of one segment, or of one time.
func (e *evidence) lacking(side Side, places []int) []candidate {
	var all []candidate
	for _, g := range e.groups(places) {
		switch {
		case g.whole():
		case most(len(g.places), g.records):
			text := fmt.Sprintf("nearly all records%s are missing on the %s", g.at(), side)
			if len(g.places) >= g.records {
				text = fmt.Sprintf("all records%s are missing on the %s", g.at(), side)
			}
			if g.segment != FirstLetters {
				text += fmt.Sprintf(": is the %s known there?", g.segment)
			}
			all = append(all, candidate{text, "", g.places, true})
		case most(len(g.places), len(places)) && g.records*2 < max(e.r.Summary.Left, e.r.Summary.Right):
			all = append(all, candidate{fmt.Sprintf("what is missing on the %s is%s", side, g.at()), "", g.places, false})
		}
	}
	return append(all, e.dated(side, places)...)
}

// dated: what is missing came about after a time, or on one day.
func (e *evidence) dated(side Side, places []int) []candidate {
	days := map[string][]int{}
	var first, last time.Time
	for _, i := range places {
		at := e.pairs[e.r.Findings[i].pair].first().about.Created
		if at.IsZero() {
			return nil
		}
		day := at.UTC().Format(time.DateOnly)
		days[day] = append(days[day], i)
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	for day, of := range days {
		if most(len(of), len(places)) {
			return []candidate{{fmt.Sprintf("what is missing on the %s was created on %s (UTC)", side, day), "", of, true}}
		}
	}
	return []candidate{{fmt.Sprintf("what is missing on the %s was created between %s and %s", side, timeText(first), timeText(last)), "", places, false}}
}

// mode is the most frequent key; of several the least.
func mode[K comparable](by map[K]int, compare func(a, b K) int) (K, int) {
	var best K
	n := 0
	for k, count := range by {
		if count > n || count == n && compare(k, best) < 0 {
			best, n = k, count
		}
	}
	return best, n
}

func higher(d commerce.Decimal) string {
	if d.Sign() < 0 {
		return "lower"
	}
	return "higher"
}

// signed writes a number with its sign: +3, −3.
func signed(d commerce.Decimal) string {
	if d.Sign() < 0 {
		return "-" + d.Abs().String()
	}
	return "+" + d.String()
}
