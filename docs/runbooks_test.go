package docs

import (
	"regexp"
	"strings"
	"testing"
)

// TestEveryClassHasARunbook: an alert of an integration with a builtin runbook names
// a section of the page by its class. Digests, reports and storms have none to work
// through.
func TestEveryClassHasARunbook(t *testing.T) {
	page := read(t, "docs/runbooks.md")
	classes := regexp.MustCompile(`Class = "([a-z_]+)"`)
	named := classes.FindAllStringSubmatch(read(t, "internal/finding/finding.go")+read(t, "internal/alert/flap.go"), -1)
	if len(named) < 20 {
		t.Fatalf("%d classes found, want all of them", len(named))
	}
	for _, m := range named {
		if section := "\n## " + strings.ReplaceAll(m[1], "_", "-") + "\n"; !strings.Contains(page, section) {
			t.Errorf("docs/runbooks.md lacks %q", strings.TrimSpace(section))
		}
	}
}
