package topic_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/topic"
)

func TestSubject(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		" \r\n\t":                 "",
		"Stock differs":           "Stock differs",
		" a\r\nBcc: b ":           "a Bcc: b",
		"a\x7fb\x1fc\x00":         "a b c",
		"17 → 14 · −3 × €5 “mug”": `17 -> 14 - -3 x EUR 5 "mug"`,
		"Größe 日本":                "Gr??e ??",
		strings.Repeat("a", 99):   strings.Repeat("a", 99),
		strings.Repeat("a", 100):  strings.Repeat("a", 96) + "...",
	} {
		if got := topic.Subject(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzSubject(f *testing.F) {
	f.Add(" 3 × stock\r\n")
	f.Add(strings.Repeat("é ", 80))
	f.Fuzz(func(t *testing.T, text string) {
		got := topic.Subject(text)
		printable := strings.IndexFunc(got, func(r rune) bool { return r < ' ' || r > '~' }) < 0
		if !printable || len(got) > topic.MaxSubject || got != strings.TrimSpace(got) || topic.Subject(got) != got {
			t.Errorf("%q: got %q", text, got)
		}
	})
}
