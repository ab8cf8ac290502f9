package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// watchedRegistry is for a folder of export files first, and for a stack then.
const watchedRegistry = `
systems:
  shop:
    platform: shopify
    shop: acme.myshopify.com
    secrets: [env:SHOP]
    locations: {East: east}
    exports: {inventory: {preset: shopify-inventory, complete: true}}
  erp:
    platform: standard
    secrets: [env:ERP]
    locations: {EAST: east}
    exports: {inventory: {preset: businesscentral-stock, complete: true}}
integrations:
  stock:
    purpose: Stock
    owner: {team: ops, slack: "#stock"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, mode: alert, expect: {available: from.free}, settle: 1m}
`

// findingsBy are those that a command answers, by the SKU that they are about.
func findingsBy(t *testing.T, args ...string) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	for _, f := range answer[[]map[string]any](t, append([]string{"findings", "--state=all"}, args...)...) {
		all[fmt.Sprint(f["key"])] = f
	}
	return all
}

// TestHandOver_AStackGoesOnWithWhatAWatchKnew: two nights of files, decisions on what
// was found, and a stack that takes all of it over and ends a finding by a webhook.
func TestHandOver_AStackGoesOnWithWhatAWatchKnew(t *testing.T) {
	t.Parallel()
	folder, data := t.TempDir(), t.TempDir()
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	write := func(path, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Now().Add(-time.Hour), time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	write(path, watchedRegistry)
	env := []string{"SHOP=a secret for these tests", "ERP=whsec_dGVzdHM="}
	for night := range 3 {
		at := time.Now().UTC().AddDate(0, 0, night-3).Format("2006-01-02")
		write(filepath.Join(folder, "erp", "inventory", at+"T0200Z.csv"), "Item No.,Location Code,Inventory,Available Inventory\nSTUCK,EAST,15,15\nCASE,EAST,10,10\nFINE,EAST,5,5\n")
		write(filepath.Join(folder, "shop", "inventory", at+"T0230Z.csv"),
			"Handle,Title,SKU,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current)\n"+
				"a,A,STUCK,East,0,0,0,20,20\nb,B,CASE,East,0,0,0,13,13\nc,C,FINE,East,0,0,0,5,5\n")
	}
	run := func(args ...string) {
		t.Helper()
		if out, errs, code := commandIn(t, env, append(args, "--registry", path)...); code != 0 {
			t.Fatalf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
	run("watch", folder, "--once")
	before := findingsBy(t, "--registry", path, "--watch", folder)
	if len(before) != 2 {
		t.Fatalf("the watch has %v", before)
	}
	id := func(key string) string { return fmt.Sprint(before[key]["id"]) }
	stuck, waived := "STUCK@east", "CASE@east"
	run("findings", "waive", id(waived), "--watch", folder, "--until", time.Now().AddDate(0, 1, 0).Format("2006-01-02"), "--reason", "samples", "--low", "0", "--high", "5", "--by", "lee")
	run("findings", "assign", id(stuck), "--watch", folder, "--to", "kim", "--by", "lee")
	before = findingsBy(t, "--registry", path, "--watch", folder)

	p, err := launchIn(env, "run", "--addr", "127.0.0.1:0", "--data", data, "--registry", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	if err := p.await(patience, func() bool { return strings.Contains(p.out.String(), "Listening on http://127.0.0.1:") }); err != nil {
		t.Fatal(err)
	}
	run("watch", folder, "--hand-over", "--data", data)
	run("watch", folder, "--hand-over", "--data", data)
	after := findingsBy(t, "--registry", path, "--data", data)
	for key, f := range before {
		for _, field := range []string{"id", "state", "since", "delta", "owner", "assigned_to", "waiver"} {
			if fmt.Sprint(after[key][field]) != fmt.Sprint(f[field]) {
				t.Errorf("%s: %s is %v in the stack, want %v", key, field, after[key][field], f[field])
			}
		}
	}
	sample := filepath.Join(t.TempDir(), "stock.json")
	write(sample, string(stockReport("STUCK", "20", time.Now())))
	run("send", "erp", sample, "--data", data)
	// The schedule runs as it is deployed: what ends may wait for its next minutes.
	deadline := time.Now().Add(3 * time.Minute)
	for now := after; now[stuck]["state"] != "resolved"; now = findingsBy(t, "--registry", path, "--data", data) {
		if len(now) != len(after) || time.Now().After(deadline) {
			t.Fatalf("the webhook does not end the finding, or another one is opened: %v", now)
		}
		time.Sleep(time.Second)
	}
	stop(t, p)
}
