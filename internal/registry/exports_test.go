package registry_test

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// exporting reads a registry whose system has the exports.
func exporting(t *testing.T, exports string, files map[string]string) (*registry.Registry, string) {
	t.Helper()
	text := "systems:\n  shop:\n    platform: webhooks\n    secrets: env:SHOP\n    exports: " + exports + "\n" +
		"  erp: {platform: webhooks, secrets: env:ERP}\n" +
		"integrations:\n  stock:\n    purpose: Stock\n    owner: {team: ops, slack: \"#ops\"}\n    deputy: {person: lee@acme.example}\n    runbook: builtin\n" +
		"    on_failure: Nothing.\n    from: erp\n    to: shop\n    rules: [{id: stock, kind: inventory, expect: {available: from.free}, settle: 5m}]\n"
	known := []platform.Platform{{Name: "webhooks", New: func(platform.Config) (platform.Endpoint, error) { return webhooks{}, nil }}}
	read := func(file string) ([]byte, error) {
		if content, ok := files[file]; ok {
			return []byte(content), nil
		}
		return nil, fs.ErrNotExist
	}
	r, problems := registry.Parse("plumbline.yaml", []byte(text), read, known, time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC))
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return r, strings.Join(all, "\n")
}

func TestExports_SayHowFilesAreReadAndWhetherTheyAreWhole(t *testing.T) {
	r, problems := exporting(t, "{inventory: {preset: shopify-inventory, complete: true}, order: {mapping: orders.yaml}}", map[string]string{"orders.yaml": "kind: order"})
	if r == nil {
		t.Fatal(problems)
	}
	of := r.Systems["shop"].Exports
	if e := of[commerce.Inventory]; e.Preset != "shopify-inventory" || !e.Complete {
		t.Errorf("inventory %+v", e)
	}
	if e := of[commerce.Order]; string(e.Content) != "kind: order" || e.Complete {
		t.Errorf("order %+v", e)
	}
	if files := r.ExportFiles(); len(files) != 1 || files[0] != "orders.yaml" {
		t.Errorf("files %v", files)
	}
	other, _ := exporting(t, "{inventory: {preset: shopify-inventory, complete: true}, order: {mapping: orders.yaml}}", map[string]string{"orders.yaml": "kind: return"})
	if other.Generation == r.Generation {
		t.Error("another mapping is the same generation")
	}
}

func TestExports_AreRefusedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ exports, want string }{
		{"{order: {mapping: none.yaml}}", "plumbline.yaml:5:32: systems.shop.exports.order.mapping: none.yaml cannot be read"},
		{"{order: {mapping: blank.yaml}}", "plumbline.yaml:5:32: systems.shop.exports.order.mapping: blank.yaml is empty"},
		{"{order: {complete: perhaps}}", "want true or false"},
		{"{stocks: {complete: true}}", `unknown word "stocks"`},
		{"{order: {presets: a}}", `unknown field "presets"`},
	} {
		if _, problems := exporting(t, c.exports, map[string]string{"blank.yaml": ""}); !strings.Contains(problems, c.want) {
			t.Errorf("%s: %q, want %q", c.exports, problems, c.want)
		}
	}
}
