package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// queued is a platform that delivers into a queue.
type queued struct{ platform.Endpoint }

func (queued) Senders() []platform.Sender {
	return []platform.Sender{{ARN: "arn:aws:iam::111122223333:root"}}
}

func TestInbox_HasNoSecretsAndANameThatAQueueTakes(t *testing.T) {
	known := []platform.Platform{
		{Name: "queued", Storefront: true, Inbox: true, New: func(platform.Config) (platform.Endpoint, error) { return queued{}, nil }},
		{Name: "webhooks", New: func(platform.Config) (platform.Endpoint, error) { return webhooks{}, nil }},
	}
	long := strings.Repeat("x", 41)
	for _, c := range []struct{ shop, own, erp, warnings, problems string }{
		{shop: "shop", erp: `, secrets: ["ssm:/acme/e"]`},
		{shop: "shop", erp: "", problems: "3:3: systems.erp lacks secrets: references to the secrets that sign"},
		{
			shop: "shop", own: `, secrets: ["ssm:/acme/s"]`, erp: `, secrets: ["ssm:/acme/e"]`,
			warnings: "2:38: systems.shop.secrets: Queued delivers into a queue, which proves who sent, so want no secret",
		},
		{shop: "shop-dead", erp: `, secrets: ["ssm:/acme/e"]`, problems: "2:3: systems.shop-dead: want a name of at most 40 characters that does not end with -dead"},
		{shop: long, erp: `, secrets: ["ssm:/acme/e"]`, problems: "2:3: systems." + long + ": want a name of at most 40 characters"},
	} {
		known[0].Title = "Queued"
		path := filepath.Join(t.TempDir(), "plumbline.yaml")
		text := strings.NewReplacer("<shop>", c.shop, "<own>", c.own, "<erp>", c.erp).Replace(`systems:
  <shop>: {platform: queued<own>, timezone: UTC}
  erp: {platform: webhooks<erp>, timezone: UTC}
integrations:
  stock:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Pause ads.
    from: erp
    to: <shop>
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 5m}
`)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r, problems := registry.Load(path, known, asOf)
		if c.problems != "" {
			if len(problems) != 1 || !strings.Contains(problems[0].String(), c.problems) {
				t.Errorf("%s: %v, want %s", c.shop, problems, c.problems)
			}
			continue
		}
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.shop, problems)
			continue
		}
		var warnings []string
		for _, w := range r.Warnings {
			warnings = append(warnings, w.String())
		}
		if got := strings.Join(warnings, "\n"); !strings.HasSuffix(got, c.warnings) || (c.warnings == "") != (got == "") {
			t.Errorf("warnings %q, want %q", got, c.warnings)
		}
		if s := r.Systems[c.shop]; !s.Inbox || len(s.Senders) != 1 || r.Systems["erp"].Inbox {
			t.Errorf("%+v", s)
		}
	}
}
