package source

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// plainRows reads files whose rows are records and whose cells are values: most
// files, and all of a million rows. It says what records would say, without an
// object for each value.
type plainRows struct {
	*opened
	file   *File
	keys   []plainKey
	facets []plainFacet
	groups []int // columns, -1 for none

	row     sheet.Row
	key     []byte
	values  []compare.Value
	text    []byte
	about   []string
	strings interned
}

type plainKey struct {
	column int
	name   string
	part   string
	upper  bool
}

type plainFacet struct {
	column int
	name   string
	typ    commerce.Type
	point  bool // the column has a decimal point
	factor bool
	read   func(sheet.Cell) (v commerce.Value, want string)
}

// plain returns a reader for the file, and false where its mapping asks for more
// than a plain reader does.
func (f *File) plain(header []string) (*plainRows, bool) {
	m := f.mapping
	if m.Group != "" || m.Spread != nil || len(m.Skip) > 0 || m.Updated != nil || m.Created != nil || m.Currency != "" ||
		len(m.Native) > 0 || f.options.Config.Locations != nil || f.options.Config.Currency != "" {
		return nil, false
	}
	p := &plainRows{file: f, strings: interned{}, values: make([]compare.Value, len(f.facets))}
	for _, k := range m.Key {
		at := column(header, k.Column)
		if at < 0 || len(k.Or) > 0 || k.As != "" && k.As != export.TrimKey && k.As != export.UpperKey && k.As != export.LocationKey || k.Part == "number" || k.Part == "hash" {
			return nil, false
		}
		p.keys = append(p.keys, plainKey{at, header[at], k.Part, k.As == export.UpperKey})
	}
	for _, want := range f.facets {
		facet, ok := f.plainFacet(want, header)
		if !ok {
			return nil, false
		}
		p.facets = append(p.facets, facet)
	}
	for _, g := range f.groups {
		p.groups = append(p.groups, groupColumn(m, g, header))
	}
	return p, len(p.keys) > 0
}

func (f *File) plainFacet(want compare.Facet, header []string) (plainFacet, bool) {
	i := slices.IndexFunc(f.mapping.Facets, func(c export.FacetColumn) bool { return c.Facet == want.Name })
	if i < 0 {
		return plainFacet{column: -1}, true
	}
	c := f.mapping.Facets[i]
	at := column(header, c.Column)
	if at < 0 || len(c.Values) > 0 || c.Others != "" || c.Blank != "" || c.Rows != "" || len(c.With) > 0 || c.Below != "" || c.Type == export.Given {
		return plainFacet{}, false
	}
	read, err := export.ReadCell(c, header, f.options.Config.Timezone)
	if err != nil {
		return plainFacet{}, false
	}
	style, err := sheet.ParseNumberStyle(c.Style)
	return plainFacet{at, header[at], typeOf(c), err == nil && style.Decimal == '.', c.Factor != "", read}, true
}

// Parts gives the rows away part by part.
func (p *plainRows) Parts() func() (compare.Rows, error) {
	next := p.opened.Parts()
	if next == nil {
		return nil
	}
	return func() (compare.Rows, error) {
		reader, err := next()
		if err != nil {
			return nil, p.file.rejected(err)
		}
		part := *p
		part.opened = &opened{Reader: reader, file: io.NopCloser(nil)}
		part.key, part.text, part.about = nil, nil, nil
		part.values, part.strings = make([]compare.Value, len(p.values)), interned{}
		return &part, nil
	}
}

// Next reads a row and its key.
func (p *plainRows) Next() error {
	for {
		row, err := p.opened.Next()
		if err != nil {
			return p.file.rejected(err)
		}
		p.row = row
		if skip, bad := p.readKey(); bad != nil || !skip {
			return bad
		}
	}
}

func (p *plainRows) readKey() (skip bool, bad error) {
	p.key = p.key[:0]
	for i, k := range p.keys {
		text := trim(p.row.Cells[k.column].Text)
		if len(text) == 0 {
			if k.part == "sku" || k.part == "location" {
				p.file.leave("row without a " + k.part)
				return true, nil
			}
			return false, p.reject(k.column, k.name, "a value, as it identifies the record")
		}
		if k.upper {
			text = bytes.ToUpper(text)
		}
		if i > 0 {
			p.key = append(p.key, compare.KeySeparator...)
		}
		p.key = append(p.key, text...)
	}
	return false, nil
}

func (p *plainRows) reject(column int, name, want string) error {
	return &compare.Rejected{Line: p.row.Line, Column: column + 1, Name: name, Want: want}
}

