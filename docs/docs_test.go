// Package docs holds the documents to the tree that they describe.
package docs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = ".."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents are the files for readers, relative to the root.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "events/*.md", "events/*/*.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no documents like %s: %v", pattern, err)
		}
		for _, path := range paths {
			all = append(all, strings.TrimPrefix(path, root+"/"))
		}
	}
	return all
}

// packages are the folders below internal that hold code for others than tests.
// What lies in testdata is for tests.
func packages(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			found[strings.TrimPrefix(filepath.Dir(path), root+"/")] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestArchitectureHasALineForEveryPackage(t *testing.T) {
	described := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(internal/[^`]+)` \\|").FindAllStringSubmatch(read(t, "docs/ARCHITECTURE.md"), -1) {
		described[m[1]] = true
	}
	for name := range packages(t) {
		if !described[name] && !hasPage(name) {
			t.Errorf("%s has no line", name)
		}
	}
}

// hasPage reports whether a package is a platform with a page of its own. They
// have one line for all.
func hasPage(name string) bool {
	platform, ok := strings.CutPrefix(name, "internal/platform/")
	_, err := os.Stat("platforms/" + platform + ".md")
	return ok && err == nil
}

// A path is a code span with a slash that starts at a folder of the root, or a
// file of the root. Placeholders stand in angle brackets.
var (
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	ofTree   = regexp.MustCompile(`^(?:(?:functions|infra|internal|events|docs|\.ci)/[\w./-]*|Makefile|[A-Z]+\.md|\.[a-z]+\.yml)$`)
	link     = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]+)?\)`)
)

func TestPathsInDocumentsExist(t *testing.T) {
	for _, name := range documents(t) {
		for _, m := range codeSpan.FindAllStringSubmatch(read(t, name), -1) {
			if !ofTree.MatchString(m[1]) {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	}
}

func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	for _, name := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			to := name
			if m[1] != "" {
				to = filepath.Join(filepath.Dir(name), m[1])
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
				continue
			}
			if m[2] != "" && !anchors(read(t, to))[m[2]] {
				t.Errorf("%s links to %s%s, which has no such heading", name, m[1], m[2])
			}
		}
	}
}

var (
	heading = regexp.MustCompile("(?m)^#+ (.+)$")
	unsaid  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the places of a page that a link can name, as forges make them of
// headings.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		all["#"+strings.ReplaceAll(unsaid.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return all
}

// A page that nothing leads to is read by nobody.
func TestEveryPageIsLinkedFromAnother(t *testing.T) {
	linked := map[string]bool{"README.md": true}
	for _, name := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			linked[filepath.Join(filepath.Dir(name), m[1])] = true
		}
	}
	for _, name := range documents(t) {
		folder := filepath.Dir(name)
		if strings.HasPrefix(name, "docs/") && !linked[name] && !linked[folder] {
			t.Errorf("no page links to %s", name)
		}
	}
}

func TestDecisionRecordsAreNumberedInOrder(t *testing.T) {
	records, err := filepath.Glob("adr/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range records {
		name := filepath.Base(path)
		title := fmt.Sprintf("# %d. ", i+1)
		if !strings.HasPrefix(name, fmt.Sprintf("%04d-", i+1)) || !strings.HasPrefix(read(t, "docs/adr/"+name), title) {
			t.Errorf("%s is number %d and must say so in its name and title", name, i+1)
		}
	}
}
