package emulator

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheLockFileIsExactAndNamesNoRegistry(t *testing.T) {
	if strings.Contains(string(packageLock), `"resolved"`) {
		t.Error("the lock file names the registry that it was made with")
	}
	var lock struct {
		Packages map[string]struct {
			Integrity    string
			Dependencies map[string]string
		}
	}
	if err := json.Unmarshal(packageLock, &lock); err != nil {
		t.Fatal(err)
	}
	for path, p := range lock.Packages {
		if path != "" && p.Integrity == "" {
			t.Errorf("%s is locked without a hash", path)
		}
	}
	var set struct{ Dependencies, OptionalDependencies map[string]string }
	if err := json.Unmarshal(packageJSON, &set); err != nil {
		t.Fatal(err)
	}
	for _, list := range []map[string]string{set.Dependencies, set.OptionalDependencies} {
		for name, version := range list {
			if strings.ContainsAny(version, "^~*x<>") {
				t.Errorf("%s is %s, want an exact version", name, version)
			}
		}
	}
}

func TestNewEnoughNode(t *testing.T) {
	for version, want := range map[string]bool{
		"v22.5.0\n": true, "v22.23.3\n": true, "v24.0.1\n": true, "v22.4.9\n": false, "v20.20.2\n": false, "": false, "nonsense": false,
	} {
		if got := newEnough(version); got != want {
			t.Errorf("Node %q is new enough: %v, want %v", version, got, want)
		}
	}
}
