package export

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// fault is a cell that cannot be read: the place of its column, and what would be
// right.
type fault struct {
	column int
	want   string
}

// meaning is what a text means: a value, or that there is none.
type meaning struct {
	value   commerce.Value
	missing bool
}

// facet reads one facet of a row.
type facet struct {
	name    string
	typ     string
	want    commerce.Type
	column  int
	with    []int
	combine string
	below   int
	rows    string

	constant *meaning
	values   map[string]meaning
	others   *meaning
	blank    *meaning
	factor   *commerce.Decimal
	number   numberReader
	time     timeReader
}

// nowhere is the place of a column that there is not.
const nowhere = -1

// newFacet prepares a facet of the kind for a header.
func newFacet(kind commerce.Kind, f FacetColumn, header columns, zone *time.Location) (*facet, error) {
	typ, err := typeOf(kind, f)
	if err != nil {
		return nil, err
	}
	p := &facet{
		name: f.Facet, typ: f.Type, want: typ, column: nowhere, below: nowhere,
		combine: f.Combine, rows: f.Rows,
	}
	if f.Type == Time {
		p.time, err = timeStyle(f.Style, zone)
	} else {
		p.number, err = numberStyle(f.Style)
	}
	if err != nil {
		return nil, fmt.Errorf("facet %s: %w", f.Facet, err)
	}
	if f.Column != "" {
		if p.column = header.find(f.Column); p.column < 0 {
			return nil, fmt.Errorf("%w: facet %s: the file has no column %q", ErrMapping, f.Facet, f.Column)
		}
	}
	for _, name := range f.With {
		if i := header.find(name); i >= 0 {
			p.with = append(p.with, i)
		}
	}
	if f.Below != "" {
		p.below = header.find(f.Below)
	}
	return p, p.meanings(f)
}

// typeOf is the type of a facet's values. Of a facet that the kind knows, the
// column's type has to fit.
func typeOf(kind commerce.Kind, f FacetColumn) (commerce.Type, error) {
	types := map[string]commerce.Type{
		"": commerce.TextType, Text: commerce.TextType, Number: commerce.NumberType, Money: commerce.NumberType,
		Bool: commerce.BoolType, Given: commerce.BoolType, Time: commerce.TimeType,
	}
	typ, ok := types[f.Type]
	if f.Rows == Count {
		typ = commerce.NumberType
	}
	switch {
	case f.Facet == "":
		return 0, fmt.Errorf("%w: a facet without a name", ErrMapping)
	case !ok:
		return 0, fmt.Errorf("%w: facet %s: type %q, want number, money, text, bool, time or given", ErrMapping, f.Facet, f.Type)
	case kind == "":
		return typ, nil
	}
	known, ok := kind.FacetOf(f.Facet)
	switch {
	case !ok:
		return 0, fmt.Errorf("%w: %s has no facet %q, want one of %s", ErrMapping, kind, f.Facet, strings.Join(kind.FacetNames(), ", "))
	case known.Type != typ:
		return 0, fmt.Errorf("%w: facet %s of %s is a %s, not a %s", ErrMapping, f.Facet, kind, known.Type, typ)
	default:
		return typ, nil
	}
}

// meanings reads the texts of the mapping that stand for values.
func (p *facet) meanings(f FacetColumn) error {
	one := func(text string) (*meaning, error) {
		if text == "" {
			return nil, nil //nolint:nilnil // no text is no meaning
		}
		m, err := literal(p.want, text)
		if err != nil {
			return nil, fmt.Errorf("%w: facet %s: %q is no %s", ErrMapping, p.name, text, p.want)
		}
		return &m, nil
	}
	var errs [3]error
	p.constant, errs[0] = one(f.Constant)
	p.others, errs[1] = one(f.Others)
	p.blank, errs[2] = one(f.Blank)
	if len(f.Values) > 0 {
		p.values = make(map[string]meaning, len(f.Values))
	}
	for text, value := range f.Values {
		m, err := one(value)
		if err != nil {
			return err
		}
		if m == nil {
			m = &meaning{value: commerce.Text("")}
		}
		p.values[strings.ToLower(text)] = *m
	}
	if f.Factor != "" {
		d, err := commerce.ParseDecimal(f.Factor)
		if err != nil {
			return fmt.Errorf("%w: facet %s: factor, want a decimal number", ErrMapping, p.name)
		}
		p.factor = &d
	}
	return errors.Join(errs[:]...)
}

// literal reads a value as a mapping writes it: in canonical form, or null, blank or
// missing.
func literal(typ commerce.Type, text string) (meaning, error) {
	switch text {
	case "null":
		return meaning{}, nil
	case "missing":
		return meaning{missing: true}, nil
	case "blank":
		return meaning{value: commerce.Text("")}, nil
	}
	v, err := commerce.ParseValue(typ, text)
	return meaning{value: v}, err
}

