package source

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
)

// Fit finds out how two files fit together, and does with it what the user wishes.
// The error is export.ErrPair where the user has to say more.
func Fit(l, r Look, w Wishes) (Pair, error) {
	found, err := export.PairAs(l.table(), r.table(), export.As{Left: w.As[0], Right: w.As[1], Kind: w.Kind})
	if errors.Is(err, export.ErrPreset) {
		return Pair{}, err
	}
	if err != nil {
		if len(w.Key) == 0 {
			w.Key = onlyHeader(l, r)
		}
		if len(w.Key) == 0 {
			return Pair{}, fmt.Errorf("%w: say --key LEFT=RIGHT, and --map COLUMN=NAME for columns of unequal names", err)
		}
		found = sameNames(l, r, w.Key)
	}
	p := Pair{Readings: [2]Reading{
		{Look: l, Title: found.LeftTitle, Mapping: found.Left},
		{Look: r, Title: found.RightTitle, Mapping: found.Right},
	}, Reasons: found.Reasons, Notes: found.Ambiguous}
	if w.Kind == "" && len(found.Kinds) > 1 {
		p.Notes = append(p.Notes, fmt.Sprintf("both files tell of %s too: --kind compares that", others(found.Kinds, found.Left.Kind)))
	}
	if err := p.unmet(w); err != nil {
		return Pair{}, err
	}
	w = w.byName(l, r)
	for side := range p.Readings {
		if err := p.wish(side, w); err != nil {
			return Pair{}, err
		}
	}
	p.Plan.Kind = found.Left.Kind
	if len(w.Key) > 0 {
		p.Plan.Kind = ""
	}
	if w.Kind != "" {
		if err := p.withKind(w.Kind); err != nil {
			return Pair{}, err
		}
		p.Plan.Kind = w.Kind
	}
	p.share(w)
	p.Notes = append(p.Notes, p.unread(w)...)
	p.Plan.HiddenKey = p.personalKey()
	p.Plan.Segments = groupsOf(p)
	for side := range p.Readings {
		p.Unpaired[side] = unpaired(p.Readings[side])
	}
	return p, nil
}

// others lists kinds but one.
func others(kinds []commerce.Kind, but commerce.Kind) string {
	var names []string
	for _, k := range kinds {
		if k != but {
			names = append(names, string(k))
		}
	}
	return strings.Join(names, " and ")
}

// onlyHeader is the key of two files of which one has no rows, and so nothing to
// recognise it by but its names.
func onlyHeader(l, r Look) []Columns {
	full, empty := l, r
	if len(l.Samples) == 0 {
		full, empty = r, l
	}
	if len(empty.Samples) > 0 {
		return nil
	}
	var key []Columns
	for _, k := range export.Guess(full.table()).Mapping.Key {
		if column(empty.Header, k.Column) < 0 {
			return nil
		}
		key = append(key, Columns{k.Column, k.Column})
	}
	return key
}

// sameNames compares columns of the same name.
func sameNames(l, r Look, key []Columns) export.Pairing {
	p := export.Pairing{LeftTitle: unknownTitle, RightTitle: unknownTitle}
	for _, name := range l.Header {
		at := column(r.Header, name)
		if at < 0 || slices.ContainsFunc(key, func(k Columns) bool { return sameName(k[0], name) || sameName(k[1], r.Header[at]) }) {
			continue
		}
		a, b := l.facetColumn(name, name), r.facetColumn(r.Header[at], name)
		if a.Type != b.Type {
			a.Type, a.Style, b.Type, b.Style = export.Text, "", export.Text, ""
		}
		p.Left.Facets, p.Right.Facets = append(p.Left.Facets, a), append(p.Right.Facets, b)
	}
	return p
}

const unknownTitle = "a table of no layout that is known"

// wish changes the reading of one file as the user says.
func (p *Pair) wish(side int, w Wishes) error {
	r := &p.Readings[side]
	m := &r.Mapping
	if len(w.Key) > 0 {
		m.Kind, m.Key, m.Native = "", nil, nil
		for _, k := range w.Key {
			at := column(r.Header, k[side])
			if at < 0 {
				return fmt.Errorf("--key: %s has no column %q", r.Path, k[side])
			}
			key := export.KeyColumn{Part: w.Key[0][0], Column: r.Header[at]}
			if r.personal(r.Header[at]) {
				key.As = export.EmailKey
			}
			m.Key = append(m.Key, key)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.Facets)) {
		at := column(r.Header, name)
		if at < 0 {
			continue
		}
		taken := func(f export.FacetColumn) bool { return sameName(f.Column, name) || f.Facet == w.Facets[name] }
		m.Facets = append(slices.DeleteFunc(slices.Clone(m.Facets), taken), r.facetColumn(r.Header[at], w.Facets[name]))
	}
	isKey := func(f export.FacetColumn) bool {
		return slices.ContainsFunc(m.Key, func(k export.KeyColumn) bool { return k.Column == f.Column && f.Column != "" })
	}
	m.Facets = slices.DeleteFunc(slices.Clone(m.Facets), func(f export.FacetColumn) bool {
		return w.ignores(f) || len(w.Key) > 0 && isKey(f)
	})
	return nil
}

