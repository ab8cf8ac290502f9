// Package platform defines what Plumbline needs of a commerce platform: to
// verify a request and to say what it reports. Each platform is a package of
// its own below this one; All lists them.
package platform

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Request is one call to a system's webhook address, before anything of it is
// believed.
type Request struct {
	// Method is the request's, "POST" for nearly every platform.
	Method string
	// Header as received. Duplicate headers arrive as one comma-joined value.
	Header   http.Header
	Query    string
	Body     []byte
	Received time.Time
}

// Config is what the registry says about one system.
type Config struct {
	// System is the system's name in the registry.
	System string
	// Settings are the platform's own settings, such as Shopify's shop.
	Settings map[string]string
	Timezone *time.Location
	// Currency is used where payloads carry none, ISO 4217, or blank.
	Currency string
	// Locations maps native location ids to the registry's locations.
	Locations Locations
	// OrderNumber reads the shop's order number out of a platform's.
	OrderNumber OrderNumber
	// HashKey keys the hashes of personal identifiers.
	HashKey []byte
}

// Locations maps native location ids to the registry's. The value Ignore
// leaves a location out on purpose.
type Locations map[string]string

// Ignore is the location of places that are not compared.
const Ignore = "ignore"

// OrderNumber says how a system writes the numbers of web orders.
type OrderNumber struct {
	// Match must match a number; its first group is the number that all
	// systems share. Nil takes every number, without a leading '#'.
	Match *regexp.Regexp
	// Stores maps what the system calls a store to the registry's system
	// name. Store is used when the record names none.
	Stores map[string]string
	Store  string
}

// Platform is one kind of system.
type Platform struct {
	// Name is the registry's word for the platform and its package's name.
	Name string
	// Title is the name that people use, for documents and messages.
	Title string
	// Settings names the platform's own registry settings.
	Settings []Setting
	// Storefront says that web orders begin here: their store is the system
	// itself unless the registry says otherwise.
	Storefront bool
	// Role is what merchants use it for, and blank for storefronts and for platforms
	// that can be anything.
	Role Role
	// Inbox says that deliveries come through a queue of the system's own, and
	// that the endpoint is an Inbox.
	Inbox bool
	// Telling says that deliveries say everything themselves, so that the API is
	// asked for what the registry pulls and for nothing else.
	Telling bool
	// Versions says how the platform names the version of its API that a delivery
	// was written in, and for how long it supports one. Nil where deliveries name
	// none, or none ends.
	Versions *Versions
	// Subscriptions says how its subscriptions of webhooks are looked after. Nil
	// where the platform is not asked for them.
	Subscriptions *Subscriptions
	// New returns the endpoint of one configured system, or an error that
	// names the setting that is wrong and what would be right.
	New func(Config) (Endpoint, error)
}

// Subscriptions is how a platform's subscriptions of webhooks are looked after.
type Subscriptions struct {
	// Chore names the chore that looks at them.
	Chore string
	// Lasts is how long one lasts after a run has renewed it. Zero has no end.
	Lasts time.Duration `json:",omitempty"`
}

// Versions are versions of an API that are named by when they appeared.
type Versions struct {
	// Headers are the kept headers that may name the version, in lower case.
	Headers []string
	// Layout is how the name is written, for time.Parse.
	Layout string
	// Months is how long a version is supported from then on.
	Months int
}

// Of is the version that a delivery's headers name, and when the platform stops
// to support it. It is false where they name none.
func (v *Versions) Of(header map[string]string) (version string, ends time.Time, ok bool) {
	if v == nil {
		return "", time.Time{}, false
	}
	for _, name := range v.Headers {
		if began, err := time.Parse(v.Layout, header[name]); err == nil {
			return header[name], began.AddDate(0, v.Months, 0), true
		}
	}
	return "", time.Time{}, false
}

// Setting is one of a platform's own settings in the registry.
type Setting struct {
	Name     string
	Required bool
	// Help says what the setting is, for the schema and for error messages.
	Help string
}

// Endpoint verifies and reads the requests of one system. It is safe for use
// by several goroutines.
type Endpoint interface {
	// Verify returns nil when the request is genuine: signed with one of the
	// secrets and addressed to this system. It reads no more of the body than
	// the signature covers and parses none of it. The error wraps
	// ErrSignature and holds no secret and no signature.
	Verify(req Request, secrets []Secret) error

	// Identify reads topic and delivery id from headers, for the envelope.
	Identify(req Request) (topic, id string)

	// Normalise reads a genuine delivery. It is pure: the same delivery gives
	// the same reading. A body that cannot be read is an error that says
	// where and what would be right, without repeating the value: the caller
	// puts the delivery in quarantine. Nothing to observe is no error.
	Normalise(d commerce.Delivery) (Reading, error)

	// Headers lists the request headers, in lower case, that a delivery keeps.
	Headers() []string

	// Sign returns the headers with which the platform would send the body on
	// the topic, for sending samples.
	Sign(s Sample, secret Secret) http.Header
}

// Sample is a body to be sent as the platform would send it.
type Sample struct {
	Topic string
	ID    string
	At    time.Time
	Body  []byte
}

// Reading is what a delivery says.
type Reading struct {
	Observations []commerce.Observation
	// Ignored is why there is nothing to do although nothing is wrong:
	// "unknown topic", "test order". Blank when there are some. Static text.
	Ignored string
	// Erase names the subjects that the delivery asks to forget.
	Erase []commerce.Erasure
	// Fetch names what the delivery does not say itself: the platform's API is
	// asked for it. The endpoint is an API then.
	Fetch []Fetch
}

// Secret is key material. It prints as [redacted] and never in full.
type Secret string

// String hides the secret from logs and error texts.
func (Secret) String() string { return "[redacted]" }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return "[redacted]" }

// MarshalText hides the secret from JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// ErrSignature means that a request is not genuine. Answer it with 401 and no
// detail.
var ErrSignature = errors.New("platform: request is not genuine")

// BodyError is a genuine body that cannot be read. It carries places and
// expectations, never values.
type BodyError struct {
	// Where is a path into the body, "records[3].facets.free".
	Where string
	// Want says what would be right.
	Want string
}

// Error returns "where: want".
func (e *BodyError) Error() string { return fmt.Sprintf("%s: want %s", e.Where, e.Want) }

// Locate maps a native location id. Known is false for an id that the
// registry does not list; ignored is true for one that it leaves out.
func (l Locations) Locate(native string) (location string, known, ignored bool) {
	location, known = l[native]
	return location, known, location == Ignore
}
