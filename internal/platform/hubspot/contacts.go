package hubspot

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

const (
	customerLink = commerce.CustomerLink
	// optOut begins the names of properties that are true for whoever does not
	// want to be written to.
	optOut = "hs_email_optout"
	// mergedIDs is the property with the ids of what was merged into an object.
	mergedIDs = "hs_merged_object_ids"
)

func (e *endpoint) contactProperties() []string {
	read := []string{"email", e.consent, e.country}
	for _, own := range []string{e.phone, e.external} {
		if own != "" {
			read = append(read, own)
		}
	}
	return read
}

// contact observes a contact under the keyed hash of its e-mail address. One
// without an address was a customer at most before.
func (n *normaliser) contact(o object, changed time.Time) {
	if o.properties["email"].Absent() {
		n.Fail("properties.email", "an e-mail address or null")
	}
	person := platform.Person{Email: n.text(o, "email"), Country: n.anchor(o, n.country), Phone: n.anchor(o, n.phone)}
	person.External, person.ExternalOf = n.anchor(o, n.external), n.externalOf
	f := commerce.Facets{"copies": commerce.Number(commerce.Int(1))}
	n.consentOf(f, o)
	n.put(f, "country", o, n.country)
	n.customer(n.contactOf(o.id), n.Known(person), f, o.created, changed)
}

// anchor is a property's text, blank where none is configured or sent.
func (n *normaliser) anchor(o object, property string) string {
	if property == "" || !o.properties[property].Given() {
		return ""
	}
	return n.text(o, property)
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

// customer completes the observation of an account, which is gone without an
// address. Companies may be known by something else alone.
func (n *normaliser) customer(o commerce.Observation, known, f commerce.Facets, created, changed time.Time) {
	slot := ""
	if o.Slot == commerce.CompanySlot {
		slot = o.Slot
	}
	hash, addressed := known["hash"]
	switch {
	case !addressed && slot != "" && len(known) > 0:
		n.accountLink(o.Native, slot, known, changed)
		return
	case !addressed:
		o.Gone = true
		n.observe(o, changed)
		return
	}
	o.Key, o.Via, o.Facets, o.Created = commerce.Key{hash.String()}, nil, f, created
	n.observe(o, changed)
	n.accountLink(o.Native, slot, known, changed)
}

func (n *normaliser) contactOf(id string) commerce.Observation { return account(id, "contact") }

// account is an observation of a customer whose hash only the link knows.
func account(native, part string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: customerLink, Native: native},
		Part: part, Native: native, Slot: part,
	}
}
