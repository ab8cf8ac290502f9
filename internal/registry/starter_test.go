package registry_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

const packUser = `
systems:
  shopify-us: {platform: shopify, shop: acme.myshopify.com, secrets: [env:SHOP], timezone: America/New_York}
  erp: {platform: standard, secrets: [env:ERP], timezone: America/New_York}
integrations:
  one:
    purpose: one pack alone
    owner: {team: ops, slack: "#ops"}
    deputy: {team: finance}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shopify-us
    uses: %s
`

func parse(t *testing.T, text string) (*registry.Registry, []registry.Problem) {
	t.Helper()
	return registry.Parse("plumbline.yaml", []byte(text), func(string) ([]byte, error) { return nil, os.ErrNotExist }, platforms, asOf)
}

func TestPacks_AreCompleteOnTheirOwn(t *testing.T) {
	if len(registry.Packs()) < 6 {
		t.Errorf("packs %v", registry.Packs())
	}
	for _, pack := range registry.Packs() {
		r, problems := parse(t, fmt.Sprintf(packUser, pack))
		if len(problems) > 0 {
			t.Errorf("%s: %v", pack, problems)
			continue
		}
		for _, rule := range r.Integrations[0].Rules {
			if !strings.HasSuffix(rule.FirstCheck, ".") || rule.Mode != registry.Watch || len(rule.Expect) == 0 && rule.Check == registry.Equal {
				t.Errorf("%s: rule %+v", pack, rule)
			}
		}
	}
}

func TestParse_NeverRepeatsASecretOrAPerson(t *testing.T) {
	text := fmt.Sprintf(packUser, "starter/stock")
	text = strings.ReplaceAll(text, "env:SHOP", "whsec_c2VjcmV0")
	text = strings.ReplaceAll(text, `team: finance`, `person: [dana@acme.example]`)
	_, problems := parse(t, text)
	got := lines(problems)
	if len(problems) != 2 || strings.Contains(got, "c2VjcmV0") || strings.Contains(got, "dana") {
		t.Errorf("problems %s", got)
	}
}

func TestParse_WarnsOfARegistryThatComparesNothing(t *testing.T) {
	text, _, _ := strings.Cut(fmt.Sprintf(packUser, ""), "    uses:")
	r, problems := parse(t, text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, want := lines(r.Warnings), "plumbline.yaml:6:3: integrations.one has no rules, so nothing is compared; want uses or rules\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParse_TellsWhichSecretsStayOnThisMachine(t *testing.T) {
	text := strings.Replace(fmt.Sprintf(packUser, "starter/stock"), "env:SHOP", `"ssm:/plumbline/shop", "file:old"`, 1)
	r, problems := parse(t, text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := lines(r.Local)
	if len(r.Local) != 2 || !strings.Contains(got, "yaml:3:") || !strings.Contains(got, "yaml:4:") || strings.Contains(got, "old") {
		t.Errorf("of a reference of each kind: %s", got)
	}
}
