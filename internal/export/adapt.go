package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/sheet"
)

// adapt sets how the file writes numbers and times, which programs on the way may
// have changed. What cannot be told is said, and a time that cannot be read is left
// out: without it the rows are as old as the export.
func (m *Match) adapt(mapping Mapping, t Table) Mapping {
	columns := columnsOf(t.Header)
	texts := func(name string, words map[string]string) [][]byte {
		var all [][]byte
		for _, text := range t.column(columns.find(name)) {
			if _, word := words[strings.ToLower(text)]; !word {
				all = append(all, []byte(text))
			}
		}
		return all
	}
	mapping.Facets = m.adaptFacets(mapping.Facets, texts)
	mapping.Updated = m.adaptTime(mapping.Updated, texts, "rows are taken as old as the export")
	mapping.Created = m.adaptTime(mapping.Created, texts, "when records came to be is not known")
	if l := mapping.Lines; l != nil {
		fitted := *l
		fitted.Style = m.numberStyle(l.Units, machineStyle, texts(l.Units, nil))
		mapping.Lines = &fitted
	}
	if s := mapping.Spread; s != nil {
		fitted := *s
		var all [][]byte
		for _, c := range s.Columns {
			all = append(all, texts(c, notStocked)...)
		}
		fitted.Facets = slices.Clone(s.Facets)
		for i, f := range fitted.Facets {
			if f.Type == Number || f.Type == Money {
				fitted.Facets[i].Style = m.numberStyle("of the locations", f.Style, all)
			}
		}
		mapping.Spread = &fitted
	}
	return mapping
}

func (m *Match) adaptFacets(facets []FacetColumn, texts func(string, map[string]string) [][]byte) []FacetColumn {
	var kept []FacetColumn
	for _, f := range facets {
		switch {
		case f.Column == "" || f.Others != "" || f.Rows == Count:
		case f.Type == Number || f.Type == Money:
			f.Style = m.numberStyle(f.Column, f.Style, texts(f.Column, f.Values))
		case f.Type == Time:
			style, ok := m.timeStyle(f.Column, texts(f.Column, f.Values), f.Facet+" is not compared")
			if !ok {
				continue
			}
			f.Style = style
		}
		kept = append(kept, f)
	}
	return kept
}

// numberStyle is how a column writes numbers: as the layout has it, unless its
// texts show something else.
func (m *Match) numberStyle(column, usual string, texts [][]byte) string {
	style, err := sheet.Styles(texts)
	switch {
	case errors.Is(err, sheet.ErrAmbiguous) && usual == "":
		m.doubt("column %s: every number can be read in two ways, say whether it writes 1,234.56 or 1.234,56", column)
		return usual
	case errors.Is(err, sheet.ErrMixed):
		m.doubt("column %s: numbers are written in two different ways", column)
		return usual
	case err != nil || fits(style, usual):
		return usual
	}
	m.because("column %s writes numbers as %s", column, style)
	return style.String()
}

// fits reports whether a column whose texts show a style can be read in the usual
// one.
func fits(shown sheet.NumberStyle, usual string) bool {
	if usual == "" {
		return shown == sheet.NumberStyle{}
	}
	style, err := sheet.ParseNumberStyle(usual)
	return err == nil && (shown.Decimal == 0 || shown.Decimal == style.Decimal) && (shown.Group == 0 || shown.Group == style.Group)
}

func (m *Match) adaptTime(c *TimeColumn, texts func(string, map[string]string) [][]byte, without string) *TimeColumn {
	if c == nil {
		return nil
	}
	style, ok := m.timeStyle(c.Column, texts(c.Column, nil), without)
	if !ok {
		return nil
	}
	return &TimeColumn{Column: c.Column, Style: style}
}

// timeStyle is how a column writes dates, and false where its texts do not tell.
func (m *Match) timeStyle(column string, texts [][]byte, without string) (string, bool) {
	style, err := sheet.Dates(texts, nil)
	switch {
	case errors.Is(err, sheet.ErrAmbiguous):
		m.doubt("column %s: days and months cannot be told apart, say whether it writes 20/11/2026 or 11/20/2026; %s", column, without)
	case err != nil:
		m.doubt("column %s: not all times can be read; %s", column, without)
	case style.Order == sheet.AnyOrder:
		return "", true
	}
	return style.Order.String(), err == nil
}

func (m *Match) doubt(format string, args ...any) { m.Ambiguous = note(m.Ambiguous, format, args...) }

func (m *Match) because(format string, args ...any) { m.Reasons = note(m.Reasons, format, args...) }

// note adds a sentence that is not there yet.
func note(all []string, format string, args ...any) []string {
	text := fmt.Sprintf(format, args...)
	if slices.Contains(all, text) {
		return all
	}
	return append(all, text)
}
