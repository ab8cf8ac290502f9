package export

import (
	"fmt"
	"slices"
	"strings"
)

// joint is a column of each file that may be the same.
type joint struct {
	left, right profile
	// names is how alike the names are, overlap the share of the values of the one
	// with fewer that the other has as well.
	names, overlap float64
}

// value is a text as it is looked for in another file.
func value(text string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "#"))
}

func valuesOf(p profile) map[string]bool {
	all := make(map[string]bool, p.distinct)
	for _, text := range p.texts {
		all[value(text)] = true
	}
	return all
}

func join(left, right profile) joint {
	j := joint{left: left, right: right, names: alike(left.name, right.name)}
	a, b := valuesOf(left), valuesOf(right)
	if len(a) > len(b) {
		a, b = b, a
	}
	for text := range a {
		if b[text] {
			j.overlap++
		}
	}
	if len(a) > 0 {
		j.overlap /= float64(len(a))
	}
	return j
}

// score weighs how surely the columns identify the same records.
func (j joint) score() float64 {
	score := 0.55*j.overlap + 0.3*j.names + 0.15*min(j.left.unique(), j.right.unique())
	switch named := keyRank(j.left.name) >= 0 || keyRank(j.right.name) >= 0; {
	case named:
		score += 0.1
	case j.left.number && j.right.number:
		score -= 0.3 // numbers of pieces stand in both files by chance
	}
	return score
}

// because says why the columns belong together.
func (j joint) because() string {
	var whys []string
	if j.overlap > 0 {
		whys = append(whys, fmt.Sprintf("%d %% of the values of the smaller one are in both", int(100*j.overlap)))
	}
	switch {
	case plain(j.left.name) == plain(j.right.name):
		whys = append(whys, "they have the same name")
	case j.names >= likely:
		whys = append(whys, "their names mean the same")
	}
	return strings.Join(whys, ", and ")
}

// likely is from when on two names mean the same.
const likely = 0.6

// mayIdentify reports whether a column can be part of a key.
func mayIdentify(p profile) bool {
	return p.given > 0 && !p.fraction && !p.date && !p.truth && (p.email || !p.personal())
}

// keyOf finds the columns that identify the records of both files.
func keyOf(left, right []profile) []joint {
	var found []joint
	for _, l := range left {
		for _, r := range right {
			if j := join(l, r); mayIdentify(l) && mayIdentify(r) && l.email == r.email && (j.overlap >= 0.05 || j.names >= 0.8) {
				found = append(found, j)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b joint) int {
		switch {
		case a.score() > b.score():
			return -1
		case a.score() < b.score():
			return 1
		default:
			return 0
		}
	})
	// Few values in all rows, such as those of a status, are in both files whatever
	// the rows are.
	if i := slices.IndexFunc(found, joint.tellsApart); i > 0 {
		first := found[i]
		found = slices.Insert(slices.Delete(found, i, i+1), 0, first)
	}
	return found
}

// tellsApart reports whether the columns tell at least every tenth row from the
// others.
func (j joint) tellsApart() bool { return 10*min(j.left.unique(), j.right.unique()) >= 1 }

// widened adds a second column where the first does not tell rows apart in one of
// the files.
func widened(left, right Table, found []joint) []joint {
	best := found[0]
	apart := func(all ...joint) bool {
		var l, r []profile
		for _, j := range all {
			l, r = append(l, j.left), append(r, j.right)
		}
		return together(left, l) >= certain && together(right, r) >= certain
	}
	if apart(best) {
		return found[:1]
	}
	for _, j := range found[1:] {
		if (j.left.number || j.right.number) && keyRank(j.left.name) < 0 {
			continue // a quantity tells rows apart until it changes
		}
		if j.left.index != best.left.index && j.right.index != best.right.index && j.names >= likely && apart(best, j) {
			return []joint{best, j}
		}
	}
	return found[:1]
}
