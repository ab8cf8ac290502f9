package businesscentral_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/businesscentral"
)

const customerID = "5d115c9c-44e3-4f8a-9b72-6a2c5e8f0a01"

// customerBody is a customer as the API answers it, with texts replaced.
func customerBody(replace ...string) commerce.Delivery {
	body := `{"@odata.etag":"W/\"1\"","id":"` + customerID + `","number":"C00010","type":"Company","email":"office@northwind.example",` +
		`"phoneNumber":"","website":"https://www.northwind.example","country":"DE","taxRegistrationNumber":"123456789","taxLiable":true,` +
		`"lastModifiedDateTime":"2026-03-03T14:14:20.123Z"}`
	return commerce.Delivery{
		System: "erp", Topic: "customers", Received: received, Header: map[string]string{}, Body: []byte(strings.NewReplacer(replace...).Replace(body)),
	}
}

// withCustomers is the sample system that reads customers.
func withCustomers(t *testing.T, which string) platform.Endpoint {
	t.Helper()
	c := config()
	c.Settings["customers"] = which
	e, err := businesscentral.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestCustomers_AreKnownByKeyedHashesAlone(t *testing.T) {
	c := config()
	company := platform.Person{
		Tax: "DE123456789", Email: "office@northwind.example", Website: "northwind.example", Country: "DE", External: "C00010", ExternalOf: "erp",
	}
	unregistered, unknown, someone := company, company, company
	unregistered.Tax = ""
	unknown.Tax, unknown.Email = "", ""
	someone.Tax, someone.Website = "", ""
	for _, k := range []struct {
		name, which string
		delivery    commerce.Delivery
		who         platform.Person
		slot        string
		there       bool
	}{
		{"a company", "companies", customerBody(), company, "company", true},
		{"its number with the country", "companies", customerBody(`"123456789"`, `"de 123.456.789"`), company, "company", true},
		{"without a tax number", "companies", customerBody("123456789", ""), unregistered, "company", true},
		{"without a tax number and an address", "companies", customerBody("123456789", "", "office@northwind.example", ""), unknown, "company", false},
		{"a person", "all", customerBody(`"Company"`, `"Person"`), someone, "person", true},
	} {
		t.Run(k.name, func(t *testing.T) {
			r := reading(t, withCustomers(t, k.which), k.delivery)
			var link, customer *commerce.Observation
			for i := range r.Observations {
				if r.Observations[i].Kind == commerce.Link {
					link = &r.Observations[i]
				}
				if r.Observations[i].Kind == commerce.Customer {
					customer = &r.Observations[i]
				}
			}
			if link == nil || !link.Facets.Equal(c.Known(k.who)) || link.Slot != k.slot || (customer != nil) != k.there {
				t.Fatalf("known by %+v; want %v in %s", r.Observations, c.Known(k.who), k.slot)
			}
			if k.there && (customer.Key[0] != c.Known(k.who)["hash"].String() || customer.Slot != k.slot || !customer.Facets["b2b"].IsTrue() != (k.slot == "person")) {
				t.Errorf("the customer is %+v", customer)
			}
		})
	}
}

func TestCustomers_AreNotReadUnasked(t *testing.T) {
	if r := reading(t, withCustomers(t, "companies"), customerBody(`"Company"`, `"Person"`)); len(r.Observations) > 0 || r.Ignored == "" {
		t.Errorf("a person: %+v", r)
	}
	if r := reading(t, withCustomers(t, ""), customerBody()); len(r.Observations) > 0 || r.Ignored != "unknown topic" {
		t.Errorf("no customers: %+v", r)
	}
	pulled := func(e platform.Endpoint) []string {
		var names []string
		for _, p := range e.(platform.Puller).Pulls() {
			names = append(names, p.Name)
		}
		return names
	}
	if slices.Contains(pulled(withCustomers(t, "")), "customers") || !slices.Contains(pulled(withCustomers(t, "companies")), "customers") {
		t.Error("customers are pulled where they are read, and nowhere else")
	}
}

func TestCustomers_EndWhereTheAPIHasThemNoMore(t *testing.T) {
	d := customerBody()
	d.Header[platform.StatusHeader] = "404"
	d.Header[platform.FetchedHeader] = "v2.0/companies(5d0d7c3a-41f2-4e57-9a43-7b1f1d2c0e11)/customers(" + customerID + ")"
	r := reading(t, withCustomers(t, "companies"), d)
	if len(r.Observations) != 1 || !r.Observations[0].Gone || r.Observations[0].Native != customerID || r.Observations[0].Via.Type != commerce.CustomerLink {
		t.Errorf("%+v", r.Observations)
	}
}

func TestCustomers_ThatCannotBeReadNameThePlace(t *testing.T) {
	for place, change := range map[string][2]string{
		"id": {customerID, "7"}, "type": {`"Company"`, `7`}, "taxRegistrationNumber": {`"123456789"`, `123456789`},
		"number": {`"number":"C00010",`, ``}, "taxLiable": {`true`, `"yes"`},
	} {
		var problem *platform.BodyError
		if _, err := withCustomers(t, "all").Normalise(customerBody(change[0], change[1])); !errors.As(err, &problem) || problem.Where != place {
			t.Errorf("%s: %v, want an error that names it", place, err)
		}
	}
	c := config()
	c.Settings["customers"] = "some"
	if _, err := businesscentral.Platform().New(c); err == nil || !strings.Contains(err.Error(), "customers") {
		t.Errorf("an unknown setting: %v", err)
	}
}
