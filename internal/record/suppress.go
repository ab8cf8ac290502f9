package record

import (
	"slices"
	"time"
)

// Suppress erases a record: its row keeps the key and nothing else, for ever, so
// that Merge and Wait leave out whatever still comes about it. It reports
// whether the row is now another; a row that was suppressed before keeps its
// time. Findings of the record are the caller's to erase.
func Suppress(row Row, at time.Time) (Row, bool) {
	if !row.Suppressed.IsZero() {
		return row, false
	}
	return Row{Kind: row.Kind, Key: row.Key, Rev: row.Rev, Generation: row.Generation, Suppressed: at}, true
}

// Redact takes out of a business record what may name a person, now and of all
// that still comes, and reports whether the row is now another. What is left
// stays comparable.
func Redact(row Row, at time.Time) (Row, bool) {
	if !row.Redacted.IsZero() || !row.Suppressed.IsZero() {
		return row, false
	}
	row.Redacted, row.Expires = at, time.Time{}
	row.Views = slices.Clone(row.Views)
	for i, v := range row.Views {
		row.Views[i].Facets, _ = v.Facets.NamesNobody(row.Kind)
		row.Views[i].Was = slices.Clone(v.Was)
		for j, past := range v.Was {
			row.Views[i].Was[j].Facets, _ = past.Facets.NamesNobody(row.Kind)
		}
	}
	return row, true
}
