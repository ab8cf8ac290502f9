package export

import "github.com/plumbline/plumbline/internal/commerce"

// Match is one reading of a file's header.
type Match struct {
	// Mapping has the columns of this very header; those that it lacks are left out.
	Mapping Mapping
	// Also are the mappings of further kinds that the same rows tell of: a list of
	// products has prices and stock as well.
	Also []Mapping
	// Title is what people call such a file: "Shopify inventory".
	Title string
	// Score is between 0 and 1: how much of what such a file has is there. A guess has
	// at most one half.
	Score float64
	// Reasons say in words why, the weightiest first.
	Reasons []string
	// Ambiguous says what else the file or one of its columns could mean. The user has
	// to choose then.
	Ambiguous []string
}

// Known reports whether the file is of a layout that is known, and not guessed.
func (m Match) Known() bool { return m.Mapping.Preset != "" }

// Mappings are all of the match's mappings.
func (m Match) Mappings() []Mapping { return append([]Mapping{m.Mapping}, m.Also...) }

// Of is the match's mapping of a kind.
func (m Match) Of(kind commerce.Kind) (Mapping, bool) {
	for _, mapping := range m.Mappings() {
		if mapping.Kind == kind {
			return mapping, true
		}
	}
	return Mapping{}, false
}

// Table is a file's header and some of its rows, as texts. A cell that says nothing
// is blank.
type Table struct {
	Header  []string
	Samples [][]string
}

// column are the texts of a column, without blank ones.
func (t Table) column(i int) []string {
	var texts []string
	for _, row := range t.Samples {
		if i < len(row) && row[i] != "" {
			texts = append(texts, row[i])
		}
	}
	return texts
}
