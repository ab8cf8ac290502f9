package registry_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

var update = flag.Bool("update", false, "rewrite golden files")

// asOf is the day on which the test registries are read.
var asOf = time.Date(2026, time.March, 3, 12, 0, 0, 0, time.UTC)

// platforms stand for the real ones: a storefront with a setting, and a system
// without any.
var platforms = []platform.Platform{
	{
		Name: "shopify", Title: "Shopify", Storefront: true,
		Settings: []platform.Setting{{Name: "shop", Required: true, Help: "the shop's domain, acme.myshopify.com"}},
		New: func(c platform.Config) (platform.Endpoint, error) {
			if !strings.HasSuffix(c.Settings["shop"], ".myshopify.com") {
				return nil, errors.New("shop: want a domain such as acme.myshopify.com")
			}
			return nil, nil
		},
	},
	{Name: "standard", Title: "Standard Webhooks", New: func(platform.Config) (platform.Endpoint, error) { return nil, nil }},
}

func load(t *testing.T, path string) *registry.Registry {
	t.Helper()
	r, problems := registry.Load(path, platforms, asOf)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", path, problems)
	}
	return r
}

// golden compares got with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\ngot\n%s\nwant\n%s", path, got, want)
	}
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return found
}

// good lists the registries that must load: the test data and the demo's.
func good(t *testing.T) []string {
	t.Helper()
	return append(files(t, "testdata/good/*.yaml"), "../../plumbline.yaml")
}

func lines(problems []registry.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(filepath.ToSlash(p.String()) + "\n")
	}
	return b.String()
}

func TestLoad_GoodRegistriesHaveNoProblems(t *testing.T) {
	for _, path := range good(t) {
		r, problems := registry.Load(path, all.Platforms(), asOf)
		if len(problems) > 0 {
			t.Errorf("%s: %v", path, problems)
			continue
		}
		if len(r.Warnings) > 0 || len(r.Integrations) == 0 || len(r.Generation) != 12 {
			t.Errorf("%s: warnings %v, %d integrations, generation %q", path, r.Warnings, len(r.Integrations), r.Generation)
		}
	}
}

func TestLoad_EveryProblemOfAFileAtOnce(t *testing.T) {
	for _, path := range files(t, "testdata/bad/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			r, problems := registry.Load(path, platforms, asOf)
			if r != nil || len(problems) == 0 {
				t.Fatalf("registry %v, problems %v; want problems and no registry", r, problems)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".want", lines(problems))
		})
	}
}

func TestLoad_FileThatIsNotThere(t *testing.T) {
	_, problems := registry.Load("testdata/none.yaml", platforms, asOf)
	if got, want := lines(problems), "testdata/none.yaml: cannot be read: no such file or directory\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
