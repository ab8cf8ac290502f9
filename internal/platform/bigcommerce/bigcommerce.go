// Package bigcommerce verifies and reads the webhooks of a BigCommerce store, and
// what its API answers.
//
// It owns BigCommerce's proofs, scopes and JSON shapes, and the API's addresses,
// and turns them into fetches and observations. Calling the API, links, waiting
// views, and what a difference means are left to others.
//
// # Who sends
//
// Newer webhooks are signed as Standard Webhooks with the bytes of the API
// account's client secret. Older ones only carry a header that was chosen when
// the webhook was made: its name is a setting, its value a secret of the system.
// Either proves the sender; a request with neither is refused. One API account
// may serve several stores, so that the body's producer must name this one.
//
// # What an event says
//
// That something changed. The hash is opaque: it is the same when an event is
// sent again, and an event is identified by producer, scope and hash. One edit is
// told in several scopes in the same second, with different hashes; each is asked
// for, and the answers are the same state.
//
// Stock events with a value are hints as well. The value has no place, no part of
// it says which of two changes in a second came last, and what is fetched has
// both: a location, and the time at which it was asked for.
//
// # Time
//
// Orders and products are versioned by their own time of change, which is exact
// to the second. Order lines, stock levels and shipments have none: they are
// versioned by when they were asked for. Stock that was just adjusted may be
// answered as it was before; all of it is asked for again every few hours.
//
// # Orders
//
// An order is known by its id. Its amounts, its lines and each of its refunds are
// parts: what refunds take off tax is theirs, and lines say how many units are
// left. Incomplete orders are carts that were never placed. Amounts are in the
// currency that the shopper pays in; the one that the storefront shows is the
// presentment currency.
//
// # From memory
//
// Not confirmed, and so either a setting or harmless when wrong: the payment
// method of test orders, payment_status and its words, is_tax_inclusive_pricing,
// the fields of refunds, that relative values occur in stock events, the filters
// variant_id:in and date_modified:min, and the limits of calls.
package bigcommerce

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	storeSetting  = "store_hash"
	headerSetting = "header"
	testSetting   = "test_payment"
	scopesSetting = "scopes"
	callsSetting  = "calls"
	stockSetting  = "stock_every"
)

// Platform describes BigCommerce.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "bigcommerce",
		Title: "BigCommerce",
		Settings: []platform.Setting{
			{Name: storeSetting, Required: true, Help: "the store's hash, such as abc123: the part behind store- in the control panel's address"},
			{Name: headerSetting, Help: "the header that the webhooks were made with, such as X-Plumbline, when they are not signed; its value is a secret of the system"},
			{Name: testSetting, Help: "payment methods of test orders, with commas between; Test Payment Gateway when not given"},
			{Name: scopesSetting, Help: "the scopes that must have an active webhook, with commas between; those of orders, shipments, products and SKUs when not given"},
			{Name: callsSetting, Help: "how many calls the store's plan allows in 30 seconds; 150 when not given"},
			{Name: stockSetting, Help: "how often all stock is asked for; 6h when not given"},
		},
		Storefront:    true,
		Subscriptions: &platform.Subscriptions{Chore: hooksTopic},
		New:           newEndpoint,
	}
}

// endpoint is one configured store. It does not change after it was made.
type endpoint struct {
	platform.Config
	store, header string
	test, scopes  []string
	calls         int
	stockEvery    time.Duration
	// compared are the native ids of locations that are not ignored, in order.
	compared []string
}

var (
	storeHash  = lazyregexp.New(`^[a-z0-9]{3,20}$`)
	headerName = lazyregexp.New(`^[A-Za-z][A-Za-z0-9-]*$`)
	scopeName  = lazyregexp.New(`^store(?:/[A-Za-z_]+|/\*|/\d+)+$`)
)

const (
	standardScopes = "store/order/*,store/shipment/*,store/product/*,store/sku/*"
	mostCalls      = 10_000
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	own := func(name, otherwise string) string { return cmp.Or(c.Settings[name], otherwise) }
	calls, callsErr := strconv.Atoi(own(callsSetting, "150"))
	every, everyErr := time.ParseDuration(own(stockSetting, "6h"))
	e := &endpoint{
		Config: c, store: own(storeSetting, ""), header: own(headerSetting, ""),
		test: list(own(testSetting, "Test Payment Gateway")), scopes: list(own(scopesSetting, standardScopes)),
		calls: calls, stockEvery: every,
	}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{storeSetting, "the store's hash, such as abc123", storeHash.MatchString(e.store)},
		{headerSetting, "a header of your own, such as X-Plumbline", e.header == "" || headerName.MatchString(e.header) && !kept(e.header)},
		{testSetting, "payment methods with commas between", !slices.Contains(e.test, "")},
		{scopesSetting, "scopes such as store/order/*, with commas between", all(e.scopes, scopeName)},
		{callsSetting, "a number of calls from 1 to 10000", callsErr == nil && calls >= 1 && calls <= mostCalls},
		{stockSetting, "a duration of a minute or more, such as 6h", everyErr == nil && every >= time.Minute},
	} {
		if !check.right {
			return nil, fmt.Errorf("bigcommerce: setting %s: want %s", check.setting, check.want)
		}
	}
	if e.OrderNumber.Store == "" {
		e.OrderNumber.Store = e.System
	}
	for _, native := range slices.Sorted(maps.Keys(c.Locations)) {
		if c.Locations[native] != platform.Ignore {
			e.compared = append(e.compared, native)
		}
	}
	return e, nil
}

func list(text string) []string {
	fields := strings.Split(text, ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}

func all(texts []string, pattern *lazyregexp.Regexp) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return !pattern.MatchString(text) })
}

// Normalise reads an event or an answer of the API.
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

// read reads what the API answered by the topic that it was asked for under. Only
// an answer has a target; of an event the signed body says the scope.
func (n *normaliser) read() error {
	if n.target() == "" {
		return n.event()
	}
	switch n.delivery.Topic {
	case orderTopic:
		return n.one(n.order, n.orderGone)
	case productTopic:
		return n.one(n.enveloped(n.product), n.productGone)
	case variantTopic:
		return n.one(n.stillThere, n.variantGone)
	case shipmentTopic:
		return n.one(n.shipment, n.shipmentGone)
	case ordersTopic:
		return n.list(n.order)
	case linesTopic:
		return n.lines()
	case productsTopic:
		return n.pages(n.product)
	case inventoryTopic, levelTopic:
		return n.pages(n.stock)
	case refundsTopic:
		return n.pages(n.refund)
	case customerTopic:
		return n.customers()
	case hooksTopic:
		return n.hooks()
	default:
		return n.ignore("unknown topic")
	}
}
