package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/watch"
)

const watchRegistry = `systems:
  shop: {platform: shopify, shop: acme.myshopify.com, secrets: "env:SHOP", locations: {East: east}}
  outlet: {platform: shopify, shop: outlet.myshopify.com, secrets: "env:OUTLET", locations: {East: east}}
integrations:
  stock:
    purpose: Stock
    owner: {team: ops, slack: "#stock"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: We oversell.
    from: shop
    to: outlet
    rules: [{id: stock, kind: inventory, mode: alert, expect: {available: from.available}, settle: 20m}]
`

// twoNights is a folder with two nights of two systems, of whose two SKUs one differs.
func twoNights(t *testing.T) (registry, folder string) {
	t.Helper()
	folder = t.TempDir()
	registry = filepath.Join(folder, ".plumbline.yaml")
	files := map[string]string{".plumbline.yaml": watchRegistry, "stock.csv": "a,b\n1,2\n"}
	for _, night := range []string{"2026-03-03T0200Z", "2026-03-04T0200Z"} {
		for system, available := range map[string]string{"shop": "9", "outlet": "14"} {
			files[system+"-inventory-"+night+".csv"] = "Handle,Title,SKU,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current)\n" +
				"mug,Mug,MUG,East,0,0,0," + available + "," + available + "\ncap,Cap,CAP,East,0,0,0,3,3\n"
		}
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	return registry, folder
}

func plumbline(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != want {
		t.Fatalf("%v: exit code %d, want %d: %s%s", args, code, want, &out, &errs)
	}
	return out.String() + errs.String()
}

func TestWatch_OnceTellsAndTheOtherCommandsAskItsState(t *testing.T) {
	registry, folder := twoNights(t)
	board := t.TempDir()
	said := plumbline(t, 1, "watch", folder, "--once", "--registry", registry, "--board", board)
	for _, want := range []string{"MUG", "left: stock.csv", "1 finding opened, 0 ended, 1 in all; 0 records may still settle"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if _, err := os.Stat(filepath.Join(board, "index.html")); err != nil {
		t.Error(err)
	}
	var found []findingAnswer
	if err := json.Unmarshal([]byte(plumbline(t, 0, "findings", "--json", "--watch", folder, "--registry", registry)), &found); err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	plan := filepath.Join(t.TempDir(), "heal")
	if said := plumbline(t, 0, "heal", "--plan", "--out", plan, "--watch", folder, "--registry", registry); !strings.Contains(said, "1  "+filepath.Join(plan, "")) {
		t.Errorf("heal\n%s", said)
	}
	id, data := found[0].ID, filepath.Join(folder, stateFolder)
	plumbline(t, 0, "findings", "waive", id, "--until", time.Now().AddDate(0, 0, 9).Format(time.DateOnly), "--reason", "samples", "--by", "lee", "--data", data, "--registry", registry)
	if said := plumbline(t, 0, "findings", "--state", "waived", "--data", data, "--registry", registry); !strings.Contains(said, id) {
		t.Errorf("the waiver is not kept:\n%s", said)
	}
	if said := plumbline(t, 0, "explain", id, "--watch", folder, "--registry", registry); !strings.Contains(said, "samples") {
		t.Errorf("explain\n%s", said)
	}
	if said := plumbline(t, 0, "record", "inventory", "MUG@east", "--watch", folder, "--registry", registry); !strings.Contains(said, "14") {
		t.Errorf("record\n%s", said)
	}
	var again watchAnswer
	if err := json.Unmarshal([]byte(plumbline(t, 1, "watch", folder, "--once", "--json", "--registry", registry)), &again); err != nil || len(again.Loaded) > 0 || again.Told != 1 {
		t.Errorf("%+v, %v: want the waiver told and nothing else", again, err)
	}
}

func TestWatch_SaysWhyItCannot(t *testing.T) {
	registry, folder := twoNights(t)
	if said := plumbline(t, 2, "findings", "--watch", folder, "--registry", registry); !strings.Contains(said, "no state of a watch") {
		t.Error(said)
	}
	lock, err := watch.Lock(filepath.Join(folder, stateFolder))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }()
	if said := plumbline(t, 2, "watch", folder, "--once", "--registry", registry); !strings.Contains(said, "another watch") {
		t.Error(said)
	}
}

func TestWatch_AlertsAreFoldedToTheTerminal(t *testing.T) {
	registry, folder := twoNights(t)
	said := plumbline(t, 1, "watch", folder, "--once", "--registry", registry, "--columns", "72")
	if !strings.Contains(said, "First check") {
		t.Fatalf("no alert:\n%s", said)
	}
	for line := range strings.Lines(said) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 72 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestPromote_SaysWhatTheRuleFoundInAWatchedFolder(t *testing.T) {
	registry, folder := twoNights(t)
	plumbline(t, 1, "watch", folder, "--once", "--registry", registry)
	var found []findingAnswer
	if err := json.Unmarshal([]byte(plumbline(t, 0, "findings", "--json", "--watch", folder, "--registry", registry)), &found); err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	rule := found[0].Integration + "/" + found[0].Rule
	if said := plumbline(t, 0, "promote", rule, "--dry-run", "--watch", folder, "--registry", registry); strings.Contains(said, "not known") {
		t.Errorf("want what the watch knows of it:\n%s", said)
	}
}
