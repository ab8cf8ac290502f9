package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/commerce"
)

// mostTabColumns is the last column of a sheet, XFD.
const mostTabColumns = 1 << 14

// tabSource reads the rows of a workbook's sheet. A formula has the value that
// the workbook was saved with.
type tabSource struct {
	xml    *xmlReader
	part   io.Closer
	book   *workbook
	maxRow int
	// line is the row at hand, cells are its cells, and text is what they hold.
	line  int
	cells []Cell
	text  []byte
	bad   *RowError
	ended bool
}

func (s *tabSource) next() (Row, error) {
	for !s.ended {
		t, err := s.xml.next()
		switch {
		case err != nil:
			return Row{}, s.over(err)
		case t == startTag && s.xml.is("row"):
			if err := s.startRow(); err != nil {
				return Row{}, err
			}
		case t == startTag && s.xml.is("c"):
			if err := s.cell(); err != nil {
				return Row{}, s.over(err)
			}
		case t == endTag && s.xml.is("row"):
			return s.endRow()
		}
	}
	return Row{}, io.EOF
}

// over closes the part.
func (s *tabSource) over(err error) error {
	s.ended = true
	s.part.Close()
	return err
}

func (s *tabSource) startRow() error {
	line := s.line + 1
	if at := s.xml.attribute("r"); at != nil {
		n, err := strconv.Atoi(string(at))
		if err != nil || n < line || n > 1<<30 {
			return fmt.Errorf("%w: the rows of its sheet are not in order behind row %d", ErrDamaged, s.line)
		}
		line = n
	}
	s.line, s.cells, s.text, s.bad = line, s.cells[:0], s.text[:0], nil
	return nil
}

func (s *tabSource) endRow() (Row, error) {
	switch {
	case len(s.text) > s.maxRow:
		return Row{}, &RowError{Line: s.line, Want: fmt.Sprintf("a row of at most %d bytes", s.maxRow)}
	case s.bad != nil:
		s.bad.Line = s.line
		return Row{}, s.bad
	default:
		return Row{Line: s.line, Cells: s.cells}, nil
	}
}

// fault notes what is wrong with a cell. The first of a row is told.
func (s *tabSource) fault(column int, want string) {
	if s.bad == nil {
		s.bad = &RowError{Column: column, Want: want}
	}
}

// raw is a cell as the sheet has it.
type raw struct {
	column  int
	kind    string
	date    bool
	formula bool
	// saved says that the cell has a value, which may be blank.
	saved bool
	from  int
}

// cell reads the element c.
func (s *tabSource) cell() error {
	c := raw{column: len(s.cells) + 1, kind: string(s.xml.attribute("t")), date: s.book.styles.isDate(s.xml.attribute("s")), from: len(s.text)}
	if at := s.xml.attribute("r"); at != nil {
		c.column = columnOf(at)
	}
	depth, in, spoken := s.xml.depth, false, false
	for {
		t, err := s.xml.next()
		switch {
		case err != nil:
			return err
		case t == endTag && s.xml.depth < depth:
			return s.put(c)
		case t == chars && in && !spoken && len(s.text) <= s.maxRow:
			s.text = s.xml.appendText(s.text)
		case t == chars:
		case s.xml.is("v") || s.xml.is("t"):
			in, c.saved = t == startTag, true
		case s.xml.is("rPh"):
			spoken = t == startTag
		case s.xml.is("f"):
			c.formula = true
		}
	}
}

// columnOf is the number of the column in a reference: 28 of AB12. It is 0 for
// what is none.
func columnOf(reference []byte) int {
	n := 0
	for _, c := range reference {
		if c < 'A' || c > 'Z' {
			break
		}
		n = min(26*n+int(c-'A')+1, mostTabColumns+1)
	}
	return n
}

// put adds the cell that was read to the row.
func (s *tabSource) put(c raw) error {
	if c.column < 1 || c.column > mostTabColumns || c.column <= len(s.cells) {
		return fmt.Errorf("%w: the cells of row %d are not in order", ErrDamaged, s.line)
	}
	for len(s.cells) < c.column-1 {
		s.cells = append(s.cells, Cell{})
	}
	text := s.text[c.from:len(s.text):len(s.text)]
	cell, want := s.value(c, text)
	if want != "" {
		s.fault(c.column, want)
	}
	s.cells = append(s.cells, cell)
	return nil
}

// value makes a cell of its text, or says what would be right.
func (s *tabSource) value(c raw, text []byte) (Cell, string) {
	switch {
	case len(text) == 0 && c.formula && (!c.saved || c.kind != "str"):
		return Cell{}, "a calculated value; open the workbook in a spreadsheet program and save it"
	case len(text) == 0 && (c.kind == "str" || c.kind == "inlineStr"):
		return Cell{State: Blank}, ""
	case len(text) == 0:
		return Cell{}, ""
	}
	switch c.kind {
	case "s":
		return s.shared(text)
	case "str", "inlineStr":
		return textOf(unescapeX(text))
	case "b":
		return Cell{Text: strconv.AppendBool(nil, isTrue(text)), State: Bool}, ""
	case "e":
		return Cell{}, "a value instead of an error of the spreadsheet"
	case "d":
		at, err := ParseDate(text, DateStyle{Zone: s.book.o.Zone})
		return timeCell(at, err)
	case "", "n":
		return s.number(c, text)
	default:
		return Cell{}, "a cell of a known type"
	}
}

func textOf(text []byte) (Cell, string) {
	if bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return Cell{}, "valid UTF-8 without a NUL character"
	}
	return textCell(text), ""
}

func (s *tabSource) shared(number []byte) (Cell, string) {
	i, err := strconv.Atoi(string(number))
	text, ok := s.book.strings.at(i)
	if err != nil || !ok {
		return Cell{}, "a text that the workbook has"
	}
	return textOf(text)
}

// number is a number, or the date that it is shown as.
func (s *tabSource) number(c raw, text []byte) (Cell, string) {
	plain, err := canonical(shortened(text))
	switch {
	case errors.Is(err, commerce.ErrInexact):
		return Cell{}, wantDigits
	case err != nil:
		return Cell{}, "a number"
	case c.date:
		return s.date(string(plain))
	default:
		return Cell{Text: plain, State: Number}, ""
	}
}

// date is a date, or a time of day as text where the cell has no day.
func (s *tabSource) date(serial string) (Cell, string) {
	if days, ms, ok := cutSerial(serial); ok && days == 0 && !s.book.since1904 {
		clock := time.Time{}.Add(time.Duration(ms) * time.Millisecond)
		return Cell{Text: clock.AppendFormat(nil, time.TimeOnly), State: Text}, ""
	}
	at, err := serialTime(serial, s.book.o.Zone, s.book.since1904)
	return timeCell(at, err)
}

func timeCell(at time.Time, err error) (Cell, string) {
	if err != nil {
		return Cell{}, "a date from 1900 to 9999"
	}
	return Cell{Text: at.AppendFormat(nil, time.RFC3339Nano), State: Time}, ""
}
