package watch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiveNights(t *testing.T) {
	w := newWorld(t)
	for n, want := range []struct{ opened, ended, left []string }{
		{[]string{}, []string{}, nil},
		{[]string{"CASE stock open"}, []string{}, nil},
		{[]string{"NEW listed open", "STUCK stock open"}, []string{}, nil},
		{[]string{}, []string{}, []string{shopFile(3)}},
		{[]string{"GONE listed open"}, []string{"NEW listed resolved", "STUCK stock resolved"}, []string{shopFile(3)}},
	} {
		w.night(n)
		r := w.run()
		var left []string
		for _, l := range r.Left {
			left = append(left, l.Path)
		}
		if diff := cmp.Diff([][]string{want.opened, want.ended, want.left}, [][]string{names(r.Opened), names(r.Ended), left}); diff != "" {
			t.Errorf("night %d (-want +got):\n%s", n+1, diff)
		}
	}
	if said := w.said.String(); strings.Contains(said, "HOT") || strings.Contains(said, "LAG") || strings.Count(said, "STUCK") < 2 {
		t.Errorf("said\n%s", said)
	}
}
