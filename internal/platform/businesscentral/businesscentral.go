// Package businesscentral verifies and reads the notifications of a Microsoft
// Dynamics 365 Business Central company, and what its API answers.
//
// It owns the handshake, the notifications, the API's addresses and shapes, and
// turns them into fetches and observations. Calling the API, links, waiting
// views, and what a difference means are left to others.
//
// # Who sends
//
// Nothing is signed. Each element of a notification carries the clientState that
// its subscription was made with: the system's secret. All of them must be right,
// or the whole request has no effect: whoever knows one does not vouch for the
// others. A notification says only which record changed; its values are fetched,
// so that a forged one could make us ask the API and nothing else.
//
// # What is answered
//
// Business Central deletes a subscription for good when it is answered with a
// 4xx other than 408 and 429, and repeats a notification for 36 hours after a
// 5xx. What is accepted is therefore answered with 202, readable or not. What is
// refused is answered with 503: it has no effect, a stranger learns nothing from
// it, and the notifications of a subscription whose clientState is not among the
// secrets yet come again once it is, instead of being acknowledged and lost.
//
// # Orders
//
// A web order is a sales order at first, then any number of shipments, invoices
// and credit memos, and the sales order is deleted once all is posted. Each is a
// part of the one order: the sales order with what is not invoiced yet, invoices
// with what they invoice, credit memos with the same, negated. A deleted sales
// order is succeeded by its invoices: they are asked for before it is said to be
// gone. Where the web order's number stands depends on the connector: see the
// setting order_fields. A document without one is no web order's.
//
// # Stock
//
// Stock is pulled, at a fixed pace, and never taken from notifications: not every
// receipt of goods changes the time at which an item was modified, and the
// standard API knows no locations. With an API page of the customer's own stock
// is read by location; without, the item's own sum, for the location that the
// registry calls "*".
//
// # From memory
//
// Not confirmed, and so either a setting or harmless when wrong: that a blank
// currency code is the local currency (the registry's currency of the system),
// that If-Match takes "*", and that invoices of a deleted order keep its id: a
// deleted order without such invoices is gone, but its invoices are parts of the
// same record and keep it alive.
package businesscentral

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// Platform describes Business Central.
func Platform() platform.Platform {
	return platform.Platform{
		Name:          "businesscentral",
		Title:         "Dynamics 365 Business Central",
		Role:          platform.ERP,
		Settings:      settingList(),
		Subscriptions: &platform.Subscriptions{Chore: subscriptions, Lasts: subscribedFor},
		New:           newEndpoint,
	}
}

// endpoint is one configured company. It does not change after it was made.
type endpoint struct {
	platform.Config
	settings
	// compared are the codes of locations that are not ignored, in order.
	compared []string
}

// The topics of deliveries: notifications, and what the API answers.
const (
	notifications = "notifications"
	listSuffix    = "/list"
	succession    = "salesOrders/succession"
	stockTopic    = "stock"
	subscriptions = "subscriptions"
	renewal       = "subscriptions/renewal"
)

// The entity sets that are read, and that are to be subscribed to.
const (
	items       = "items"
	orders      = "salesOrders"
	shipments   = "salesShipments"
	invoices    = "salesInvoices"
	creditMemos = "salesCreditMemos"
	customers   = "customers"
)

// entities are the sets that the system reads.
func (e *endpoint) entities() []string {
	sets := []string{items, creditMemos, invoices, orders, shipments}
	if e.customers != "" {
		sets = append(sets, customers)
	}
	return sets
}

// Normalise reads a notification or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	err := n.read()
	if err == nil {
		err = n.Problem()
	}
	if err != nil {
		return platform.Reading{}, err
	}
	return n.reading, nil
}

// read chooses the reader of the topic.
func (n *normaliser) read() error {
	switch n.delivery.Topic {
	case notifications:
		return n.notifications()
	case succession:
		return n.succession()
	case stockTopic:
		return n.list(n.stock)
	case subscriptions:
		return n.subscriptions()
	case renewal:
		return n.ignore("renewal of a subscription")
	default:
		return n.entity()
	}
}

// entity reads an answer with one entity, or with a page of them.
func (n *normaliser) entity() error {
	for _, set := range n.entities() {
		switch n.delivery.Topic {
		case set:
			if n.missing() {
				return n.gone(set)
			}
			return n.one(set, n.delivery.Body)
		case set + listSuffix:
			return n.list(func(element []byte) error { return n.one(set, element) })
		}
	}
	return n.ignore("unknown topic")
}

// one reads one entity.
func (n *normaliser) one(set string, element []byte) error {
	switch set {
	case items:
		return n.item(element)
	case customers:
		return n.customer(element)
	case orders:
		return n.order(element)
	default:
		return n.document(set, element)
	}
}
