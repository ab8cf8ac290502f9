package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

func names(rules []registry.Rule) []string {
	var names []string
	for _, r := range rules {
		names = append(names, r.Name())
	}
	return names
}

func TestRulesFor_GivesTheRulesOfAKindThatAreNotOff(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	for kind, want := range map[commerce.Kind][]string{
		commerce.Inventory: {"stock-to-storefront/stock", "warehouse-count/wms-count", "warehouse-count/known-sku"},
		commerce.Order: {
			"orders-to-erp/order-in-erp", "orders-to-erp/order-money", "orders-to-erp/tax",
			"fulfilment/shipped-told", "fulfilment/line-cancelled", "fulfilment/state",
		},
		commerce.Price:  {"prices/price"},
		commerce.Refund: {"orders-to-erp/refund-booked"},
		commerce.Payout: nil,
	} {
		if diff := cmp.Diff(want, names(r.RulesFor(kind))); diff != "" {
			t.Errorf("%s: -want +got\n%s", kind, diff)
		}
	}
}

func TestReads_FacetsThatSomeRuleNeeds(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	for _, c := range []struct {
		kind          commerce.Kind
		system, facet string
		want          bool
	}{
		{commerce.Inventory, "erp", "free", true},
		{commerce.Inventory, "shopify-us", "available", true},
		{commerce.Inventory, "shopify-us", "tracked", true},
		{commerce.Inventory, "erp", "price", true},
		{commerce.Inventory, "shopify-us", "free", false},
		{commerce.Inventory, "erp", "on_hand", true},
		{commerce.Inventory, "wms", "on_hand", true},
		{commerce.Inventory, "erp", "available", false},
		{commerce.Inventory, "wms", "cost", true}, // of a rule that is off
		{commerce.Order, "shopify-us", "payment", true},
		{commerce.Order, "shopify-us", "lines", true},
		{commerce.Order, "erp", "payment", false},
		{commerce.Order, "wms", "units_open", true},
		{commerce.Price, "crm", "regular", false},
	} {
		if got := r.Reads(c.kind, c.system, c.facet); got != c.want {
			t.Errorf("%s of %s in %s: got %t, want %t", c.facet, c.kind, c.system, got, c.want)
		}
	}
}

func TestTable_LooksUpByTheKeysParts(t *testing.T) {
	r := load(t, "testdata/good/design.yaml")
	buffer := r.Tables["buffer"]
	for _, c := range []struct {
		key  commerce.Key
		want string
	}{
		{commerce.Key{"CAP, BLACK", "west"}, "0.5"},
		{commerce.Key{"TEE-RED-M", "east"}, "-1"},
		{commerce.Key{"MUG-BLU", "west"}, "3"},
	} {
		got, ok := buffer.Lookup(commerce.Inventory, c.key)
		if !ok || got != commerce.MustDecimal(c.want) {
			t.Errorf("%v: got %s, %t; want %s", c.key, got, ok, c.want)
		}
	}
	if _, ok := buffer.Lookup(commerce.Order, commerce.Key{"shopify-us", "US1"}); ok {
		t.Error("an order has a buffer, although its key has no SKU")
	}
	buffer.Default = nil
	if _, ok := buffer.Lookup(commerce.Inventory, commerce.Key{"MUG-BLU", "west"}); ok {
		t.Error("a record without a row has a number, although there is no default")
	}
}

func TestLoad_OrdersBelongToTheStorefrontTheyBeganIn(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	for _, c := range []struct{ system, store, number, wantSystem, wantNumber string }{
		{"shopify-us", "", "#US1042", "shopify-us", "US1042"},
		{"erp", "SHOPIFYUS", "US1042-B", "shopify-us", "US1042"},
		{"erp", "", "US1042", "shopify-us", "US1042"},
		{"erp", "", "SO-17", "", ""},
		{"wms", "", "#US1042", "shopify-us", "US1042"},
	} {
		config := r.PlatformConfig(c.system, []byte("key"))
		system, number, _ := config.OrderNumber.Read(c.store, c.number)
		if system != c.wantSystem || number != c.wantNumber {
			t.Errorf("%s in %s: got %s/%s, want %s/%s", c.number, c.system, system, number, c.wantSystem, c.wantNumber)
		}
	}
}

