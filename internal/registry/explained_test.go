package registry_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// explaining is the registry with policy, ignored records and rates, with
// another text in one place of it or of its rates.
func explaining(t *testing.T, was, is string) *registry.Registry {
	t.Helper()
	replaced := 0
	read := func(file string) ([]byte, error) {
		content, err := os.ReadFile("testdata/good/" + file)
		replaced += strings.Count(string(content), was)
		return []byte(strings.Replace(string(content), was, is, 1)), err
	}
	text, err := read("explained.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, problems := registry.Parse("plumbline.yaml", text, read, platforms, asOf)
	if len(problems) > 0 || replaced == 0 && was != is {
		t.Fatalf("%d replaced; %v", replaced, problems)
	}
	return r
}

func ruleNamed(t *testing.T, r *registry.Registry, id string) registry.Rule {
	t.Helper()
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.ID == id {
				return rule
			}
		}
	}
	t.Fatalf("no rule %s", id)
	return registry.Rule{}
}

func TestExplainedBy_OverridesThePack(t *testing.T) {
	r := explaining(t, "", "")
	if got := ruleNamed(t, r, "order-money").ExplainedBy; !slices.Equal(got, []string{"shipping", "tips"}) {
		t.Errorf("own words: %v, want them in alphabetical order", got)
	}
	r = explaining(t, "[tips, shipping]", "none")
	if got := ruleNamed(t, r, "order-money").ExplainedBy; len(got) > 0 {
		t.Errorf("none: %v", got)
	}
	r = explaining(t, "explained_by: [tips, shipping]", "settle: 1h")
	if got := ruleNamed(t, r, "order-money").ExplainedBy; !slices.Contains(got, "tips") || slices.Contains(got, "shipping") {
		t.Errorf("the pack's: %v, want tips and no shipping", got)
	}
	if got := ruleNamed(t, r, "refund-booked").ExplainedBy; len(got) > 0 {
		t.Errorf("%v explains a date", got)
	}
}

// TestDigests_CoverWhatExplains: whoever changes policy wants to see its rows
// judged again, and no others.
func TestDigests_CoverWhatExplains(t *testing.T) {
	of := func(r *registry.Registry) map[string]string { return r.RuleDigests(r.Integrations[0].Rules, asOf) }
	base := explaining(t, "", "")
	for _, c := range []struct {
		name, was, is string
		changes       []string
	}{
		{"policy", "[tips, shipping]", "[tips]", []string{"order-money"}},
		{"an ignored SKU", "GIFTWRAP", "WRAPPING", []string{"price", "stock"}},
		{"an ignored order", "TEST*", "PROBE*", []string{"order-in-erp", "order-money", "day-close", "refund-booked"}},
		{"a rate", "1.3512", "1.3513", []string{"order-money", "price"}},
		{"a day", "2026-02-27", "2026-02-26", []string{"order-money", "price"}},
		{"a rate of tax", "[19, 7]", "[19, 9]", []string{"price"}},
		{"the order of policy", "[tips, shipping]", "[shipping, tips]", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := explaining(t, c.was, c.is)
			before, after := of(base), of(r)
			var changes []string
			for _, rule := range r.Integrations[0].Rules {
				if before[rule.Name()] != after[rule.Name()] {
					changes = append(changes, rule.ID)
				}
			}
			if !slices.Equal(changes, c.changes) {
				t.Errorf("changes %v, want %v", changes, c.changes)
			}
			if r.Generation == base.Generation {
				t.Error("the generation is the same")
			}
		})
	}
}

// TestReads_WhetherPricesAreWithTax: the rates are of use where the systems say so.
func TestReads_WhetherPricesAreWithTax(t *testing.T) {
	with, without := explaining(t, "", ""), explaining(t, ", tax_rates: [19, 7]", "")
	if !with.Reads(commerce.Price, "erp", "tax_included") || without.Reads(commerce.Price, "erp", "tax_included") {
		t.Error("want tax_included read where a rule has rates of tax, and nowhere else")
	}
}

func TestIgnores_MatchesPartsOfTheKey(t *testing.T) {
	r := explaining(t, "", "")
	stock, order := ruleNamed(t, r, "stock"), ruleNamed(t, r, "order-money")
	for _, c := range []struct {
		rule registry.Rule
		key  commerce.Key
		want string
	}{
		{stock, commerce.Key{"SAMPLE-1", "east"}, "sku SAMPLE-*"},
		{stock, commerce.Key{"GIFTWRAP", "east"}, "sku GIFTWRAP"},
		{stock, commerce.Key{"4711", "east"}, "sku 4711"},
		{stock, commerce.Key{"MUG-BLU", "SAMPLE-1"}, ""},
		{stock, commerce.Key{"XSAMPLE-1", "east"}, ""},
		{stock, commerce.Key{"SAMPLE-1/2", "east"}, ""},
		{order, commerce.Key{"shopify-us", "TEST1"}, "number TEST*"},
		{order, commerce.Key{"shopify-us", "US1042"}, ""},
		{order, commerce.Key{"GIFTWRAP", "US1042"}, ""},
	} {
		ignored, ok := c.rule.Ignores(c.key)
		if ok != (c.want != "") || ok && ignored.String() != c.want {
			t.Errorf("%v: ignored by %q, want %q", c.key, ignored, c.want)
		}
	}
}

// TestReads_KeepsWhatExplains: a component that no rule compares is worth
// keeping all the same.
func TestReads_KeepsWhatExplains(t *testing.T) {
	r := explaining(t, "", "")
	for _, c := range []struct {
		system, facet   string
		reads, explains bool
	}{
		{"shopify-us", "tips", true, true},
		{"erp", "tips", true, true},
		{"erp", "duties", false, true},
		{"erp", "lines", false, true},
		{"erp", "units_open", false, false},
		{"wms", "tips", false, false},
	} {
		reads, explains := r.Reads(commerce.Order, c.system, c.facet), r.Explains(commerce.Order, c.system, c.facet)
		if reads != c.reads || explains != c.explains {
			t.Errorf("%s of %s: read %t, explains %t; want %t, %t", c.facet, c.system, reads, explains, c.reads, c.explains)
		}
	}
	if r.Explains(commerce.Inventory, "erp", "lines") {
		t.Error("pieces are explained by lines")
	}
}
