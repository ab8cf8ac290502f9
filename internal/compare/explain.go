package compare

import (
	"cmp"
	"fmt"
	"slices"
)

// An explanation is worth a sentence when enough records share it.
const (
	fewest = 3 // records
	// Four of five are most of a group.
	mostOf, mostIn = 4, 5
	// maxExplanations is how many are listed.
	maxExplanations = 10
	// maxKeys is how many records of an explanation are named.
	maxKeys = 3
)

// most reports whether n of m are most of them, and enough for a sentence.
func most(n, m int) bool { return n >= fewest && n*mostIn >= m*mostOf }

// candidate is an explanation with the findings that it is about.
type candidate struct {
	text, facet string
	places      []int
	// exact ones say what the difference is, others only where it is.
	exact bool
}

// explanations are what most records share, the greatest first. What another one
// already explains for the most part is left out.
func (e *evidence) explanations() []Explanation {
	all := append(e.settled(), e.spellings()...)
	all = append(all, e.chosen()...)
	slices.SortStableFunc(all, func(a, b Explanation) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(b.Records, a.Records))
	})
	return all[:min(len(all), maxExplanations)]
}

// order puts what is to be acted on before what is settled.
func order(x Explanation) int {
	if x.Settled {
		return 1
	}
	return 0
}

// candidates asks everything that may explain a difference.
func (e *evidence) candidates() []candidate {
	var all []candidate
	for _, f := range e.plan.Facets {
		places := e.differ[f.Name]
		if len(places) < fewest {
			continue
		}
		for _, g := range e.groups(places) {
			if len(g.places) < fewest {
				continue
			}
			all = append(all, e.absent(f, g)...)
			switch {
			case f.number():
				all = append(all, e.offset(f, g)...)
				all = append(all, e.factor(f, g)...)
				all = append(all, e.cents(f, g)...)
				all = append(all, e.oneWay(f, g)...)
			default:
				all = append(all, e.moved(f, g)...)
				all = append(all, e.replaced(f, g)...)
			}
		}
	}
	for side, places := range e.missing {
		if len(places) >= fewest {
			all = append(all, e.lacking(Side(side), places)...)
		}
	}
	return all
}

// chosen are the candidates that say something new: exact ones before others,
// those of more records before those of fewer.
func (e *evidence) chosen() []Explanation {
	all := e.candidates()
	slices.SortStableFunc(all, func(a, b candidate) int {
		exact := func(c candidate) int {
			if c.exact {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(exact(a), exact(b)), cmp.Compare(len(b.places), len(a.places)))
	})
	taken := map[int]bool{}
	var chosen []Explanation
	for _, c := range all {
		fresh := 0
		for _, i := range c.places {
			if !taken[i] {
				fresh++
			}
		}
		if fresh*2 < len(c.places) || fresh == 0 {
			continue
		}
		for _, i := range c.places {
			taken[i] = true
		}
		chosen = append(chosen, Explanation{Text: c.text, Facet: c.facet, Records: len(c.places), Keys: e.keys(c.places)})
	}
	return chosen
}

// keys names the first records by their keys.
func (e *evidence) keys(places []int) []string {
	var keys []string
	for _, i := range places {
		f := e.r.Findings[i]
		switch {
		case f.Key != "":
			keys = append(keys, f.Key)
		case f.Lines[Left] > 0:
			keys = append(keys, fmt.Sprintf("line %d", f.Lines[Left]))
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return keys[:min(len(keys), maxKeys)]
}

// settled are the reasons for which differences are none.
func (e *evidence) settled() []Explanation {
	type reason struct{ facet, text string }
	by := map[reason][]int{}
	for i, f := range e.r.Findings {
		var r reason
		switch f.Outcome {
		case Explained:
			r = reason{f.Facet, f.Facet + " differs by units that are in flight"}
		case CannotTell:
			r = reason{"", "cannot be told: " + f.Why}
		default:
			continue
		}
		by[r] = append(by[r], i)
	}
	var all []Explanation
	for r, places := range by {
		all = append(all, Explanation{Text: r.text, Facet: r.facet, Records: e.records(places), Settled: true, Keys: e.keys(places)})
	}
	slices.SortFunc(all, func(a, b Explanation) int { return cmp.Compare(a.Text, b.Text) })
	return all
}

// records counts the records that findings are about.
func (e *evidence) records(places []int) int {
	seen := map[int]bool{}
	for _, i := range places {
		seen[e.r.Findings[i].pair] = true
	}
	return len(seen)
}

// at says where: " at east", or nothing for all records.
func (g group) at() string {
	switch {
	case g.whole():
		return ""
	case g.segment == FirstLetters:
		return fmt.Sprintf(" of %s…", g.value)
	default:
		return fmt.Sprintf(" of %s %s", g.segment, g.value)
	}
}
