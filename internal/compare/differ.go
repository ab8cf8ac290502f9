package compare

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// difference is one facet on which the two records of a pair are not equal.
type difference struct {
	facet       int
	left, right Text
	delta       *commerce.Decimal
}

// number reports whether values of the facet are numbers.
func (f Facet) number() bool { return f.Type == commerce.NumberType }

// differences compares two records facet by facet. What is equal but for its
// spelling agrees, and is counted in spelt.
func (p Plan) differences(left, right kept, spelt map[spelling]int) []difference {
	var found []difference
	lines := commerce.Int(int64(max(1, left.about.Items, right.about.Items)))
	ls, rs := left.values(), right.values()
	for i, f := range p.Facets {
		l, r := ls[i], rs[i]
		if l == r {
			continue
		}
		d := difference{facet: i, left: l, right: r}
		if l.State == Present && r.State == Present && f.number() {
			if within, delta := f.near(l.Text, r.Text, lines); within {
				continue
			} else if delta != nil {
				d.delta = delta
			}
		} else if how := speltAlike(l, r); how != "" {
			spelt[spelling{f.Name, how}]++
			continue
		}
		found = append(found, d)
	}
	return found
}

// near is right minus left, and whether the facet tolerates it. Numbers that are
// too long to subtract are as far apart as can be, without a delta.
func (f Facet) near(left, right string, lines commerce.Decimal) (bool, *commerce.Decimal) {
	l, err1 := commerce.ParseDecimal(left)
	r, err2 := commerce.ParseDecimal(right)
	if err1 != nil || err2 != nil {
		return false, nil
	}
	delta, err := r.Sub(l)
	if err != nil {
		return false, nil
	}
	return f.Within.allows(l, delta, lines), &delta
}

// spelling is a way in which values of a facet are written differently and mean
// the same.
type spelling struct{ facet, how string }

// The ways of writing one thing.
const (
	byCase   = "letter case"
	byZeros  = "leading zeros"
	byMarks  = "thousands marks"
	bySpaces = "spaces"
	byEmpty  = "null and blank"
)

// speltAlike says how two unequal values are spelt differently, or "" where they
// mean different things. A blank cell of a CSV file may stand for null or for no
// value at all; null and missing are told apart by formats that have both.
func speltAlike(l, r Text) string {
	if l.State != Present || r.State != Present {
		if l.State != Present && r.State != Present && (l.State == Blank || r.State == Blank) {
			return byEmpty
		}
		return ""
	}
	return alike(l.Text, r.Text)
}

// alike says how two texts are spelt differently, or "" where they differ. Of
// several ways that it takes together, it names the last.
func alike(l, r string) string {
	for _, way := range []struct {
		how  string
		fold func(string) string
	}{
		{byCase, strings.ToLower},
		{bySpaces, foldSpaces},
		{byZeros, foldZeros},
		{byMarks, foldMarks},
	} {
		l, r = way.fold(l), way.fold(r)
		if l == r {
			return way.how
		}
	}
	return ""
}

// foldText is what all spellings of a text have in common.
func foldText(s string) string {
	return foldMarks(foldZeros(foldSpaces(strings.ToLower(s))))
}

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

// foldZeros takes off the zeros before a number, as spreadsheets do.
func foldZeros(s string) string {
	if s == "" || s[0] != '0' || strings.Trim(s, "0123456789") != "" {
		return s
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

// foldMarks takes the thousands marks out of a whole number.
func foldMarks(s string) string {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\'' || r == ' ' || r == '\u00a0' })
	if len(groups) < 2 || len(groups[0]) > 3 {
		return s
	}
	for i, g := range groups {
		if strings.Trim(g, "0123456789") != "" || i > 0 && len(g) != 3 {
			return s
		}
	}
	return strings.Join(groups, "")
}
