package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"github.com/plumbline/plumbline/internal/registry"
)

// commands are all of the command line's, each as it is typed.
func commands(t *testing.T) [][]string {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Vars{"queues": ""})
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for _, leaf := range parser.Model.Leaves(true) {
		var words []string
		for node := leaf; node.Parent != nil; node = node.Parent {
			words = append([]string{node.Name}, words...)
		}
		all = append(all, words)
	}
	return all
}

func TestEveryCommandSaysWhatItDoesIn80Columns(t *testing.T) {
	all := commands(t)
	// A line of usage is the shape of the command, and is not broken.
	usage := func(line string) bool {
		return strings.HasPrefix(line, "Usage: ") || slices.ContainsFunc(all, func(words []string) bool {
			return strings.HasPrefix(line, "  "+strings.Join(words, " ")+" ")
		})
	}
	for _, words := range append(all, nil) {
		var out, errs bytes.Buffer
		if code := run(append(words, "--help"), &out, &errs); code != 0 || errs.Len() > 0 {
			t.Errorf("%v --help: exit code %d: %s", words, code, &errs)
		}
		for line := range strings.Lines(out.String()) {
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) > 80 && !usage(line) {
				t.Errorf("%v --help: %d columns: %s", words, utf8.RuneCountInString(line), line)
			}
		}
	}
}

func TestVersion_SaysWhichRegistriesItReads(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"version", "--json"}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	var got versionAnswer
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != version || got.RegistrySchema != registry.SchemaID() || len(got.RegistrySchema) != 12 {
		t.Errorf("got %+v", got)
	}
}

func TestCheck_PrintsTheSchemaThatEditorsUse(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"check", "--schema"}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	if got := out.String(); !json.Valid([]byte(got)) || !strings.Contains(got, `"integrations"`) {
		t.Errorf("no schema: %.60s", got)
	}
}

func TestCompletion_ListsCommands(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"completion", "bash", "--code"}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	if !strings.HasPrefix(out.String(), "complete ") {
		t.Errorf("got %q", out.String())
	}
}

func TestTheFirstThingsThatPeopleTypeAreAnswered(t *testing.T) {
	for _, c := range []struct {
		typed []string
		says  string
	}{
		{nil, "Usage: plumbline <command>"},
		{[]string{"help"}, "Usage: plumbline <command>"},
		{[]string{"help", "compare"}, "Usage: plumbline compare"},
		{[]string{"--version"}, "registry schema"},
	} {
		var out, errs bytes.Buffer
		if code := run(c.typed, &out, &errs); code != 0 || !strings.Contains(out.String(), c.says) {
			t.Errorf("%q: exit code %d, %s%s", c.typed, code, &out, &errs)
		}
	}
}

func TestWhatOnlyAStackKnowsIsNotAskedOfAWatch(t *testing.T) {
	for _, words := range [][]string{{"totals"}, {"loads"}, {"audit"}, {"report"}, {"close", "2026-03"}, {"changes"}, {"board"}, {"export", "inventory"}} {
		var out, errs bytes.Buffer
		if code := run(append(words, "--watch", t.TempDir()), &out, &errs); code != 2 || !strings.Contains(errs.String(), "this needs a stack") {
			t.Errorf("%q: exit code %d, %s%s", words, code, &out, &errs)
		}
	}
}
