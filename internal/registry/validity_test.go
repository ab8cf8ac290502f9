package registry_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// dated is the design's registry with dates on the stock rule.
func dated(t *testing.T, valid string) *registry.Registry {
	t.Helper()
	return changed(t, "settle: 20m", "settle: 20m\n        valid: "+valid)
}

// changed is the design's registry with another text in one place.
func changed(t *testing.T, was, is string) *registry.Registry {
	t.Helper()
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(content), was, is, 1)
	if text == string(content) && was != is {
		t.Fatalf("nothing to replace for %q", is)
	}
	read := func(file string) ([]byte, error) { return os.ReadFile("testdata/good/" + file) }
	r, problems := registry.Parse("plumbline.yaml", []byte(text), read, platforms, asOf)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return r
}

func stockRule(t *testing.T, r *registry.Registry) registry.Rule {
	t.Helper()
	for _, rule := range r.RulesFor(commerce.Inventory) {
		if rule.ID == "stock" {
			return rule
		}
	}
	t.Fatal("no stock rule")
	return registry.Rule{}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestValidity_DaysAreThoseOfTheSystems: the design's systems keep New York's
// time, in which the clocks change on 8 March 2026.
func TestValidity_DaysAreThoseOfTheSystems(t *testing.T) {
	for _, c := range []struct {
		valid, at string
		holds     bool
	}{
		{"{from: 2026-03-10}", "2026-03-10T03:59:59Z", false},
		{"{from: 2026-03-10}", "2026-03-10T04:00:00Z", true},
		{"{until: 2026-03-07}", "2026-03-08T04:59:59Z", true},
		{"{until: 2026-03-07}", "2026-03-08T05:00:00Z", false},
		{"{until: 2026-03-08}", "2026-03-09T03:59:59Z", true},
		{"{until: 2026-03-08}", "2026-03-09T04:00:00Z", false},
		{"{from: 2026-03-10, until: 2026-03-10}", "2026-03-10T12:00:00Z", true},
		{`{from: "2026-03-10T08:00:00+01:00"}`, "2026-03-10T07:00:00Z", true},
		{`{until: "2026-03-10T08:00:00+01:00"}`, "2026-03-10T07:00:00Z", false},
	} {
		if got := stockRule(t, dated(t, c.valid)).Valid.Holds(instant(t, c.at)); got != c.holds {
			t.Errorf("valid %s at %s: %t, want %t", c.valid, c.at, got, c.holds)
		}
	}
	if always := stockRule(t, changed(t, "", "")).Valid; !always.Holds(time.Time{}) || !always.Holds(instant(t, "9999-01-01T00:00:00Z")) {
		t.Error("a rule without dates does not always apply")
	}
}

func TestPolicyAt_ChangesAtDatesAndWithTheGeneration(t *testing.T) {
	r := dated(t, "{from: 2026-03-10, until: 2026-06-30}")
	before, on, during := r.PolicyAt(instant(t, "2026-03-10T03:59:59Z")), r.PolicyAt(instant(t, "2026-03-10T04:00:00Z")), r.PolicyAt(instant(t, "2026-05-01T00:00:00Z"))
	after := r.PolicyAt(instant(t, "2026-07-01T04:00:00Z"))
	if before.Equal(on) || !on.Equal(during) || during.Equal(after) {
		t.Errorf("policies %v, %v, %v, %v", before, on, during, after)
	}
	if !before.Since.IsZero() || before.Generation != r.Generation {
		t.Errorf("before any date: %v", before)
	}
	if other := changed(t, "", "").PolicyAt(instant(t, "2026-05-01T00:00:00Z")); other.Equal(before) {
		t.Error("another generation is the same policy")
	}
	off := changed(t, "mode: alert", "mode: off\n        valid: {from: 2026-03-10}")
	if !off.PolicyAt(instant(t, "2026-05-01T00:00:00Z")).Since.IsZero() {
		t.Error("the dates of a rule that is off begin a policy")
	}
}

func digests(r *registry.Registry, at time.Time) map[string]string {
	return r.RuleDigests(slices.Concat(r.RulesFor(commerce.Inventory), r.RulesFor(commerce.Order), r.RulesFor(commerce.Price)), at)
}

func TestRuleDigests_ChangeWithWhatTheVerdictDependsOn(t *testing.T) {
	const stock = "stock-to-storefront/stock"
	before := digests(changed(t, "", ""), asOf)
	if before[stock] == "" || len(before) < 2 {
		t.Fatalf("digests %v", before)
	}
	for _, c := range []struct {
		name, was, is string
		changes       bool
	}{
		{"a tolerance", "within: {available: 0}", "within: {available: 1}", true},
		{"a formula", "- buffer)", "- 2 * buffer)", true},
		{"a settle time", "settle: 20m", "settle: 21m", true},
		{"a condition", "when: from.tracked && to.tracked", "when: from.tracked", true},
		{"a location", "EAST2: east", "EAST2: west", true},
		{"the currency of a system", "currency: USD", "currency: EUR", true},
		{"order numbers", `(US\d+)`, `(US\d{4})`, true},
		{"a default of its table", "default: 3", "default: 4", true},
		{"dates that hold", "settle: 20m", "settle: 20m\n        valid: {from: 2026-01-01}", false},
		{"dates that do not hold", "settle: 20m", "settle: 20m\n        valid: {from: 2026-04-01}", true},
		{"the owner", "team: inventory-ops", "team: stock-ops", false},
		{"the mode", "mode: alert", "mode: watch", false},
		{"what to do", "Pause ads", "Stop ads", false},
	} {
		after := digests(changed(t, c.was, c.is), asOf)
		if got := after[stock] != before[stock]; got != c.changes {
			t.Errorf("%s: the stock rule's digest changed %t, want %t", c.name, got, c.changes)
		}
		if !c.changes && !maps.Equal(before, after) {
			t.Errorf("%s changes digests", c.name)
		}
	}
}

func TestRuleDigests_OfOtherRulesStay(t *testing.T) {
	const stock = "stock-to-storefront/stock"
	before, after := digests(changed(t, "", ""), asOf), digests(changed(t, "within: {available: 0}", "within: {available: 1}"), asOf)
	for name, digest := range before {
		if name != stock && after[name] != digest {
			t.Errorf("%s changed with the stock rule", name)
		}
	}
}

func TestRuleDigests_ChangeWithTheRowsOfATable(t *testing.T) {
	r := changed(t, "", "")
	before := digests(r, asOf)
	for _, table := range r.Tables {
		for key := range table.Rows {
			table.Rows[key] = commerce.Int(77)
		}
	}
	if after := digests(r, asOf); after["stock-to-storefront/stock"] == before["stock-to-storefront/stock"] {
		t.Error("other rows of its table leave the stock rule's digest as it was")
	}
}
