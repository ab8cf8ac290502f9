package source

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestIsInstant: what is taken as an instant is one, and is written as such.
func TestIsInstant(t *testing.T) {
	const usual = "2026-11-23T06:00:59Z"
	if !isInstant([]byte(usual)) {
		t.Errorf("%s is none", usual)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(usual)
		text[rapid.IntRange(0, len(text)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		at, err := time.Parse(time.RFC3339, string(text))
		want := err == nil && at.UTC().Format(time.RFC3339) == string(text) && at.Year() >= 1970 && at.Year() <= 2200 && at.Day() <= 28
		if got := isInstant(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	})
	for _, odd := range []string{"", "2026-11-23", usual + "Z", "2026-11-23T06:00:59+"} {
		if isInstant([]byte(odd)) {
			t.Errorf("%q is one", odd)
		}
	}
}
