package compare

import (
	"fmt"
	"time"
)

// File is one export. It can be read more than once, and says the same each time.
type File interface {
	Rows() (Rows, error)
}

// Rows are the records of a file, one after another. What it returns belongs to
// the reader, until the next call of Next.
type Rows interface {
	// Next goes to the next record: io.EOF after the last, *Rejected for a row that
	// makes no record, after which reading goes on. Any other error is final.
	Next() error
	// Key is what identifies the record in both files.
	Key() []byte
	// Values are the record's, in canonical form, one for each facet of the plan. A
	// *Rejected is a row that makes no record after all. They are read when they are
	// asked for: of most records only once.
	Values() ([]Value, error)
	// Line is where the record begins.
	Line() int
	// About is what else is known of the record.
	About() About
	Close() error
}

// Skipper are Rows that can step over records without reading them.
type Skipper interface {
	// SkipTo makes Next go to the record that begins at a line, which has to be
	// behind the one at hand. It reports false, and does nothing, for a file that has
	// to be read as it comes.
	SkipTo(line int) bool
}

// State says whether there is a value. Missing, null, blank and present are four
// things: null agrees with null alone.
type State uint8

// The states.
const (
	Missing State = iota
	Null
	Blank
	Present
)

// Value is what a record says about one facet. Text is in the canonical form of
// commerce.Value, so that equal values have equal texts.
type Value struct {
	State State
	Text  []byte
}

// About is what is known of a record beside its values.
type About struct {
	// Line is where the record begins.
	Line int
	// Native is the id of the record in its system, and Part and Slot are the
	// observation's, or blank.
	Native, Part, Slot string
	// Items are how many lines an order has, 0 where that is not known.
	Items int
	// Segments are in the order of the plan's; they may be blank.
	Segments []string
	// Created and Changed are zero where the file does not tell.
	Created, Changed time.Time
}

// Rejected is a row that makes no record. It never holds the row's values.
type Rejected struct {
	Line, Column int
	// Name is the column's, or blank.
	Name string
	// Want is what would be right.
	Want string
}

func (r *Rejected) Error() string {
	if r.Name == "" {
		return fmt.Sprintf("line %d: want %s", r.Line, r.Want)
	}
	return fmt.Sprintf("line %d, column %d (%s): want %s", r.Line, r.Column, r.Name, r.Want)
}
