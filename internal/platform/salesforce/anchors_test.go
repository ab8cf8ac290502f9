package salesforce_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/salesforce"
)

func TestAContactIsKnownByTheFieldsThatTheRegistryNames(t *testing.T) {
	c := config()
	c.Settings["contact"], c.Settings["external_of"] = "phone=MobilePhone|Phone, external=ShopId__c", "shopify-us"
	e, err := salesforce.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(sample(t, "contact")), "<sf:LastName>",
		"<sf:Phone>+14135550100</sf:Phone><sf:MobilePhone>(413) 555-0117</sf:MobilePhone><sf:ShopId__c>7123</sf:ShopId__c><sf:LastName>", 1)
	r, err := e.Normalise(commerce.Delivery{System: "crm", Received: received, Body: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Observations {
		if o.Kind != commerce.Link {
			continue
		}
		if o.Facets["phone"].String() != c.PhoneHash("+14135550117", "") || o.Facets["external"].String() != c.ExternalHash("shopify-us", "7123") {
			t.Errorf("known by %v", o.Facets)
		}
		if o.Slot != "contact" {
			t.Errorf("a person's account and contact share the slot %q", o.Slot)
		}
		return
	}
	t.Error("no link")
}
