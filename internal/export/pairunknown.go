package export

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// unknown pairs two files of unknown layouts.
func (p *Pairing) unknown(left, right Table) bool {
	l, r := profiles(left), profiles(right)
	found := keyOf(l, r)
	if len(found) == 0 {
		return false
	}
	key := widened(left, right, found)
	for _, j := range key {
		p.addKey(j)
	}
	for _, other := range found {
		if key[0].score()-other.score() < 0.05 && other.tellsApart() && other.left.index != key[0].left.index && other.right.index != key[0].right.index && !slices.ContainsFunc(key, func(k joint) bool { return k.left.index == other.left.index }) {
			p.Ambiguous = append(p.Ambiguous, fmt.Sprintf("%s = %s could be the key as well", other.left.name, other.right.name))
		}
	}
	taken := func(all []profile, index func(joint) int) []profile {
		return slices.DeleteFunc(slices.Clone(all), func(c profile) bool {
			return c.given == 0 || c.personal() || slices.ContainsFunc(key, func(j joint) bool { return index(j) == c.index })
		})
	}
	rows := joined(left, right, key)
	for _, s := range same(taken(l, func(j joint) int { return j.left.index }), taken(r, func(j joint) int { return j.right.index }), rows) {
		p.addFacet(s, partName(s.left.name))
	}
	return len(p.Facets) > 0
}

func (p *Pairing) addKey(j joint) {
	name := partName(j.left.name)
	a, b := keyColumn(j.left), keyColumn(j.right)
	a.Part, b.Part = name, name
	p.Left.Key, p.Right.Key = append(p.Left.Key, a), append(p.Right.Key, b)
	p.Key = append(p.Key, Common{name, j.left.name, j.right.name, j.because()})
	p.Reasons = append(p.Reasons, fmt.Sprintf("%s = %s is the key: %s", j.left.name, j.right.name, j.because()))
}

// candidate are a column of each file that may be the same facet.
type candidate struct {
	joint
	// agree is the share of the sampled records in both files for which the values are
	// the same, of so many.
	agree float64
	of    int
}

func (c candidate) score() float64 {
	if c.of < enough {
		return c.names
	}
	return 0.6*c.names + 0.4*c.agree
}

// enough is how many records have to be in both samples for their values to tell
// something.
const enough = 5

// belongs reports whether the columns are taken for the same.
func (c candidate) belongs() bool {
	kin := c.left.number == c.right.number && c.left.truth == c.right.truth
	return kin && (c.names >= likely || c.of >= enough && c.agree >= 0.7 && c.left.distinct > 2)
}

func (c candidate) because() string {
	why := c.joint
	why.overlap = 0
	text := why.because()
	if c.of >= enough {
		if text != "" {
			text += ", and "
		}
		text += fmt.Sprintf("%d of %d records have the same value", int(c.agree*float64(c.of)+0.5), c.of)
	}
	return cmp.Or(text, "the names are alike")
}

// same pairs columns, the surest first, each once.
func same(left, right []profile, rows [][2][]string) []candidate {
	var all []candidate
	for _, l := range left {
		for _, r := range right {
			c := candidate{joint: joint{left: l, right: r, names: alike(l.name, r.name)}}
			c.agree, c.of = agreement(rows, l, r)
			if c.belongs() {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score(), a.score()) })
	var chosen []candidate
	for _, c := range all {
		if !slices.ContainsFunc(chosen, func(o candidate) bool { return o.left.index == c.left.index || o.right.index == c.right.index }) {
			chosen = append(chosen, c)
		}
	}
	slices.SortStableFunc(chosen, func(a, b candidate) int { return cmp.Compare(a.left.index, b.left.index) })
	return chosen
}

// joined are the sampled rows that are in both files.
func joined(left, right Table, key []joint) [][2][]string {
	text := func(row []string, of func(joint) int) string {
		all := ""
		for _, j := range key {
			if i := of(j); i < len(row) {
				all += value(row[i]) + "\x00"
			}
		}
		return all
	}
	byKey := map[string][]string{}
	for _, row := range right.Samples {
		byKey[text(row, func(j joint) int { return j.right.index })] = row
	}
	var rows [][2][]string
	for _, row := range left.Samples {
		if other, ok := byKey[text(row, func(j joint) int { return j.left.index })]; ok {
			rows = append(rows, [2][]string{row, other})
		}
	}
	return rows
}

// agreement is the share of rows in which two columns say the same, of those in
// which both say something.
func agreement(rows [][2][]string, left, right profile) (agree float64, of int) {
	same := 0
	for _, row := range rows {
		if left.index >= len(row[0]) || right.index >= len(row[1]) {
			continue
		}
		a, b := row[0][left.index], row[1][right.index]
		if a == "" || b == "" {
			continue
		}
		of++
		if value(a) == value(b) || left.number && right.number && equalNumbers(a, b) {
			same++
		}
	}
	if of == 0 {
		return 0, 0
	}
	return float64(same) / float64(of), of
}

