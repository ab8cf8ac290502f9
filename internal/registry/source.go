package registry

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// style is how a scalar is written in the file.
type style uint8

const (
	plain style = iota
	singleQuoted
	doubleQuoted
	block
)

// source is the text of a file, for finding places within its scalars.
type source struct {
	name  string
	text  string
	lines []int // offsets of the lines' first bytes
}

func newSource(name string, text []byte) *source {
	s := &source{name: name, lines: []int{0}}
	s.text = strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")
	for i := range len(s.text) {
		if s.text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// offset is the byte at a place.
func (s *source) offset(at place) int {
	if at.line < 1 || at.line > len(s.lines) {
		return len(s.text)
	}
	i := s.lines[at.line-1]
	for range at.column - 1 {
		_, size := utf8.DecodeRuneInString(s.text[i:])
		i += size
	}
	return i
}

// place is where a byte stands.
func (s *source) place(offset int) place {
	line := sort.SearchInts(s.lines, offset+1)
	return place{s.name, line, utf8.RuneCountInString(s.text[s.lines[line-1]:offset]) + 1}
}

// at is where a byte of a scalar's value stands in the file. It walks value
// and file side by side, because quotes, escapes and folded lines make them
// differ.
func (n *node) at(offset int) place {
	text, value, indent := n.source.text, n.text, 0
	j := n.source.offset(n.place)
	switch n.style {
	case singleQuoted, doubleQuoted:
		j++
	case block:
		j, indent = n.source.blockStart(j)
	default: // a plain scalar begins where it stands
	}
	j += indent
	i := 0
	for i < min(offset, len(value)) && j < len(text) {
		a, b := value[i], text[j]
		switch {
		case n.style == doubleQuoted && strings.HasPrefix(text[j:], "\\\n"):
			j += 2 + spaces(text[j+2:], len(text))
		case n.style == doubleQuoted && b == '\\':
			_, size := utf8.DecodeRuneInString(value[i:])
			i, j = i+size, j+escapeLength(text[j:])
		case n.style == singleQuoted && b == '\'':
			i, j = i+1, j+2
		case a == b || isSpace(a) && isSpace(b):
			i, j = i+1, j+1
			if b == '\n' {
				j += spaces(text[j:], indent)
			}
		case isSpace(b):
			j++
		default:
			i++
		}
	}
	for i < len(value) && !isSpace(value[i]) && j < len(text) && isSpace(text[j]) {
		j++
	}
	return n.source.place(min(j, len(text)))
}

// blockStart finds the first content line below a block's header, and its
// indentation.
func (s *source) blockStart(header int) (start, indent int) {
	start = header
	for {
		i := strings.IndexByte(s.text[start:], '\n')
		if i < 0 {
			return len(s.text), 0
		}
		start += i + 1
		indent = spaces(s.text[start:], len(s.text))
		if start+indent < len(s.text) && s.text[start+indent] != '\n' {
			return start, indent
		}
	}
}

// spaces counts leading spaces, up to a limit.
func spaces(s string, limit int) int {
	n := 0
	for n < limit && n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' }

// escapeLength is the length of the escape at the start of a double-quoted
// text.
func escapeLength(s string) int {
	length := 2
	if len(s) > 1 {
		switch s[1] {
		case 'x':
			length = 4
		case 'u':
			length = 6
		case 'U':
			length = 10
		}
	}
	return min(length, len(s))
}