func (w Wishes) ignores(f export.FacetColumn) bool {
	return slices.ContainsFunc(w.Ignore, func(name string) bool { return sameName(name, f.Facet) || sameName(name, f.Column) })
}

// share compares the facets that both mappings have.
func (p *Pair) share(w Wishes) {
	l, r := facetsOf(p.Readings[0].Mapping), facetsOf(p.Readings[1].Mapping)
	for _, a := range l {
		i := slices.IndexFunc(r, func(f export.FacetColumn) bool { return f.Facet == a.Facet })
		if i < 0 || a.Column == "" && r[i].Column == "" && p.Readings[0].Mapping.Spread == nil && p.Readings[1].Mapping.Spread == nil {
			continue
		}
		if some := oneTellsSome(a, r[i]); some != "" {
			p.Notes = append(p.Notes, fmt.Sprintf("%s is not compared: %s tells only some of its values", a.Facet, some))
			continue
		}
		p.Plan.Facets = append(p.Plan.Facets, p.facet(a, r[i], w))
	}
}

// oneTellsSome is the column whose words stand for some values of the facet alone,
// where the other's stand for all: what it does not tell is no difference.
func oneTellsSome(a, b export.FacetColumn) string {
	some := func(f export.FacetColumn) bool { return f.Others == "missing" }
	switch {
	case some(a) && !some(b):
		return a.Column
	case some(b) && !some(a):
		return b.Column
	default:
		return ""
	}
}

// facet is what is compared of a column of each file.
func (p *Pair) facet(a, b export.FacetColumn, w Wishes) compare.Facet {
	kind := p.Plan.Kind
	f := compare.Facet{Name: a.Facet, Type: typeOf(a), Within: w.Within[a.Facet]}
	if known, ok := kind.FacetOf(a.Facet); ok {
		f.Type = known.Type
	}
	f.Money = kind.CurrencyOf(a.Facet) != "" || a.Type == export.Money || b.Type == export.Money || kind == "" && amounts.MatchString(a.Facet)
	f.Hidden = p.Readings[0].personal(a.Column) || p.Readings[1].personal(b.Column)
	return f
}

func facetsOf(m export.Mapping) []export.FacetColumn {
	if m.Spread != nil {
		return m.Spread.Facets
	}
	return m.Facets
}

func typeOf(c export.FacetColumn) commerce.Type {
	switch {
	case c.Type == export.Number || c.Type == export.Money || c.Rows == export.Count:
		return commerce.NumberType
	case c.Type == export.Bool || c.Type == export.Given:
		return commerce.BoolType
	case c.Type == export.Time:
		return commerce.TimeType
	default:
		return commerce.TextType
	}
}

// personalKey reports whether records are known by what is nobody's to read.
func (p *Pair) personalKey() bool {
	return slices.ContainsFunc(p.Readings[0].Mapping.Key, func(k export.KeyColumn) bool { return k.As == export.EmailKey }) ||
		slices.ContainsFunc(p.Readings[1].Mapping.Key, func(k export.KeyColumn) bool { return k.As == export.EmailKey })
}

// groupsOf are the groups that the left file tells of.
func groupsOf(p Pair) []string {
	names := slices.Collect(maps.Keys(groupNames))
	for _, part := range p.Plan.Kind.KeyParts() {
		if part == "list" {
			names = append(names, part)
		}
	}
	slices.SortFunc(names, cmp.Compare[string])
	l := p.Readings[0]
	return slices.DeleteFunc(names, func(name string) bool {
		if groupColumn(l.Mapping, name, l.Header) >= 0 {
			return l.Mapping.Group != ""
		}
		return !slices.ContainsFunc(l.Mapping.Facets, func(f export.FacetColumn) bool { return f.Facet == name })
	})
}

// unpaired are the columns of a file that nothing reads.
func unpaired(r Reading) []string {
	used := r.Mapping.Columns()
	return slices.DeleteFunc(slices.Clone(r.Header), func(name string) bool {
		return slices.ContainsFunc(used, func(u string) bool { return sameName(u, name) })
	})
}
