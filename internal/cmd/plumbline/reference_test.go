package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

// commandsPage is the reference of all commands, made of what --help says.
func commandsPage(t *testing.T) string {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Vars{"queues": strings.Join(redrivableNames()[1:], ", ")})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Every command\n\nWritten from what `plumbline COMMAND --help` says; a test holds this page to it.\n\n")
	b.WriteString("The exit code is 0 when all is well, 1 when the answer is bad, such as a difference or a problem, and 2 when there is no answer;\n" +
		"a command whose codes mean more says so on its own page. Every command takes:\n\n")
	flags(&b, parser.Model.Flags)
	for _, leaf := range parser.Model.Leaves(true) {
		var words []string
		for node := leaf; node.Parent != nil; node = node.Parent {
			words = append([]string{node.Name}, words...)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", strings.Join(words, " "), leaf.Help)
		for _, p := range leaf.Positional {
			fmt.Fprintf(&b, "\n- `%s` — %s\n", p.Summary(), p.Help)
		}
		if len(leaf.Flags) > 0 {
			b.WriteString("\n")
			flags(&b, leaf.Flags)
		}
	}
	return b.String()
}

func flags(b *strings.Builder, all []*kong.Flag) {
	b.WriteString("| flag | is |\n|---|---|\n")
	for _, f := range all {
		if f.Hidden || f.Name == "help" {
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", f.String(), strings.ReplaceAll(f.Help, "|", "\\|"))
	}
}

func TestTheReferenceOfCommandsIsWhatTheySay(t *testing.T) {
	page := filepath.Join("..", "..", "..", "docs", "reference", "commands.md")
	want := commandsPage(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/reference/commands.md is old: go test ./internal/cmd/plumbline -update writes it (-want +got):\n%s", diff)
	}
}