func TestLoad_GivesCheckedValues(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	s, ok := r.System("shopify-us")
	if !ok || s.Timezone.String() != "America/New_York" || s.Settings["shop"] != "acme.myshopify.com" {
		t.Errorf("system %t, zone %s, settings %v", ok, s.Timezone, s.Settings)
	}
	want := map[commerce.Kind]time.Duration{commerce.Inventory: 30 * time.Minute, commerce.Order: 90 * time.Minute}
	if diff := cmp.Diff(want, s.ExpectEvery); diff != "" {
		t.Errorf("expect_every: -want +got\n%s", diff)
	}
	covered := map[commerce.Kind]time.Time{
		commerce.Order:  time.Date(2026, time.March, 1, 0, 0, 0, 0, newYork),
		commerce.Refund: time.Date(2026, time.March, 1, 13, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(covered, s.CoveredSince); diff != "" {
		t.Errorf("covered_since: -want +got\n%s", diff)
	}
	if _, known, ignored := s.Locations.Locate("70001"); !known || !ignored {
		t.Error("location 70001 is not ignored")
	}
	if diff := cmp.Diff([]string{"file:events/day/secrets/shopify-us", "env:OLD_SECRET"}, s.Secrets); diff != "" {
		t.Errorf("secrets: -want +got\n%s", diff)
	}
	if got := r.PlatformConfig("crm", nil); got.System != "" {
		t.Errorf("an unknown system has the configuration of %q", got.System)
	}
}

func rule(t *testing.T, r *registry.Registry, name string) registry.Rule {
	t.Helper()
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Name() == name {
				return rule
			}
		}
	}
	t.Fatalf("no rule %s", name)
	return registry.Rule{}
}

func TestLoad_OwnRulesOverrideOnlyTheFieldsTheyGive(t *testing.T) {
	count := rule(t, load(t, "testdata/good/day.yaml"), "warehouse-count/wms-count")
	if count.Mode != registry.Watch || count.Expect[0].Within.String() != "1" {
		t.Errorf("own fields: mode %s, within %s", count.Mode, count.Expect[0].Within)
	}
	if count.When.String() != "from.tracked" || count.Severity != "minor" || count.FirstCheck == "" || count.Settle.By != 6*60 {
		t.Errorf("starter fields: %+v", count)
	}
}

func TestLoad_RulesTakeDefaults(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	tax := rule(t, r, "orders-to-erp/tax")
	if tax.Mode != registry.Alert || tax.Severity != "minor" || tax.Check != registry.One || tax.From != "shopify-us" {
		t.Errorf("%+v", tax)
	}
	cost := rule(t, r, "prices/cost")
	if cost.Settle.For != 45*time.Minute || cost.Settle.By != -1 || cost.To != "wms" || cost.Mode != registry.Off {
		t.Errorf("%+v", cost)
	}
	design := rule(t, load(t, "testdata/good/design.yaml"), "stock-to-storefront/stock")
	if design.Mode != registry.Alert || design.Severity != "major" || design.Expect[0].Value.String() != "max(0, floor(from.free) - buffer) - in_flight" {
		t.Errorf("%+v", design)
	}
}

func TestIntegration_IsFoundByName(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	i, ok := r.Integration("orders-to-erp")
	if !ok || i.Owner.Team != "order-desk" || i.Deputy.Team != "finance" || i.From != "shopify-us" {
		t.Errorf("%t %+v", ok, i)
	}
	if _, ok := r.Integration("nothing"); ok {
		t.Error("an integration that is not in the file was found")
	}
}
