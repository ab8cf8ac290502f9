package hubspot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

func TestContactIsKnownByWhatTheRegistrySays(t *testing.T) {
	c := config()
	whole := delivered(t, "contact", `"firstname":"Noor"`, `"mobilephone":"(413) 555-0117","shop_id":"7123"`)
	for name, want := range map[string]struct {
		settings []string
		person   platform.Person
	}{
		"nothing but the address": {nil, platform.Person{}},
		"the number, in the contact's country": {
			[]string{"phone", "mobilephone"}, platform.Person{Phone: "+14135550117"},
		},
		"the shop's id": {
			[]string{"external_id", "shop_id", "external_of", "shopify-us"}, platform.Person{External: "7123", ExternalOf: "shopify-us"},
		},
		"a property that was not sent": {[]string{"phone", "phone"}, platform.Person{}},
	} {
		want.person.Email = "noor.castellan@acme.example"
		got := of(reading(t, newEndpoint(t, want.settings...), whole), commerce.Link)
		if diff := cmp.Diff(c.Known(want.person), got.Facets, cmp.Comparer(func(a, b commerce.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
