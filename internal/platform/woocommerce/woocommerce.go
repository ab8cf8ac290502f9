// Package woocommerce verifies and reads the webhooks of a WooCommerce shop, and
// what its REST API answers.
//
// It owns WooCommerce's signature, ping, topics and JSON shapes, and the API's
// addresses, and turns them into observations and fetches. Calling the API,
// links, waiting views, and what a difference means are left to others.
//
// # What is signed
//
// Only the body, with the webhook's secret as WordPress reads it: without HTML
// entities. Source and topic are headers that whoever holds one genuine delivery
// can rewrite, so that a body must have the shape of its topic, and a replay is
// harmless: state is versioned by the body's own time of change. The ping of a
// new webhook is not signed at all; it is answered and has no effect.
//
// A delivery id is made of a webhook's id and the current second, so that several
// deliveries share one. What identifies a delivery is its source, topic and body.
//
// # What is sent
//
// WooCommerce makes the body when it delivers, up to ten minutes after a change,
// from how things are then: states in between are never seen, the first
// order.created may show a paid order, and a body that comes well after the
// second of a change has settled that second. A delivery that fails is not sent
// again, and after a few failures the webhook is disabled: what was modified is
// therefore asked for every hour, and the webhooks are looked at.
//
// A body is what the webhook's user may see. When that user has lost the right,
// the body is an error object with a right signature: it goes to quarantine.
//
// # Deletions
//
// A deletion is a bare id, which says neither when nor, because the topic is not
// signed, of what. It is only a hint: the record is asked for. One that the API
// does not have is gone, and which SKU or number it was its link knows; one in
// the trash is gone as of its own time, and may come back.
//
// # Products
//
// A product names its variations by their ids alone. They are asked for, and
// those that are not answered are gone. A variation that is changed by itself
// arrives as a product whose type is "variation". A product with variations is
// none that is sold: only stock that is counted for all of them together is its
// own, and a variation whose manage_stock is "parent" has none.
//
// A shop has one stock. Its location is a setting.
//
// # Refunds
//
// An order lists its refunds by their sums. What they consist of is asked for,
// and is a part of the order and of its refund. A refund that somebody deletes
// again leaves no trace in WooCommerce; its details stay.
//
// # From memory
//
// Not confirmed, and harmless when wrong: the error object, "parent" as
// manage_stock, that customer 0 is a guest, that trashing changes the modified
// time, that modified_after and include restrict lists, and the names of an
// order's created_via, date_paid_gmt, shipping_tax and discount_tax.
package woocommerce

import (
	"cmp"
	"fmt"
	"net/url"
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
	shopSetting     = "shop"
	locationSetting = "location"
	topicsSetting   = "topics"
)

const (
	// everywhere is what the registry calls the one place of a shop's stock.
	everywhere       = "*"
	standardLocation = "main"
	standardTopics   = "order.created,order.updated,order.deleted,order.restored," +
		"product.created,product.updated,product.deleted,product.restored"
)

// Platform describes WooCommerce.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "woocommerce",
		Title: "WooCommerce",
		Settings: []platform.Setting{
			{Name: shopSetting, Required: true, Help: "the shop's home address, such as https://shop.acme.example"},
			{Name: locationSetting, Help: "the registry's location of the shop's stock, or ignore; when not given what locations says of *, or main"},
			{Name: topicsSetting, Help: "the topics that must have an active webhook, with commas between; those of orders and products when not given"},
		},
		Storefront:    true,
		Subscriptions: &platform.Subscriptions{Chore: webhooksTopic},
		New:           newEndpoint,
	}
}

// endpoint is one configured shop. It does not change after it was made.
type endpoint struct {
	platform.Config
	host, path string
	location   string
	topics     []string
}

var (
	hostName  = lazyregexp.New(`^[a-z0-9-]+(?:\.[a-z0-9-]+)+$`)
	homePath  = lazyregexp.New(`^(?:/[A-Za-z0-9_-]+)*$`)
	topicName = lazyregexp.New(`^(?:order|product|customer)\.(?:created|updated|deleted|restored)$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{Config: c, location: cmp.Or(c.Settings[locationSetting], c.Locations[everywhere], standardLocation)}
	var ok bool
	if e.host, e.path, ok = home(c.Settings[shopSetting]); !ok || !strings.HasPrefix(c.Settings[shopSetting], "https://") {
		return nil, fmt.Errorf("woocommerce: setting %s: want the home address, such as https://shop.acme.example", shopSetting)
	}
	if strings.Contains(e.location, "@") {
		return nil, fmt.Errorf("woocommerce: setting %s: want a location without @, which keys are written with", locationSetting)
	}
	for topic := range strings.SplitSeq(cmp.Or(c.Settings[topicsSetting], standardTopics), ",") {
		topic = strings.TrimSpace(topic)
		if !topicName.MatchString(topic) {
			return nil, fmt.Errorf("woocommerce: setting %s: want topics such as order.updated, with commas between", topicsSetting)
		}
		e.topics = append(e.topics, topic)
	}
	if e.OrderNumber.Store == "" {
		e.OrderNumber.Store = e.System
	}
	return e, nil
}

// home reads a shop's home address. WordPress writes it with or without TLS,
// whatever is in front of it, and with a slash at its end.
func home(text string) (host, path string, ok bool) {
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return "", "", false
	}
	host, path = strings.ToLower(at.Host), strings.TrimSuffix(at.Path, "/")
	return host, path, hostName.MatchString(host) && homePath.MatchString(path)
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

// read chooses the reader of the topic. Only an answer has a target: a webhook
// under an answer's topic is none that is known.
func (n *normaliser) read() error {
	if n.target() != "" {
		return n.answer()
	}
	switch n.delivery.Topic {
	case "order.created", "order.updated", "order.restored":
		return n.order(n.delivery.Body)
	case "product.created", "product.updated", "product.restored":
		return n.product(n.delivery.Body, "")
	case "customer.created", "customer.updated", "customer.restored":
		return n.customer(n.delivery.Body)
	case "order.deleted":
		return n.deletion(orderTopic, orderTarget)
	case "product.deleted":
		return n.deletion(productTopic, productTarget)
	case "customer.deleted":
		return n.deletion(customerTopic, customerTarget)
	default:
		return n.ignore("unknown topic")
	}
}

// answer reads what the API answered.
func (n *normaliser) answer() error {
	switch n.delivery.Topic {
	case orderTopic:
		return n.one(n.order, n.orderGone)
	case productTopic:
		return n.one(func(element []byte) error { return n.product(element, "") }, n.productGone)
	case customerTopic:
		return n.one(n.customer, n.customerGone)
	case ordersTopic:
		return n.list(n.order)
	case productsTopic:
		return n.list(func(element []byte) error { return n.product(element, "") })
	case refundsTopic:
		return n.list(n.refund)
	case variationsTopic:
		return n.variations()
	case webhooksTopic:
		return n.webhooks()
	default:
		return n.ignore("unknown topic")
	}
}
