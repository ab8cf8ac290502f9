package registry_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/registry"
)

// owned is the design's registry with an owner until 30 June 2026 and a deputy
// until the given day.
func owned(t *testing.T, deputyUntil string, asOf time.Time) (*registry.Registry, []registry.Problem) {
	t.Helper()
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(content), "until: 2027-06-30", "until: 2026-06-30", 1)
	text = strings.Replace(text, "person: lee@acme.example", "person: lee@acme.example, until: "+deputyUntil, 1)
	read := func(file string) ([]byte, error) { return os.ReadFile("testdata/good/" + file) }
	return registry.Parse("plumbline.yaml", []byte(text), read, platforms, asOf)
}

func TestLoad_OwnersDateWarnsAndOnlyFailsWithTheDeputys(t *testing.T) {
	for _, c := range []struct{ name, asOf, deputy, warning, failure string }{
		{"long before", "2026-05-30", "2027-01-01", "", ""},
		{"within thirty days", "2026-06-02", "2027-01-01", "the owner's last day is near", ""},
		{"on the last day", "2026-06-30", "2027-01-01", "the owner's last day is near", ""},
		{"the day after", "2026-07-01", "2027-01-01", "the owner's last day has passed", ""},
		{"long after", "2026-12-01", "2027-01-01", "the owner's last day has passed", ""},
		{"both ended", "2026-07-01", "2026-06-01", "", "owner and deputy have both ended"},
		{"the deputy's alone", "2026-05-01", "2026-04-30", "the deputy's last day has passed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			asOf, err := time.Parse(time.DateOnly, c.asOf)
			if err != nil {
				t.Fatal(err)
			}
			r, problems := owned(t, c.deputy, asOf)
			if c.failure != "" {
				if len(problems) != 1 || !strings.Contains(problems[0].Message, c.failure) {
					t.Fatalf("problems %v, want %q", problems, c.failure)
				}
				return
			}
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if got := lines(r.Warnings); (got == "") != (c.warning == "") || !strings.Contains(got, c.warning) {
				t.Errorf("warnings %q, want %q", got, c.warning)
			}
		})
	}
}

func TestExpiredOwners_AreToldAfterThirtyDays(t *testing.T) {
	r, problems := owned(t, "2027-01-01", asOf)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	last := time.Date(2026, time.June, 30, 0, 0, 0, 0, time.UTC)
	for days, want := range map[int]int{0: 0, 1: 0, 30: 0, 31: 1, 300: 1} {
		if got := len(r.ExpiredOwners(last.AddDate(0, 0, days))); got != want {
			t.Errorf("%d days after the last: %d integrations, want %d", days, got, want)
		}
	}
}
