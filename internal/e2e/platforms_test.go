package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
)

// published are the secrets that sign the samples, as events/README.md lists
// them: by the name of the platform.
func published(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "events", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| `([^`]+)`").FindAllStringSubmatch(string(text), -1) {
		secrets[row[1]] = row[2]
		if key, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(row[2]))); err == nil {
			secrets[row[1]] = string(key)
		}
	}
	return secrets
}

// deliverable is a sample of the platform that it would send: neither an
// unusable one nor an answer of its API.
func deliverable(t *testing.T, name string) string {
	t.Helper()
	bodies, err := filepath.Glob(filepath.Join(root, "events", name, "*.body.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range bodies {
		stem, _, _ := strings.Cut(body, ".body.")
		headers, err := os.ReadFile(stem + ".headers.json")
		if err != nil {
			t.Fatal(err)
		}
		answer := strings.Contains(strings.ToLower(string(headers)), platform.FetchedHeader)
		if !answer && !strings.HasPrefix(filepath.Base(body), "bad-") {
			file, err := filepath.Abs(body)
			if err != nil {
				t.Fatal(err)
			}
			return file
		}
	}
	t.Fatalf("%s has no sample of a delivery", name)
	return ""
}

func TestCommands_SendSignsAsEveryPlatformDoes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	flags := []string{"--data", folder, "--registry", filepath.Join("internal", "e2e", "testdata", "platforms.yaml")}
	var env []string
	for name, value := range published(t) {
		env = append(env, fmt.Sprintf("SECRET_%s=%s", strings.ToUpper(name), value))
	}
	p, err := launchIn(env, append(flags, "run", "--addr", "127.0.0.1:0")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	if err := p.await(patience, func() bool { return strings.Contains(p.out.String(), "Listening on http://127.0.0.1:") }); err != nil {
		t.Fatal(err)
	}
	for _, known := range all.Platforms() {
		out, errs, code := commandIn(t, env, append(flags, "send", known.Name, deliverable(t, known.Name))...)
		if code != 0 {
			t.Errorf("%s: exit code %d: %s%s", known.Name, code, out, errs)
		}
	}
	stop(t, p)
}
