package export

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/sheet"
)

// profile is what the samples tell of a column.
type profile struct {
	index int
	name  string
	// rows are all samples, given those that are not blank, distinct the different ones.
	rows, given, distinct int
	// number, date, truth, email and fraction say what all the given ones are: a
	// fraction is a number that is not whole.
	number, date, truth, email, fraction bool
	texts                                []string
	// mapped says that a known layout tells what the column holds.
	mapped bool
}

var emailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// profiles looks at every column of a table.
func profiles(t Table) []profile {
	all := make([]profile, len(t.Header))
	for i, name := range t.Header {
		all[i] = profiled(i, name, len(t.Samples), t.column(i))
	}
	return all
}

func profiled(i int, name string, rows int, texts []string) profile {
	p := profile{index: i, name: name, rows: rows, given: len(texts), texts: texts}
	seen := make(map[string]bool, len(texts))
	raw := make([][]byte, len(texts))
	p.truth, p.email = len(texts) > 0, len(texts) > 0
	mails := 0
	for j, text := range texts {
		seen[text], raw[j] = true, []byte(text)
		if _, ok := truths[strings.ToLower(text)]; !ok || text == "0" || text == "1" {
			p.truth = false
		}
		if emailShape.MatchString(text) {
			mails++
		}
		p.fraction = p.fraction || strings.ContainsAny(text, ".,")
	}
	p.distinct = len(seen)
	p.email = 2*mails > len(texts)
	if len(texts) == 0 {
		return p
	}
	_, err := sheet.Styles(raw)
	p.number = isStyle(err)
	_, err = sheet.Dates(raw, nil)
	p.date = !p.number && isStyle(err)
	p.fraction = p.fraction && p.number
	return p
}

// unique is the share of given values that are different, and of rows that have
// one.
func (p profile) unique() float64 {
	if p.rows == 0 {
		return 0
	}
	return float64(p.distinct) / float64(p.rows)
}

// personalWords are in the names of columns that are about a person.
var personalWords = []string{
	"email", "phone", "mobile", "fax", "name", "first", "last", "address", "street", "zip", "postal", "postcode", "city", "billing", "recipient",
	"note", "notes", "message", "comment",
}

// personal reports whether a column may say who somebody is, so that nothing of it
// is compared or shown.
func (p profile) personal() bool {
	if p.email {
		return true
	}
	if p.number || p.truth || p.mapped {
		return false
	}
	return slices.ContainsFunc(words(p.name), func(w string) bool { return slices.Contains(personalWords, w) })
}
