package registry

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"path/filepath"
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

// rows fills the table from its file. The file travels with the registry, so
// it must lie beside it or below.
func (c *checker) rows(t Table, file text) {
	if !filepath.IsLocal(t.File) {
		c.errors.add(file.at(), "tables.%s.file: want a file beside the registry or below", t.Name)
		return
	}
	content, err := c.read(t.File)
	if err != nil {
		c.errors.add(file.at(), "tables.%s.file cannot be read: %s", t.Name, reason(err))
		return
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	rows := tableReader{csv: r, table: t, errors: &c.errors, file: path.Join(path.Dir(filepath.ToSlash(c.name)), t.File)}
	rows.read()
}

// tableReader reads one CSV file.
type tableReader struct {
	csv    *csv.Reader
	table  Table
	errors *problems
	file   string
}

func (r tableReader) at(column int) place {
	line, col := r.csv.FieldPos(column)
	return place{r.file, line, col}
}

func (r tableReader) read() {
	header := append(slices.Clone(r.table.Key), "value")
	for first := true; ; first = false {
		record, err := r.csv.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if first {
				r.errors.add(place{r.file, 1, 1}, "the file is empty, want the header %s", strings.Join(header, ","))
			}
			return
		case errors.As(err, &bad):
			r.errors.add(place{r.file, bad.Line, bad.Column}, "not CSV: %s", bad.Err)
			return
		case err != nil:
			r.errors.add(place{file: r.file}, "cannot be read: %s", reason(err))
			return
		case first && !slices.Equal(record, header):
			r.errors.add(r.at(0), "want the header %s", strings.Join(header, ","))
			return
		case !first:
			r.row(record, header)
		}
	}
}

func (r tableReader) row(record, header []string) {
	if len(record) != len(header) {
		r.errors.add(r.at(0), "%d fields, want %d: %s", len(record), len(header), strings.Join(header, ","))
		return
	}
	last := len(record) - 1
	for i, part := range record[:last] {
		if part == "" {
			r.errors.add(r.at(i), "blank %s", header[i])
		}
	}
	key := rowKey(record[:last])
	if _, twice := r.table.Rows[key]; twice {
		r.errors.add(r.at(0), "the key stands twice")
	}
	value, err := commerce.ParseDecimal(record[last])
	if err != nil {
		r.errors.add(r.at(last), "want a number such as 3 or 0.05")
	}
	r.table.Rows[key] = value
}
