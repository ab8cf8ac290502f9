package sheet

import (
	"bytes"
	"fmt"
	"strings"
)

// dialect is how a CSV file is written.
type dialect struct {
	delimiter, newline byte
	// declared is a first line "sep=;", as Excel writes and reads it.
	declared bool
}

// delimiters are those that are recognised, the usual first.
const delimiters = ",;\t|"

// sampleLines is how many lines are looked at to recognise a delimiter.
const sampleLines = 64

// dialectOf recognises a dialect from the first text of a file.
func dialectOf(text []byte, o Options) (dialect, error) {
	d := dialect{newline: '\n'}
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		d.newline = '\r'
	}
	first, _, _ := bytes.Cut(text, []byte{d.newline})
	if by, ok := strings.CutPrefix(strings.ToLower(strings.TrimRight(string(first), "\r")), "sep="); ok && len(by) == 1 {
		d.delimiter, d.declared = by[0], true
	} else {
		d.delimiter = delimiterOf(text, d.newline)
	}
	switch {
	case o.Delimiter == 0:
		return d, nil
	case o.Delimiter > 0x7f || strings.ContainsRune("\x00\"\r\n", o.Delimiter):
		return d, fmt.Errorf("%w: a delimiter is one ASCII character and no quote", ErrFormat)
	default:
		d.delimiter = byte(o.Delimiter)
		return d, nil
	}
}

// delimiterOf returns the delimiter that cuts most lines into the same number of
// cells.
func delimiterOf(text []byte, newline byte) byte {
	best, bestLines, bestCells := delimiters[0], 0, 0
	for _, by := range []byte(delimiters) {
		cells, lines := usualCount(text, by, newline)
		if cells > 0 && (lines > bestLines || lines == bestLines && cells > bestCells) {
			best, bestLines, bestCells = by, lines, cells
		}
	}
	return best
}

// usualCount returns how often a delimiter stands in a usual line outside of
// quotes, and in how many lines it stands as often.
func usualCount(text []byte, by, newline byte) (int, int) {
	count := map[int]int{}
	n, lines, quoted := 0, 0, false
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == by:
			n++
		case c == newline:
			count[n]++
			n = 0
			lines++
		}
		if lines == sampleLines {
			break
		}
	}
	if n > 0 && lines < sampleLines {
		count[n]++
	}
	usual := 0
	for n, lines := range count {
		if n > 0 && (lines > count[usual] || lines == count[usual] && n > usual || usual == 0) {
			usual = n
		}
	}
	return usual, count[usual]
}
