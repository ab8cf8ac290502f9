package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that says what columns mean is checked with the registry that names it.
func TestCheck_ReadsTheMappingsOfExports(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("plumbline.yaml", `systems:
  erp:
    platform: standard
    secrets: ["env:ERP"]
    exports: {inventory: {mapping: stock.yaml}}
  shop:
    platform: standard
    secrets: ["env:SHOP"]
integrations:
  stock-to-shop:
    purpose: shop shows what erp has
    owner: {team: inventory-ops, slack: "#inventory-ops"}
    deputy: {team: platform, slack: "#platform"}
    runbook: builtin
    on_failure: The shop sells what is not there.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, mode: watch, settle: 24h, expect: {available: from.available}}
`)
	for mapping, want := range map[string]string{
		"kind: inventory\nkey:\n  - {part: sku, column: SKU}\n  - {part: location, column: Site}\nfacets:\n  - {facet: available, column: Free, type: number}\n": "",
		"kind: inventory\nkey:\n  - {part: sku, column: SKU}\n  - {part: location, column: Site}\nfacets:\n  - {facet: avail, column: Free, type: number}\n":     `stock.yaml:6:5: inventory has no facet "avail"`,
	} {
		write("stock.yaml", mapping)
		var out, errs bytes.Buffer
		code := run([]string{"check", "--registry", filepath.Join(dir, "plumbline.yaml")}, &out, &errs)
		switch {
		case want == "" && (code != 0 || !strings.HasPrefix(out.String(), "ok: 2 systems")):
			t.Errorf("a right mapping: exit code %d, %s%s", code, &out, &errs)
		case want != "" && (code != 1 || !strings.Contains(out.String(), filepath.Join(dir, want)) || !strings.Contains(out.String(), "\n1 problem\n")):
			t.Errorf("a wrong mapping: exit code %d, %s%s", code, &out, &errs)
		}
	}
}

// Who has no registry yet is told how to get one.
func TestCheck_WithoutARegistryNamesTheNextStep(t *testing.T) {
	var out, errs bytes.Buffer
	code := run([]string{"check", "--registry", filepath.Join(t.TempDir(), "plumbline.yaml")}, &out, &errs)
	if code != 1 || !strings.Contains(out.String(), "plumbline init") {
		t.Errorf("exit code %d, %s%s", code, &out, &errs)
	}
}
