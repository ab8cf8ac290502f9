package alert_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

func contacts(class finding.Class, kind commerce.Kind) built {
	b := orders(class)
	b.Integration, b.Rule, b.Kind, b.Severity = "contacts-to-crm", "one-customer", kind, "minor"
	b.From, b.To, b.OnFailure = "shopify-us", "hubspot", "Customers get every letter twice."
	return b
}

func why(source, text string) func(*alert.Member) {
	return func(m *alert.Member) { m.Source, m.Why = source, text }
}

func identities() map[string]sample {
	twice := contacts(finding.Duplicate, commerce.Customer).with(member("shopify-us 7123 ↔ hubspot 10233", "09:14"),
		why("hubspot", "the same customer twice in hubspot: 10233 and 10871; shopify-us has 7123"))
	three := twice.
		with(member("shopify-us 7200 ↔ hubspot 10300", "09:20"), why("hubspot", "the same customer twice in hubspot: 10300 and 10900; shopify-us has 7200")).
		with(member("hubspot 10301", "09:21"), why("hubspot", "the same customer twice in hubspot: 10301 and 10901"))
	split := contacts(finding.Split, commerce.Anchor).with(member("shopify-us 7123 ↔ hubspot 10233", "09:14"),
		why("hubspot", "7123 of shopify-us and 10233 of hubspot name one another, but have different e-mail addresses"))
	splits := split.with(member("shopify-us 7200 ↔ hubspot 10300", "09:20"),
		why("shopify-us", "10300 of hubspot still names 7200 of shopify-us, which was merged into 7201"))
	tax := orders(finding.Duplicate)
	tax.From, tax.To, tax.Rule, tax.FirstCheck = "shopify-us", "avalara", "tax-once", "AvaTax: is it on in two systems? Stop one, void these."
	for i, number := range []string{"US1021", "US1022", "US1023"} {
		tax = tax.with(member("shopify-us/"+number, "18:30"), func(m *alert.Member) {
			worth("12.97", "USD")(m)
			m.Source, m.Why = "avalara", "the same order twice in avalara: 582103456"+string(rune('1'+i))+" and PSI-1044"+string(rune('1'+i))
		})
	}
	state := orders(finding.Impossible).with(member("shopify-us/US1042", "13:20"), why("wms", "wms shipped the order after it was cancelled in shopify-us"))
	states := state.with(member("shopify-us/US1043", "13:25"), why("shopify-us", "payment of shopify-us went back from refunded to paid"))
	price := stock(finding.Overwritten)
	price.Kind = commerce.Price
	price = price.with(member("MUG-BLU@base", "02:00", differs("regular", "12", "14.5")), func(m *alert.Member) { m.Currency, m.Source = "USD", "shopify-us" })
	prices := price.with(member("MUG-RED@base", "02:00", differs("regular", "11", "13")), func(m *alert.Member) { m.Currency, m.Source = "USD", "shopify-us" })
	route := orders(finding.Misrouted)
	route.Kind, route.To = commerce.Shipment, "wms"
	route = route.with(member("shopify-us/US1042/1Z999", "13:20", finding.Difference{Facet: "location", Expected: "west", Actual: "east"}),
		why("wms", "wms ships it from east, its route is west"))
	routes := route.with(member("shopify-us/US1043/1Z998", "13:25", finding.Difference{Facet: "location", Expected: "west or south", Actual: "east"}),
		why("wms", "wms ships it from east, its route is west or south"))
	return map[string]sample{
		"route_one": {"15:30", route}, "route_many": {"15:30", routes},
		"identity_twice": {"10:20", twice}, "identity_twice_many": {"10:30", three}, "identity_closed": {"12:00", resolve(twice, "11:50")},
		"identity_split": {"10:20", split}, "identity_split_many": {"10:30", splits}, "tax_twice": {"18:40", tax},
		"state_impossible": {"16:00", state}, "state_impossible_many": {"16:00", states},
		"price_overwritten": {"06:10", price}, "price_overwritten_many": {"06:10", prices},
	}
}

func TestAlertsOfIdentityAndStateReadAsPeopleWantThem(t *testing.T) {
	for name, s := range identities() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "golden", name+".txt")
			got := render(t, s)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("message changed (-golden +now):\n%s", diff)
			}
		})
	}
}

// The hash in the key of a customer or an anchor is shown to nobody.
func TestMemberOf_NamesPersonsByTheirAccounts(t *testing.T) {
	f := finding.Finding{
		Kind: commerce.Anchor, Key: commerce.Key{"phone", "5d4c3b2a1908f7e6"}, From: "shopify-us", To: "hubspot",
		Natives: map[string]string{"shopify-us": "7123", "hubspot": "10233"},
	}
	if m := alert.MemberOf(f, nil); m.Key != "shopify-us 7123 ↔ hubspot 10233" {
		t.Errorf("named %q", m.Key)
	}
}
