package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const root = "../../.."

func TestEachBugStillFitsTheSources(t *testing.T) {
	t.Parallel()
	overlay, err := overlaid(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var packages []string
	for _, b := range table {
		for _, e := range b.edits {
			packages = append(packages, "./"+filepath.Dir(e.file))
		}
	}
	slices.Sort(packages)
	args := append([]string{"build", "-overlay", overlay}, slices.Compact(packages)...)
	build := exec.CommandContext(t.Context(), "go", args...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("the sources with the bugs do not compile: %v\n%s", err, out)
	}
}

func TestEachBugIsSwitchedByItsName(t *testing.T) {
	t.Parallel()
	if len(table) < 25 {
		t.Errorf("%d bugs, want at least 25", len(table))
	}
	names, sentences := map[string]bool{}, map[string]bool{}
	for _, b := range table {
		if names[b.name] || sentences[b.what] {
			t.Errorf("%s: %s: is in the table twice", b.name, b.what)
		}
		names[b.name], sentences[b.what] = true, true
		for _, e := range b.edits {
			if !strings.Contains(e.with, "BUG") {
				t.Errorf("%s: is in effect always, in %s", b.name, e.file)
			}
		}
	}
}

func TestOverlay_ATextThatIsGoneIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := overlaid(t.TempDir(), t.TempDir()); err == nil {
		t.Error("no error where the sources are not")
	}
}

func TestReport_ABugThatNobodyNoticesFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by    string
		fails bool
		want  string
	}{
		"noticed": {by: "I5", want: "| noticed by its test | `internal/record` | I5 | 3 | 1.5 s |"},
		"missed":  {fails: true, want: "| noticed by its test | `internal/record` | **nobody** | 60 | 1.5 s |"},
	} {
		var out strings.Builder
		bugs := []bug{{name, "noticed by its test", []edit{{file: recordFile}}}}
		err := report(&out, bugs, []catch{{by: c.by, seeds: 3, took: 1500 * time.Millisecond}}, 60)
		if (err != nil) != c.fails || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: %v, want a failure: %v; printed\n%s", name, err, c.fails, out.String())
		}
	}
}

func TestViolation_IsReadFromWhatTheSimulationSays(t *testing.T) {
	t.Parallel()
	m := violation.FindStringSubmatch("    sim_test.go:1: seed 17: I5 after 3h4m0s: a view went back")
	if m == nil || m[1] != "17" || m[2] != "I5" {
		t.Errorf("read %q", m)
	}
}
