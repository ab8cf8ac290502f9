package docs

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pages of docs/reference")

// field is what the reference says of a part of the registry's schema.
type field struct {
	Description          string            `json:"description"`
	Enum                 []any             `json:"enum"`
	Properties           map[string]*field `json:"properties"`
	Items                *field            `json:"items"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
}

// below are the fields of a field: its own, those of its entries, or of its items.
func (f *field) below() map[string]*field {
	if f == nil {
		return nil
	}
	if len(f.Properties) > 0 {
		return f.Properties
	}
	var entries field
	if json.Unmarshal(f.AdditionalProperties, &entries) == nil && len(entries.Properties) > 0 {
		return entries.Properties
	}
	return f.Items.below()
}

// registryPage is the reference of plumbline.yaml, made of its schema.
func registryPage(t *testing.T) string {
	t.Helper()
	var schema field
	if err := json.Unmarshal([]byte(read(t, "internal/registry/schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Every field of plumbline.yaml\n\nWritten from the JSON Schema that editors use, `plumbline check --schema`; a test holds this page to it. What each means in practice, with\n" +
		"examples, is on [the pages of what is found](../drift/README.md); the settings of a platform are on [its own page](../platforms).\n")
	order := []string{"systems", "keys", "tables", "rates", "kits", "ignore", "defaults", "quiet", "integrations", "changes", "people"}
	for name := range schema.Properties {
		if !slices.Contains(order, name) {
			t.Fatalf("the reference has no place for %s", name)
		}
	}
	for _, name := range order {
		top := schema.Properties[name]
		if top == nil {
			t.Fatalf("the schema has no %s", name)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", name, top.Description)
		if rows := fieldRows("", top.below()); len(rows) > 0 {
			b.WriteString("\n| field | is |\n|---|---|\n" + strings.Join(rows, ""))
		}
	}
	return b.String()
}

// fieldRows are the lines of a table, settings of single platforms left out.
func fieldRows(path string, fields map[string]*field) []string {
	var rows []string
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := fields[name]
		if strings.HasPrefix(f.Description, "of ") {
			continue
		}
		what := f.Description
		if words := enumerated(f); words != "" && len(f.Enum) < 12 {
			what += " One of " + words + "."
		}
		rows = append(rows, fmt.Sprintf("| `%s%s` | %s |\n", path, name, strings.ReplaceAll(what, "|", "\\|")))
		rows = append(rows, fieldRows(path+name+".", f.below())...)
	}
	return rows
}

func enumerated(f *field) string {
	var words []string
	for _, w := range f.Enum {
		words = append(words, fmt.Sprintf("`%v`", w))
	}
	return strings.Join(words, ", ")
}

func TestTheReferenceOfTheRegistryIsItsSchema(t *testing.T) {
	page := filepath.Join(root, "docs/reference/registry.md")
	want := registryPage(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, "docs/reference/registry.md"); got != want {
		t.Error("docs/reference/registry.md is old: go test ./docs -update writes it")
	}
}
