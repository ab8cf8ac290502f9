package hubspot

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	customerLink = commerce.CustomerLink
	// optOut begins the names of properties that are true for whoever does not
	// want to be written to.
	optOut = "hs_email_optout"
	// mergedIDs is the property with the ids of what was merged into an object.
	mergedIDs = "hs_merged_object_ids"
	// companyMark tells a company's native id from a contact's.
	companyMark = "company-"
)

func (e *endpoint) contactProperties() []string { return []string{"email", e.consent, e.country} }

func (e *endpoint) companyProperties() []string {
	if e.companyEmail == "" {
		return nil
	}
	return []string{e.companyEmail}
}

// contact observes a contact under the keyed hash of its e-mail address. One
// without an address was a customer at most before.
func (n *normaliser) contact(o object, changed time.Time) {
	if o.properties["email"].Absent() {
		n.Fail("properties.email", "an e-mail address or null")
	}
	hash := n.CustomerHash(n.text(o, "email"))
	f := commerce.Facets{"copies": commerce.Number(commerce.Int(1))}
	n.consentOf(f, o)
	n.put(f, "country", o, n.country)
	n.customer(n.contactOf(o.id), hash, f, o.created, changed)
}

// consentOf reads the consent: the property's own text, or of an opt-out whether
// there was one.
func (n *normaliser) consentOf(f commerce.Facets, o object) {
	n.put(f, "consent", o, n.consent)
	value, given := f["consent"]
	if !given || !strings.HasPrefix(n.consent, optOut) {
		return
	}
	switch {
	case value.IsNull(), value.String() == "false":
		f["consent"] = commerce.Text("subscribed")
	case value.String() == "true":
		f["consent"] = commerce.Text("unsubscribed")
	default:
		n.Fail("properties."+n.consent, "true, false or null")
	}
}

// company observes a company under the keyed hash of the address that other
// systems know it by.
func (n *normaliser) company(o object, changed time.Time) {
	if o.properties[n.companyEmail].Absent() {
		n.Fail("properties."+n.companyEmail, "an e-mail address or null")
	}
	hash := n.CustomerHash(n.text(o, n.companyEmail))
	n.customer(n.companyOf(o.id), hash, commerce.Facets{"b2b": commerce.Bool(true)}, o.created, changed)
}

// customer completes the observation of an account, which is gone without an
// address.
func (n *normaliser) customer(o commerce.Observation, hash string, f commerce.Facets, created, changed time.Time) {
	if hash == "" {
		o.Gone = true
		n.observe(o, changed)
		return
	}
	o.Key, o.Via, o.Facets, o.Created = commerce.Key{hash}, nil, f, created
	n.observe(o, changed)
	n.link(customerLink, o.Native, commerce.Facets{"hash": commerce.Text(hash)}, changed)
}

func (n *normaliser) contactOf(id string) commerce.Observation { return account(id, "contact") }

func (n *normaliser) companyOf(id string) commerce.Observation {
	return account(companyMark+id, "company")
}

// account is an observation of a customer whose hash only the link knows.
func account(native, part string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: customerLink, Native: native},
		Part: part, Native: native, Slot: part,
	}
}
