package docs

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// A version is a number and its parts: no branch, no "latest", no range.
var (
	tool    = regexp.MustCompile(`[\w.-]+\.[a-z]+/[\w./-]+@([\w.$()-]+)`)
	version = regexp.MustCompile(`^v\d+\.\d+\.\d+[\w.-]*$`)
)

func TestToolsHaveExactVersions(t *testing.T) {
	makefile := read(t, "Makefile")
	found := 0
	for _, m := range tool.FindAllStringSubmatch(makefile, -1) {
		found++
		at := m[1]
		if name, ok := strings.CutPrefix(at, "$("); ok {
			value := regexp.MustCompile(`(?m)^` + strings.TrimSuffix(name, ")") + `\s*:=\s*(\S+)$`).FindStringSubmatch(makefile)
			if value == nil {
				t.Errorf("%s has the version of a variable that is not there", m[0])
				continue
			}
			at = value[1]
		}
		if !version.MatchString(at) {
			t.Errorf("%s: want an exact version", m[0])
		}
	}
	if found < 3 {
		t.Errorf("%d tools, want the linter, the SBOM's and govulncheck", found)
	}
}

// What is built is what go.mod and go.sum say: no module comes from elsewhere,
// and each has its hash.
func TestModulesAreLockedByTheirHashes(t *testing.T) {
	if m := regexp.MustCompile(`(?m)^(replace|exclude)\b.*`).FindString(read(t, "go.mod")); m != "" {
		t.Errorf("go.mod: %s", m)
	}
	sums := read(t, "go.sum")
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "./functions/...", "./internal/cmd/plumbline")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		module := strings.TrimSpace(line)
		if module == "" || seen[module] {
			continue
		}
		seen[module] = true
		if !strings.Contains(sums, module+" h1:") {
			t.Errorf("%s is built in without a hash", module)
		}
	}
	if len(seen) < 10 {
		t.Errorf("%d modules in what is deployed", len(seen))
	}
}
