package platformtest

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

// pulls: each list has a name of its own and says of what it is, and its first
// pages are asked for on the platform's own hosts.
func (s Suite) pulls(t *testing.T, e platform.Endpoint) {
	puller, ok := e.(platform.Puller)
	if !ok {
		return
	}
	names := map[string]bool{}
	for _, p := range puller.Pulls() {
		if p.Name == "" || names[p.Name] || len(p.Kinds) == 0 || p.All == (platform.Fetch{}) {
			t.Errorf("pull %+v: want a name of its own, kinds, and everything", p)
		}
		names[p.Name] = true
		if strings.Contains(p.All.Target, "{since}") || !p.Whole() && !strings.Contains(p.Changed.Target, "{since}") {
			t.Errorf("pull %s: want {since} in what changed and nowhere else", p.Name)
		}
		for _, f := range []platform.Fetch{p.Changed, p.All} {
			if f == (platform.Fetch{}) {
				continue
			}
			f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T09:00:00Z")
			req, err := puller.Request(f, token)
			if err != nil {
				t.Errorf("pull %s, %+v: %v", p.Name, f, err)
				continue
			}
			homely(t, puller, req)
		}
	}
}
