package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
)

func TestTemplate_HoldsNoSecretAndNoPerson(t *testing.T) {
	secrets, err := filepath.Glob("../events/day/secrets/*")
	if err != nil || len(secrets) == 0 {
		t.Fatal("no secrets to look for: ", err)
	}
	for _, path := range secrets {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if secret := strings.TrimSpace(string(content)); secret == "" || strings.Contains(prod.text, secret) {
			t.Errorf("the template holds the secret of %s", path)
		}
	}
	for _, person := range []string{"dana@", "lee@", "kim@"} {
		if strings.Contains(prod.text, person) {
			t.Errorf("the template names %s", person)
		}
	}
}

func TestStages_DoNotMeet(t *testing.T) {
	other := staging.names()
	if len(other) < 50 {
		t.Errorf("only %d names", len(other))
	}
	for _, name := range prod.names() {
		if slices.Contains(other, name) {
			t.Errorf("both stages have the %s", name)
		}
		if !strings.Contains(name, "prod") && !strings.Contains(name, "hooks.acme.example") {
			t.Errorf("the %s does not say its stage", name)
		}
	}
}

func TestSynthesis_GivesTheSameBytesAgain(t *testing.T) {
	var again template
	dir := filepath.Join(t.TempDir(), "elsewhere")
	if err := synthesise(&again, dir, prodContext, withInboxes); err != nil {
		t.Fatal(err)
	}
	if again.text != prod.text {
		t.Error("the template differs")
	}
	got, want := digests(t, again.dir), digests(t, prod.dir)
	if !maps.Equal(got, want) || len(want) < len(contract.Functions()) {
		t.Errorf("assets %v, want %v", got, want)
	}
}

// digests are the hashes of all files of the assets.
func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || d.IsDir() || !strings.HasPrefix(name, "asset.") {
			return err
		}
		content, err := os.ReadFile(path)
		all[name] = fmt.Sprintf("%x", sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
