package all

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/registry"
)

const root = "../../.."

// A platform is its folder, one line in all.go, its samples and its page.
func TestAPlatformIsWhole(t *testing.T) {
	for _, p := range Platforms() {
		t.Run(p.Name, func(t *testing.T) {
			contains(t, "internal/platform/"+p.Name+"/*.go", `(?m)^func Platform\(\) platform\.Platform`, "its description")
			contains(t, "internal/platform/"+p.Name+"/*_test.go", `(?m)^func TestConformance\(t \*testing\.T\)[^}]*platformtest\.Run\(t, `, "the conformance suite")
			contains(t, "internal/platform/"+p.Name+"/*_test.go", `(?m)^func Fuzz\w+\(f \*testing\.F\)[^}]*platformtest\.Fuzz\(f, `, "the fuzz target of the suite")
			contains(t, "events/"+p.Name+"/canaries.txt", ``, "the personal data of its samples")
			contains(t, "events/"+p.Name+"/*.want.json", `"observations"`, "a sample that says something")
			contains(t, "docs/platforms/"+p.Name+".md", `(?m)^\s*platform: `+p.Name+`$`, "a page with an example of the registry")
		})
	}
}

// contains wants the text in one of the files.
func contains(t *testing.T, pattern, text, what string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(text).Match(content) {
			return
		}
	}
	t.Errorf("%s: want %s", pattern, what)
}

// mayName are the sources that name a platform although they are none, with the
// reason. Tests may: whatever they name, they are not touched for another one.
var mayName = map[string]string{
	"internal/day/":                "the recorded day is of one merchant, who has these systems",
	"internal/store/storetest/":    "the rows of the suite have a system's name in their keys",
	"internal/cmd/":                "examples in the help of commands, and the demo's systems, which the others measure with",
	"internal/registry/exports.go": "an example in a description",
	"internal/subject/subject.go":  "an example in a message",
	"internal/export/":             "one file for each layout of export files; a platform may have none",
	"internal/heal/":               "one file for each format that a system's own import takes; a platform may have none",
	"internal/sim/":                "the simulated merchant has these systems",
	"internal/platform/all/all.go": "the one line",
	"internal/onboard/systems.go":  "the one that every system is which is none of the others",
}

func TestNothingElseNamesAPlatform(t *testing.T) {
	excused := map[string]bool{}
	for path, names := range named(t) {
		if reason := reasonFor(path); reason != "" {
			excused[reason] = true
			continue
		}
		t.Errorf("%s names %s: what differs between platforms belongs into their folders", path, strings.Join(names, ", "))
	}
	for path, reason := range mayName {
		if !excused[reason] {
			t.Errorf("%s names no platform any more, and needs no reason", path)
		}
	}
}

func reasonFor(path string) string {
	for prefix, reason := range mayName {
		if strings.HasPrefix(path, prefix) {
			return reason
		}
	}
	return ""
}

// named are the sources that name platforms outside of those platforms' folders.
func named(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		if d.IsDir() {
			if d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() != ".." && strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			if names := platformsIn(t, path, name); len(names) > 0 {
				found[name] = names
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// platformsIn are the platforms that a file imports or has in a text of its code:
// as a whole text, or, unless it is a word of the language, as a part of one.
func platformsIn(t *testing.T, path, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			texts = append(texts, text)
		}
		return true
	})
	var names []string
	for _, p := range Platforms() {
		if strings.HasPrefix(name, "internal/platform/"+p.Name+"/") {
			continue
		}
		word := regexp.MustCompile(`(?i)^` + p.Name + `$|/platform/` + p.Name + `$`)
		if !english[p.Name] {
			word = regexp.MustCompile(`(?i)\b` + p.Name + `\b`)
		}
		for _, text := range texts {
			if word.MatchString(text) {
				names = append(names, p.Name)
				break
			}
		}
	}
	return names
}

// english are the names that are words as well.
var english = map[string]bool{"standard": true, "square": true}

// What a page shows is what the registry takes.
func TestTheExamplesOfThePagesAreRight(t *testing.T) {
	for _, p := range Platforms() {
		page, err := os.ReadFile(filepath.Join(root, "docs/platforms", p.Name+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		examples := regexp.MustCompile("(?s)```yaml\n(systems:.*?)```").FindAllSubmatch(page, -1)
		if len(examples) == 0 {
			t.Errorf("%s has no example of a registry", p.Name)
		}
		for _, example := range examples {
			_, problems := registry.Parse(p.Name+".md", example[1], os.ReadFile, Platforms(), time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC))
			for _, problem := range problems {
				t.Errorf("%v", problem)
			}
		}
	}
}
