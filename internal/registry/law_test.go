package registry_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

func lawNamed(t *testing.T, r *registry.Registry, id string) registry.Rule {
	t.Helper()
	for _, rule := range r.TotalRules() {
		if rule.ID == id && rule.Law != nil {
			return rule
		}
	}
	t.Fatalf("the registry has no law %s", id)
	return registry.Rule{}
}

func TestLaws_AreReadWithTheirTerms(t *testing.T) {
	rule := lawNamed(t, load(t, "testdata/good/totals.yaml"), "orders-paid")
	if got := strings.TrimSpace(rule.Law.Left.String()) + "|" + strings.TrimSpace(rule.Law.Right.String()); got != "orders.total|captures.amount - refunds.amount + open.total" {
		t.Errorf("sides %s", got)
	}
	type term struct {
		Name, System, When string
		Kind               commerce.Kind
		Change             bool
		Facets             []string
	}
	var got []term
	for _, of := range rule.Law.Terms {
		got = append(got, term{of.Name, of.System, of.When.String(), of.Kind, of.Change, of.Facets})
	}
	want := []term{
		{"captures", "erp", `type != "refund"`, commerce.Payment, false, []string{"amount"}},
		{"open", "shopify-us", `payment in ["pending", "authorized"]`, commerce.Order, true, []string{"total"}},
		{"orders", "shopify-us", "!test", commerce.Order, true, []string{"total"}},
		{"refunds", "erp", `type == "refund"`, commerce.Payment, false, []string{"amount"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if rule.Law.Each() || rule.Totals.Within[registry.HoldsMeasure] != commerce.MustDecimal("0.05") {
		t.Errorf("each %t, within %v", rule.Law.Each(), rule.Totals.Within)
	}
}

func TestLaws_OfOneSetHoldForEachRecord(t *testing.T) {
	if rule := lawNamed(t, load(t, "testdata/good/totals.yaml"), "payout-adds-up"); !rule.Law.Each() {
		t.Error("payouts may make up for one another")
	}
}

func TestLaws_NeedTheFacetsOfTheirTerms(t *testing.T) {
	r := load(t, "testdata/good/totals.yaml")
	for _, c := range []struct {
		kind          commerce.Kind
		system, facet string
		want          bool
	}{
		{commerce.Payout, "shopify-us", "gross", true},
		{commerce.Payout, "shopify-us", "paid_at", true},
		{commerce.Payout, "shopify-us", "count", false},
		{commerce.Payout, "erp", "gross", false},
		{commerce.Payment, "erp", "type", true},
		{commerce.Order, "shopify-us", "payment", true},
	} {
		if got := r.Reads(c.kind, c.system, c.facet); got != c.want {
			t.Errorf("%s of %s in %s: %t", c.facet, c.kind, c.system, got)
		}
	}
	if !r.Adds(commerce.Payment, "erp") || r.Adds(commerce.Payment, "shopify-us") {
		t.Error("which payments are added up is not known")
	}
}

func TestLaws_ChangeTheirDigestWithWhatTheySay(t *testing.T) {
	rule := lawNamed(t, load(t, "testdata/good/totals.yaml"), "orders-paid")
	r := load(t, "testdata/good/totals.yaml")
	of := func(rule registry.Rule) string { return r.RuleDigests([]registry.Rule{rule}, asOf)[rule.Name()] }
	other := rule
	law := *rule.Law
	law.Terms = append([]registry.Term(nil), law.Terms...)
	law.Terms[0].Change = true
	other.Law = &law
	if of(rule) == of(other) {
		t.Error("a term that is added up otherwise is the same law")
	}
}
