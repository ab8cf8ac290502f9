package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// webhooks is a platform that says everything in its deliveries, and thin one
// whose API has to be asked.
type (
	webhooks struct{ platform.Endpoint }
	thin     struct {
		platform.Endpoint
		platform.API
	}
)

func TestCredential_IsWantedWhereAnAPIIsAskedAndOnlyThere(t *testing.T) {
	known := []platform.Platform{
		{Name: "thin", Storefront: true, New: func(platform.Config) (platform.Endpoint, error) { return thin{}, nil }},
		{Name: "webhooks", New: func(platform.Config) (platform.Endpoint, error) { return webhooks{}, nil }},
	}
	for _, c := range []struct{ shop, erp, warnings, local, problems string }{
		{shop: "credential: ssm:/acme/shop-api"},
		{warnings: `2:3: systems.shop lacks credential: want where the credential of its API is; until then what its deliveries only hint at is not known`},
		{
			shop:  "credential: env:SHOP_API",
			local: `2:79: systems.shop.credential: want ssm:/name, a deployed function has no file and no variable with a secret`,
		},
		{
			shop: "credential: ssm:/acme/shop-api", erp: "credential: ssm:/acme/erp-api",
			warnings: `3:82: systems.erp.credential: Plumbline asks no API of this platform, so want no credential`,
		},
		{shop: "credential: shpat_pasted-by-mistake", problems: `2:79: systems.shop.credential: want a reference, ssm:/name, env:NAME or file:path; a secret itself never stands in this file`},
	} {
		path := filepath.Join(t.TempDir(), "plumbline.yaml")
		text := strings.NewReplacer("<shop>", c.shop, "<erp>", c.erp).Replace(`systems:
  shop: {platform: thin, secrets: ["ssm:/acme/s"], timezone: UTC, <shop>}
  erp: {platform: webhooks, secrets: ["ssm:/acme/e"], timezone: UTC, <erp>}
integrations:
  stock:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Pause ads.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 5m}
`)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r, problems := registry.Load(path, known, asOf)
		if got := places(problems, path); got != c.problems {
			t.Errorf("%+v\nproblems %s", c, got)
		}
		if r == nil {
			continue
		}
		if got := places(r.Warnings, path); got != c.warnings {
			t.Errorf("%+v\nwarnings %s", c, got)
		}
		if got := places(r.Local, path); got != c.local {
			t.Errorf("%+v\nlocal %s", c, got)
		}
		if want := strings.TrimPrefix(c.shop, "credential: "); r.Systems["shop"].Credential != want {
			t.Errorf("credential %q, want %q", r.Systems["shop"].Credential, want)
		}
	}
}

// places are problems without the name of their file.
func places(problems []registry.Problem, path string) string {
	return strings.TrimSpace(strings.ReplaceAll(lines(problems), filepath.ToSlash(path)+":", ""))
}
