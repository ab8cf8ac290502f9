// Package hubspot verifies and reads the webhooks of a HubSpot portal, and what
// its API answers.
//
// It owns the three generations of signatures, the two shapes of webhooks, the
// API's addresses and shapes, and turns them into fetches and observations.
// Calling the API, links, waiting views, and what a difference means are left to
// others.
//
// # Who sends
//
// The third generation signs method, address, body and time. The older two sign
// no time, so that whoever holds a delivery can send it again, and are no HMACs:
// SHA-256 of the secret and a text can be prolonged by whoever knows the digest,
// always by bytes that are no text, which is why an older signature is taken for
// a text alone. A request that carries the third generation is judged by it and
// never by another. The setting oldest_signature refuses the older ones.
//
// What is signed is the address that HubSpot was told, not the one at which the
// function behind a front is called: the setting url says it.
//
// An app's webhooks tell of every portal that installed it. Elements of another
// portal than the configured one are no facts of this system.
//
// # What is read
//
// The webhooks of an app are arrays of events that say no more than which object
// changed. Creations, restorations and changes of a property that is read make
// fetches, several of one kind one fetch of all. Deletions and merges carry their
// time and are read as they stand; a privacy deletion asks to forget the contact.
// A workflow's webhook carries the object, which is read when it has all that is
// read of one, and fetched otherwise.
//
// The changeSource INTEGRATION marks what an integration wrote, our customer's
// own included. That is no reason to leave it out: what HubSpot holds is compared,
// whoever wrote it. It is read like any other change.
//
// Contacts are customers, known by the keyed hash of their e-mail address; a
// contact that has lost its address is no customer any more. Further addresses of
// a contact are not read. Companies are customers too, of businesses, if the
// setting company_email says which property holds the address that other systems
// know; deals are orders, if order_fields says which properties may hold the
// order's number. Names are never asked for, and not read where they are sent.
//
// # Which change is newer
//
// The object's own time of its last change, in milliseconds. A restored object is
// as it was before, with its old time: its fetch carries the time of the
// restoration. A fetch that names a contact which was merged away is answered
// with the one that remains.
//
// # From memory
//
// Not confirmed, and so a setting or harmless when wrong: in which property the
// consent (consent) and the country's code (country) of a contact stand, and that
// a contact which never opted out has none or false there; names inside of events
// besides those of creations; that a workflow sends every property. Event ids may
// repeat and are not looked at.
package hubspot

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// Platform describes HubSpot.
func Platform() platform.Platform {
	return platform.Platform{Name: "hubspot", Title: "HubSpot", Role: platform.Contacts, Settings: settingList(), New: newEndpoint}
}

// endpoint is one configured portal. It does not change after it was made.
type endpoint struct {
	platform.Config
	settings
}

// The topics of webhooks.
const (
	eventsTopic   = "events"
	workflowTopic = "workflow"
)

// Normalise reads a webhook or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	n.read()
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	n.askAll()
	if len(n.reading.Observations)+len(n.reading.Fetch)+len(n.reading.Erase) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}

// read reads an answer, or one of the two kinds of webhooks. No webhook can carry
// the header by which an answer is known.
func (n *normaliser) read() {
	if asked, ok := n.delivery.Header[platform.FetchedHeader]; ok {
		n.answer(asked)
		return
	}
	if topicOf(n.delivery.Body) == eventsTopic {
		n.events()
		return
	}
	n.workflow()
}
