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
)

// line is one row of a CSV file, with as many fields as its header.
type line struct {
	fields []string
	reader *csv.Reader
	file   string
	errors *problems
}

// at is where a field stands.
func (l line) at(field int) place {
	number, column := l.reader.FieldPos(field)
	return place{l.file, number, column}
}

// add reports a problem of a field.
func (l line) add(field int, format string, args ...any) {
	l.errors.add(l.at(field), format, args...)
}

// lines reads a CSV file that a field of the registry names, row by row. The
// file travels with the registry, so it must lie beside it or below. What is the
// field, for problems: "tables.buffer".
func (c *checker) lines(what string, file text, header []string, row func(line)) {
	name := file.text()
	if !filepath.IsLocal(name) {
		c.errors.add(file.at(), "%s.file: want a file beside the registry or below", what)
		return
	}
	content, err := c.read(name)
	if err != nil {
		c.errors.add(file.at(), "%s.file cannot be read: %s", what, reason(err))
		return
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	l := line{reader: r, errors: &c.errors, file: path.Join(path.Dir(filepath.ToSlash(c.name)), name)}
	l.all(header, row)
}

func (l line) all(header []string, row func(line)) {
	for first := true; ; first = false {
		fields, err := l.reader.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if first {
				l.errors.add(place{l.file, 1, 1}, "the file is empty, want the header %s", strings.Join(header, ","))
			}
			return
		case errors.As(err, &bad):
			l.errors.add(place{l.file, bad.Line, bad.Column}, "not CSV: %s", bad.Err)
			return
		case err != nil:
			l.errors.add(place{file: l.file}, "cannot be read: %s", reason(err))
			return
		case first && !slices.Equal(fields, header):
			l.add(0, "want the header %s", strings.Join(header, ","))
			return
		case !first && len(fields) != len(header):
			l.add(0, "%d fields, want %d: %s", len(fields), len(header), strings.Join(header, ","))
		case !first:
			l.fields = fields
			row(l)
		}
	}
}
