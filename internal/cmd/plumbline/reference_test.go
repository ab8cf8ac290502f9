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
	b.WriteString("Every command takes:\n\n")
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
	b.WriteString("\n## Exit codes\n\n0 is that all is well, 2 that there is no answer: what was asked for is not there, or cannot be reached, and what to do\n" +
		"stands on the error output. 1 is a bad answer, and 130 a run that was interrupted before its day was over:\n\n| command | 1 when |\n|---|---|\n")
	for _, of := range badAnswers {
		fmt.Fprintf(&b, "| `%s` | %s |\n", of[0], of[1])
	}
	return b.String()
}

// badAnswers say which commands have one, and when.
var badAnswers = [][2]string{
	{"change", "the stack refuses it"},
	{"check", "the registry has a problem"},
	{"close", "the month cannot be closed, or a pack is not as it was closed"},
	{"compare", "the files differ"},
	{"doctor", "something is wrong"},
	{"load", "rows were rejected, or not all of the file could be read"},
	{"replay", "a delivery cannot be read"},
	{"send", "the delivery is not answered 2xx"},
	{"watch", "with `--once`: a file was left, or an alert could not be told"},
}

// A command that can end with 1 says so in its file.
func TestEveryBadAnswerIsDocumented(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, of := range badAnswers {
		listed[of[0]] = true
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		command, _, _ := strings.Cut(strings.TrimSuffix(file, ".go"), "_")
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), "exitError(1)") && !listed[command] {
			t.Errorf("%s ends with 1, and the reference does not say when", file)
		}
	}
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
