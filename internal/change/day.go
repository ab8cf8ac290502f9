package change

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

const (
	// Kept is how long a change is kept after its day.
	Kept = 90 * 24 * time.Hour
	// maxDay bounds the changes of one day, and maxBytes their JSON.
	maxDay   = 500
	maxBytes = 300_000
)

// Day are the changes of one day of UTC, in the order in which they were made.
type Day struct {
	Changes []Change `json:"changes"`
}

// Document names the document that keeps the changes of the day of a time.
func Document(at time.Time) string { return "changes|" + at.UTC().Format(time.DateOnly) }

// Expires is from when on the changes of the day of a time may be forgotten.
func Expires(at time.Time) time.Time {
	return at.UTC().Truncate(24 * time.Hour).Add(24*time.Hour + Kept)
}

// With is the day with one more change, and whether that is news: the first that
// came under an id stays. Of more than can be kept the earliest go.
func (d Day) With(c Change) (Day, bool) {
	if slices.ContainsFunc(d.Changes, func(known Change) bool { return known.ID == c.ID }) {
		return d, false
	}
	all := append(slices.Clone(d.Changes), c)
	slices.SortStableFunc(all, func(a, b Change) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	for len(all) > maxDay || weight(all) > maxBytes {
		all = all[1:]
	}
	return Day{Changes: all}, true
}

func weight(changes []Change) int {
	encoded, _ := json.Marshal(changes) // texts and times after year 0 always encode
	return len(encoded)
}