// equalNumbers compares two numbers that may be written differently.
func equalNumbers(a, b string) bool {
	x, errA := sheet.ParseNumber([]byte(a), sheet.NumberStyle{})
	y, errB := sheet.ParseNumber([]byte(b), sheet.NumberStyle{})
	return errA == nil && errB == nil && x == y
}

// addFacet compares two columns, as what both are.
func (p *Pairing) addFacet(c candidate, name string) {
	var m Match
	a, _ := m.guessFacet(c.left)
	b, _ := m.guessFacet(c.right)
	if a.Type != b.Type {
		a.Type, a.Style, b.Type, b.Style = Text, "", Text, ""
	}
	a.Facet, b.Facet = name, name
	p.Left.Facets, p.Right.Facets = append(p.Left.Facets, a), append(p.Right.Facets, b)
	p.Facets = append(p.Facets, Common{name, a.Column, b.Column, c.because()})
	p.Ambiguous = append(p.Ambiguous, m.Ambiguous...)
	p.Reasons = append(p.Reasons, fmt.Sprintf("%s = %s: %s", a.Column, b.Column, c.because()))
}

// half pairs a known layout with an unknown file: the known one's key and facets
// are looked for in the other. Of a layout with several kinds the one is taken of
// which most is found.
func (p *Pairing) half(known Match, table, other Table) bool {
	best := Pairing{}
	for _, m := range known.Mappings() {
		if tried, ok := p.against(m, table, other); ok && len(tried.Facets) > len(best.Facets) {
			best = tried
		}
	}
	if len(best.Facets) == 0 {
		return false
	}
	best.Ambiguous = append(best.Ambiguous, known.Ambiguous...)
	*p = best
	return true
}

// against looks for what a mapping of one file reads in another file.
func (p Pairing) against(m Mapping, table, other Table) (Pairing, bool) {
	if m.Spread != nil {
		return p, false
	}
	p.Left, p.Right = m, Mapping{Kind: m.Kind, Part: m.Part}
	l, r := profiles(table), profiles(other)
	columns := columnsOf(table.Header)
	var taken []int
	for _, k := range m.Key {
		if k.Column == "" {
			p.Right.Key = append(p.Right.Key, k)
			continue
		}
		own := l[columns.find(k.Column)]
		own.mapped = true // an order's "Name" is its number
		found := keyOf([]profile{own}, slices.DeleteFunc(slices.Clone(r), func(c profile) bool { return slices.Contains(taken, c.index) }))
		switch {
		case len(found) > 0:
			j := found[0]
			taken = append(taken, j.right.index)
			p.Right.Key = append(p.Right.Key, KeyColumn{Part: k.Part, Column: j.right.name, As: k.As})
			p.Key = append(p.Key, Common{k.Part, k.Column, j.right.name, j.because()})
			p.Reasons = append(p.Reasons, fmt.Sprintf("%s = %s is the %s: %s", k.Column, j.right.name, k.Part, j.because()))
		case k.Part == "location" && m.Kind == commerce.Inventory:
			p.Right.Key = append(p.Right.Key, KeyColumn{Part: k.Part, Constant: Everywhere, As: LocationKey})
		default:
			return p, false
		}
	}
	rest := slices.DeleteFunc(r, func(c profile) bool { return slices.Contains(taken, c.index) || c.given == 0 || c.personal() })
	for _, f := range m.Facets {
		p.find(f, l, rest, columns)
	}
	p.level()
	kept := p.Facets[:0]
	for _, c := range p.Facets {
		if _, ok := p.Left.facet(c.Name); ok {
			kept = append(kept, c)
		}
	}
	p.Facets = kept
	return p, len(p.Facets) > 0
}

// find looks for a facet of the left file among the right one's columns, by its
// column's name and by its own.
func (p *Pairing) find(f FacetColumn, left, right []profile, columns columns) {
	if f.Column == "" || f.Type == Given {
		return
	}
	l := left[columns.find(f.Column)]
	best := candidate{}
	for _, r := range right {
		used := slices.ContainsFunc(p.Right.Facets, func(o FacetColumn) bool { return o.Column == r.name })
		names := max(alike(l.name, r.name), alike(f.Facet, r.name))
		if c := (candidate{joint: joint{left: l, right: r, names: names}}); !used && names >= likely && names > best.names && (f.Type != Number && f.Type != Money || r.number) {
			best = c
		}
	}
	if best.names == 0 {
		return
	}
	var m Match
	g, _ := m.guessFacet(best.right)
	g.Facet, g.Type = f.Facet, f.Type
	if f.Type != Number && f.Type != Money && f.Type != Time {
		g.Style = ""
	}
	p.Right.Facets = append(p.Right.Facets, g)
	p.Facets = append(p.Facets, Common{f.Facet, f.Column, g.Column, best.because()})
	p.Ambiguous = append(p.Ambiguous, m.Ambiguous...)
	p.Reasons = append(p.Reasons, fmt.Sprintf("%s = %s is %s: %s", f.Column, g.Column, f.Facet, best.because()))
}
