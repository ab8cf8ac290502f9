package record

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Wait keeps an observation on a link row until the link gives its key, and
// reports whether the row is now another. Of observations of one view the
// newest waits, so that any order gives the same row. Nothing waits on a
// suppressed row.
func Wait(row Row, o commerce.Observation) (Row, bool) {
	if !row.Suppressed.IsZero() {
		return row, false
	}
	i := slices.IndexFunc(row.Waiting, func(w commerce.Observation) bool { return sameView(w, o) })
	if i >= 0 && o.Version.Compare(row.Waiting[i].Version) <= 0 {
		return row, false
	}
	row.Waiting = slices.Clone(row.Waiting)
	if i >= 0 {
		row.Waiting[i] = o
	} else {
		row.Waiting = append(row.Waiting, o)
	}
	slices.SortFunc(row.Waiting, func(a, b commerce.Observation) int { return strings.Compare(waitKey(a), waitKey(b)) })
	return row, true
}

// Release removes an observation that no longer has to wait, and reports whether
// it was still there. A newer one of the same view stays.
func Release(row Row, o commerce.Observation) (Row, bool) {
	n := len(row.Waiting)
	row.Waiting = slices.DeleteFunc(slices.Clone(row.Waiting), func(w commerce.Observation) bool {
		return sameView(w, o) && w.Version == o.Version
	})
	return row, len(row.Waiting) < n
}

func sameView(a, b commerce.Observation) bool { return waitKey(a) == waitKey(b) }

func waitKey(o commerce.Observation) string {
	return string(o.Key.ID(o.Kind)) + "|" + o.System + "|" + o.Part + "|" + o.Native
}
