package registry_test

import (
	"os"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// withKits is the design's registry with a bill of materials.
func withKits(t *testing.T, file string) *registry.Registry {
	t.Helper()
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) ([]byte, error) {
		if name == "kits.csv" {
			return []byte(file), nil
		}
		return os.ReadFile("testdata/good/" + name)
	}
	r, problems := registry.Parse("plumbline.yaml", []byte("kits: {file: kits.csv, systems: [erp]}\n"+string(content)), read, platforms, asOf)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return r
}

func TestKits_AreWhatTheFileSays(t *testing.T) {
	content, err := os.ReadFile("testdata/good/kits.csv")
	if err != nil {
		t.Fatal(err)
	}
	k := withKits(t, string(content)).Kits
	if len(k.Systems) != 1 || len(k.Of["SET"]) != 2 || k.Of["SET"][0].SKU != "MUG" || k.Of["SET"][0].Units != commerce.Int(2) {
		t.Errorf("%+v", k)
	}
	if got := strings.Join(k.With("MUG"), " "); got != "BOX SET" {
		t.Errorf("mugs are in %q", got)
	}
	for _, c := range []struct{ sku, sold, want string }{{"MUG", "MUG", "3"}, {"MUG", "SET", "6"}, {"TRAY", "SET", "3"}, {"TRAY", "BOX", "0"}, {"SET", "MUG", "0"}} {
		if got := k.Units(c.sku, c.sold, commerce.Int(3)); got.String() != c.want {
			t.Errorf("%s in three %s: %s, want %s", c.sku, c.sold, got, c.want)
		}
	}
}

// TestKits_AnotherBillOfMaterialsIsAnotherPolicyForStock: what is judged by it is
// judged again, and nothing else.
func TestKits_AnotherBillOfMaterialsIsAnotherPolicyForStock(t *testing.T) {
	before, after := withKits(t, "kit,component,units\nSET,MUG,2\n"), withKits(t, "kit,component,units\nSET,MUG,3\n")
	if before.Generation == after.Generation {
		t.Error("the generation is the same")
	}
	for _, kind := range commerce.Kinds() {
		was, is := before.RuleDigests(before.RulesFor(kind), asOf), after.RuleDigests(after.RulesFor(kind), asOf)
		for name := range was {
			if (was[name] != is[name]) != (kind == commerce.Inventory) {
				t.Errorf("%s: %s before and %s after", name, was[name], is[name])
			}
		}
	}
}
