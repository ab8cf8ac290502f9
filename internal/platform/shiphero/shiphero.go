// Package shiphero verifies and reads the webhooks of a ShipHero account, and what
// its GraphQL API answers.
//
// It owns the signature, both generations of the bodies, the queries and the
// shapes of their answers, and turns them into observations and fetches. Calling
// the API, links, waiting views, and what a difference means are left to others.
//
// # Stock
//
// The quantities beside a SKU are the account's, over all its warehouses. They are
// never read: only updated_warehouse says what one warehouse has. Without it the
// delivery is a hint, and the SKU is asked for, warehouse by warehouse.
//
// What can be sold is on hand − allocated + sell ahead − reserve. Webhooks call it
// inventory; what the API calls available leaves sell ahead and reserve out, and
// is not the same.
//
// # Order of changes
//
// Webhooks carry neither a time nor a number that orders them, so that the newest
// received counts. One that ShipHero repeats late may show what is no longer true:
// every fifteen minutes the stock that changed is asked for, every hour the orders.
//
// # Orders
//
// Shipments add up to what was shipped, from webhooks as from the API. What is
// open only the API knows: whatever happens to an order, it is asked for.
//
// # Second-hand and from memory
//
// Second-hand: the signature's header and encoding, which are settings, and the
// names in the API's schema. From memory: that times without an offset are UTC,
// that an answer with the error code 30 means too few credits and is worth asking
// for again, and that a record that does not exist is null.
package shiphero

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// Platform describes ShipHero.
func Platform() platform.Platform {
	return platform.Platform{Name: "shiphero", Title: "ShipHero", Role: platform.Warehouse, Settings: settingList(), Subscriptions: &platform.Subscriptions{Chore: subscriptionsTopic}, New: newEndpoint}
}

// The topics of webhooks: their webhook_type in lower case, with hyphens.
const (
	inventoryUpdate  = "inventory-update"
	inventoryChange  = "inventory-change"
	shipmentUpdate   = "shipment-update"
	orderCanceled    = "order-canceled"
	orderAllocated   = "order-allocated"
	orderDeallocated = "order-deallocated"
	orderPackedOut   = "order-packed-out"
	returnUpdate     = "return-update"
)

// unread are the topics that are not read, and why.
var unread = map[string]string{
	"po-update":        "purchase orders are not compared",
	"shipment-asn":     "purchase orders are not compared",
	"product-update":   "product data is not compared",
	"tote-complete":    "work inside the warehouse",
	"tote-cleared":     "work inside the warehouse",
	"package-added":    "work inside the warehouse",
	"print-barcode":    "work inside the warehouse",
	"automation-rules": "work inside the warehouse",
	"capture-payment":  "asks for a decision, which Plumbline does not make",
	"generate-label":   "asks for a decision, which Plumbline does not make",
}

// Normalise reads a webhook or an answer of the API.
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

func (n *normaliser) read() error {
	if n.delivery.Header[platform.FetchedHeader] != "" {
		return n.answer()
	}
	if why, known := unread[n.delivery.Topic]; known {
		return n.ignore(why)
	}
	switch n.delivery.Topic {
	case inventoryUpdate:
		return n.inventoryUpdate()
	case inventoryChange:
		return n.inventoryChange()
	case shipmentUpdate:
		return n.shipmentUpdate()
	case orderCanceled, orderAllocated, orderDeallocated, orderPackedOut:
		return n.orderEvent()
	case returnUpdate:
		return n.returnUpdate()
	case "":
		return n.untitled()
	default:
		return n.ignore("unknown topic")
	}
}
