package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// step is a block of commands of the tutorial, and the block of what they print,
// blank where the page does not show it.
type step struct{ commands, prints string }

// tutorial reads the steps of a page: blocks marked sh, each with the unmarked
// block that follows it.
func tutorial(t *testing.T, page string) []step {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	for i, part := range strings.Split("\n"+string(text), "\n```") {
		switch {
		case i%2 == 0:
		case strings.HasPrefix(part, "sh\n"):
			steps = append(steps, step{commands: strings.TrimPrefix(part, "sh\n")})
		case len(steps) > 0:
			steps[len(steps)-1].prints = strings.TrimPrefix(part, "\n")
		}
	}
	return steps
}

// shown is a block of the page as a pattern: … stands for any text.
func shown(block string) *regexp.Regexp {
	var parts []string
	for _, part := range strings.Split(strings.TrimSpace(block), "…") {
		parts = append(parts, regexp.QuoteMeta(part))
	}
	return regexp.MustCompile(`(?s)^\s*` + strings.Join(parts, `.*?`) + `\s*$`)
}

func TestTheTutorialPrintsWhatItShows(t *testing.T) {
	t.Parallel()
	steps := tutorial(t, "docs/tutorial.md")
	if len(steps) < 8 {
		t.Fatalf("%d steps: is this test blind?", len(steps))
	}
	folder := t.TempDir()
	for _, s := range steps {
		cmd := exec.CommandContext(t.Context(), "sh", "-eu")
		cmd.Dir, cmd.Stdin = folder, strings.NewReader(s.commands)
		cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(plumbline)+":"+os.Getenv("PATH"))
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", s.commands, err, out)
		}
		if s.prints != "" && !shown(s.prints).MatchString(string(out)) {
			t.Errorf("%s\nprints\n%s\nand the page shows\n%s", s.commands, out, s.prints)
		}
	}
}
