package shopify_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/shopify"
)

const (
	companyBody = `{"name":"Northwind","external_id":"C00010","created_at":"2026-03-01T10:00:00-05:00","updated_at":"2026-03-03T09:14:07-05:00",` +
		`"admin_graphql_api_id":"gid://shopify/Company/451"}`
	locationBody = `{"name":"Northwind, Kiel","external_id":"C00010","created_at":"2026-03-01T10:00:00-05:00","updated_at":"2026-03-03T09:14:07-05:00",` +
		`"admin_graphql_api_id":"gid://shopify/CompanyLocation/408","tax_registration":{"tax_id":"123 456 789"},"billing_address":{"country_code":"DE"}}`
)

// business reads a body about a company in a shop that reads companies of the ERP,
// or of none.
func business(t *testing.T, of, topic, body string) (platform.Reading, error) {
	t.Helper()
	c := config()
	c.Settings["company_external_of"] = of
	e, err := shopify.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e.Normalise(commerce.Delivery{System: c.System, Topic: topic, Received: received, Header: map[string]string{}, Body: []byte(body)})
}

func TestCompanies_AreKnownByKeyedHashesAlone(t *testing.T) {
	c := config()
	external := platform.Person{External: "C00010", ExternalOf: "erp"}
	registered := external
	registered.Tax = "DE123456789"
	for _, k := range []struct {
		name, topic, body, native, slot string
		who                             platform.Person
		customers                       int
	}{
		{"a company", "companies/update", companyBody, "company-451", "company", external, 0},
		{"without an external id", "companies/create", strings.Replace(companyBody, `"C00010"`, `null`, 1), "company-451", "company", platform.Person{}, 0},
		{"a location", "company_locations/update", locationBody, "company-location-408", "company-location", registered, 1},
		{
			"a location without a tax number", "company_locations/create", strings.Replace(locationBody, `{"tax_id":"123 456 789"}`, `null`, 1),
			"company-location-408", "company-location", external, 0,
		},
	} {
		r, err := business(t, "erp", k.topic, k.body)
		if err != nil || len(r.Observations) != k.customers+1 {
			t.Fatalf("%s: %v, %+v", k.name, err, r.Observations)
		}
		link := r.Observations[k.customers]
		if link.Kind != commerce.Link || link.Native != k.native || link.Slot != k.slot || !link.Facets.Equal(c.Known(k.who)) {
			t.Errorf("%s: %+v", k.name, link)
		}
		if k.customers > 0 {
			o := r.Observations[0]
			if o.Kind != commerce.Customer || o.Key[0] != c.TaxHash("DE123456789", "") || o.Slot != "" || !o.Facets["b2b"].IsTrue() {
				t.Errorf("%s: the customer is %+v", k.name, o)
			}
		}
	}
}

func TestCompanies_EndAndAreNotReadUnasked(t *testing.T) {
	for topic, body := range map[string]string{
		"companies/delete": `{"admin_graphql_api_id":"gid://shopify/Company/451"}`, "company_locations/delete": `{"admin_graphql_api_id":"gid://shopify/CompanyLocation/408"}`,
	} {
		r, err := business(t, "erp", topic, body)
		if err != nil || len(r.Observations) != 1 || !r.Observations[0].Gone {
			t.Errorf("%s: %v, %+v", topic, err, r.Observations)
		}
	}
	for topic, body := range map[string]string{"companies/delete": companyBody, "company_locations/delete": locationBody} {
		if r, err := business(t, "erp", topic, body); err != nil || r.Ignored == "" || len(r.Observations) > 0 {
			t.Errorf("a change under %s: %v, %+v", topic, err, r)
		}
	}
	for topic, body := range map[string]string{"companies/update": companyBody, "company_locations/update": locationBody, "companies/delete": companyBody} {
		if r, err := business(t, "", topic, body); err != nil || r.Ignored == "" || len(r.Observations) > 0 {
			t.Errorf("%s, which nobody asked for: %v, %+v", topic, err, r)
		}
	}
}

func TestCompanies_ThatCannotBeReadNameThePlace(t *testing.T) {
	for _, c := range []struct{ topic, body, was, is, place string }{
		{"companies/update", companyBody, "gid://shopify/Company/451", "gid://shopify/Customer/451", "admin_graphql_api_id"},
		{"companies/update", companyBody, `"C00010"`, `7`, "external_id"},
		{"companies/update", locationBody, "", "", "admin_graphql_api_id"},
		{"company_locations/update", companyBody, "", "", "admin_graphql_api_id"},
		{"company_locations/update", locationBody, `{"tax_id":"123 456 789"}`, `"DE1"`, "tax_registration"},
		{"company_locations/update", locationBody, `"123 456 789"`, `true`, "tax_registration.tax_id"},
		{"company_locations/update", locationBody, `{"country_code":"DE"}`, `"DE"`, "billing_address"},
	} {
		var problem *platform.BodyError
		if _, err := business(t, "erp", c.topic, strings.Replace(c.body, c.was, c.is, 1)); !errors.As(err, &problem) || problem.Where != c.place {
			t.Errorf("%s: %v, want an error at %s", c.topic, err, c.place)
		}
	}
}
