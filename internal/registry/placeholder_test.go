package registry_test

import (
	"strings"
	"testing"
)

const undecided = `systems:
  shop: {platform: shopify, shop: acme.myshopify.com, secrets: ["ssm:/shop"]}
  erp: {platform: standard, secrets: ["ssm:/erp"]}
integrations:
  stock:
    purpose: Stock to the shop
    owner: {team: owner-to-be-named, slack: "#owner-to-be-named"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: To be written by the owner.
    from: erp
    to: shop
    uses: [starter/stock]
`

func TestParse_NamesWhatHasStillToBeSaidAndDoesNotFail(t *testing.T) {
	r, problems := parse(t, undecided)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, got := range map[string]string{"warnings": lines(r.Warnings), "what a deployment refuses": lines(r.Local)} {
		for _, want := range []string{
			":7:19: integrations.stock.owner.team is a placeholder, want the team that acts on its alerts",
			":7:45: integrations.stock.owner.slack is a placeholder",
			":10:17: integrations.stock.on_failure is a placeholder, want what breaks, and what to do at once",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lack %q: %s", name, want, got)
			}
		}
		if strings.Contains(got, "deputy") {
			t.Errorf("%s name the deputy, who is known: %s", name, got)
		}
	}
}
