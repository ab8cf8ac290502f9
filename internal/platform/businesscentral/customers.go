package businesscentral

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// Which customers are read.
const (
	companies = "companies"
	everybody = "all"
)

// person is the type of customers that are no companies.
const person = "Person"

// customer is what is read of one. Nothing of it but keyed hashes, the country and
// what is about taxes leaves the reader.
type customer struct {
	ID       body.Field `json:"id"`
	Number   body.Field `json:"number"`
	Type     body.Field `json:"type"`
	Email    body.Field `json:"email"`
	Phone    body.Field `json:"phoneNumber"`
	Website  body.Field `json:"website"`
	Country  body.Field `json:"country"`
	Tax      body.Field `json:"taxRegistrationNumber"`
	Taxable  body.Field `json:"taxLiable"`
	Modified body.Field `json:"lastModifiedDateTime"`
}

// customer observes a customer: a company under the keyed hash of its tax number,
// a person, or a company without one, under that of the e-mail address.
func (n *normaliser) customer(element []byte) error {
	var c customer
	if err := body.Decode(bare(element), &c); err != nil {
		return err
	}
	native, modified := n.guid("id", c.ID), n.modified(c.Modified)
	slot := commerce.CompanySlot
	if n.Text("type", c.Type) == person {
		slot = "person"
	}
	who := platform.Person{
		Email: n.OptionalText("email", c.Email), Phone: n.OptionalText("phoneNumber", c.Phone), Country: n.OptionalText("country", c.Country),
		External: n.Text("number", c.Number), ExternalOf: n.System,
	}
	if slot == commerce.CompanySlot {
		who.Tax, who.Website = n.OptionalText("taxRegistrationNumber", c.Tax), n.OptionalText("website", c.Website)
	} else if n.customers != everybody {
		return n.otherwise("a customer that is no company")
	}
	known := n.Known(who)
	if hash, ok := known["hash"]; ok {
		o := customerOf(native)
		o.Key, o.Via, o.Slot, o.Facets = commerce.Key{hash.String()}, nil, slot, n.customerFacets(&c, slot)
		n.observe(o, modified)
	}
	link := n.link(commerce.CustomerLink, native, known)
	link.Slot = slot
	n.observe(link, modified)
	return nil
}

func (n *normaliser) customerFacets(c *customer, slot string) commerce.Facets {
	f := n.facets()
	f.Put("b2b", commerce.Bool(slot == commerce.CompanySlot))
	f.PutText("country", "country", c.Country)
	if c.Taxable.Given() {
		f.Put("tax_exempt", commerce.Bool(!n.Truth("taxLiable", c.Taxable)))
	}
	return f.Values
}

// customerOf is an observation of a customer whose hash only the link knows.
func customerOf(native string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: commerce.CustomerLink, Native: native},
		Part: "customer", Native: native,
	}
}

func (n *normaliser) customerGone(native string) {
	o := customerOf(native)
	o.Gone = true
	n.observeReceived(o)
}
