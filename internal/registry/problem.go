package registry

import (
	"cmp"
	"fmt"
	"slices"
)

// String returns "plumbline.yaml:12:7: message", as editors and terminals link
// it. A problem of the file as a whole has no line.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// place is where something stands in a file: lines and columns count from 1,
// columns in characters.
type place struct {
	file         string
	line, column int
}

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
}

// problems collects what is wrong, so that a reader sees all of it at once.
type problems struct{ list []Problem }

func (p *problems) add(at place, format string, args ...any) {
	p.list = append(p.list, Problem{at.file, at.line, at.column, fmt.Sprintf(format, args...)})
}

// sorted returns the problems in reading order, those of the registry file
// before those of the files that it names.
func (p *problems) sorted(first string) []Problem {
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		if a.File != b.File {
			if a.File == first {
				return -1
			}
			if b.File == first {
				return 1
			}
			return cmp.Compare(a.File, b.File)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(p.list)
}
