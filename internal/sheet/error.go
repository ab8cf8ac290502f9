package sheet

import (
	"errors"
	"fmt"
)

// Errors that are final. Texts of a returned error say more.
var (
	// ErrEmpty means that the file has no row at all, not even a header.
	ErrEmpty = errors.New("the file is empty")
	// ErrFormat means that the file is none of those that are read, and says what
	// to do about it.
	ErrFormat = errors.New("the file cannot be read")
	// ErrTruncated means that the file is not whole: it ends where it cannot end.
	ErrTruncated = errors.New("the file is not whole")
	// ErrDamaged means that the file contradicts itself: a wrong checksum, XML or
	// JSON that breaks off its own structure.
	ErrDamaged = errors.New("the file is damaged")
	// ErrLimit means that the file is larger than what is read: too many columns,
	// or a small file that unpacks to a huge one.
	ErrLimit = errors.New("the file is over a limit")
)

// RowError is one row that could not be read. Reading goes on behind it.
type RowError struct {
	// Line is as in Row.
	Line int
	// Column is the cell, counted from 1, and 0 for the row as a whole.
	Column int
	// Name is the column's name in the header, where it has one.
	Name string
	// Want says what would be right. It never repeats what the file has.
	Want string
}

// Error returns place and what would be right, as one line.
func (e *RowError) Error() string {
	switch {
	case e.Column == 0:
		return fmt.Sprintf("line %d: want %s", e.Line, e.Want)
	case e.Name == "":
		return fmt.Sprintf("line %d, column %d: want %s", e.Line, e.Column, e.Want)
	default:
		return fmt.Sprintf("line %d, column %d (%s): want %s", e.Line, e.Column, e.Name, e.Want)
	}
}
