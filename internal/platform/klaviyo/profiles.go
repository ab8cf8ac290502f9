package klaviyo

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The consents that are told.
const (
	subscribed    = "subscribed"
	unsubscribed  = "unsubscribed"
	notSubscribed = "not_subscribed"
)

// The parts of a customer.
const (
	profilePart = "profile"
	consentPart = "consent"
)

// resource is a profile, or anything else that an event brings along.
type resource struct {
	Type       body.Field `json:"type"`
	ID         body.Field `json:"id"`
	Attributes struct {
		Email    body.Field `json:"email"`
		Phone    body.Field `json:"phone_number"`
		External body.Field `json:"external_id"`
		Created  body.Field `json:"created"`
		Updated  body.Field `json:"updated"`
		Location struct {
			Country body.Field `json:"country"`
		} `json:"location"`
		Subscriptions struct {
			Email struct {
				Marketing *marketing `json:"marketing"`
			} `json:"email"`
		} `json:"subscriptions"`
	} `json:"attributes"`
}

type marketing struct {
	Consent     body.Field   `json:"consent"`
	Suppression []body.Field `json:"suppression"`
}

var (
	profileID = lazyregexp.New(`^[A-Za-z0-9]{6,32}$`)
	country   = lazyregexp.New(`^[A-Z]{2}$`)
)

func (n *normaliser) profileID(name string, f body.Field) string {
	text, _ := f.Text()
	if !profileID.MatchString(text) {
		n.Fail(name, "a profile's id, such as 01J9ACME00DANA000000000001")
	}
	return text
}

// account is an observation of a profile whose hash only the link knows.
func account(part, native string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: commerce.CustomerLink, Native: native},
		Part: part, Native: native, Slot: part,
	}
}

// profile observes a profile as it is since a time, under the keyed hash of its
// e-mail address. It returns the hash, which is blank of one that has none and so
// is no customer.
func (n *normaliser) profile(r *resource, id string, since time.Time) (hash string) {
	a := &r.Attributes
	if a.Email.Absent() {
		n.Fail("attributes.email", "an e-mail address or null")
	}
	if a.Updated.Given() {
		since = n.instant("attributes.updated", a.Updated)
	}
	hash = n.CustomerHash(n.OptionalText("attributes.email", a.Email))
	if hash == "" {
		n.gone(id, since)
		return ""
	}
	o := account(profilePart, id)
	o.Key, o.Via = commerce.Key{hash}, nil
	o.Facets = commerce.Facets{"copies": commerce.Number(commerce.Int(1))}
	// Klaviyo writes names of countries as well, which nobody else does.
	if text, _ := a.Location.Country.Text(); country.MatchString(text) {
		o.Facets["country"] = commerce.Text(text)
	}
	if a.Created.Given() {
		o.Created = n.Instant("attributes.created", a.Created)
	}
	n.observe(o, since)
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, commerce.CustomerLink, id}, Part: "link", Native: id, Facets: n.Known(n.person(r)),
	}, since)
	return hash
}

// person is what of a profile identifies the person. Klaviyo's numbers are
// international.
func (n *normaliser) person(r *resource) platform.Person {
	email, _ := r.Attributes.Email.Text()
	phone, _ := r.Attributes.Phone.Text()
	external, _ := r.Attributes.External.Text()
	return platform.Person{Email: email, Phone: phone, External: external, ExternalOf: n.Settings[externalOfSetting]}
}

// gone ends a profile.
func (n *normaliser) gone(id string, since time.Time) {
	for _, part := range []string{profilePart, consentPart} {
		o := account(part, id)
		o.Gone = true
		n.observe(o, since)
	}
}

// consent observes what a profile agreed to since a time.
func (n *normaliser) consent(id, hash, consent string, since time.Time) {
	o := account(consentPart, id)
	if hash != "" {
		o.Key, o.Via = commerce.Key{hash}, nil
	}
	o.Facets = commerce.Facets{"consent": commerce.Text(consent)}
	n.observe(o, since)
}

// told is the consent that a profile shows, or blank where it shows none.
func (n *normaliser) told(r *resource) string {
	m := r.Attributes.Subscriptions.Email.Marketing
	if m == nil {
		return ""
	}
	text := n.OptionalText("subscriptions.email.marketing.consent", m.Consent)
	switch {
	case len(m.Suppression) > 0 || text == "UNSUBSCRIBED":
		return unsubscribed
	case text == "SUBSCRIBED":
		return subscribed
	case text == "NEVER_SUBSCRIBED":
		return notSubscribed
	}
	n.Fail("subscriptions.email.marketing.consent", "SUBSCRIBED, UNSUBSCRIBED or NEVER_SUBSCRIBED")
	return ""
}
