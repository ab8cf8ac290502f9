package formula

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Error is a problem of a formula's text.
type Error struct {
	// Offset is the place in bytes from the start of the source.
	Offset int
	// Message says what is wrong and what would be right.
	Message string
}

// Error returns the message. The place is left to whoever knows the file.
func (e *Error) Error() string { return e.Message }

func problem(at int, format string, args ...any) error {
	return &Error{Offset: at, Message: fmt.Sprintf(format, args...)}
}

// MissingError means that a name's value was not reported.
type MissingError struct{ Name string }

// Error names what is missing.
func (e *MissingError) Error() string { return e.Name + " is missing" }

// NullError means that there is no value where one is needed: null has no
// size, no order and is neither true nor false.
type NullError struct {
	// Name is the name that is null, or blank when null was computed.
	Name string
}

// Error names what is null.
func (e *NullError) Error() string {
	if e.Name == "" {
		return "an operand is null"
	}
	return e.Name + " is null"
}

// TypeError means that a name's value is not of the type that the formula was
// checked with.
type TypeError struct {
	Name      string
	Got, Want commerce.Type
}

// Error names the name and both types, not the value.
func (e *TypeError) Error() string {
	return fmt.Sprintf("%s is a %s, want a %s", e.Name, e.Got, e.Want)
}
