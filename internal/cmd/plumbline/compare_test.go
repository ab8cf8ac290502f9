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

// compared runs plumbline compare on the files of a case.
func compared(t *testing.T, name string, args ...string) (code int, out string) {
	t.Helper()
	dir := filepath.Join("testdata", "compare", name)
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"compare", filepath.Join(dir, "left.csv"), filepath.Join(dir, "right.csv")}, args...), &stdout, &stderr)
	if stderr.Len() > 0 {
		t.Log(stderr.String())
	}
	return code, stdout.String()
}

func TestCompareShowsWhatDiffersAndWhy(t *testing.T) {
	for name, args := range map[string][]string{
		"columns":  nil,
		"stock":    {"--in-flight", "testdata/compare/stock/in-flight.csv"},
		"contacts": {"--as-of-left", "2026-11-22", "--as-of-right", "2026-11-20T06:00:00Z"},
		"orders":   {"--within", "total=0.01/line"},
	} {
		t.Run(name, func(t *testing.T) {
			html, csv := filepath.Join(t.TempDir(), "report.html"), filepath.Join(t.TempDir(), "report.csv")
			code, text := compared(t, name, append(args, "--html", html, "--csv", csv)...)
			if code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			golden(t, "compare/"+name+"/terminal.txt", []byte(text))
			for _, line := range strings.Split(text, "\n") {
				if n := utf8.RuneCountInString(line); n > 80 {
					t.Errorf("%d characters: %s", n, line)
				}
			}
			if strings.Contains(text, "\x1b") {
				t.Error("colour, and this is no terminal")
			}
			for path, want := range map[string]string{html: "report.html", csv: "report.csv"} {
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, "compare/"+name+"/"+want, content)
			}
			code, text = compared(t, name, append(args, "--json")...)
			if code != 1 || !json.Valid([]byte(text)) {
				t.Errorf("--json: exit code %d", code)
			}
			golden(t, "compare/"+name+"/report.json", []byte(text))
		})
	}
}

// Contacts are compared by their addresses, and nobody reads one.
func TestCompareNeverShowsAnAddress(t *testing.T) {
	files, err := filepath.Glob("testdata/compare/*/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range files {
		base := filepath.Base(path)
		if !strings.HasPrefix(base, "report.") && base != "terminal.txt" {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "@acme.example") {
			t.Errorf("%s shows an address", path)
		}
	}
}

func TestCompareEndsWithWhatItFound(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	base := file("base.csv", "sku,stock\nA,1\nB,2\n")
	for name, c := range map[string]struct {
		right string
		args  []string
		want  int
	}{
		"the same in another order":  {file("same.csv", "sku,stock\nB,2\nA,1\n"), nil, 0},
		"another value":              {file("other.csv", "sku,stock\nA,1\nB,3\n"), nil, 1},
		"tolerated":                  {file("near.csv", "sku,stock\nA,1\nB,3\n"), []string{"--within", "stock=1"}, 0},
		"a record less":              {file("less.csv", "sku,stock\nA,1\n"), nil, 1},
		"a record twice":             {file("twice.csv", "sku,stock\nA,1\nB,2\nB,2\n"), nil, 1},
		"a row that is none":         {file("bad.csv", "sku,stock\nA,1\nB,2\nC\nD,1\n"), nil, 1},
		"nothing in common":          {file("strange.csv", "a\n1.5\n"), nil, 2},
		"no file":                    {filepath.Join(dir, "none.csv"), nil, 2},
		"not a file of records":      {file("empty.csv", ""), nil, 2},
		"a wrong tolerance":          {file("same2.csv", "sku,stock\nB,2\nA,1\n"), []string{"--within", "stock=much"}, 2},
		"a column that is not there": {file("same4.csv", "sku,stock\nB,2\nA,1\n"), []string{"--ignore", "stoc"}, 2},
		"another that is not there":  {file("same5.csv", "sku,stock\nB,2\nA,1\n"), []string{"--map", "Quantity=stock"}, 2},
		"one column mapped":          {file("named.csv", "sku,Quantity\nA,1\nB,3\n"), []string{"--map", "Quantity=stock"}, 1},
		"an instant by the minute":   {file("same6.csv", "sku,stock\nB,2\nA,1\n"), []string{"--as-of-left", "2026-11-23T06:00Z"}, 0},
		"no preset of that name":     {file("same7.csv", "sku,stock\nB,2\nA,1\n"), []string{"--left-as", "spreadsheet", "--key", "sku=sku"}, 2},
		"a wrong preset":             {file("same3.csv", "sku,stock\nB,2\nA,1\n"), []string{"--left-as", "shopify-inventory"}, 2},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(append([]string{"compare", base, c.right}, c.args...), &stdout, &stderr); code != c.want {
			t.Errorf("%s: exit code %d, want %d\n%s%s", name, code, c.want, stdout.String(), stderr.String())
		}
		if c.want == 2 && stderr.Len() == 0 {
			t.Errorf("%s: no word of why", name)
		}
	}
}

func TestCompareSavesWhatOrdersAreKnownBy(t *testing.T) {
	const samples = "../../../events/exports/"
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	files := []string{"compare", samples + "shopify-orders.csv", samples + "businesscentral-sales-orders.csv"}
	var out, errs bytes.Buffer
	if code := run(append(files, "--save", path), &out, &errs); code != 1 {
		t.Fatalf("exit code %d: %s%s", code, &out, &errs)
	}
	out.Reset()
	code := run(append(files, "--registry", path, "--integration", "shopify-to-businesscentral", "--json"), &out, &errs)
	var answer struct{ Summary struct{ Agree, Differ int } }
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s%s", err, &out, &errs)
	}
	if code != 1 || answer.Summary.Agree != 2 || answer.Summary.Differ != 0 {
		t.Errorf("exit code %d, %+v: want the two orders that both have to agree by the rules as well", code, answer.Summary)
	}
}

// What --save writes, the next commands read.
func TestCompareSavesARegistryToGoOnWith(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	flight := []string{"--in-flight", "testdata/compare/stock/in-flight.csv"}
	if code, _ := compared(t, "stock", append(flight, "--save", path, "--team", "stock-ops", "--slack", "#stock")...); code != 1 {
		t.Fatalf("exit code %d", code)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"check", "--registry", path, "--as-of", "2026-11-23"}, &stdout, &stderr); code != 0 {
		t.Fatalf("check: %s%s", stdout.String(), stderr.String())
	}
	saved, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "compare/stock/saved.yaml", saved)
	code, text := compared(t, "stock", "--registry", path, "--integration", "shopify-to-businesscentral", "--json")
	var answer struct {
		Summary  struct{ Agree, Differ int }
		Findings []struct{ Rule, Key string }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	if code != 1 || answer.Summary.Agree != 2 || answer.Summary.Differ != 2 || answer.Findings[0].Rule != "inventory" {
		t.Errorf("exit code %d, %+v", code, answer)
	}
	if code, _ := compared(t, "stock", "--save", path); code != 2 {
		t.Errorf("written over: exit code %d", code)
	}
}