// Values reads the row's values.
func (p *plainRows) Values() ([]compare.Value, error) {
	p.text = p.text[:0]
	for i, f := range p.facets {
		v := &p.values[i]
		v.Text = nil
		if f.column < 0 {
			v.State = compare.Missing
			continue
		}
		cell := p.row.Cells[f.column]
		text := trim(cell.Text)
		switch {
		case len(text) > 0:
			v.State, v.Text = compare.Present, text
		case cell.State == sheet.Null:
			v.State = compare.Null
		case cell.State == sheet.Missing && canTellNull(p.Format()):
			v.State = compare.Missing
		default:
			v.State = compare.Blank
		}
		if v.State == compare.Present && !f.asItIs(cell, v) {
			var want string
			if v.Text, p.text, want = f.canonical(cell, p.text); want != "" {
				return nil, p.reject(f.column, f.name, want)
			}
		}
	}
	return p.values, nil
}

// trim takes away spaces around a text. Most texts have none.
func trim(text []byte) []byte {
	if n := len(text); n > 0 && text[0] > ' ' && text[0] < utf8.RuneSelf && text[n-1] > ' ' && text[n-1] < utf8.RuneSelf {
		return text
	}
	return bytes.TrimSpace(text)
}

// asItIs reports whether a text is in canonical form, or holds one.
func (f plainFacet) asItIs(cell sheet.Cell, v *compare.Value) (ok bool) {
	switch f.typ {
	case commerce.TextType:
		return true
	case commerce.NumberType:
		if text, ok := canonical(v.Text, f.point || cell.State == sheet.Number); ok && !f.factor {
			v.Text = text
			return true
		}
		return false
	case commerce.TimeType:
		return isInstant(v.Text)
	default:
		return false
	}
}

// canonical reads a text that is not in canonical form, into the given memory.
func (f plainFacet) canonical(cell sheet.Cell, memory []byte) (text, rest []byte, want string) {
	v, want := f.read(cell)
	at := len(memory)
	memory = append(memory, v.String()...)
	return memory[at:], memory, want
}

// maxPlain is how many characters of digits are surely no more than a Decimal has.
const maxPlain = 18

// canonical finds the canonical form inside a plain number of at most 18 digits.
func canonical(text []byte, point bool) ([]byte, bool) {
	if len(text) > maxPlain || len(text) == 0 || text[0] == '-' && len(text) == 1 {
		return nil, false
	}
	dot := -1
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9' || c == '-' && i == 0:
		case c == '.' && point && dot < 0 && i > 0 && text[i-1] != '-' && i+1 < len(text):
			dot = i
		default:
			return nil, false
		}
	}
	if dot >= 0 {
		text = bytes.TrimRight(text, "0")
		text = bytes.TrimSuffix(text, []byte("."))
	}
	digits := text
	if text[0] == '-' {
		digits = text[1:]
	}
	lead := 0
	for lead+1 < len(digits) && digits[lead] == '0' && digits[lead+1] != '.' {
		lead++
	}
	switch {
	case len(text) == len(digits):
		return digits[lead:], true
	case lead > 0 || digits[0] == '0' && len(digits) == 1:
		return nil, false // -007 and -0 need memory of their own
	default:
		return text, true
	}
}

// Key is the columns' texts, without spaces around them.
func (p *plainRows) Key() []byte { return p.key }

// Line is where the row begins.
func (p *plainRows) Line() int { return p.row.Line }

// SkipTo steps over rows.
func (p *plainRows) SkipTo(line int) bool { return p.opened.SkipTo(line) }

// About is the row's line and its groups.
func (p *plainRows) About() compare.About {
	p.about = p.about[:0]
	for _, column := range p.groups {
		group := ""
		if column >= 0 {
			group = p.strings.text(trim(p.row.Cells[column].Text))
		}
		p.about = append(p.about, group)
	}
	return compare.About{Line: p.row.Line, Segments: p.about}
}

// groupColumn is the column that says which group a row belongs to, or -1.
func groupColumn(m export.Mapping, group string, header []string) int {
	for _, k := range m.Key {
		if k.Part == group && k.Column != "" {
			return column(header, k.Column)
		}
	}
	for _, name := range groupNames[group] {
		if at := column(header, name); at >= 0 {
			return at
		}
	}
	return -1
}

// groupNames are the columns by which records are grouped, by what the groups are.
var groupNames = map[string][]string{
	"location": {"location", "location name", "location code", "warehouse", "warehouse code", "site", "store"},
	"vendor":   {"vendor", "vendor name", "supplier", "brand", "manufacturer"},
	"category": {"category", "product type", "type", "item category code", "department"},
	"currency": {"currency", "currency code"},
	"country":  {"country", "country code"},
	"channel":  {"channel", "source", "source name", "gateway"},
}
