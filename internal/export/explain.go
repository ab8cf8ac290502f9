package export

import (
	"fmt"
	"strings"
)

// Explained is one line of what a mapping says: a column, and what is read of it.
type Explained struct {
	Column string `json:"column"`
	Means  string `json:"means"`
}

// Explain says what is read of each column, for people: the key first, then the
// facets in the mapping's order. A value without a column has a blank one.
func (m Mapping) Explain() []Explained {
	var all []Explained
	add := func(column, means string, args ...any) {
		all = append(all, Explained{column, fmt.Sprintf(means, args...)})
	}
	for _, k := range m.Key {
		m.explainKey(k, add)
	}
	for _, c := range m.Native {
		add(c, "the system's own id")
	}
	for _, f := range m.Facets {
		add(f.Column, "%s", f.explained())
	}
	if m.Spread != nil {
		for _, f := range m.Spread.Facets {
			add(strings.Join(m.Spread.Columns, ", "), "%s at the %s that the column is called by", f.explained(), m.Spread.Part)
		}
	}
	if m.Currency != "" {
		add(m.Currency, "the currency of the amounts")
	}
	if m.Updated != nil {
		add(m.Updated.Column, "when the record last changed")
	}
	if m.Created != nil {
		add(m.Created.Column, "when the record came to be")
	}
	if l := m.Lines; l != nil {
		add(l.SKU, "the SKU of a line")
		add(l.Units, "the units of a line")
	}
	for _, f := range m.Skip {
		switch {
		case len(f.Not) > 0:
			add(f.Column, "only rows with %s", quoted(f.Not))
		default:
			add(f.Column, "no rows with %s", quoted(f.Is))
		}
	}
	return all
}

func (m Mapping) explainKey(k KeyColumn, add func(column, means string, args ...any)) {
	means := "key"
	if k.Part != "" {
		means = "key: " + k.Part
	}
	switch {
	case k.Column == "" && k.Constant == Everywhere:
		means += ", all together"
	case k.Column == "":
		means += ", always " + k.Constant
	case k.As == EmailKey:
		means += ", made of the address and not kept"
	}
	add(k.Column, "%s", means)
	for _, c := range k.Or {
		add(c, "%s, where %s has none", means, k.Column)
	}
}

// explained is what a facet is, and of what it is made.
func (f FacetColumn) explained() string {
	text := f.Facet
	if f.Column == "" && f.Constant != "" {
		return text + ", always " + f.Constant
	}
	switch {
	case f.Type == Given:
		text += ", whether there is a value"
	case f.Rows == Count:
		text += ", the number of rows"
	case f.Rows == Sum:
		text += ", the rows added up"
	}
	if len(f.With) > 0 {
		text += fmt.Sprintf(", %s %s", f.Combine, strings.Join(f.With, ", "))
	}
	if f.Below != "" {
		text += ", where it is below " + f.Below
	}
	if f.Factor != "" {
		text += ", times " + f.Factor
	}
	if f.Style != "" && f.Style != machineStyle {
		text += ", written as " + f.Style
	}
	return text
}

func quoted(texts []string) string {
	all := make([]string, len(texts))
	for i, t := range texts {
		if all[i] = fmt.Sprintf("%q", t); t == "" {
			all[i] = "nothing"
		}
	}
	return strings.Join(all, " or ")
}
