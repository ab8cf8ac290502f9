package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

const exportSamples = "../../../events/exports/"

// initialise runs plumbline init in a folder of its own, with a file of answers.
func initialise(t *testing.T, answers string, args ...string) (dir, stdout, stderr string, code int) {
	t.Helper()
	dir = t.TempDir()
	file := filepath.Join(dir, "answers.yml")
	if err := os.WriteFile(file, []byte(answers), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code = run(append([]string{"init", "--answers", file, "--out", filepath.Join(dir, "plumbline.yaml")}, args...), &out, &errs)
	return dir, out.String(), errs.String(), code
}

func TestInit_WritesARegistryAndComparesTheFiles(t *testing.T) {
	dir, out, errs, code := initialise(t, "locations: {shop: {West: ignore}, erp: {WEST: ignore}}\n",
		exportSamples+"shopify-inventory.csv", exportSamples+"businesscentral-stock.csv")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{
		"2 systems, 4 integrations", "left  businesscentral-stock.csv", // the ERP is believed for stock
		"rows left out: location is left out", "totals", "MUG-BLU",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if n := utf8.RuneCountInString(line); n > 81 && !strings.HasPrefix(line, "written: ") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	var checked, problems bytes.Buffer
	if code := run([]string{"check", "--registry", filepath.Join(dir, "plumbline.yaml")}, &checked, &problems); code != 0 {
		t.Errorf("the check fails: %s%s", &checked, &problems)
	}
	if got := checked.String(); !strings.Contains(got, "owner.team is a placeholder") {
		t.Errorf("the check names no placeholder: %s", got)
	}
}

func TestInit_NeverWritesOverARegistryUnlessForced(t *testing.T) {
	dir, _, _, _ := initialise(t, "")
	path := filepath.Join(dir, "plumbline.yaml")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := func(args ...string) (string, int) {
		var out, errs bytes.Buffer
		code := run(append([]string{"init", "--answers", filepath.Join(dir, "answers.yml"), "--out", path}, args...), &out, &errs)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content) + errs.String(), code
	}
	if got, code := again(); code != 2 || !strings.HasPrefix(got, "mine") || !strings.Contains(got, "is there already") {
		t.Errorf("exit code %d: %s", code, got)
	}
	if got, code := again("--force"); code != 0 || strings.HasPrefix(got, "mine") {
		t.Errorf("forced: exit code %d: %s", code, got)
	}
}

func TestInit_WritesNothingWhenAnAnswerIsWrong(t *testing.T) {
	for answers, want := range map[string]string{
		"currency: [a]":      "answers: currency: ",
		"curency: EUR":       "no question is called curency",
		"- no mapping":       "no YAML mapping",
		"kits: missing.csv":  "answers: kits: ",
		"systems: shop=shop": "answers: systems: ",
	} {
		dir, _, errs, code := initialise(t, answers)
		if code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit code %d: %s", answers, code, errs)
		}
		if _, err := os.Stat(filepath.Join(dir, "plumbline.yaml")); err == nil {
			t.Errorf("%s: a registry was written", answers)
		}
	}
}

func TestInit_WritesNothingWhenTheInputEnds(t *testing.T) {
	var out bytes.Buffer
	k := initCmd{Out: filepath.Join(t.TempDir(), "plumbline.yaml"), in: strings.NewReader("\n\n")}
	err := k.Run(t.Context(), &output{Writer: &out})
	if err == nil || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(k.Out); err == nil {
		t.Error("a registry was written")
	}
}

// Where one file has no more than the sum over all locations, sums are compared,
// whatever the locations of the other are called.
func TestInit_ComparesSumsWhereAFileHasNoLocations(t *testing.T) {
	_, out, errs, code := initialise(t, "", exportSamples+"businesscentral-items.csv", exportSamples+"shopify-inventory.csv")
	if code != 0 || !strings.Contains(out, "2 left, 3 right") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}

// A file that nobody knows means what the other one's columns mean.
func TestInit_ReadsAFileOfNoKnownLayoutAsTheOtherOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "count.csv")
	rows := "Item,Warehouse,On hand\nMUG-BLU,East,17\nMUG-RED,East,41\nMUG-BLU,West,-3\nCAP-BLK,West,4\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, out, errs, code := initialise(t, "", file, exportSamples+"shopify-inventory-2023.csv", "--json")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var answer struct {
		Written    []string
		Comparison struct{ Summary struct{ Differ int } }
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(answer.Written) != 2 {
		t.Errorf("written: %v", answer.Written)
	}
	mapping, err := os.ReadFile(filepath.Join(dir, "erp-inventory.yaml"))
	if err != nil || !strings.Contains(string(mapping), "Warehouse") {
		t.Errorf("%v: %s", err, mapping)
	}
	registry, err := os.ReadFile(filepath.Join(dir, "plumbline.yaml"))
	if err != nil || !strings.Contains(string(registry), "inventory: {mapping: erp-inventory.yaml}") {
		t.Errorf("%v: %s", err, registry)
	}
	if err := os.Remove(filepath.Join(dir, "plumbline.yaml")); err != nil {
		t.Fatal(err)
	}
	var again, refused bytes.Buffer
	code = run([]string{"init", "--answers", filepath.Join(dir, "answers.yml"), "--out", filepath.Join(dir, "plumbline.yaml"), file, exportSamples + "shopify-inventory-2023.csv"}, &again, &refused)
	if code != 2 || !strings.Contains(refused.String(), "erp-inventory.yaml is there already") {
		t.Errorf("the file beside it was written over: exit code %d: %s", code, &refused)
	}
}
