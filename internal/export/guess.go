package export

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/sheet"
)

// isStyle reports whether the texts of a column are numbers, or times, even if it
// cannot be told how they are meant.
func isStyle(err error) bool {
	return err == nil || errors.Is(err, sheet.ErrAmbiguous) || errors.Is(err, sheet.ErrMixed)
}

// keyNames are names of columns that identify a record, the surest first. They are
// written as words gives them.
var keyNames = [][]string{
	{"sku"}, {"sku", "number"}, {"order", "number"}, {"email"}, {"number"}, {"order"}, {"barcode"}, {"customer", "number"},
}

// Guess makes a mapping of a table of no layout that is known: the key by the names
// and the uniqueness of columns, and all other columns that are about no person as
// facets. The reasons say why each was chosen.
func Guess(t Table) Match {
	m := Match{Title: "a table of no layout that is known"}
	all := profiles(t)
	key := m.guessKey(all)
	for _, p := range key {
		m.Mapping.Key = append(m.Mapping.Key, keyColumn(p))
	}
	for _, p := range all {
		if slices.ContainsFunc(key, func(k profile) bool { return k.index == p.index }) {
			continue
		}
		if f, ok := m.guessFacet(p); ok {
			m.Mapping.Facets = append(m.Mapping.Facets, f)
		}
	}
	m.Score = 0.2
	if len(key) > 0 {
		m.Score = 0.3 + 0.2*together(t, key)
	}
	return m
}

func keyColumn(p profile) KeyColumn {
	k := KeyColumn{Part: partName(p.name), Column: p.name}
	if p.email {
		k.As = EmailKey
	}
	return k
}

// partName is the name of a key part or facet that a column of no known meaning
// becomes.
func partName(name string) string { return strings.ReplaceAll(plain(name), " ", "_") }

// guessKey chooses the column, or the two columns, that identify a row.
func (m *Match) guessKey(all []profile) []profile {
	candidates := slices.DeleteFunc(slices.Clone(all), func(p profile) bool {
		return p.fraction || p.date || p.truth || p.given == 0 && p.rows > 0 || 10*p.given < 9*p.rows || p.personal() && !p.email
	})
	if len(candidates) == 0 {
		m.doubt("no column identifies a row: say which is the key")
		return nil
	}
	slices.SortStableFunc(candidates, func(a, b profile) int { return cmp.Compare(keyScore(b), keyScore(a)) })
	best := candidates[0]
	rank := keyRank(best.name)
	switch {
	case best.unique() >= certain && rank >= 0:
		m.because("column %s is the key: its name says so, and it is different in each of %d rows", best.name, best.rows)
	case best.unique() >= certain:
		m.because("column %s is the key: it is different in each of %d rows", best.name, best.rows)
	case rank < 0:
		m.doubt("no column is different in every row: say which is the key, or which columns together")
		return []profile{best}
	default:
		return m.widen(best, candidates[1:])
	}
	for _, other := range candidates[1:] {
		if keyScore(best)-keyScore(other) < 0.1 {
			m.doubt("column %s could be the key as well", other.name)
		}
	}
	return []profile{best}
}

// certain is the share of different values from which on a column identifies rows:
// an export may have a few duplicates, which are worth a finding.
const certain = 0.97

// widen looks for a second column that makes the key one: a location, mostly.
func (m *Match) widen(best profile, others []profile) []profile {
	for _, other := range others {
		if !slices.Contains(words(other.name), "location") {
			continue
		}
		m.because("columns %s and %s together are the key: the same %s stands in several rows", best.name, other.name, best.name)
		return []profile{best, other}
	}
	m.because("column %s is the key: its name says so", best.name)
	m.doubt("column %s is not different in every row: rows with the same key are duplicates, or several rows make a record", best.name)
	return []profile{best}
}

// keyScore weighs how surely a column identifies rows.
func keyScore(p profile) float64 {
	score := 0.5 * p.unique()
	if rank := keyRank(p.name); rank >= 0 {
		score += 0.5 - 0.04*float64(rank)
	} else if p.number {
		score -= 0.2 // amounts happen to be different as well
	}
	return score - 0.001*float64(p.index)
}

// keyRank is the place of a name among those of keys, or -1.
func keyRank(name string) int {
	have := words(name)
	return slices.IndexFunc(keyNames, func(words []string) bool {
		return len(have) == len(words) && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(have, w) })
	})
}

// together is the share of rows that the key tells apart.
func together(t Table, key []profile) float64 {
	if len(t.Samples) == 0 {
		return 1
	}
	seen := map[string]bool{}
	for _, row := range t.Samples {
		seen[keyText(row, key)] = true
	}
	return float64(len(seen)) / float64(len(t.Samples))
}

// keyText is a row's key, as far as samples are compared.
func keyText(row []string, key []profile) string {
	var b strings.Builder
	for _, p := range key {
		if p.index < len(row) {
			fmt.Fprintf(&b, "%d:%s", len(row[p.index]), row[p.index])
		}
	}
	return b.String()
}

// guessFacet makes a facet of a column. It is false for one that is about a person
// or holds nothing.
func (m *Match) guessFacet(p profile) (FacetColumn, bool) {
	if p.personal() {
		m.because("column %s may be about a person and is not read", p.name)
		return FacetColumn{}, false
	}
	f := FacetColumn{Facet: partName(p.name), Column: p.name, Type: Text}
	raw := make([][]byte, len(p.texts))
	for i, text := range p.texts {
		raw[i] = []byte(text)
	}
	switch {
	case p.given == 0:
		return f, p.rows == 0
	case p.truth:
		f.Type = Bool
	case p.number && leadingZero(p.texts):
		// 00417 is a code, which a number would change.
	case p.number:
		f.Type = Number
		f.Style = m.numberStyle(p.name, "", raw)
	case p.date:
		style, ok := m.timeStyle(p.name, raw, "it is read as text")
		if ok {
			f.Type, f.Style = Time, style
		}
	}
	return f, true
}

// leadingZero reports whether a text begins with a zero that a number would lose.
func leadingZero(texts []string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return len(t) > 1 && t[0] == '0' && t[1] >= '0' && t[1] <= '9' })
}
