package woocommerce

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The topics of answers.
const (
	orderTopic      = "order"
	ordersTopic     = "orders"
	refundsTopic    = "refunds"
	productTopic    = "product"
	productsTopic   = "products"
	variationsTopic = "variations"
	customerTopic   = "customer"
	webhooksTopic   = "webhooks"
)

const (
	// pageSize keeps a page small enough for shops on a small machine.
	pageSize = 50
	// mostWebhooks is how many webhooks are listed: the API's longest page.
	mostWebhooks = 100
	// catchUpEvery asks for what no webhook told: none is sent again.
	catchUpEvery = time.Hour
	// lookEvery looks whether the webhooks are still active.
	lookEvery = time.Hour
)

// The fields that are asked for: names and addresses stay where they are.
const (
	orderFields = "id,number,status,currency,created_via,prices_include_tax,date_created_gmt,date_modified_gmt,date_paid_gmt," +
		"discount_total,discount_tax,shipping_total,shipping_tax,total,total_tax,customer_id," +
		"line_items.sku,line_items.quantity,refunds"
	productFields = "id,type,status,sku,global_unique_id,price,regular_price,sale_price,date_on_sale_from_gmt,date_on_sale_to_gmt," +
		"manage_stock,stock_quantity,backorders,tax_class,parent_id,variations,date_created_gmt,date_modified_gmt"
	customerFields = "id,email,role,billing.country,date_created_gmt,date_modified_gmt"
	refundFields   = "id,date_created_gmt,amount,line_items,shipping_lines,fee_lines"
	webhookFields  = "id,topic,status,delivery_url"
)

func orderTarget(native string) string { return "orders/" + native + "?_fields=" + orderFields }

func productTarget(native string) string { return "products/" + native + "?_fields=" + productFields }

func customerTarget(native string) string {
	return "customers/" + native + "?_fields=" + customerFields
}

func refundsTarget(order string) string {
	return "orders/" + order + "/refunds?_fields=" + refundFields + firstPage
}

func variationsTarget(product string, natives []string) string {
	return "products/" + product + "/variations?_fields=" + productFields + "&per_page=" + strconv.Itoa(pageSize) + "&include=" + strings.Join(natives, ",")
}

var firstPage = "&per_page=" + strconv.Itoa(pageSize) + "&page=1"

// fetchable is every target that may be asked for, and nothing that leads
// elsewhere.
var fetchable = lazyregexp.New(`^(?:orders(?:/\d+(?:/refunds)?)?|products(?:/\d+(?:/variations)?)?|customers/\d+|webhooks)\?[\w=&,.:-]*$`)

// Request makes the call for a target below the shop's REST API.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	if !fetchable.MatchString(f.Target) {
		return nil, fmt.Errorf("woocommerce: fetch %s: the target is none of the API's", f.Topic)
	}
	address := "https://" + e.host + e.path + "/wp-json/wc/v3/" + f.Target
	req, err := http.NewRequest(http.MethodGet, address, http.NoBody) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("woocommerce: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(token)))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the shop's own host.
func (e *endpoint) Hosts() []string { return []string{e.host} }

// Pace spares the shop, which has no limit and serves its customers meanwhile.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 250 * time.Millisecond, Burst: 4}
}

// Token makes no call: key and secret of the REST API are sent as they are.
func (e *endpoint) Token(credential platform.Secret) (*http.Request, error) {
	key, secret, ok := strings.Cut(string(credential), ":")
	if !ok || key == "" || secret == "" {
		return nil, errors.New("woocommerce: want a credential consumer_key:consumer_secret")
	}
	return nil, nil //nolint:nilnil // no call is what the interface asks for
}

// ReadToken reads nothing: Token makes no call.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errors.New("woocommerce: there is no answer with a token")
}

// Chores asks for what was modified, and looks at the webhooks.
func (e *endpoint) Chores() []platform.Chore {
	chores := []platform.Chore{
		{Name: webhooksTopic, Every: lookEvery, Fetch: platform.Fetch{Topic: webhooksTopic, Target: "webhooks?_fields=" + webhookFields + "&per_page=" + strconv.Itoa(mostWebhooks)}},
	}
	for _, p := range e.Pulls() {
		chores = append(chores, platform.Chore{Name: p.Name, Every: catchUpEvery, Fetch: p.Changed})
	}
	return chores
}
