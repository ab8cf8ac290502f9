package docs

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// holds writes a page of the reference, or fails when it is not as it is to be.
func holds(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(filepath.Join(root, name), []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if read(t, name) != want {
		t.Errorf("%s is old: go test ./docs -update writes it", name)
	}
}

// class is a sort of finding and what its declaration says of it.
type class struct{ name, is string }

func classes(t *testing.T) []class {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "internal/finding/finding.go"), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var all []class
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			continue
		}
		for _, s := range decl.Specs {
			value := s.(*ast.ValueSpec)
			if of, ok := value.Type.(*ast.Ident); !ok || of.Name != "Class" {
				continue
			}
			name, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			_, is, _ := strings.Cut(strings.Join(strings.Fields(value.Doc.Text()), " "), ": ")
			all = append(all, class{name, is})
		}
	}
	return all
}

// told are the pages that tell more of the classes.
var told = map[string]string{
	"value_differs": "explained", "late": "learned", "missing": "audit", "gone": "audit", "duplicate": "identity", "slow_divergence": "trend",
	"one_sided": "trend", "never_settles": "learned", "split": "identity", "impossible": "state", "misrouted": "routing", "overwritten": "state",
	"unmapped_sku": "mapping", "unit_changed": "mapping", "unknown_mapping": "mapping", "silent": "silence", "plumbline": "silence",
	"reshaped": "shapes", "outdated": "shapes", "total_differs": "totals",
}

// pack is a starter pack as its file says it.
type pack struct {
	About string
	Rules []struct {
		ID, Kind, Check, When, Settle, Severity, Watch string
		Expect                                         yaml.MapSlice
		FirstCheck                                     string `yaml:"first_check"`
	}
}

func rulesPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Rules and what they find\n\nWritten from the code and the starter packs; a test holds this page to them. How a rule is written is on\n" +
		"[the page of the registry](registry.md#integrations), its formulas on [their own](formulas.md), and how it is decided on\n[Deciding](../deciding.md).\n\n" +
		"## Classes of findings\n\nThe class says what kind of disagreement a finding is. It is in messages, in `--json`, and on the board.\n\n| class | is | more |\n|---|---|---|\n")
	for _, c := range classes(t) {
		more := ""
		if page := told[c.name]; page != "" {
			more = fmt.Sprintf("[%s](../drift/%s.md)", page, page)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.name, c.is, more)
	}
	b.WriteString("\n## Starter packs\n\n`uses: [starter/NAME]` in an integration takes the rules of a pack; `from` and `to` are the integration's systems.\n")
	files, err := filepath.Glob(filepath.Join(root, "internal/registry/starter/*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no packs: %v", err)
	}
	for _, path := range files {
		var p pack
		text, err := os.ReadFile(path)
		if err == nil {
			err = yaml.Unmarshal(text, &p)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| rule | kind | asks | settle | severity |\n|---|---|---|---|---|\n", strings.TrimSuffix(filepath.Base(path), ".yaml"), strings.TrimSpace(p.About))
		for _, r := range p.Rules {
			asks := r.Check
			for _, e := range r.Expect {
				asks += fmt.Sprintf("`%v` is `%v` ", e.Key, e.Value)
			}
			if r.When != "" {
				asks = strings.TrimSpace(asks) + fmt.Sprintf(", when `%s`", r.When)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.ID, r.Kind, strings.ReplaceAll(strings.TrimSpace(asks), "|", "\\|"), r.Settle, r.Severity)
		}
	}
	return b.String()
}

func TestTheReferenceOfRulesIsTheCodeAndThePacks(t *testing.T) {
	holds(t, "docs/reference/rules.md", rulesPage(t))
}

// messagesPage is the reference of what is published, made of its schema.
func messagesPage(t *testing.T) string {
	t.Helper()
	var schema field
	if err := json.Unmarshal([]byte(read(t, "internal/alert/schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Every field of a message\n\nWritten from the JSON Schema of what the topic `alerts` publishes, `internal/alert/schema.json`; a test holds this page to it. How to listen is on\n" +
		"[Other listeners](../listeners.md); what a person reads in the same message, on [Alerts](../alerts.md).\n\n| field | is |\n|---|---|\n")
	rows := fieldRows("", schema.Properties)
	b.WriteString(strings.Join(rows, ""))
	b.WriteString("\nThe attributes of a message, for filter policies, are `integration`, `owner`, `severity` and `class`; one that is not known is left out. `class` is one of\n" +
		"[these](rules.md#classes-of-findings)")
	return b.String() + ".\n"
}

func TestTheReferenceOfMessagesIsTheirSchema(t *testing.T) {
	page := messagesPage(t)
	if !slices.ContainsFunc(strings.Split(page, "\n"), func(line string) bool { return strings.HasPrefix(line, "| `findings.facet`") }) {
		t.Error("the schema lacks the fields of findings")
	}
	holds(t, "docs/reference/messages.md", page)
}
