package judge

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// piece is one way in which one amount of the record can be part of a
// difference.
type piece struct {
	name string
	// amount is what it adds to the difference.
	amount commerce.Decimal
	// between says that the amount is not the facet itself, but what the two
	// sides' facets differ by.
	between bool
}

// found is the smallest set of pieces that a difference is made of.
type found struct {
	// subsets are all of the smallest size that leave the same least rest, each of
	// other names.
	subsets [][]piece
	rest    commerce.Decimal
}

func (f found) none() bool { return len(f.subsets) == 0 }

// by names the pieces, unless several subsets do equally well.
func (f found) by() string {
	if len(f.subsets) != 1 {
		return ""
	}
	return strings.Join(namesOf(f.subsets[0]), " + ")
}

func namesOf(subset []piece) []string {
	var names []string
	for _, p := range subset {
		names = append(names, p.name)
	}
	return names
}

// find looks for the fewest pieces, one of a group, whose sum is the delta up to
// the tolerance. Groups are in alphabetical order of their names, so that the
// same is found whatever the order in which somebody wrote them down.
func find(delta, tolerance commerce.Decimal, groups [][]piece, least, most int) found {
	s := search{groups: groups, tolerance: tolerance}
	for size := least; size <= min(most, len(groups)) && s.none(); size++ {
		s.choose(nil, 0, size, delta)
	}
	return s.found
}

type search struct {
	found
	groups    [][]piece
	tolerance commerce.Decimal
}

// choose adds more pieces of the groups from the given one on. Missing is what
// the chosen ones leave of the delta.
func (s *search) choose(chosen []piece, group, more int, missing commerce.Decimal) {
	if more == 0 {
		s.offer(chosen, missing)
		return
	}
	for i := group; i+more <= len(s.groups); i++ {
		for _, p := range s.groups[i] {
			if left, err := missing.Sub(p.amount); err == nil {
				s.choose(append(chosen, p), i+1, more-1, left)
			}
		}
	}
}

func (s *search) offer(chosen []piece, rest commerce.Decimal) {
	if rest.Abs().Cmp(s.tolerance) > 0 {
		return
	}
	better := -1
	if !s.none() {
		better = rest.Abs().Cmp(s.rest.Abs())
	}
	same := func(subset []piece) bool { return slices.Equal(namesOf(subset), namesOf(chosen)) }
	switch {
	case better < 0:
		s.subsets, s.rest = [][]piece{slices.Clone(chosen)}, rest
	case better == 0 && !slices.ContainsFunc(s.subsets, same):
		s.subsets = append(s.subsets, slices.Clone(chosen))
	}
}

// groups are the ways of each name, in alphabetical order of the names. Names
// without an amount have none.
func (c comparison) groups(names []string, ways func(name string, from, to commerce.Decimal) []piece) [][]piece {
	var groups [][]piece
	for _, name := range names {
		from, to := c.terms.amount(c.from.Facets[name]), amountOf(c.to.Facets[name])
		var group []piece
		for _, w := range ways(name, from, to) {
			if w.amount.Sign() != 0 && !slices.ContainsFunc(group, func(p piece) bool { return p.amount == w.amount }) {
				group = append(group, w)
			}
		}
		if len(group) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// amountOf is an amount, or nothing where the side does not report one.
func amountOf(v commerce.Value) commerce.Decimal {
	d, _ := v.Decimal()
	return d
}

// declared are the ways of what is policy. A component belongs to the amount of
// the side that has it, and the other leaves it out; or both have it, and what
// they say of it differs.
func (c comparison) declared(name string, from, to commerce.Decimal) []piece {
	ways := []piece{{name: name, amount: from.Neg()}, {name: name, amount: to}}
	if from.Sign() != 0 && to.Sign() != 0 {
		if d, err := to.Sub(from); err == nil {
			ways = append(ways, piece{name: name, amount: d, between: true})
		}
	}
	switch {
	case name == "discount":
		// It makes the amount smaller that holds it.
		for i := range ways {
			ways[i].amount = ways[i].amount.Neg()
		}
	case bothWays[name]:
		ways = append(ways, piece{name: name, amount: from}, piece{name: name, amount: to.Neg()})
	}
	return ways
}

// bothWays are amounts that are known to the side that leaves them out as well
// as to the other, or that are signed.
var bothWays = map[string]bool{
	"tax": true, "tax_current": true, "rounding": true, "adjustment": true, "adjustments": true,
	"fee": true, "fees": true, "refunds": true,
}

// anyWay are all ways: what is found is told, and changes no outcome.
func (c comparison) anyWay(name string, from, to commerce.Decimal) []piece {
	ways := c.declared(name, from, to)
	for _, d := range []commerce.Decimal{from, to} {
		ways = append(ways, piece{name: name, amount: d}, piece{name: name, amount: d.Neg()})
	}
	return ways
}
