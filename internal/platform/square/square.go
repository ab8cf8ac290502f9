// Package square verifies and reads the events of a Square seller, and what
// Square's API answers.
//
// It owns Square's signature, events, addresses and JSON shapes, and turns them
// into fetches and observations. Calling the API, links, waiting views, and what
// a difference means are left to others.
//
// # Who sends
//
// The notification URL and the body are signed. The URL is the one that the
// subscription was made with, byte for byte: what a function behind a gateway
// sees is another one, so that the setting "url" says it. Two subscriptions have
// two keys; each needs a URL of its own. An application hears of all its sellers:
// events of another one are no facts here and are ignored.
//
// # How much an event says
//
// Events of payments, refunds and counts say everything. Those of orders name the
// order, which is fetched. The event of the catalogue says nothing but when it
// changed, not even what: what changed since that time, less an overlap, is
// searched for. The event's own time bounds the search, so that it is the same
// search however late the event comes, and the search is short while events do
// come; what events were lost is made up for every hour by a search since the
// last one, and once a day by everything.
//
// # Which change is newer
//
// Orders, payments and variations carry the time of their last change, counts the
// time at which they were calculated. Within one time an order's version counts,
// which grows with every change; orders that were not made through the API have
// none. An answer that lags behind its event is older by its own time and changes
// nothing; the hourly search finds what came after it.
//
// # Stock
//
// Only the state IN_STOCK can be sold. The other states, such as SOLD and WASTE,
// count what has happened, and are left out. Quantities are texts with up to five
// digits behind the point. Which SKU a count is about only the catalogue knows.
//
// # From memory
//
// Not confirmed, and so a setting: which field of an order holds the number that
// other systems know (order_fields), and the version whose shapes are read
// (version). Not confirmed, and harmless when wrong: that a refund of an order's
// payment makes an order of its own, whose returns name the order that was sold
// and whose return_amounts are what goes back, while the sold order keeps its
// amounts; the names of the headers about retries; that the list of subscriptions
// is open to the access token.
package square

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// Platform describes Square.
func Platform() platform.Platform {
	return platform.Platform{Name: "square", Title: "Square", Settings: settingList(), Storefront: true, Subscriptions: &platform.Subscriptions{Chore: subscriptionSet}, New: newEndpoint}
}

// endpoint is one configured seller. It does not change after it was made.
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
