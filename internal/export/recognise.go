package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/sheet"
)

// near is how close the scores of two readings are that could both be meant.
const near = 0.08

// Recognise reads a header, with some rows to see how values are written. The first
// match is the best; the last one is always a guess by names and values, for files
// of no layout that is known. There is no match without any column.
func Recognise(header []string, samples [][]string) []Match {
	if len(header) == 0 {
		return nil
	}
	table := Table{header, samples}
	columns := columnsOf(header)
	var found []Match
	var misses []string
	for _, p := range Presets() {
		m, miss, ok := p.match(table, columns)
		if ok {
			found = append(found, m)
		} else if miss != "" {
			misses = append(misses, miss)
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	for i := range found {
		for j := range found {
			if i != j && found[i].Score-found[j].Score < near && found[j].Score-found[i].Score < near {
				found[i].Ambiguous = append(found[i].Ambiguous, "could also be "+found[j].Title)
			}
		}
	}
	guess := Guess(table)
	guess.Reasons = append(guess.Reasons, misses...)
	return append(found, guess)
}

// match lays the preset on a table. Where it does not fit and yet much of it is
// there, miss says what is not.
func (p Preset) match(t Table, columns columns) (m Match, miss string, ok bool) {
	if lacks := p.missing(t.Header, columns); len(lacks) > 0 {
		if len(p.Needs)-len(lacks) > 1 {
			miss = fmt.Sprintf("resembles %s, but has no column %s", p.Title, listed(lacks))
		}
		return m, miss, false
	}
	mappings, ok := p.For(t.Header)
	if !ok || !t.spreads(mappings[0]) {
		return m, "", false
	}
	m = Match{Mapping: mappings[0], Also: mappings[1:], Title: p.Title}
	m.Score, m.Reasons = p.score(t.Header, columns)
	for i := range m.Also {
		m.Also[i] = m.adapt(m.Also[i], t)
	}
	m.Mapping = m.adapt(m.Mapping, t)
	return m, "", true
}

// score says how much of the layout is there, and how much else.
func (p Preset) score(header []string, columns columns) (score float64, reasons []string) {
	all := p.columns()
	known := map[string]bool{}
	for _, c := range all {
		if name := p.name(c, header, columns); name != "" {
			known[name] = true
		}
	}
	spread := p.Spreads != ""
	there, covered := float64(len(known))/float64(len(all)), float64(len(known))/float64(len(header))
	if spread {
		covered = there // all others are locations
	}
	needed := make([]string, len(p.Needs))
	for i, c := range p.Needs {
		needed[i] = p.name(c, header, columns)
	}
	reasons = append(reasons, fmt.Sprintf("has %s, which every file of %s has", listed(needed), p.Title))
	reasons = append(reasons, fmt.Sprintf("%d of the %d columns that such files have are there", len(known), len(all)))
	if other := len(header) - len(known); other > 0 && !spread {
		reasons = append(reasons, fmt.Sprintf("%d columns of no known meaning are not read", other))
	}
	return 0.6 + 0.2*there + 0.2*covered, reasons
}

// columns are all columns of the layout, each once.
func (p Preset) columns() []string {
	all := slices.Concat(p.Needs, p.Has)
	for _, m := range p.Mappings {
		all = append(all, m.Columns()...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c string) bool {
		twice := seen[plain(c)] || c == ""
		seen[plain(c)] = true
		return twice
	})
}

// Columns names the columns that the mapping reads, in its order.
func (m Mapping) Columns() []string {
	var all []string
	for _, k := range m.Key {
		all = append(append(all, k.Column), k.Or...)
	}
	all = append(all, m.Native...)
	for _, f := range m.Facets {
		all = append(append(append(all, f.Column), f.With...), f.Below)
	}
	for _, t := range []*TimeColumn{m.Updated, m.Created} {
		if t != nil {
			all = append(all, t.Column)
		}
	}
	all = append(all, m.Currency)
	if m.Lines != nil {
		all = append(all, m.Lines.SKU, m.Lines.Units, m.Lines.Location)
	}
	for _, f := range m.Skip {
		all = append(all, f.Column)
	}
	if m.Spread != nil {
		all = append(all, m.Spread.Columns...)
	}
	return slices.DeleteFunc(all, func(c string) bool { return c == "" })
}

// spreads reports whether the columns that are to be locations hold numbers.
func (t Table) spreads(m Mapping) bool {
	if m.Spread == nil {
		return true
	}
	columns := columnsOf(t.Header)
	for _, name := range m.Spread.Columns {
		for _, text := range t.column(columns.find(name)) {
			if _, word := notStocked[strings.ToLower(text)]; word {
				continue
			}
			if _, err := sheet.Styles([][]byte{[]byte(text)}); err != nil {
				return false
			}
		}
	}
	return true
}

// listed joins names as a sentence does.
func listed(names []string) string {
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " and " + names[n]
	}
	return strings.Join(names, "")
}
