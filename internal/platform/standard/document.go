package standard

import (
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// shape is what a JSON value is.
type shape uint8

const (
	object shape = iota + 1
	array
	text
	number
	boolean
	null
)

// node is one value, or one name of an object's member, in document order.
type node struct {
	shape shape
	// text is the decoded text, or the source of a number, true or false.
	text string
	// next is the index behind the node and all that it contains, 0 while it
	// is being read.
	next int
}

// document is a JSON body that was read strictly: no duplicate names, valid
// Unicode throughout, bounded depth and sizes. Numbers are kept as written. The
// standard library decodes neither duplicate names nor invalid Unicode to an
// error, and does not say where one is.
type document []node

// members lists the values of an object by name, in the body's order.
func (d document) members(i int) func(yield func(name, value int) bool) {
	return func(yield func(name, value int) bool) {
		for name := i + 1; name < d.end(i); name = d.end(name + 1) {
			if !yield(name, name+1) {
				return
			}
		}
	}
}

// elements lists the values of an array.
func (d document) elements(i int) func(yield func(value int) bool) {
	return func(yield func(value int) bool) {
		for value := i + 1; value < d.end(i); value = d.end(value) {
			if !yield(value) {
				return
			}
		}
	}
}

func (d document) end(i int) int {
	if i >= len(d) || d[i].next == 0 {
		return len(d)
	}
	return d[i].next
}

// problem is a body error at the node.
func (d document) problem(i int, want string) *platform.BodyError {
	return &platform.BodyError{Where: d.path(i), Want: want}
}

// path says where a node is: "records[3].facets.free". It walks the document
// again, so that bodies without problems pay nothing for it.
func (d document) path(target int) string {
	var b strings.Builder
	for at := 0; at < target; {
		if d[at].shape == array {
			at = d.pathElement(&b, at, target)
		} else {
			at = d.pathMember(&b, at, target)
		}
	}
	if b.Len() == 0 {
		return "body"
	}
	return strings.TrimPrefix(b.String(), ".")
}

func (d document) pathElement(b *strings.Builder, at, target int) int {
	index := 0
	for value := range d.elements(at) {
		if target < d.end(value) {
			fmt.Fprintf(b, "[%d]", index)
			return value
		}
		index++
	}
	return target
}

func (d document) pathMember(b *strings.Builder, at, target int) int {
	for name, value := range d.members(at) {
		if target >= d.end(value) {
			continue
		}
		b.WriteByte('.')
		b.WriteString(placeName(d[name].text))
		if target == name {
			return target
		}
		return value
	}
	return target
}

// maxPlaceName is the longest member name that an error repeats.
const maxPlaceName = 40

// placeName is a member's name as errors may repeat it. A name that is no plain
// word may be anything, such as an e-mail address.
func placeName(name string) string {
	for i := range len(name) {
		c := name[i] | 0x20
		if (c < 'a' || c > 'z') && (name[i] < '0' || name[i] > '9') && name[i] != '_' {
			return "?"
		}
	}
	if name == "" || len(name) > maxPlaceName {
		return "?"
	}
	return name
}
