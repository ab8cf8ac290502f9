package layout_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/layout"
)

func TestFold_CutsAtSpacesAndLongWordsInThemselves(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                  {""},
		"one two three":                     {"one two", "three"},
		"stock-to-storefront":               {"stock-to-s", "torefront"},
		"  two   spaces ":                   {"two spaces"},
		"\x1b[1mbold\x1b[0m words are seen": {"\x1b[1mbold\x1b[0m words", "are seen"},
		"日本語のテキスト":                          {"日本語のテ", "キスト"},
	} {
		if diff := cmp.Diff(want, layout.Fold(text, 10)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if got := layout.Fold("as long as it is", 0); len(got) != 1 {
		t.Errorf("without an end: %q", got)
	}
}

func TestFold_LosesNothingAndIsNeverWider(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab c-@é→"))).Draw(t, "text")
		width := rapid.IntRange(2, 30).Draw(t, "width")
		lines := layout.Fold(text, width)
		for _, line := range lines {
			if layout.Columns(line) > width {
				t.Fatalf("%q is wider than %d", line, width)
			}
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got := bare(strings.Join(lines, "")); got != bare(text) {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

func TestHang_PutsLinesUnderTheFirst(t *testing.T) {
	if diff := cmp.Diff([]string{"  - one two", "    three"}, layout.Hang("  - ", "one two three", 11)); diff != "" {
		t.Error(diff)
	}
}

func TestTable_GivesWay(t *testing.T) {
	rows := [][]string{{"id", "since", "difference"}, {"66f7", "3 Mar 09:14", "available is 67, should be 59"}, {"66f8", "", "gone"}}
	for width, want := range map[int][]string{
		0:  {"id    since        difference", "66f7  3 Mar 09:14  available is 67, should be 59", "66f8               gone"},
		48: {"id    since        difference", "66f7  3 Mar 09:14  available is 67, should be 59", "66f8               gone"},
		44: {"id    since        difference", "66f7  3 Mar 09:14  available is 67, should", "                   be 59", "66f8               gone"},
		30: {"id · since · difference", "66f7 · 3 Mar 09:14 ·", "  available is 67, should be", "  59", "66f8 · gone"},
	} {
		if diff := cmp.Diff(want, layout.Table(rows, width)); diff != "" {
			t.Errorf("%d columns: %s", width, diff)
		}
	}
}
