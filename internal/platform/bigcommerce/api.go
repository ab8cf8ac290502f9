package bigcommerce

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// apiHost is the one host of all stores.
const apiHost = "api.bigcommerce.com"

// The topics of answers.
const (
	orderTopic     = "order"
	ordersTopic    = "orders"
	linesTopic     = "lines"
	refundsTopic   = "refunds"
	shipmentTopic  = "shipment"
	productTopic   = "product"
	productsTopic  = "products"
	variantTopic   = "variant"
	inventoryTopic = "inventory"
	levelTopic     = "level"
	customerTopic  = "customer"
	hooksTopic     = "hooks"
)

const (
	// pageSize is the longest page that every list has, but for products with
	// their variants.
	pageSize  = 250
	firstPage = "&limit=250&page=1"
	// catchUpEvery asks for what no webhook told, and looks at the webhooks.
	catchUpEvery = time.Hour
	// window is the time that the limit of calls is given for.
	window = 30 * time.Second
	// burstShare is the part of a window's calls that may be made at once.
	burstShare = 10
)

// fetchable is every target that may be asked for, and nothing that leads
// elsewhere.
var fetchable = lazyregexp.New(`^(?:v2/orders(?:/\d+(?:/products|/shipments/\d+)?)?|` +
	`v3/(?:orders/\d+/payment_actions/refunds|catalog/products(?:/\d+(?:/variants/\d+)?)?|inventory/(?:locations/\d+/)?items|customers|hooks))` +
	`(?:\?[\w=&:,.-]*)?$`)

// Request makes the call for a target below the store's API.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	if !fetchable.MatchString(f.Target) {
		return nil, fmt.Errorf("bigcommerce: fetch %s: the target is none of the API's", f.Topic)
	}
	address := "https://" + apiHost + "/stores/" + e.store + "/" + f.Target
	req, err := http.NewRequest(http.MethodGet, address, http.NoBody) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("bigcommerce: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("X-Auth-Token", string(token))
	// Without it, orders are answered in XML.
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the API's host.
func (e *endpoint) Hosts() []string { return []string{apiHost} }

// Pace keeps to the limit of the store's plan.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: window / time.Duration(e.calls), Burst: max(1, e.calls/burstShare)}
}

// Token makes no call: the access token of the API account is the credential.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) {
	return nil, nil //nolint:nilnil // no call is what the interface asks for
}

// ReadToken reads nothing: Token makes no call.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errors.New("bigcommerce: there is no answer with a token")
}

// Chores asks for what was modified and for all stock, and looks at the webhooks
// unless that would show the header that proves them.
func (e *endpoint) Chores() []platform.Chore {
	var chores []platform.Chore
	for _, p := range e.Pulls() {
		c := platform.Chore{Name: p.Name, Every: catchUpEvery, Fetch: p.Changed}
		if p.Whole() {
			c.Every, c.Fetch = e.stockEvery, p.All
		}
		chores = append(chores, c)
	}
	if e.header != "" {
		return chores
	}
	return append(chores, platform.Chore{
		Name: hooksTopic, Every: catchUpEvery, Fetch: platform.Fetch{Topic: hooksTopic, Target: "v3/hooks?limit=250&page=1"},
	})
}
