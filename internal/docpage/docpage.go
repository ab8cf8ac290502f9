// Package docpage replaces the parts of documentation pages that programs and
// tests write. It owns how such a part is marked; what stands in it is left to
// who writes it.
package docpage

import (
	"fmt"
	"os"
	"strings"
)

// Part returns what stands in the named part of a page: between the lines
// `<!-- name begin -->` and `<!-- name end -->`.
func Part(page, name string) (string, error) {
	_, part, _, err := cut(page, name)
	return part, err
}

// With returns the page with another text in the named part.
func With(page, name, text string) (string, error) {
	before, _, after, err := cut(page, name)
	return before + text + after, err
}

// Write puts the text into the named part of a page that is a file. It may be
// repeated.
func Write(path, name, text string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("write part %s: %w", name, err)
	}
	whole, err := With(string(page), name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.WriteFile(path, []byte(whole), 0o644); err != nil { //nolint:gosec // a page of the documentation
		return fmt.Errorf("write part %s: %w", name, err)
	}
	return nil
}

// cut returns the named part and what stands before and behind it, the marks
// included.
func cut(page, name string) (before, part, after string, err error) {
	begin, end := "<!-- "+name+" begin -->\n", "<!-- "+name+" end -->"
	head, rest, begun := strings.Cut(page, begin)
	part, tail, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return "", "", "", fmt.Errorf("no part %q: want it between %q and %q", name, strings.TrimSpace(begin), end)
	}
	return head + begin, part, end + tail, nil
}

// Thousands writes a number with commas.
func Thousands(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
