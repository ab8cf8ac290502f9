package registry_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/registry"
)

// integrations is the design's registry with other integrations.
func integrations(t *testing.T, text string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(content), "\nintegrations:")
	return before + "\nintegrations:\n" + text
}

// about is what every integration has beside its rules.
const about = `    purpose: Stock
    owner: {team: inventory-ops, slack: "#inventory-ops"}
    deputy: {team: web}
    runbook: builtin
    on_failure: We oversell.
    from: erp
    to: shopify-us
`

func TestPromote_ChangesTheModeAndNothingElse(t *testing.T) {
	const expect = "expect: {available: from.free}"
	for name, c := range map[string]struct{ before, after string }{
		"a mode of its own": {
			"    rules:\n      - id: stock\n        mode: watch # since May\n        kind: inventory\n        " + expect + "\n        settle: 20m\n",
			"    rules:\n      - id: stock\n        mode: alert # since May\n        kind: inventory\n        " + expect + "\n        settle: 20m\n",
		},
		"a mode in quotes": {
			"    rules:\n      - {id: stock, mode: \"watch\", kind: inventory, " + expect + ", settle: 20m}\n",
			"    rules:\n      - {id: stock, mode: alert, kind: inventory, " + expect + ", settle: 20m}\n",
		},
		"the mode of the defaults": {
			"    rules:\n      - id: stock # the first\n        kind: inventory\n        " + expect + "\n        settle: 20m\n",
			"    rules:\n      - id: stock # the first\n        mode: alert\n        kind: inventory\n        " + expect + "\n        settle: 20m\n",
		},
		"in braces": {
			"    rules:\n    - {id: \"stock\", kind: inventory, " + expect + ", settle: 20m}\n",
			"    rules:\n    - {id: \"stock\", mode: alert, kind: inventory, " + expect + ", settle: 20m}\n",
		},
		"a starter rule beside own ones": {
			"    uses: [starter/stock]\n    rules:\n      - {id: own, kind: inventory, " + expect + ", settle: 20m}\n",
			"    uses: [starter/stock]\n    rules:\n      - {id: stock, mode: alert}\n      - {id: own, kind: inventory, " + expect + ", settle: 20m}\n",
		},
		"a starter rule alone": {
			"    uses: [starter/stock]\n",
			"    uses: [starter/stock]\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			source := integrations(t, "  stock-to-storefront:\n"+about+c.before)
			want := integrations(t, "  stock-to-storefront:\n"+about+c.after)
			if name == "a starter rule alone" {
				want = strings.Replace(want, "    purpose: Stock\n", "    rules:\n      - {id: stock, mode: alert}\n    purpose: Stock\n", 1)
			}
			for _, windows := range []bool{false, true} {
				if windows {
					source, want = strings.ReplaceAll(source, "\n", "\r\n"), strings.ReplaceAll(want, "\n", "\r\n")
				}
				got, err := registry.Promote("plumbline.yaml", []byte(source), "stock-to-storefront", "stock")
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, string(got)); diff != "" {
					t.Fatal(diff)
				}
				read := func(file string) ([]byte, error) { return os.ReadFile("testdata/good/" + file) }
				r, problems := registry.Parse("plumbline.yaml", got, read, platforms, asOf)
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				for _, rule := range r.Integrations[0].Rules {
					if (rule.ID == "stock") != (rule.Mode == registry.Alert) {
						t.Errorf("%s has the mode %s", rule.ID, rule.Mode)
					}
				}
			}
		})
	}
}

func TestPromote_SaysWhatHasToBeDoneByHand(t *testing.T) {
	inline := strings.NewReplacer("    purpose", "{purpose", "\n    ", ", ", "us\n", "us, uses: [starter/stock]}\n").Replace(about)
	for name, source := range map[string]string{
		"an integration in braces": integrations(t, "  stock-to-storefront: "+inline),
		"a list in brackets":       integrations(t, "  stock-to-storefront:\n"+about+"    uses: [starter/stock]\n    rules: [{id: own, kind: inventory, expect: {available: from.free}, settle: 20m}]\n"),
	} {
		_, err := registry.Promote("plumbline.yaml", []byte(source), "stock-to-storefront", "stock")
		if !errors.Is(err, registry.ErrByHand) || !strings.Contains(err.Error(), "{id: stock, mode: alert}") {
			t.Errorf("%s: %v, want what to write", name, err)
		}
	}
	if _, err := registry.Promote("plumbline.yaml", []byte("systems: {}\nintegrations: {}\n"), "stock", "stock"); !errors.Is(err, registry.ErrNoRule) {
		t.Errorf("no such integration: %v", err)
	}
	if _, err := registry.Promote("plumbline.yaml", []byte("a: [\n"), "stock", "stock"); !errors.Is(err, registry.ErrNoRule) {
		t.Errorf("no YAML: %v", err)
	}
}
