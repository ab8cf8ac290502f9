package merge

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// accountLink names the link row of a customer's account in one system.
func accountLink(system, native string) commerce.Key {
	return commerce.Key{system, commerce.CustomerLink, native}
}

// apart tells the observations that have their whole key from those that tell
// the link something or need something of it. What comes of a customer's account
// must not have been erased, and goes down in the link.
func apart(tasks []task) (whole, needy []task) {
	for _, t := range tasks {
		if t.o.Kind == commerce.Customer && t.o.Via == nil {
			whole = append(whole, t)
		} else {
			needy = append(needy, t)
		}
	}
	return whole, needy
}

// knownPart is the part of an account's link that has a view for everything that
// the account was ever known by. Whoever erases the account finds the person's
// records by it, whichever came first.
const knownPart = "known"

// neverChanges is the version of what an account's link only adds to.
var neverChanges = commerce.VersionParts{Clock: time.Unix(0, 0)}

// maxKnown is how many addresses one person may have had. An account with more
// is nobody's, such as the one that an ERP books all guests on.
const maxKnown = 16

// collective reports whether an account stands for many persons.
func collective(account record.Row) bool {
	n := 0
	for _, v := range account.Views {
		if v.Part == knownPart {
			n++
		}
	}
	return n >= maxKnown
}

// knownBy are observations of what a customer's account is known by.
func knownBy(account record.Row, whole []task) []task {
	if collective(account) {
		return nil
	}
	var known []task
	for _, t := range whole[:min(len(whole), maxKnown)] {
		o := commerce.Observation{
			System: t.o.System, Kind: commerce.Link, Key: linkKey(t.o), Part: knownPart, Native: t.o.Key[0],
			Facets: commerce.Facets{"hash": commerce.Text(t.o.Key[0])},
		}
		o.Stamp(neverChanges)
		t.o = o
		known = append(known, t)
	}
	return known
}

// hashesOf are the keys of the customer that an account's link names, and ever
// named.
func hashesOf(link record.Row) []string {
	var hashes []string
	for _, v := range link.Views {
		hashes = append(hashes, text(v.Facets, "hash"))
		for _, past := range v.Was {
			hashes = append(hashes, text(past.Facets, "hash"))
		}
	}
	return hashes
}

// text is a facet as text, blank where there is none.
func text(facets commerce.Facets, name string) string {
	if v, ok := facets[name]; ok && !v.IsNull() {
		return v.String()
	}
	return ""
}