// read is what a row says. It is false where the row says nothing, which with a
// blank cell may still mean something.
func (p *facet) read(cells []sheet.Cell) (v commerce.Value, given bool, f *fault) {
	if p.column == nowhere && p.constant != nil {
		return p.constant.value, !p.constant.missing, nil
	}
	if v, given, f = p.cell(cells, p.column); f != nil {
		return v, false, f
	}
	if len(p.with) > 0 {
		if v, given, f = p.combined(cells, v, given); f != nil {
			return v, false, f
		}
	}
	if p.below != nowhere && given {
		above, ok, fault := p.cell(cells, p.below)
		if fault != nil {
			return v, false, fault
		}
		if order, known := v.Compare(above); !ok || !known || order >= 0 {
			return commerce.Null(), true, nil
		}
	}
	return v, given, nil
}

// combined makes one value of several columns. A cell that says nothing adds
// nothing.
func (p *facet) combined(cells []sheet.Cell, v commerce.Value, given bool) (commerce.Value, bool, *fault) {
	for _, column := range p.with {
		other, ok, f := p.cell(cells, column)
		if f != nil {
			return v, false, f
		}
		b, number := other.Decimal()
		if !ok || !number {
			continue
		}
		a, number := v.Decimal()
		if !given || !number {
			// What is taken off needs something to be taken off from.
			if p.combine != Minus {
				v, given = commerce.Number(b), true
			}
			continue
		}
		sum, err := combine(p.combine, a, b)
		if err != nil {
			return v, false, &fault{column, wantDigits}
		}
		v = commerce.Number(sum)
	}
	return v, given, nil
}

const wantDigits = "numbers of at most 19 digits together"

func combine(how string, a, b commerce.Decimal) (commerce.Decimal, error) {
	switch how {
	case Minus:
		return a.Sub(b)
	case Greatest:
		if b.Cmp(a) > 0 {
			return b, nil
		}
		return a, nil
	default:
		return a.Add(b)
	}
}

func at(cells []sheet.Cell, column int) sheet.Cell {
	if column < 0 || column >= len(cells) {
		return sheet.Cell{}
	}
	return cells[column]
}

// said is a cell's text without spaces around it. It is false for a cell without
// any.
func said(c sheet.Cell) ([]byte, bool) {
	if c.State == sheet.Missing || c.State == sheet.Null || c.State == sheet.Blank {
		return nil, false
	}
	text := bytes.TrimSpace(c.Text)
	return text, len(text) > 0
}

// cell is what one cell says.
func (p *facet) cell(cells []sheet.Cell, column int) (commerce.Value, bool, *fault) {
	c := at(cells, column)
	text, ok := said(c)
	if !ok {
		return commerce.Null(), c.State == sheet.Null && p.typ != Given, nil
	}
	if p.values != nil {
		if m, known := p.values[strings.ToLower(string(text))]; known {
			return m.value, !m.missing, nil
		}
	}
	if p.others != nil {
		return p.others.value, !p.others.missing, nil
	}
	v, want := p.typed(c, text)
	if want != "" {
		return v, false, &fault{column, want}
	}
	return v, true, nil
}

// typed reads a text as the facet's type, or says what would be right.
func (p *facet) typed(c sheet.Cell, text []byte) (v commerce.Value, want string) {
	switch {
	case p.typ == Given:
		return commerce.Bool(true), ""
	case p.rows == Count:
		return commerce.Number(commerce.Int(1)), ""
	case p.typ == Number || p.typ == Money:
		return p.decimal(c, text)
	case p.typ == Bool:
		truth, ok := truths[strings.ToLower(string(text))]
		if !ok {
			return v, "yes or no, or true or false"
		}
		return commerce.Bool(truth), ""
	case p.typ == Time:
		moment, ok := p.time(text)
		if !ok {
			return v, wantTime
		}
		return commerce.Time(moment), ""
	default:
		return commerce.Text(string(text)), ""
	}
}

func (p *facet) decimal(c sheet.Cell, text []byte) (v commerce.Value, want string) {
	var d commerce.Decimal
	var err error
	if c.State == sheet.Number {
		d, err = commerce.ParseDecimal(string(text))
	} else {
		d, err = p.number(text)
	}
	if err == nil && p.factor != nil {
		d, err = d.Mul(*p.factor)
	}
	switch {
	case errors.Is(err, commerce.ErrInexact):
		return v, "a number of at most 19 digits"
	case errors.Is(err, sheet.ErrAmbiguous):
		return v, "a number that can be read in one way only: say how the column writes numbers, such as 1,234.56"
	case err != nil:
		return v, "a number"
	default:
		return commerce.Number(d), ""
	}
}

// truths are the usual words for true and false.
var truths = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "x": true, "on": true, "wahr": true, "ja": true,
	"false": false, "no": false, "n": false, "0": false, "off": false, "falsch": false, "nein": false,
}
