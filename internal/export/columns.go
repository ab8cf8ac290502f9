package export

import "strings"

// columns finds a header's columns by name.
type columns map[string]int

// columnsOf indexes a header. Of two columns with one name the first counts.
func columnsOf(header []string) columns {
	index := make(columns, len(header))
	for i, name := range header {
		if _, twice := index[plain(name)]; !twice {
			index[plain(name)] = i
		}
	}
	return index
}

// find is the place of a column, and -1 for one that the header does not have.
func (c columns) find(name string) int {
	if i, ok := c[plain(name)]; ok {
		return i
	}
	return -1
}

func (c columns) has(name string) bool { return c.find(name) >= 0 }

// plain is a column's name as it is compared: programs on the way change letter
// case, double spaces, and add marks that nobody sees.
func plain(name string) string {
	name = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\t', '\r', '\n':
			return ' '
		case '\ufeff', '\u200b', '\u200e', '\u200f':
			return -1
		default:
			return r
		}
	}, name)
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}
