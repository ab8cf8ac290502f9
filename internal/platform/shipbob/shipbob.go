// Package shipbob verifies and reads the webhooks of a ShipBob account, and what
// its API answers.
//
// It owns the topics, the API's addresses and pages and the shapes of orders and
// stock, and turns them into observations and fetches. Calling the API, links,
// waiting views, and what a difference means are left to others.
//
// # What is signed
//
// Webhooks are Standard Webhooks: id, time and body are signed, the topic is not.
// It only says whether a body is worth reading. A webhook names an order, some
// show it as it was when they were first sent, and ShipBob repeats them for a day
// in no order: each is a hint, and the order is asked for.
//
// # Orders
//
// An order is read whole, with its shipments: what of them left, what is open,
// where from. A shipment becomes a record once it has a tracking number. Bundles
// are products, unless an answer counts only what is inside.
//
// # Stock
//
// No webhook tells stock: it is asked for every fifteen minutes, by fulfilment
// centre, as it is then.
//
// # Second-hand and from memory
//
// Second-hand: the header of the topic and the statuses that mean shipped, which
// are settings, and the topics. From memory: the names of fields in answers, of
// which older spellings are taken as well; that a list of orders is as long as was
// asked for while there are more; that times without an offset are UTC.
package shipbob

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	environmentSetting = "environment"
	versionSetting     = "api_version"
	topicSetting       = "topic_header"
	fieldsSetting      = "order_fields"
	shippedSetting     = "shipped_statuses"
)

// Platform describes ShipBob.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "shipbob",
		Title: "ShipBob",
		Role:  platform.Warehouse,
		Settings: []platform.Setting{
			{Name: environmentSetting, Help: "production, which is the default, or sandbox"},
			{Name: versionSetting, Help: "the version of the API, such as 2026-07, which is the default"},
			{Name: topicSetting, Help: "the header with a webhook's topic; x-webhook-topic when not given"},
			{Name: fieldsSetting, Help: "fields of orders that may hold the web order's number, in order, with commas between; order_number,reference_id when not given"},
			{Name: shippedSetting, Help: "statuses of shipments that left, with commas between; Completed,LabeledCreated,LabelCreated when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	host        string
	version     string
	topicHeader string
	orderFields []string
	shipped     []string
}

var (
	apiVersion = lazyregexp.New(`^20\d\d-\d\d$`)
	headerName = lazyregexp.New(`^[A-Za-z0-9-]+$`)
	fieldName  = lazyregexp.New(`^[A-Za-z]\w*$`)
	hosts      = map[string]string{"production": "api.shipbob.com", "sandbox": "sandbox-api.shipbob.com"}
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{
		Config:      c,
		host:        hosts[cmp.Or(c.Settings[environmentSetting], "production")],
		version:     cmp.Or(c.Settings[versionSetting], "2026-07"),
		topicHeader: cmp.Or(c.Settings[topicSetting], "x-webhook-topic"),
		orderFields: list(cmp.Or(c.Settings[fieldsSetting], "order_number,reference_id")),
		shipped:     list(cmp.Or(c.Settings[shippedSetting], "Completed,LabeledCreated,LabelCreated")),
	}
	noName := func(name string) bool { return !fieldName.MatchString(name) }
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{environmentSetting, "production or sandbox", e.host != ""},
		{versionSetting, "a version such as 2026-07", apiVersion.MatchString(e.version)},
		{topicSetting, "the name of a header", headerName.MatchString(e.topicHeader)},
		{fieldsSetting, "names of fields with commas between", !slices.ContainsFunc(e.orderFields, noName)},
		{shippedSetting, "statuses with commas between", !slices.ContainsFunc(e.shipped, noName)},
	} {
		if !check.right {
			return nil, fmt.Errorf("shipbob: setting %s: want %s", check.setting, check.want)
		}
	}
	return e, nil
}

func list(text string) []string {
	all := strings.Split(text, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
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

// hints are the topics of webhooks about an order.
var hints = []string{
	"order.shipped", "order.delivered",
	"order.shipment.cancelled", "order.shipment.delivered", "order.shipment.exception", "order.shipment.on_hold",
	"order.shipment.line_item.added", "order.shipment.line_item.removed", "order.shipment.line_item.updated",
	"order.shipment.tracking.updated", "order.shipment.tracking_received",
}

// unread are the beginnings of topics that are not read, and why.
var unread = []struct{ prefix, why string }{
	{"order.shipment.address.", "addresses are not compared"},
	{"order.shipment.shipping_service.", "shipping services are not compared"},
	{"return.", "returns name no order"},
	{"wro.", "receiving orders are not compared"},
	{"billing.", "ShipBob's own bills are not compared"},
}

func (n *normaliser) read() error {
	topic := n.delivery.Topic
	if n.delivery.Header[platform.FetchedHeader] != "" {
		return n.answer(topic)
	}
	if slices.Contains(hints, topic) {
		return n.hint()
	}
	for _, u := range unread {
		if strings.HasPrefix(topic, u.prefix) {
			return n.ignore(u.why)
		}
	}
	return n.ignore("unknown topic")
}

func (n *normaliser) answer(topic string) error {
	switch topic {
	case orderTopic:
		return n.fetchedOrder()
	case ordersTopic:
		return n.orders()
	case stockTopic:
		return n.stock()
	default:
		return n.ignore("unknown topic")
	}
}
