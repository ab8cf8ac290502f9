package load

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
)

// The metadata of an object that says more of the file in it.
const (
	// AsOfMeta is when the export was begun, in RFC 3339.
	AsOfMeta = "as-of"
	// ModifiedMeta is when the file was written, in RFC 3339, where the object was
	// stored later.
	ModifiedMeta = "modified"
	// PutMeta tells one storing of a file from the next within a second.
	PutMeta = "put"
	// CompleteMeta is "true" when the file holds all records of its kind.
	CompleteMeta = "complete"
	// RowsMeta is how many rows the file has, as whoever wrote it counted.
	RowsMeta = "rows"
)

// Where the time of a file was taken from.
const (
	Declared     = "declared"
	FromName     = "file name"
	FromModified = "last modified"
)

// aheadMost is how far a file's time may be ahead of the clock.
const aheadMost = 24 * time.Hour

// named is a date in a file's name, with a time of day or without.
var named = regexp.MustCompile(`(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:[-_.T ]{0,2}([01]\d|2[0-3])[-_.:]?([0-5]\d)(?:[-_.:]?([0-5]\d))?(Z|[+-]\d\d:?\d\d)?)?(?:\D|$)`)

// AsOf is how old a file is: what was declared, else the time in its name, else
// when it was written or stored. A name with a date alone is of the beginning of that day:
// too early a time concludes less, and nothing that is false.
func AsOf(of Place, f blob.File, zone *time.Location, now time.Time) (at time.Time, from string, err error) {
	at, from = f.Modified, FromModified
	if text, ok := f.Meta[AsOfMeta]; ok {
		if at, err = time.Parse(time.RFC3339, text); err != nil {
			return at, from, fmt.Errorf("metadata %s: want a time in RFC 3339", AsOfMeta)
		}
		from = Declared
	} else if t, ok := inName(path.Base(of.Name), zone); ok {
		at, from = t, FromName
	} else if t, err := time.Parse(time.RFC3339, f.Meta[ModifiedMeta]); err == nil {
		at = t
	}
	if at.After(now.Add(aheadMost)) {
		return at, from, fmt.Errorf("%s: want a time that is not in the future", from)
	}
	if at.After(now) {
		at = now
	}
	return at.UTC().Truncate(time.Millisecond), from, nil
}

func inName(name string, zone *time.Location) (time.Time, bool) {
	m := named.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false
	}
	n := func(i int) int {
		v, _ := strconv.Atoi(m[i]) // digits, or blank for 0
		return v
	}
	if offset := m[7]; offset != "" {
		for _, layout := range []string{"Z07:00", "Z0700"} {
			if t, err := time.Parse(layout, offset); err == nil {
				zone = t.Location()
			}
		}
	}
	t := time.Date(n(1), time.Month(n(2)), n(3), n(4), n(5), n(6), 0, zone)
	return t, t.Day() == n(3) // 2026-02-31 is no day
}
