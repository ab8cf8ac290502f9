package source

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// amounts are names of columns that hold money.
var amounts = regexp.MustCompile(`(?i)price|cost|amount|total|tax|\bnet\b|gross|fee|discount|shipping|revenue|balance|refund|paid|preis|betrag`)

// aboutPersons are names of columns whose values are compared and never shown.
var aboutPersons = regexp.MustCompile(`(?i)e-?mail|phone|mobile|first.?name|last.?name|full.?name|customer.?name|contact.?name|birth|address|street|\bzip\b|postal|postcode`)

// personal reports whether a column is about persons, by its name or its texts.
func (l Look) personal(name string) bool {
	if name == "" || aboutPersons.MatchString(name) {
		return name != ""
	}
	addresses, texts := 0, 0
	for _, t := range l.texts(column(l.Header, name)) {
		if t == "" {
			continue
		}
		texts++
		if at := strings.IndexByte(t, '@'); at > 0 && strings.IndexByte(t[at:], '.') > 1 {
			addresses++
		}
	}
	return addresses*2 > texts
}

// facetColumn reads a column as what its texts seem to be.
func (l Look) facetColumn(name, facet string) export.FacetColumn {
	c := export.FacetColumn{Facet: facet, Column: name, Type: export.Text}
	var texts [][]byte
	for _, t := range l.texts(column(l.Header, name)) {
		if t != "" {
			texts = append(texts, []byte(t))
		}
	}
	if len(texts) == 0 || slices.ContainsFunc(texts, padded) {
		return c
	}
	style, err := sheet.Styles(texts)
	if err != nil {
		return c
	}
	c.Type = export.Number
	if style != (sheet.NumberStyle{}) {
		c.Style = style.String()
	}
	return c
}

// padded reports whether a text is a code of digits that a number would change.
func padded(t []byte) bool { return len(t) > 1 && t[0] == '0' && t[1] >= '0' && t[1] <= '9' }

func (l Look) table() export.Table { return export.Table{Header: l.Header, Samples: l.Samples} }
