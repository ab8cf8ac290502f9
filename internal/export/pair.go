package export

import (
	"errors"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// ErrPair means that nothing identifies the records of two files in both. The user
// has to say which columns do.
var ErrPair = errors.New("no columns identify the records of both files")

// ErrPreset means that there is no preset of a name.
var ErrPreset = errors.New("there is no preset")

// Common is what two files both have: a key part or a facet.
type Common struct {
	// Name is that of the key part or facet in both mappings.
	Name string
	// Left and Right are the columns; blank for a value without a column.
	Left, Right string
	// Why says in words why they belong together.
	Why string
}

// Pairing is how two files can be compared: two mappings whose records have the same
// keys and facets of the same names.
type Pairing struct {
	Left, Right Mapping
	// LeftTitle and RightTitle are what the files were recognised as.
	LeftTitle, RightTitle string
	Key, Facets           []Common
	// Kinds are all that files of known layouts both tell of.
	Kinds []commerce.Kind
	// Reasons say what was chosen and why, Ambiguous what else could be meant.
	Reasons, Ambiguous []string
}

// Pair finds out how two files can be compared. Of files of known layouts the kind
// that both tell most of is taken; in a file of an unknown one, the key and the
// facets of the other are looked for by names and by values that stand in both; of
// two unknown ones, all columns that seem to be the same are compared. The more
// samples there are, the surer the choice: rows of both files in different order
// have few values in common. The error is ErrPair.
func Pair(left, right Table) (Pairing, error) { return PairAs(left, right, As{}) }

// As is what the user says of two files. The zero As leaves all to Pair.
type As struct {
	// Left and Right are names of presets.
	Left, Right string
	// Kind is what is compared of files that tell of several kinds.
	Kind commerce.Kind
}

// PairAs is Pair for files of which the user says what they are.
func PairAs(left, right Table, as As) (Pairing, error) {
	l, errLeft := left.as(as.Left)
	r, errRight := right.as(as.Right)
	if err := errors.Join(errLeft, errRight); err != nil {
		return Pairing{}, err
	}
	if len(l) == 0 || len(r) == 0 {
		return Pairing{}, fmt.Errorf("%w: a file has no columns", ErrPair)
	}
	p := Pairing{LeftTitle: l[0].Title, RightTitle: r[0].Title}
	switch {
	case l[0].Known() && r[0].Known():
		if p.known(l[0], r[0], as.Kind) {
			return p, nil
		}
		return p, fmt.Errorf("%w: %s and %s tell of nothing in common", ErrPair, l[0].Title, r[0].Title)
	case l[0].Known():
		if p.half(l[0], left, right) {
			return p, nil
		}
	case r[0].Known():
		mirrored := Pairing{LeftTitle: p.RightTitle, RightTitle: p.LeftTitle}
		if mirrored.half(r[0], right, left) {
			return mirrored.swapped(), nil
		}
	}
	if !p.unknown(left, right) {
		return p, ErrPair
	}
	return p, nil
}

// as are the readings of a table, or the one that the user names.
func (t Table) as(preset string) ([]Match, error) {
	all := Recognise(t.Header, t.Samples)
	if preset == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(m Match) bool { return m.Mapping.Preset == preset })
	if i >= 0 {
		return all[i : i+1], nil
	}
	p, known := PresetOf(preset)
	if !known {
		return nil, fmt.Errorf("%w %q, want one of %s", ErrPreset, preset, listed(presetNames()))
	}
	return nil, fmt.Errorf("%w: a file is not of the layout %s, which has the columns %s", ErrPair, preset, listed(p.Needs))
}

// swapped is the pairing with its sides exchanged.
func (p Pairing) swapped() Pairing {
	swap := func(all []Common) []Common {
		all = slices.Clone(all)
		for i, c := range all {
			all[i].Left, all[i].Right = c.Right, c.Left
		}
		return all
	}
	return Pairing{
		Left: p.Right, Right: p.Left, LeftTitle: p.RightTitle, RightTitle: p.LeftTitle,
		Key: swap(p.Key), Facets: swap(p.Facets), Reasons: p.Reasons, Ambiguous: p.Ambiguous,
	}
}

