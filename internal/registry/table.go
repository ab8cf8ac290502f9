package registry

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// reserved are the names of formulas that no table may take.
var reserved = []string{"from", "to", "in_flight", "delta", "expected", "actual"}

// operators are the words of formulas that are no names.
var operators = []string{"in", "true", "false", "null", "min", "max", "abs", "floor", "ceil", "round", "if"}

func (c *checker) table(name string, y yamlTable) Table {
	t := Table{Name: name, File: y.File.text(), Rows: map[string]commerce.Decimal{}}
	if slices.Contains(reserved, name) || slices.Contains(operators, name) {
		c.errors.add(y.named(), "tables.%s: the word means something else in formulas, want another name", name)
	}
	for _, part := range y.Key {
		if slices.Contains(t.Key, part.text()) {
			c.errors.add(part.at(), "tables.%s.key: %s stands twice", name, part.text())
		}
		t.Key = append(t.Key, part.text())
	}
	usable := len(t.Key) > 0 && !slices.Contains(t.Key, "")
	if usable && !slices.ContainsFunc(commerce.Kinds(), t.fits) {
		c.errors.add(y.Key[0].at(), "tables.%s.key: no kind of record has all of %s", name, strings.Join(t.Key, ", "))
		usable = false
	}
	if y.Default.given() {
		d, err := commerce.ParseDecimal(y.Default.text())
		if err != nil {
			c.errors.add(y.Default.at(), "tables.%s.default: want at most %d digits", name, commerce.MaxDigits)
		}
		t.Default = &d
	}
	if y.File.given() && usable {
		c.rows(t, y.File)
	}
	return t
}

// rows fills the table from its file.
func (c *checker) rows(t Table, file text) {
	header := append(slices.Clone(t.Key), "value")
	c.lines("tables."+t.Name, file, header, func(l line) {
		last := len(header) - 1
		for i, part := range l.fields[:last] {
			if part == "" {
				l.add(i, "blank %s", header[i])
			}
		}
		key := rowKey(l.fields[:last])
		if _, twice := t.Rows[key]; twice {
			l.add(0, "the key stands twice")
		}
		value, err := commerce.ParseDecimal(l.fields[last])
		if err != nil {
			l.add(last, "want a number such as 3 or 0.05")
		}
		t.Rows[key] = value
	})
}
