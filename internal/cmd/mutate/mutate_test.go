package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tests of package planted forget that 9 is too small, and that 16 is refused.
func TestWhatNoTestNoticesIsFound(t *testing.T) {
	const dir = "testdata/planted"
	survivors, checks, err := scope{root: ".", dirs: []string{dir}}.mutate(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	const verify = dir + "/planted.go Verify: "
	want := []check{
		{name: verify + "n < 10 out of n < 10 || n > 20", file: dir + "/planted.go", line: 12},
		{name: verify + "no case 16", file: dir + "/planted.go", line: 19},
	}
	if diff := cmp.Diff(want, survivors, cmp.AllowUnexported(check{}), cmp.FilterPath(func(p cmp.Path) bool {
		return slices.Contains([]string{"id", "from"}, p.Last().String()[1:])
	}, cmp.Ignore())); diff != "" {
		t.Errorf("(-want +survivors):\n%s", diff)
	}
	var names []string
	for _, c := range checks {
		names = append(names, c.name)
	}
	slices.Sort(names)
	wanted := []string{
		verify + "n < 10 out of n < 10 || n > 20",
		verify + "n > 20 out of n < 10 || n > 20",
		verify + "!even(n) out of !even(n) || n < 20 && !small(n)",
		verify + "!small(n) out of n < 20 && !small(n)",
		verify + "always n < 18",
		verify + "n < 20 && !small(n) out of !even(n) || n < 20 && !small(n)",
		verify + "n < 20 out of n < 20 && !small(n)",
		verify + "no !even(n) || n < 20 && !small(n)",
		verify + "no case 14",
		verify + "no case 16",
		verify + "no n < 10 || n > 20",
		dir + "/planted.go even: always n%2 == 0",
	}
	slices.Sort(wanted)
	if diff := cmp.Diff(wanted, names); diff != "" {
		t.Errorf("(-want +checks):\n%s", diff)
	}
}

func TestASurvivorNeedsAReasonAndAReasonASurvivor(t *testing.T) {
	checks := []check{{name: "a.go f: one", file: "a.go", line: 1}, {name: "a.go f: two", file: "a.go", line: 2}}
	for name, tc := range map[string]struct {
		survivors []check
		listed    map[string]string
		whole     bool
		want      int
	}{
		"all noticed":                  {},
		"a survivor":                   {survivors: checks[:1], want: 1},
		"with its reason":              {survivors: checks[:1], listed: map[string]string{checks[0].name: "why"}},
		"without a word":               {survivors: checks[:1], listed: map[string]string{checks[0].name: ""}, want: 1},
		"a reason for what is noticed": {listed: map[string]string{checks[1].name: "why"}, want: 1},
		"a reason for nothing":         {listed: map[string]string{"a.go f: three": "why"}, want: 1},
		"of a file not looked at":      {listed: map[string]string{"b.go f: one": "why"}},
		"of no file":                   {listed: map[string]string{"b.go f: one": "why"}, whole: true, want: 1},
	} {
		if got := judge(tc.survivors, checks, tc.listed, tc.whole); len(got) != tc.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestWrapsNest(t *testing.T) {
	text := "if a && b { c }"
	got := apply([]byte(text), []wrap{{3, 9, "<", ">"}, {3, 4, "[", "]"}, {8, 9, "(", ")"}, {10, 15, "!", "!"}})
	if want := "if <[a] && (b)> !{ c }!"; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAllReasonsCanBeRead(t *testing.T) {
	listed, err := equivalents()
	if err != nil {
		t.Fatal(err)
	}
	for name, why := range listed {
		if why == "" {
			t.Errorf("%s has no reason", name)
		}
	}
}
