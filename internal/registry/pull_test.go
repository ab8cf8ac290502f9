package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// lister is a platform whose API lists orders and stock.
type lister struct {
	platform.Endpoint
	platform.API
}

func (lister) Pulls() []platform.Pull {
	return []platform.Pull{{Name: "orders", Kinds: []commerce.Kind{commerce.Order}}, {Name: "stock", Kinds: []commerce.Kind{commerce.Inventory}}}
}

// pulling reads a registry whose shop has the settings.
func pulling(t *testing.T, shop string) (r *registry.Registry, problems, warnings string) {
	t.Helper()
	known := []platform.Platform{
		{Name: "lister", Storefront: true, Telling: true, New: func(platform.Config) (platform.Endpoint, error) { return lister{}, nil }},
		{Name: "webhooks", New: func(platform.Config) (platform.Endpoint, error) { return webhooks{}, nil }},
	}
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	text := "systems:\n  shop:\n" + shop + `
  erp: {platform: webhooks, secrets: ["ssm:/acme/e"]}
integrations:
  stock:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Pause ads.
    from: erp
    to: shop
    rules: [{id: stock, kind: inventory, expect: {available: from.free}, settle: 5m}]
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, all := registry.Load(path, known, asOf)
	if r != nil {
		warnings = places(r.Warnings, path)
	}
	return r, places(all, path), warnings
}

func TestPull_SaysHowOftenAndWithinWhatBudget(t *testing.T) {
	const shop = "    {platform: lister, credential: \"ssm:/acme/a\", pull: {<pull>}}"
	for pull, want := range map[string]registry.Pull{
		"every: 15m": {
			Every: 15 * time.Minute, Overlap: 5 * time.Minute, Budget: 600, Full: 7 * 24 * time.Hour,
			Kinds: []commerce.Kind{commerce.Inventory, commerce.Order},
		},
		"every: 1h, kinds: [order], overlap: 10m, budget: 60/h, full: off": {
			Every: time.Hour, Overlap: 10 * time.Minute, Budget: 60, Kinds: []commerce.Kind{commerce.Order},
		},
	} {
		r, problems, warnings := pulling(t, strings.ReplaceAll(shop, "<pull>", pull))
		if r == nil || warnings != "" {
			t.Fatalf("%s: %s %s", pull, problems, warnings)
		}
		if diff := cmp.Diff(&want, r.Systems["shop"].Pull); diff != "" {
			t.Errorf("%s: %s", pull, diff)
		}
		if r.Systems["erp"].Pull != nil {
			t.Error("the other system is pulled as well")
		}
	}
}

func TestPull_IsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ shop, want string }{
		{"    platform: lister\n    pull: {every: 15m}", "4:5: systems.shop.pull: want credential beside it, a reference to a read-only credential of its API"},
		{"    platform: webhooks\n    secrets: env:A\n    pull: {every: 15m}", "5:5: systems.shop.pull: Plumbline reads no lists from the API of this platform"},
		{pullOf("every: 1m"), "5:19: systems.shop.pull.every: want a duration from 5m to 24h"},
		{pullOf("every: often"), "5:19: systems.shop.pull.every: want a duration such as"},
		{pullOf("overlap: 30s"), "5:21: systems.shop.pull.overlap: want a duration from 1m to 24h"},
		{pullOf("budget: 600"), "5:20: systems.shop.pull.budget is a number, want a number of calls in an hour, such as 600/h"},
		{pullOf("budget: 11/h"), "5:20: systems.shop.pull.budget: want from 12/h to 36000/h"},
		{pullOf("full: hourly"), `5:18: systems.shop.pull.full: unknown word "hourly"`},
		{pullOf("kinds: [order, payout]"), "5:27: systems.shop.pull.kinds[1]: nothing of this kind is read from the platform, want some of inventory, order"},
		{pullOf("kinds: [order, order]"), "5:27: systems.shop.pull.kinds[1]: the kind stands here twice, want it once"},
		{pullOf("budgets: 600/h"), `unknown field "budgets"`},
	} {
		if _, problems, _ := pulling(t, c.shop); !strings.Contains(problems, c.want) {
			t.Errorf("%s: %q, want %q", c.shop, problems, c.want)
		}
	}
}

func pullOf(text string) string {
	return "    platform: lister\n    credential: ssm:/acme/a\n    pull: {" + text + "}"
}

func TestPull_NeedsNoSecretsAndTheCredentialIsForItAlone(t *testing.T) {
	if r, problems, _ := pulling(t, pullOf("every: 1h")); r == nil {
		t.Errorf("a system that is only pulled: %s", problems)
	}
	if _, problems, _ := pulling(t, "    platform: lister\n    credential: ssm:/acme/a"); !strings.Contains(problems, "lacks secrets") {
		t.Errorf("neither pulled nor proved: %q", problems)
	}
	if _, _, warnings := pulling(t, "    platform: lister\n    secrets: ssm:/acme/b"); warnings != "" {
		t.Errorf("deliveries say everything: %s", warnings)
	}
	if _, _, warnings := pulling(t, "    platform: lister\n    secrets: ssm:/acme/b\n    credential: ssm:/acme/a"); !strings.Contains(warnings, "want pull beside it") {
		t.Errorf("a credential that nothing uses: %q", warnings)
	}
}
