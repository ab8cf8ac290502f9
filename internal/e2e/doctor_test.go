package e2e_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestDoctor_ExaminesAStackThatHasJustStarted(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := serve(t, "--data", data)
	out, errs, code := command(t, "doctor", "--data", data, "--json")
	if code != 1 || errs != "" {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	var results []struct {
		Check  string
		Faults []struct{ What, Do string }
	}
	if err := json.Unmarshal([]byte(out), &results); err != nil {
		t.Fatal(err)
	}
	if len(results) != 16 {
		t.Errorf("%d checks, want 16", len(results))
	}
	heard := 0
	for _, r := range results {
		for _, f := range r.Faults {
			switch {
			case strings.HasSuffix(f.What, "was never heard"):
				heard++
			case f.What == "drift has never run": // its first minute is not over
			default:
				t.Errorf("%s: %s", r.Check, f.What)
			}
		}
	}
	if heard == 0 {
		t.Error("nobody posted anything, and yet all systems were heard")
	}
	stop(t, p)
	out, _, code = command(t, "doctor", "--data", data)
	if code != 1 || !strings.Contains(out, "no stack runs on the folder") {
		t.Errorf("the stack has ended: exit code %d: %s", code, out)
	}
}

func TestDoctor_NamesARegistryThatIsNotValid(t *testing.T) {
	t.Parallel()
	out, _, code := command(t, "doctor", "--registry", filepath.Join(t.TempDir(), "none.yaml"))
	if code != 1 || !strings.Contains(out, "FAULT  the registry is valid") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
