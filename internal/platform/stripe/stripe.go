// Package stripe verifies and reads the events of a Stripe account, and what its
// API answers.
//
// It owns the signature, the two generations of events, the API's addresses and
// shapes, and amounts in smallest units, and turns them into fetches and
// observations. Calling the API, links, waiting views, and what a difference
// means are left to others.
//
// # Who sends
//
// The time and the body are signed, as the header Stripe-Signature says. The key
// is the whole text of the endpoint's secret: it begins with whsec_ and is not
// base64 all the same. One URL may hear of the live and the test mode and of
// connected accounts, each signed with its own endpoint's secret: an event of
// the other mode, or of an account that is not this system's, is no fact here
// and is ignored.
//
// # Which change is newer
//
// Objects carry no time of their last change and events come in any order, so
// that the version is the event's own time, in seconds. In one second the later
// status wins, because statuses only advance: a failed refund has succeeded
// before, a paid payout was in transit. What statuses cannot order, such as the
// end of a dispute and its money, the API settles: an answer shows the object
// with everything up to the event that it was asked for, and counts as read back
// when it was asked for five seconds after it. Once an hour all events since the
// last hour are read again, which also finds those that were never delivered.
//
// # What is read
//
//   - Payments are payment intents that succeeded, failed or were canceled. Their
//     fee is the balance transaction's, fetched, and missing where it is in
//     another currency. A succeeded payment is also a part of the web order that
//     its metadata names: the order as it was paid here.
//   - Refunds count when they succeeded and are gone when they failed afterwards.
//     A refund knows the order by its own metadata or by its payment's.
//   - Disputes are payments of type "dispute": a charge-back is no refund, and the
//     shop that is compared does not book it as one.
//   - Payouts have their gross, refunds, adjustments and fees from the balance
//     transactions in them, which only the API lists, and only for automatic ones.
//
// Nothing of a person is read: no e-mail address, no name, no card. Payments made
// without a payment intent, customers and subscriptions are not read.
//
// # From memory
//
// Not confirmed, and so a setting: which currencies have no smaller unit or three
// digits (minor_units), and the metadata fields that hold the order's number.
// The names of fields inside of objects are Stripe's published ones; of thin
// events only object, type, livemode, created, context and related_object are
// relied on.
package stripe

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// Platform describes Stripe.
func Platform() platform.Platform {
	return platform.Platform{Name: "stripe", Title: "Stripe", Role: platform.Payments, Settings: settingList(), New: newEndpoint}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	settings
}

// Normalise reads an event or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	n.read()
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
