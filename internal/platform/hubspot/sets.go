package hubspot

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// set is one kind of objects.
type set struct {
	// name is the API's.
	name string
	// word begins the types of its subscriptions; number is the type that the
	// general ones name, and title what a workflow calls it.
	word, number, title string
	// modified is the property with the time of the last change.
	modified string
	// properties lists what is read of an object, and is empty when nothing is.
	properties func(*endpoint) []string
	// read observes an object that was last changed at the time.
	read func(*normaliser, object, time.Time)
	// account is an observation of an object whose key only the link knows.
	account func(*normaliser, string) commerce.Observation
}

var (
	contacts = &set{
		name: "contacts", word: "contact", number: "0-1", title: "CONTACT", modified: "lastmodifieddate",
		properties: (*endpoint).contactProperties, read: (*normaliser).contact, account: (*normaliser).contactOf,
	}
	companies = &set{
		name: "companies", word: "company", number: "0-2", title: "COMPANY", modified: "hs_lastmodifieddate",
		properties: (*endpoint).companyProperties, read: (*normaliser).company, account: (*normaliser).companyOf,
	}
	deals = &set{
		name: "deals", word: "deal", number: "0-3", title: "DEAL", modified: "hs_lastmodifieddate",
		properties: (*endpoint).dealProperties, read: (*normaliser).deal, account: (*normaliser).dealOf,
	}
)

var sets = []*set{contacts, companies, deals}

// find is the set for which the test holds, if it is one that is read.
func (e *endpoint) find(test func(*set) bool) *set {
	for _, s := range sets {
		if test(s) && len(s.properties(e)) > 0 {
			return s
		}
	}
	return nil
}

// object is what is read of an object, wherever it stands.
type object struct {
	id         string
	created    time.Time
	properties map[string]body.Field
}

// text is a property's text; HubSpot writes no value as null or as a blank text.
func (n *normaliser) text(o object, name string) string {
	return n.OptionalText("properties."+name, o.properties[name])
}

// put sets a facet to the text of a property. A blank one is null.
func (n *normaliser) put(f commerce.Facets, facet string, o object, name string) {
	if o.properties[name].Absent() {
		return
	}
	f[facet] = commerce.Null()
	if text := n.text(o, name); text != "" {
		f[facet] = commerce.Text(text)
	}
}

// gone ends an object, which another may have taken the place of.
func (n *normaliser) gone(s *set, id, successor string, at time.Time) {
	o := s.account(n, id)
	o.Gone = true
	if successor != "" {
		o.SucceededBy = s.account(n, successor).Native
	}
	n.observe(o, at)
}
