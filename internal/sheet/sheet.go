// Package sheet reads export files row by row: CSV, JSON Lines, JSON arrays and
// Excel workbooks, compressed or not, in the encodings that systems write.
//
// It owns what a file is and where each cell stands. What a column means is
// left to others: a CSV cell stays the text that the file has, and [ParseNumber] and
// [ParseDate] read such texts where a style is known.
//
// Memory does not grow with the number of rows. A row that cannot be read is
// one [*RowError], and reading goes on behind it. Errors name the place and
// what would be right, never what a cell holds.
package sheet

import (
	"io"
	"time"
)

// Options say what the caller knows of a file. The zero value recognises
// everything from the file itself.
type Options struct {
	// Name is the file's name. It is only a hint and never decides against the
	// first bytes.
	Name string
	// Sheet is the name of a workbook's sheet, hidden or not. Without it, the first
	// visible sheet that has rows is read.
	Sheet string
	// Delimiter stands between the cells of a CSV file: an ASCII character.
	Delimiter rune
	// Encoding is utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, iso-8859-15
	// or macintosh.
	Encoding string
	// HeaderLine is the line or row of a CSV file or a sheet that names the
	// columns. Lines before it are not read.
	HeaderLine int
	// Zone is where the clocks of a workbook stand, UTC without it: its times have
	// no zone of their own.
	Zone *time.Location
	// MaxRow is the greatest size of a row in bytes, 1 MiB without it.
	MaxRow int
	// MaxColumns is the greatest number of columns, 16,384 without it.
	MaxColumns int
}

const (
	defaultMaxRow     = 1 << 20
	defaultMaxColumns = 1 << 14
)

func (o Options) withDefaults() Options {
	if o.MaxRow == 0 {
		o.MaxRow = defaultMaxRow
	}
	if o.MaxColumns == 0 {
		o.MaxColumns = defaultMaxColumns
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return o
}

// State says what kind of thing a cell holds.
type State uint8

// The states of cells. A CSV file knows Blank and Text only.
const (
	// Missing is a cell that the row does not have: a JSON object without the key,
	// a sheet's row without the cell.
	Missing State = iota
	// Null is JSON's null.
	Null
	// Blank is a cell without any text.
	Blank
	// Text is a text as the file has it, in UTF-8.
	Text
	// Number is a number of a typed file, in canonical decimal form.
	Number
	// Bool is true or false.
	Bool
	// Time is an instant of a typed file, as RFC 3339 writes it.
	Time
)

// String returns the state's name.
func (s State) String() string {
	return [...]string{"missing", "null", "blank", "text", "number", "bool", "time", "unknown"}[min(s, 7)]
}

// Cell is one cell of a row. Text is empty unless State is Text, Number, Bool
// or Time.
type Cell struct {
	Text  []byte
	State State
}

// Row is one row of a file, with as many cells as the header has names. It is
// valid until the next call of Next.
type Row struct {
	// Line is the line where a row of a CSV file begins, the row of a sheet, the
	// line of a JSON Lines file or the element of an array, counted from 1.
	Line  int
	Cells []Cell
}

// source is one format. Its rows have as many cells as the file gives them.
type source interface {
	// next returns the next row, valid until the next call, io.EOF, a *RowError for
	// one bad row, or a final error.
	next() (Row, error)
}

// Reader reads a file row by row.
type Reader struct {
	source source
	format Format
	header []string
	// early are rows that were read while the header was looked for.
	early  []sampled
	unread func() []string
	sheets []string
	// plain files have rows of cells and a header among them.
	plain bool
	// ragged files leave out empty cells at the end of a row.
	ragged bool
	done   error
	close  []func() error
}

// Open recognises compression, encoding and format from the first bytes, and
// reads up to the header. It reports [ErrEmpty] for a file without any row,
// [ErrFormat] for what is no export file or needs to be saved in another form,
// and [ErrTruncated], [ErrDamaged] and [ErrLimit] as Next does.
func Open(r io.Reader, o Options) (*Reader, error) {
	reader := &Reader{}
	if err := reader.open(r, o.withDefaults()); err != nil {
		_ = reader.Close()
		return nil, err
	}
	return reader, nil
}

// Header returns the names of the columns, each different: a name that stands
// twice is "Name (2)" the second time, and a column without one is "column 3".
func (r *Reader) Header() []string { return r.header }

// Format returns what the file was recognised as.
func (r *Reader) Format() Format { return r.format }

// Sheets returns the names of a workbook's sheets in their order, hidden ones
// too, and nothing for other files.
func (r *Reader) Sheets() []string { return r.sheets }

// Unread returns keys of JSON objects that are not in the header, because they
// first stood in a row behind those that it was made from. It names at most
// 100, as far as the file was read.
func (r *Reader) Unread() []string {
	if r.unread == nil {
		return nil
	}
	return r.unread()
}

// Close releases what the reader holds. It does not close what was given to
// Open.
func (r *Reader) Close() error {
	var first error
	for _, release := range r.close {
		if err := release(); err != nil && first == nil {
			first = err
		}
	}
	r.close = nil
	return first
}
