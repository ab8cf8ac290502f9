package klaviyo_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/klaviyo"
)

func TestAProfileIsKnownByItsNumberAndTheShopsID(t *testing.T) {
	c := config()
	body := func(id string) []byte {
		return []byte(`{"data":{"type":"profile","id":"01J9ACME00DANA000000000001","attributes":{"email":"dana@acme.example",
			"phone_number":"+14135550117","external_id":` + id + `,"updated":"2026-03-03T14:13:58+00:00"}}}`)
	}
	for _, test := range []struct{ name, of, id, want string }{
		{"with a system that numbers them", "shopify-us", `"7123"`, c.ExternalHash("shopify-us", "7123")},
		{"without one", "", `"7123"`, ""},
		{"without an id", "shopify-us", `null`, ""},
	} {
		c := config()
		if test.of != "" {
			c.Settings["external_of"] = test.of
		}
		e, err := klaviyo.Platform().New(c)
		if err != nil {
			t.Fatal(err)
		}
		d := commerce.Delivery{System: "marketing", Received: received, Body: body(test.id), Header: map[string]string{
			platform.FetchedHeader: "profile/01J9ACME00DANA000000000001", platform.StatusHeader: "200", "plumbline-topic": "profile",
		}}
		r, err := e.Normalise(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range r.Observations {
			if o.Kind != commerce.Link {
				continue
			}
			external, told := o.Facets["external"]
			if told != (test.want != "") || told && external.String() != test.want {
				t.Errorf("%s: %v", test.name, o.Facets)
			}
			if o.Facets["phone"].String() != c.PhoneHash("+14135550117", "") {
				t.Errorf("%s: the number is %v", test.name, o.Facets["phone"])
			}
		}
		if len(r.Observations) != 2 {
			t.Errorf("%s: %d observations", test.name, len(r.Observations))
		}
	}
}
