package platformtest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// threatModel says of each platform what its signature covers.
const threatModel = "../../../docs/threat-model.md"

// unsigned: the platform's row of the threat model says for how long a genuine
// request may be replayed, and names every header that is kept although nothing
// proves it.
func (s Suite) unsigned(t *testing.T, cases []Case) {
	text, err := os.ReadFile(threatModel)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| \[` + s.Platform.Name + `\]\([^)]*\) \|.*$`).FindString(string(text))
	cells := strings.Split(row, " | ")
	if len(cells) < 5 {
		t.Fatalf("%s has no row of five cells: %q", threatModel, row)
	}
	if s.Platform.Inbox {
		return
	}
	for _, c := range cases {
		if c.Answer {
			continue
		}
		if window := s.window(t, c); !strings.Contains(cells[2], window) {
			t.Errorf("%s: replayed for %q, and the row says %q", c.Name, window, cells[2])
		}
		if s.window(t, c) == forEver && renewed(t, c) && !strings.Contains(row, "counts as new") {
			t.Errorf("%s: replayed, it counts as new, and the row does not say so: %q", c.Name, row)
		}
		for _, name := range s.free(c) {
			if !strings.Contains(cells[3], "`"+name+"`") {
				t.Errorf("%s: anybody may change the header %s, and the row says %q", c.Name, name, cells[3])
			}
		}
	}
}

const forEver = "for ever"

// renewed reports whether a delivery that comes again a day later says something
// newer than it did before: its body has no time.
func renewed(t *testing.T, c Case) bool {
	t.Helper()
	late := c.Delivery
	late.Received = late.Received.AddDate(0, 0, 1)
	first, problem := c.Endpoint.Normalise(c.Delivery)
	again, other := c.Endpoint.Normalise(late)
	if problem != nil || other != nil || len(first.Observations) != len(again.Observations) {
		return false
	}
	for i, o := range first.Observations {
		if o.Kind != commerce.Link && o.Kind != commerce.Mapping && again.Observations[i].Version.Compare(o.Version) > 0 {
			return true
		}
	}
	return false
}

// window is how long after it was sent a genuine request is taken.
func (s Suite) window(t *testing.T, c Case) string {
	taken := func(after time.Duration) bool {
		late := c.Request
		late.Received = late.Received.Add(after)
		return c.Endpoint.Verify(late, []platform.Secret{s.Secret}) == nil
	}
	switch {
	case taken(1000 * time.Hour):
		return forEver
	case taken(4*time.Minute) && !taken(6*time.Minute):
		return "5 minutes"
	default:
		t.Errorf("%s: neither five minutes nor for ever", c.Name)
		return ""
	}
}

// free are the headers of a request that a delivery keeps and that may hold
// anything.
func (s Suite) free(c Case) []string {
	var names []string
	for _, name := range c.Endpoint.Headers() {
		if c.Request.Header.Get(name) == "" {
			continue
		}
		if c.Endpoint.Verify(With(c.Request, name, "something else"), []platform.Secret{s.Secret}) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
