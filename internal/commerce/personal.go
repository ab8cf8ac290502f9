package commerce

import (
	"maps"
	"slices"
)

// The types of the links by which whoever has to be forgotten is found. Each
// platform that makes such links gives them these types.
const (
	CustomerLink = "customer"
	OrderLink    = "order"
)

// The anchors: what an account is known by beside its e-mail address. They are
// facets of the account's link and the first key part of anchor rows; the values
// are keyed hashes.
const (
	// PhoneAnchor is an account's telephone number.
	PhoneAnchor = "phone"
	// ExternalAnchor is the account's id in the system that all name customers by,
	// or, there, its own.
	ExternalAnchor = "external"
	// DomainAnchor is the domain of a company's website.
	DomainAnchor = "domain"
)

// CompanySlot is the slot of accounts that are companies. Such an account is known
// by its tax number where it says one, as a person is by an e-mail address.
const CompanySlot = "company"

// Anchors lists the anchors, those that say most first.
func Anchors() []string { return []string{ExternalAnchor, DomainAnchor, PhoneAnchor} }

// Personal reports whether the observation is about a person, however little it
// says: a customer, what one is known by, or what a customer's native id stands for.
func (o Observation) Personal() bool {
	return o.Kind == Customer || o.Kind == Anchor || o.Kind == Link && len(o.Key) > 1 && o.Key[1] == CustomerLink
}

// mayName are the facets of business records that may name a person all the
// same: the company of a sole trader is called by its owner's name.
var mayName = map[Kind][]string{Order: {"company"}}

// NamesNobody returns the facets without those that may name a person, and
// whether there were any. The given facets are not changed.
func (f Facets) NamesNobody(kind Kind) (Facets, bool) {
	kept, had := f, false
	for _, name := range mayName[kind] {
		if _, there := kept[name]; !there {
			continue
		}
		if !had {
			kept, had = maps.Clone(f), true
		}
		delete(kept, name)
	}
	return kept, had
}

// NamingFacets lists the kind's facets that may name a person. The result is the
// caller's to keep.
func (k Kind) NamingFacets() []string { return slices.Clone(mayName[k]) }
