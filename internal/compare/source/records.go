package source

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// recordRows reads any mapping, through export.Reader.
type recordRows struct {
	*opened
	file   *File
	reader *export.Reader
	last   *tap

	record export.Record
	key    []byte
	values []compare.Value
	memory []byte
	about  []string
}

func (f *File) records(o *opened) (*recordRows, error) {
	last := &tap{opened: o}
	if f.mapping.Group == "" {
		for _, g := range f.groups {
			last.columns = append(last.columns, groupColumn(f.mapping, g, o.Header()))
		}
	}
	last.texts = make([]string, len(last.columns))
	last.strings = interned{}
	reader, err := export.NewReader(last, f.mapping, f.options)
	if err != nil {
		return nil, err
	}
	return &recordRows{opened: o, file: f, reader: reader, last: last, values: make([]compare.Value, len(f.facets))}, nil
}

// tap remembers the groups of the row that went by last.
type tap struct {
	*opened
	columns []int
	texts   []string
	strings interned
}

// Next reads a row.
func (t *tap) Next() (sheet.Row, error) {
	row, err := t.opened.Next()
	if err != nil {
		return row, err
	}
	for i, column := range t.columns {
		t.texts[i] = ""
		if column >= 0 {
			t.texts[i] = t.strings.text(trim(row.Cells[column].Text))
		}
	}
	return row, nil
}

// Next reads a record.
func (r *recordRows) Next() error {
	record, err := r.reader.Next()
	if errors.Is(err, io.EOF) {
		r.file.left, r.file.lost = r.reader.Skipped(), r.reader.Unknown()
	}
	if err != nil {
		return r.file.rejected(err)
	}
	r.record = record
	r.key = append(r.key[:0], strings.Join(record.Key, compare.KeySeparator)...)
	return nil
}

// Key is the record's.
func (r *recordRows) Key() []byte { return r.key }

// Line is where the record begins.
func (r *recordRows) Line() int { return r.record.Line }

// SkipTo steps over rows, where each row is a record.
func (r *recordRows) SkipTo(line int) bool {
	return r.file.mapping.Group == "" && r.file.mapping.Spread == nil && r.opened.SkipTo(line)
}

// Values are the record's facets.
func (r *recordRows) Values() ([]compare.Value, error) {
	null := canTellNull(r.Format())
	r.memory = r.memory[:0]
	for i, f := range r.file.facets {
		v, told := r.record.Facets[f.Name]
		out := &r.values[i]
		*out = compare.Value{}
		switch {
		case !told && null:
			out.State = compare.Missing
		case !told:
			out.State = compare.Blank
		case v.IsNull():
			out.State = compare.Null
		case v == commerce.Text(""):
			out.State = compare.Blank
		default:
			at := len(r.memory)
			r.memory = append(r.memory, v.String()...)
			out.State, out.Text = compare.Present, r.memory[at:]
		}
	}
	return r.values, nil
}

// About is what the record says beside its values.
func (r *recordRows) About() compare.About {
	r.about = r.about[:0]
	for i, g := range r.file.groups {
		r.about = append(r.about, r.group(i, g))
	}
	return compare.About{
		Line: r.record.Line, Items: r.items(), Native: r.record.Native, Part: r.record.Part, Slot: r.record.Slot, Segments: r.about,
		Created: r.record.Created, Changed: r.record.Updated,
	}
}

// group is the record's own word where it has one, else the column's.
func (r *recordRows) group(i int, name string) string {
	for at, part := range r.record.Kind.KeyParts() {
		if part == name && at < len(r.record.Key) {
			return r.record.Key[at]
		}
	}
	if v, ok := r.record.Facets[name]; ok && !v.IsNull() {
		return v.String()
	}
	if i < len(r.last.texts) {
		return r.last.texts[i]
	}
	return ""
}

// items is how many lines an order has, as it says or as they are counted.
func (r *recordRows) items() int {
	if d, ok := r.record.Facets["lines"].Decimal(); ok {
		if n, err := strconv.Atoi(d.String()); err == nil {
			return n
		}
	}
	return len(r.record.Lines)
}
