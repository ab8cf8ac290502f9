// Package shopify verifies and reads the webhooks of a Shopify shop.
//
// It owns Shopify's signature, topics and JSON shapes and turns them into
// observations. Answering the request, links and waiting views, and what a
// difference means are left to others.
//
// # What is signed
//
// Only the body. Topic, shop domain, ids and Triggered-At are headers that
// whoever holds one genuine delivery can rewrite. Therefore:
//
//   - A body must have the shape of its topic; global ids name their entity. A
//     stock level under orders/updated is a body that cannot be read, and a full
//     order under orders/delete deletes nothing.
//   - A replay under another topic of the same shape, or at another time, is
//     harmless: state is versioned by the body's own updated_at.
//   - Triggered-At orders changes inside one second and nothing else.
//   - Deletions carry no time. One that is replayed counts as new; the bare id of
//     a deletion under another topic's deletion names an entity of that other
//     topic only by accident, ids being drawn from different ranges.
//   - Secrets shared by several shops let a body of one pass at another when its
//     shop header is rewritten. Give each shop its own.
//
// # Orders
//
// Every order topic carries the whole order, except orders/edited, which has no
// amounts; Shopify sends orders/updated for the same edit. Units open and
// shipped count lines that require shipping, all other units every line. Gift
// cards used are payments that order webhooks do not carry: they are missing.
//
// # Products
//
// Shopify lists at most 100 variants in a product's body, so that a variant
// which is not listed is never taken for deleted. Of larger products the rest
// is known by inventory items alone. Variants without a SKU have no record.
package shopify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// shopSetting is the registry's name for the shop's own domain.
const shopSetting = "shop"

var shopDomain = lazyregexp.New(`^[a-z0-9][a-z0-9-]*\.myshopify\.com$`)

// Platform describes Shopify.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "shopify",
		Title: "Shopify",
		Settings: []platform.Setting{{
			Name: shopSetting, Required: true,
			Help: "the shop's permanent domain, such as acme.myshopify.com",
		}, {
			Name: companiesSetting,
			Help: "the registry's name of the system whose customer ids are the external ids of companies and their locations; without, those are not read",
		}},
		Storefront: true,
		Telling:    true,
		// A version is supported for at least twelve months, and webhooks come in the
		// oldest supported one afterwards (https://shopify.dev/docs/api/usage/versioning).
		Versions: &platform.Versions{
			Headers: []string{"x-shopify-api-version", "shopify-api-version"}, Layout: "2006-01", Months: 12,
		},
		New: newEndpoint,
	}
}

// endpoint is one configured shop. It does not change after it was made.
type endpoint struct {
	platform.Config
	shop string
	// companiesOf is the system whose ids companies have, blank where they are not
	// read.
	companiesOf string
	// compared are the native ids of locations that are not ignored, in order.
	compared []string
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	shop := strings.ToLower(c.Settings[shopSetting])
	if !shopDomain.MatchString(shop) {
		return nil, fmt.Errorf("shopify: setting %s: want the permanent domain, such as acme.myshopify.com", shopSetting)
	}
	if c.OrderNumber.Store == "" {
		c.OrderNumber.Store = c.System
	}
	e := &endpoint{Config: c, shop: shop, companiesOf: c.Settings[companiesSetting]}
	for _, native := range slices.Sorted(maps.Keys(c.Locations)) {
		if c.Locations[native] != platform.Ignore {
			e.compared = append(e.compared, native)
		}
	}
	return e, nil
}

// Normalise reads a delivery of any topic.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := newNormaliser(e, d)
	if err := n.read(); err != nil {
		return platform.Reading{}, err
	}
	if n.problem != nil {
		return platform.Reading{}, n.problem
	}
	return n.reading, nil
}

// read chooses the reader of the topic. Several topics share a shape, and only an
// answer has a target: a webhook under an answer's topic is none that is known.
func (n *normaliser) read() error {
	if n.target() != "" {
		return n.answer()
	}
	switch n.delivery.Topic {
	case "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled":
		return n.order()
	case "orders/edited":
		return n.orderEdit()
	case "orders/delete":
		return n.orderDeletion()
	case "products/create", "products/update":
		return n.product()
	case "products/delete":
		return n.productDeletion()
	case "inventory_levels/update", "inventory_levels/connect":
		return n.level()
	case "inventory_levels/disconnect":
		return n.levelDisconnection()
	case "inventory_items/create", "inventory_items/update":
		return n.item()
	case "inventory_items/delete":
		return n.itemDeletion()
	case "customers/create", "customers/update", "customers/enable", "customers/disable":
		return n.customer()
	case "customers/delete":
		return n.customerDeletion()
	case "customers/merge":
		return n.customerMerge()
	case "companies/create", "companies/update":
		return n.company()
	case "companies/delete":
		return n.businessGone(companyEntity)
	case "company_locations/create", "company_locations/update":
		return n.companyLocation()
	case "company_locations/delete":
		return n.businessGone(locationEntity)
	case "fulfillments/create", "fulfillments/update":
		return n.fulfilment()
	case "refunds/create":
		return n.refund()
	case "customers/data_request":
		return n.dataRequest()
	case "customers/redact":
		return n.customerErasure()
	case "shop/redact":
		return n.shopErasure()
	case "app/uninstalled":
		return n.ignore("app uninstalled: Shopify sends no more webhooks")
	default:
		return n.ignore("unknown topic")
	}
}
