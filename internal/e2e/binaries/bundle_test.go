package binaries_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// The secrets of the deployment, by parameter. None may ever be written.
var parameters = map[string]string{
	"/plumbline/hash-key":   "an invented key of hashes",
	"/plumbline/shopify-us": "an invented secret of the storefront",
	"/plumbline/erp":        "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIGFjbWU=",
	"/plumbline/wms":        "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIHdtcyE=",
	"/plumbline/shop":       "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIHNob3A=",

	"/plumbline/slack-token":   "xoxb-an-invented-token",
	"/plumbline/slack-signing": "an invented signing secret",
}

// small is a registry of two systems that must agree within a second.
const small = `
systems:
  erp: {platform: standard, secrets: ["ssm:/plumbline/erp"], timezone: UTC, locations: {EAST: east}}
  shop: {platform: standard, secrets: ["ssm:/plumbline/shop"], timezone: UTC, locations: {EAST: east}}
keys: {inventory: sku@location}
defaults: {mode: alert}
people: {dana@acme.example: {slack: U024BE7LH}}
integrations:
  stock-to-storefront:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example, until: 2099-12-31}
    deputy: {person: lee@acme.example}
    runbook: https://wiki.acme.example/stock
    on_failure: Pause ads.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 1s}
`

// demo is the registry of the demo shop as it would be deployed: its secrets
// are parameters.
func demo(t testing.TB) string {
	t.Helper()
	return regexp.MustCompile(`file:events/day/secrets/([a-z-]+)\.txt`).ReplaceAllString(read(t, "plumbline.yaml"), "ssm:/plumbline/$1")
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bundle is a function as it is deployed, with the registry and its table
// beside the binary.
func bundle(t testing.TB, function, registry string, env map[string]string) runtimeapi.Function {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(built, function, runtimeapi.Bootstrap), filepath.Join(dir, runtimeapi.Bootstrap)); err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(dir, "events", "day", "buffer.csv")
	if err := os.MkdirAll(filepath.Dir(table), 0o750); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{filepath.Join(dir, "plumbline.yaml"): registry, table: read(t, "events/day/buffer.csv")} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := runtimeapi.Function{Name: function, Dir: dir, Env: map[string]string{}, Timeout: contract.Timeout(function)}
	maps.Copy(f.Env, env)
	if function == contract.Respond { // answers nobody without Slack
		f.Env[contract.SlackTokenVariable], f.Env[contract.SlackSigningVariable] = "ssm:/plumbline/slack-token", "ssm:/plumbline/slack-signing"
	}
	return f
}

// start is an environment of the function that ends with the test.
func start(t testing.TB, f runtimeapi.Function) *runtimeapi.Environment {
	t.Helper()
	e := runtimeapi.New(f)
	t.Cleanup(e.Close)
	return e
}
