package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

// FuzzParse: any text gives a registry or problems, each problem within the
// text, and never a panic.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml"} {
		for _, path := range seeds(f, pattern) {
			content, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(content))
		}
	}
	f.Add("a: &a [*a]")
	f.Add("{")
	f.Add("? ")
	f.Add("a: |\n")
	read := func(string) ([]byte, error) { return []byte("sku,location,value\nA,east,1\n"), nil }
	f.Fuzz(func(t *testing.T, text string) {
		r, problems := registry.Parse("plumbline.yaml", []byte(text), read, platforms, asOf)
		if (r == nil) == (len(problems) == 0) {
			t.Fatalf("registry %v and problems %v", r, problems)
		}
		end := strings.Count(text, "\n") + strings.Count(text, "\r") + 2
		for _, p := range problems {
			if p.Message == "" || p.File == "plumbline.yaml" && (p.Line > end || p.Line < 1 || p.Column < 1) {
				t.Fatalf("problem %+v of a text of %d lines", p, end)
			}
		}
	})
}

func seeds(f *testing.F, pattern string) []string {
	f.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		f.Fatal(err)
	}
	return paths
}
