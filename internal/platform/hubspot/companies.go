package hubspot

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

const (
	// companyMark tells a company's native id from a contact's.
	companyMark = "company-"
	// domainProperty is the property with the domain of a company's website.
	domainProperty = "domain"
)

func (e *endpoint) companyProperties() []string {
	var read []string
	if e.companyTax != "" {
		read = append(read, e.companyTax, e.companyCountry, domainProperty)
	}
	for _, own := range []string{e.companyEmail, e.companyExternal} {
		if own != "" {
			read = append(read, own)
		}
	}
	return read
}

// company observes a company under the keyed hash of its tax number, or of the
// address that other systems know it by.
func (n *normaliser) company(o object, changed time.Time) {
	var c platform.Person
	if n.companyEmail != "" {
		if o.properties[n.companyEmail].Absent() {
			n.Fail("properties."+n.companyEmail, "an e-mail address or null")
		}
		c.Email = n.text(o, n.companyEmail)
	}
	if n.companyTax != "" {
		if o.properties[n.companyTax].Absent() {
			n.Fail("properties."+n.companyTax, "a tax number or null")
		}
		c.Tax, c.Country, c.Website = n.text(o, n.companyTax), n.anchor(o, n.companyCountry), n.anchor(o, domainProperty)
	}
	c.External, c.ExternalOf = n.anchor(o, n.companyExternal), n.companyExternalOf
	n.customer(n.companyOf(o.id), n.Known(c), commerce.Facets{"b2b": commerce.Bool(true)}, o.created, changed)
}

func (n *normaliser) companyOf(id string) commerce.Observation {
	return account(companyMark+id, commerce.CompanySlot)
}
