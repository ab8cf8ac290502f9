package registry_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestSchema_IsWhatTheTypesSay(t *testing.T) {
	got, err := registry.Generate(all.Platforms())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "schema.json", string(got))
}

func schema(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	content, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(content, &s); err != nil {
		t.Fatal(err)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

// refusal is why the schema, or the reading of YAML before it, refuses a file.
func refusal(t *testing.T, s *jsonschema.Resolved, path string) error {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	value, problems := registry.Tree(path, content)
	if len(problems) > 0 {
		return errors.New(problems[0].String())
	}
	return s.Validate(value)
}

func TestSchema_AcceptsEveryGoodRegistry(t *testing.T) {
	s := schema(t)
	for _, path := range good(t) {
		if err := refusal(t, s, path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// meaningless are the bad registries that are well written: only Parse knows
// that they make no sense.
var meaningless = []string{"owners.yaml", "meaning.yaml", "checks.yaml", "routes.yaml", "reserved.yaml", "kits.yaml"}

func TestSchema_RefusesEveryBadRegistryThatIsBadlyWritten(t *testing.T) {
	s := schema(t)
	for _, path := range files(t, "testdata/bad/*.yaml") {
		err := refusal(t, s, path)
		if refused, want := err != nil, !slices.Contains(meaningless, filepath.Base(path)); refused != want {
			t.Errorf("%s: refused %t, want %t: %v", path, refused, want, err)
		}
	}
}