// known pairs two known layouts by the kind that is asked for, or that of which they
// tell most in common.
func (p *Pairing) known(l, r Match, kind commerce.Kind) bool {
	best := 0
	for _, a := range l.Mappings() {
		b, ok := r.Of(a.Kind)
		n := len(shared(a, b))
		if _, counts := a.quantity(); ok && n == 0 && counts && a.Kind == commerce.Inventory {
			n = 1 // quantities can be related
		}
		if !ok || n == 0 {
			continue
		}
		p.Kinds = append(p.Kinds, a.Kind)
		if n > best && (kind == "" || kind == a.Kind) {
			best, p.Left, p.Right = n, a, b
		}
	}
	if best == 0 {
		return false
	}
	p.Reasons = append(p.Reasons, fmt.Sprintf("both files tell of %s: %s and %s", p.Left.Kind, l.Title, r.Title))
	p.Ambiguous = slices.Concat(l.Ambiguous, r.Ambiguous)
	p.level()
	p.relate()
	p.name()
	return len(p.Facets) > 0
}

// shared names the facets that both mappings have.
func shared(a, b Mapping) []string {
	var names []string
	for _, f := range a.facets() {
		if _, ok := b.facet(f.Facet); ok {
			names = append(names, f.Facet)
		}
	}
	return names
}

// facets are those of the mapping, or of each column that it spreads.
func (m Mapping) facets() []FacetColumn {
	if m.Spread != nil {
		return m.Spread.Facets
	}
	return m.Facets
}

func (m Mapping) facet(name string) (FacetColumn, bool) {
	all := m.facets()
	i := slices.IndexFunc(all, func(f FacetColumn) bool { return f.Facet == name })
	if i < 0 {
		return FacetColumn{}, false
	}
	return all[i], true
}

// name lists what the two mappings have in common.
func (p *Pairing) name() {
	for _, k := range p.Left.Key {
		if i := slices.IndexFunc(p.Right.Key, func(o KeyColumn) bool { return o.Part == k.Part }); i >= 0 {
			p.Key = append(p.Key, Common{k.Part, k.Column, p.Right.Key[i].Column, "the key of " + string(p.Left.Kind)})
		}
	}
	for _, name := range shared(p.Left, p.Right) {
		a, _ := p.Left.facet(name)
		b, _ := p.Right.facet(name)
		if a.Column == "" && b.Column == "" && p.Left.Spread == nil && p.Right.Spread == nil {
			continue // what both have without a column says nothing
		}
		p.Facets = append(p.Facets, Common{name, a.Column, b.Column, "both layouts have it"})
	}
}

// level makes a sum over all locations of the side that has each, where the other
// side has only the sum.
func (p *Pairing) level() {
	left, right := p.Left.everywhere(), p.Right.everywhere()
	if p.Left.Kind != commerce.Inventory || left == right {
		return
	}
	sum, title := &p.Right, p.LeftTitle
	if right {
		sum, title = &p.Left, p.RightTitle
	}
	if sum.Spread != nil {
		p.Ambiguous = append(p.Ambiguous, fmt.Sprintf("%s has the sum over all locations, and the other file a column for each: choose one of them", title))
		return
	}
	*sum = sum.summed()
	p.Reasons = append(p.Reasons, fmt.Sprintf("%s has the sum over all locations: those of the other file are added up", title))
}

// everywhere reports whether the mapping's stock is that of all locations.
func (m Mapping) everywhere() bool {
	return slices.ContainsFunc(m.Key, func(k KeyColumn) bool { return k.Part == "location" && k.Column == "" && k.Constant == Everywhere })
}

// summed is a mapping of stock by location that adds all locations up.
func (m Mapping) summed() Mapping {
	m.Group, m.Native = Anywhere, nil
	m.Key = slices.Clone(m.Key)
	for i, k := range m.Key {
		if k.Part == "location" {
			m.Key[i] = KeyColumn{Part: "location", Constant: Everywhere, As: LocationKey}
		}
	}
	var facets []FacetColumn
	for _, f := range m.Facets {
		if how, _ := m.Kind.FacetOf(f.Facet); how.Fold == commerce.Add {
			f.Rows = Sum
			facets = append(facets, f)
		}
	}
	m.Facets = facets
	return m
}
