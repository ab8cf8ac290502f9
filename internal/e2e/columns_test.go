package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// unasked are commands whose output is looked at elsewhere, and why.
var unasked = map[string]string{
	"run":        "it is the stack that the others ask",
	"board":      "it serves until it is ended",
	"init":       "its questions are folded by the test of its dialogue",
	"completion": "what it prints is for shells",
}

// unanswered are commands that the demo's registry has no answer for; what they say
// of that is read as well: nobody may tell of changes, and no file has a layout.
var unanswered = map[string]bool{"change": true, "load": true}

// readable holds what every command says to 80 columns.
func readable(t *testing.T, data string) {
	t.Helper()
	sample := filepath.Join("events", "shopify", "inventory-levels-update.body.json")
	files := filepath.Join(t.TempDir(), "heal")
	two := twoFiles(t)
	span := []string{"--since", "2026-03-03", "--until", "2026-03-05"}
	filter := []string{"--key", "shopify-us/US10*", "--by", "dana", "--dry-run"}
	commands := map[string][]string{
		"check": {}, "send": {"shopify-us", sample}, "record": {"inventory", "MUG-GRN@east"},
		"findings list": {"--state", "all"}, "findings ack": filter, "findings reopen": filter,
		"findings assign": append([]string{"--to", "lee"}, filter...), "findings snooze": append([]string{"--for", "4h"}, filter...),
		"findings waive": append([]string{"--until", "2027-03-03", "--reason", "booked by hand"}, filter...),
		"totals":         {}, "close": {"2026-03", "--out", filepath.Join(t.TempDir(), "close")}, "audit": {}, "report": {},
		"change": {"deploy the stock job, which sends what the ERP has free to the storefront, in a new version"}, "changes": {},
		"explain": {"inventory", "CAP-BLK@east"}, "promote": {"stock-to-storefront/stock"}, "loads": {}, "redrive": {"quarantine", "--dry-run"},
		"load":   {"erp", "inventory", two[0], "--dry-run"},
		"replay": append([]string{"--dry-run"}, span...), "backtest": append([]string{"--rule", "orders-to-erp/order-in-erp"}, span...),
		"erase": {"order", "shopify-us/1", "--dry-run"}, "export": {"refund"}, "heal": {"--plan", "--out", files},
		"compare": two, "watch": {t.TempDir(), "--once"}, "doctor": {}, "version": {},
	}
	for _, name := range commandNames(t) {
		args, asked := commands[name]
		if !asked {
			if unasked[name] == "" {
				t.Errorf("%s is not looked at", name)
			}
			continue
		}
		out, errs, code := command(t, append(append(strings.Fields(name), args...), data, "--columns", "80")...)
		if unanswered[name] == (code != 2) || out+errs == "" {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, errs)
		}
		for line := range strings.Lines(out + errs) {
			line = strings.TrimSuffix(line, "\n")
			// What programs read is as long as it is.
			if utf8.RuneCountInString(line) > 80 && name != "export" {
				t.Errorf("%s: %d columns: %s", name, utf8.RuneCountInString(line), line)
			}
		}
	}
}

// commandNames are all commands, as their reference lists them.
func commandNames(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "reference", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^## ([a-z ]+)$`).FindAllStringSubmatch(string(page), -1) {
		names = append(names, m[1])
	}
	return names
}

// twoFiles are exports of stock that differ.
func twoFiles(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for name, text := range map[string]string{
		"erp.csv":  "SKU,Location,Available\nMUG-BLU,east,9\nCAP-RED,east,116\nBOT-05L,east,59\n",
		"shop.csv": "SKU,Location,Available\nMUG-BLU,east,14\nCAP-RED,east,123\nTEE-RED-M-LIMITED-EDITION-OF-TWENTY-TWENTY-SIX,east,4\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}
