package npm_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/npm"
)

// A set without packages needs no registry.
func empty(name, version string) npm.Set {
	return npm.Set{Name: name, Notice: "installing " + version, Files: map[string][]byte{
		"package.json":      []byte(`{"name": "empty", "private": true, "version": "` + version + `"}`),
		"package-lock.json": []byte(`{"name": "empty", "version": "` + version + `", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "empty", "version": "` + version + `"}}}`),
	}}
}

func TestASetIsInstalledOnce(t *testing.T) {
	t.Setenv(contract.CacheVariable, t.TempDir())
	var told strings.Builder
	first, err := empty("one", "1.0.0").Install(t.Context(), &told)
	if err != nil {
		t.Fatal(err)
	}
	again, err := empty("one", "1.0.0").Install(t.Context(), &told)
	if err != nil || again != first {
		t.Errorf("the same set is in %s and %s: %v", first, again, err)
	}
	if n := strings.Count(told.String(), "installing"); n != 1 {
		t.Errorf("it was installed %d times", n)
	}
	other, err := empty("one", "1.0.1").Install(t.Context(), io.Discard)
	if err != nil || other == first {
		t.Errorf("another version is in the same folder %s: %v", other, err)
	}
}

func TestAnInstallationThatFailsIsNoInstallation(t *testing.T) {
	t.Setenv(contract.CacheVariable, t.TempDir())
	set := empty("broken", "1.0.0")
	set.Files["package-lock.json"] = []byte("{")
	for range 2 {
		if dir, err := set.Install(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "npm ci") {
			t.Errorf("got %q, %v", dir, err)
		}
	}
}

// Every set in the repository: exact versions with their hashes, from whichever
// registry the machine uses.
func TestLockFilesAreExactAndNameNoRegistry(t *testing.T) {
	var sets []string
	for _, pattern := range []string{"../../infra/package.json", "../*/*/package.json", "../cmd/*/*/package.json", "../cmd/*/*/*/package.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, found...)
	}
	if len(sets) < 5 {
		t.Fatalf("%d sets", len(sets))
	}
	for _, path := range sets {
		var set struct{ Dependencies, DevDependencies, OptionalDependencies map[string]string }
		var lock struct {
			Packages map[string]struct {
				Resolved, Integrity string
				InBundle, Optional  bool
				OS, CPU             json.RawMessage // a text, or a list of them
			}
		}
		read(t, path, &set)
		read(t, filepath.Join(filepath.Dir(path), "package-lock.json"), &lock)
		for _, list := range []map[string]string{set.Dependencies, set.DevDependencies, set.OptionalDependencies} {
			for name, version := range list {
				if strings.ContainsAny(version, "^~*x<>") {
					t.Errorf("%s: %s is %s, want an exact version", path, name, version)
				}
			}
		}
		for name, p := range lock.Packages {
			if p.Resolved != "" {
				t.Errorf("%s: %s names the registry that it was locked with", path, name)
			}
			// What is for other machines than those of the tests is never installed there.
			elsewhere := p.Optional && (len(p.OS) > 0 && !strings.Contains(string(p.OS), `"linux"`) || len(p.CPU) > 0 && !strings.Contains(string(p.CPU), `"x64"`))
			if name != "" && p.Integrity == "" && !p.InBundle && !elsewhere {
				t.Errorf("%s: %s is locked without a hash", path, name)
			}
		}
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
