package events

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// platforms lists the folders that hold samples: those with a list of personal
// data.
func platforms(t *testing.T) []string {
	t.Helper()
	lists, err := filepath.Glob("*/canaries.txt")
	if err != nil || len(lists) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	var folders []string
	for _, list := range lists {
		folders = append(folders, filepath.Dir(list))
	}
	return folders
}

func TestEverySampleIsEmbeddedWhole(t *testing.T) {
	for _, platform := range platforms(t) {
		files, err := os.ReadDir(platform)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if _, err := fs.Stat(FS, platform+"/"+file.Name()); err != nil {
				t.Errorf("%s/%s is not embedded", platform, file.Name())
			}
			name, _, isBody := strings.Cut(file.Name(), ".body.")
			for _, other := range []string{".headers.json", ".want.json"} {
				if _, err := os.Stat(filepath.Join(platform, name+other)); isBody && err != nil {
					t.Errorf("%s/%s has no %s", platform, name, other)
				}
			}
		}
	}
}

func TestReadmePublishesEveryPlatformsSecret(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range platforms(t) {
		if !strings.Contains(string(readme), "\n| `"+platform+"` | `") {
			t.Errorf("README.md names no secret for %s", platform)
		}
	}
}
