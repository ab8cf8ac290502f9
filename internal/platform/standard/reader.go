package standard

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// maxProblems is how many problems of one body are reported.
const maxProblems = 20

// maxAhead is how far a clock may be ahead of the received time. A change that
// far in the future would hide every later one.
const maxAhead = 24 * time.Hour

// reader reads typed values out of a document and collects what is wrong. A
// value that is wrong reads as the zero value.
type reader struct {
	document
	zone     *time.Location
	received time.Time
	problems []error
}

func (r *reader) err() error { return errors.Join(r.problems...) }

func (r *reader) wrong(i int, want string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, r.problem(i, want))
	}
}

// wrongField is wrong for a field that the object does not have.
func (r *reader) wrongField(at int, name, want string) {
	where := name
	if at > 0 {
		where = r.path(at) + "." + name
	}
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, &platform.BodyError{Where: where, Want: want})
	}
}

// object reports whether the node is an object. Fields that it may not have
// are problems.
func (r *reader) object(at int, names ...string) bool {
	if !r.isObject(at) {
		return false
	}
	for name := range r.members(at) {
		if !slices.Contains(names, r.document[name].text) {
			r.unknown(name, names)
		}
	}
	return true
}

func (r *reader) isObject(at int) bool {
	if r.document[at].shape != object {
		r.wrong(at, "an object")
		return false
	}
	return true
}

func (r *reader) unknown(name int, names []string) {
	r.wrong(name, "one of the fields "+strings.Join(names, ", "))
}

func (r *reader) field(at int, name string) (value int, ok bool) {
	for i, value := range r.members(at) {
		if r.document[i].text == name {
			return value, true
		}
	}
	return 0, false
}

func (r *reader) required(at int, name string, read func(i int)) {
	if i, ok := r.field(at, name); ok {
		read(i)
	} else {
		r.wrongField(at, name, "a value, it is required")
	}
}

func (r *reader) optional(at int, name string, read func(i int)) {
	if i, ok := r.field(at, name); ok {
		read(i)
	}
}

// list reads the elements of an array that has the right number of them.
func (r *reader) list(at, least, most int, read func(item int)) {
	count := r.count(at)
	if r.document[at].shape != array || count < least || count > most {
		r.wrong(at, fmt.Sprintf("a list of %d to %d", least, most))
		return
	}
	for item := range r.elements(at) {
		read(item)
	}
}

// count is how many elements an array has.
func (r *reader) count(at int) int {
	count := 0
	if r.document[at].shape == array {
		for range r.elements(at) {
			count++
		}
	}
	return count
}

func (r *reader) text(i int) string {
	if r.document[i].shape != text {
		r.wrong(i, "a text")
		return ""
	}
	return r.document[i].text
}

// name reads a text that identifies something.
func (r *reader) name(i int) string {
	n := r.document[i]
	if n.shape != text || strings.TrimSpace(n.text) == "" || len(n.text) > maxName {
		r.wrong(i, fmt.Sprintf("a text that is not blank, of at most %d bytes", maxName))
		return ""
	}
	return n.text
}

func (r *reader) bool(i int) bool {
	if r.document[i].shape != boolean {
		r.wrong(i, "true or false")
	}
	return r.document[i].text == "true"
}

// decimal reads a number from its source text, so that it is never a float.
func (r *reader) decimal(i int) commerce.Decimal {
	n := r.document[i]
	d, err := commerce.ParseDecimal(n.text)
	if err != nil || (n.shape != number && n.shape != text) {
		r.wrong(i, fmt.Sprintf("a decimal number without exponent, of at most %d digits", commerce.MaxDigits))
	}
	return d
}

func (r *reader) sequence(i int) uint64 {
	n := r.document[i]
	sequence, err := strconv.ParseUint(n.text, 10, 64)
	if err != nil || (n.shape != number && n.shape != text) {
		r.wrong(i, "a whole number from 0 to 18446744073709551615")
	}
	return sequence
}

// time reads an instant that a version can carry.
func (r *reader) time(i int) time.Time {
	at, ok := instant(r.document[i].text, r.zone)
	if !ok || r.document[i].shape != text || at.Unix() < 0 {
		r.wrong(i, "a time after 1970, like 2026-03-03T09:14:00-05:00; without an offset it is local time")
		return time.Time{}
	}
	return at
}

// clock reads a time that orders changes.
func (r *reader) clock(i int) time.Time {
	at := r.time(i)
	if at.After(r.received.Add(maxAhead)) {
		r.wrong(i, "a time at most 24 hours after it was received")
	}
	return at
}

// value reads a facet. Null is a value, and blank text is another.
func (r *reader) value(i int, t commerce.Type) commerce.Value {
	switch {
	case r.document[i].shape == null:
		return commerce.Null()
	case t == commerce.NumberType:
		return commerce.Number(r.decimal(i))
	case t == commerce.BoolType:
		return commerce.Bool(r.bool(i))
	case t == commerce.TimeType:
		return commerce.Time(r.time(i))
	default:
		return commerce.Text(r.text(i))
	}
}
