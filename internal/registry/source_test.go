package registry_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

// Each text holds a value with an X; its place in the value must lead to its
// place in the file, however the scalar is written.
func TestAt_FindsThePlaceInsideEveryStyleOfScalar(t *testing.T) {
	for _, text := range []string{
		"a: one X",
		"a:   one X # comment",
		"a: 'it''s X'",
		`a: "tab\tand \u002d and \x2d X"`,
		"a: \"é ü X\"",
		"a: one\n  two\n  X",
		"a: 'one\n\n  two X'",
		"a: \"one\n    two X\"",
		"a: \"one \\\n    two X\"",
		"a: |\n  one\n    two X\n",
		"a: |\n\n  one\n\n  X\n",
		"a: >-\n  one\n  two X\n",
		"a: >\n  one\n\n  X\n",
		"a:\n  X",
		"a: one X\r\nb: c\r\n",
		"a: |\r\n  one\r\n  X\r\n",
	} {
		value := registry.Value(text)
		offset := strings.Index(value, "X")
		if offset < 0 {
			t.Fatalf("%q: value %q holds no X", text, value)
		}
		line, column := registry.At(text, offset)
		lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		if line > len(lines) || column > len([]rune(lines[line-1])) || []rune(lines[line-1])[column-1] != 'X' {
			t.Errorf("%q: value %q, X is at %d:%d", text, value, line, column)
		}
	}
}
