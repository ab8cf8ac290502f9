package shopify

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// companiesSetting names the system whose ids the external ids of companies are.
const companiesSetting = "company_external_of"

const (
	companyEntity  = "Company"
	locationEntity = "CompanyLocation"
	// locationSlot is that of the links of a company's locations: any number of them
	// may share a tax number, and the company's own external id.
	locationSlot = "company-location"
)

// marks tell the native ids of companies and locations from those of customers.
var marks = map[string]string{companyEntity: "company-", locationEntity: "company-location-"}

const companiesUnasked = "companies are not read"

// company observes a company of business customers, which is known by its id in
// another system.
func (n *normaliser) company() error {
	var c struct {
		ref
		ExternalID field `json:"external_id"`
		UpdatedAt  field `json:"updated_at"`
	}
	if n.companiesOf == "" {
		return n.ignore(companiesUnasked)
	}
	if err := body.Decode(n.delivery.Body, &c); err != nil {
		return err
	}
	native, updated := n.business(companyEntity, c.ref), n.clock("updated_at", c.UpdatedAt)
	known := n.Known(platform.Person{External: n.optionalText("external_id", c.ExternalID), ExternalOf: n.companiesOf})
	n.businessLink(native, commerce.CompanySlot, known, updated)
	return nil
}

// companyLocation observes a place of a company, which orders and pays taxes on its
// own: it is the customer of its tax number.
func (n *normaliser) companyLocation() error {
	var l struct {
		ref
		ExternalID field `json:"external_id"`
		Tax        field `json:"tax_registration"`
		Address    field `json:"billing_address"`
		CreatedAt  field `json:"created_at"`
		UpdatedAt  field `json:"updated_at"`
	}
	if n.companiesOf == "" {
		return n.ignore(companiesUnasked)
	}
	if err := body.Decode(n.delivery.Body, &l); err != nil {
		return err
	}
	native, updated := n.business(locationEntity, l.ref), n.clock("updated_at", l.UpdatedAt)
	country := n.optionalText("billing_address.country_code", n.personal("billing_address", l.Address).CountryCode)
	known := n.Known(platform.Person{
		Tax: n.taxNumber(l.Tax), Country: country,
		External: n.optionalText("external_id", l.ExternalID), ExternalOf: n.companiesOf,
	})
	if hash, ok := known["hash"]; ok {
		o := n.account(native)
		o.Key, o.Via, o.Slot, o.Created = commerce.Key{hash.String()}, nil, "", n.created(l.CreatedAt)
		o.Facets = commerce.Facets{"b2b": commerce.Bool(true)}
		if country != "" {
			o.Facets["country"] = commerce.Text(country)
		}
		n.observe(o, updated)
	}
	n.businessLink(native, locationSlot, known, updated)
	return nil
}

// taxNumber reads the number of a registration, blank where there is none.
func (n *normaliser) taxNumber(f field) string {
	var registration struct {
		ID field `json:"tax_id"`
	}
	if !f.Given() {
		return ""
	}
	if err := body.Decode(f, &registration); err != nil {
		n.fail("tax_registration", "an object or null")
	}
	return n.optionalText("tax_registration.tax_id", registration.ID)
}

// business is the native id of a company or of its location. Its body names what it
// is about, so that no other body is taken for one.
func (n *normaliser) business(entity string, r ref) string {
	return marks[entity] + n.gid("admin_graphql_api_id", entity, r.GID)
}

func (n *normaliser) businessLink(native, slot string, known commerce.Facets, updated time.Time) {
	o := n.link(customerLink, native, native, known)
	o.Slot = slot
	n.observe(o, updated)
}

// businessGone ends a company or a location. A body with times may be a change
// under another topic, which is not signed.
func (n *normaliser) businessGone(entity string) error {
	var doc struct {
		ref
		CreatedAt field `json:"created_at"`
		UpdatedAt field `json:"updated_at"`
	}
	if n.companiesOf == "" {
		return n.ignore(companiesUnasked)
	}
	if err := body.Decode(n.delivery.Body, &doc); err != nil {
		return err
	}
	o := n.account(n.business(entity, doc.ref))
	if !doc.CreatedAt.Absent() || !doc.UpdatedAt.Absent() {
		return n.ignore("a deletion that may be a change")
	}
	o.Gone, o.Slot = true, ""
	n.observeReceived(o)
	return nil
}
