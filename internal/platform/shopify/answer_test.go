package shopify_test

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// answered reads an answer of the API to a target.
func answered(t *testing.T, topic, target, text string) (platform.Reading, error) {
	t.Helper()
	return newEndpoint(t).Normalise(commerce.Delivery{
		ID: "a", System: "shopify-us", Topic: topic, Received: received, Body: []byte(text),
		Header: map[string]string{platform.FetchedHeader: target, platform.StatusHeader: "200"},
	})
}

const productAnswer = `{"data":{"products":{"pageInfo":{"hasNextPage":true,"endCursor":"eyJsYXN0+/="},"nodes":[{"id":"gid://shopify/Product/7","status":"ACTIVE",
"updatedAt":"2026-03-03T14:00:00Z","variants":{"pageInfo":{"hasNextPage":true,"endCursor":"v1"},"nodes":[{"id":"gid://shopify/ProductVariant/8","sku":"MUG-BLU",
"barcode":null,"price":"14.00","compareAtPrice":"18.00","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-03-03T14:00:00Z","inventoryItem":{"id":"gid://shopify/InventoryItem/9"}}]}}]}}}`

func TestAnswer_AProductIsToldAsWebhooksTellIt(t *testing.T) {
	reading, err := answered(t, "products", "products?since=2026-03-03T13:00:00Z", productAnswer)
	if err != nil {
		t.Fatal(err)
	}
	price := one(t, reading.Observations, commerce.Price, "price")
	if price.Facets["effective"].String() != "14" || price.Facets["regular"].String() != "18" || !price.Version.Parts().ReadBack {
		t.Errorf("price %v, version %+v", price.Facets, price.Version.Parts())
	}
	if status := one(t, reading.Observations, commerce.Product, "product").Facets["status"].String(); status != "active" {
		t.Errorf("status %s, want the word of webhooks", status)
	}
	want := []platform.Fetch{
		{Topic: "variants", Target: "variants/7?after=v1"},
		{Topic: "products", Target: "products?since=2026-03-03T13:00:00Z&after=eyJsYXN0%2B%2F%3D"},
	}
	if diff := cmp.Diff(want, reading.Fetch); diff != "" {
		t.Error(diff)
	}
}

func TestAnswer_TheNextPageIsAskedForWithItsCursorAndNothingButAQuery(t *testing.T) {
	req, err := newEndpoint(t).(platform.API).Request(platform.Fetch{Topic: "products", Target: "products?since=2026-03-03T13:00:00Z&after=eyJsYXN0%2B%2F%3D"}, "a token")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(req.Body)
	var sent struct {
		Query     string
		Variables map[string]string
	}
	if err := json.Unmarshal(text, &sent); err != nil || !strings.HasPrefix(sent.Query, "query(") {
		t.Errorf("%v: %s, want a query, which changes nothing", err, sent.Query)
	}
	if diff := cmp.Diff(map[string]string{"changed": "updated_at:>='2026-03-03T13:00:00Z'", "after": "eyJsYXN0+/="}, sent.Variables); diff != "" {
		t.Error(diff)
	}
	if req.Header.Get("X-Shopify-Access-Token") != "a token" || req.URL.Host != "acme.myshopify.com" {
		t.Errorf("asked %s", req.URL)
	}
}

func TestAnswer_StockHasALevelForEachItemAndNoneWhereItIsNotTracked(t *testing.T) {
	reading, err := answered(t, "levels", "levels/655441491", `{"data":{"location":{"id":"gid://shopify/Location/655441491","inventoryLevels":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[
{"updatedAt":"2026-03-03T14:00:00Z","item":{"id":"gid://shopify/InventoryItem/9","tracked":true},"quantities":[{"name":"available","quantity":-3}]},
{"updatedAt":"2026-03-03T14:00:00Z","item":{"id":"gid://shopify/InventoryItem/10","tracked":false},"quantities":[{"name":"available","quantity":0}]}]}}}}`)
	if err != nil || len(reading.Observations) != 2 {
		t.Fatalf("%v, %d observations", err, len(reading.Observations))
	}
	if o := reading.Observations[0]; o.Native != "9/655441491" || o.Key[1] != "east" || o.Facets["available"].String() != "-3" {
		t.Errorf("%+v", o)
	}
	if o := reading.Observations[1]; !o.Facets["available"].IsNull() {
		t.Errorf("%+v, want null", o.Facets)
	}
}

const orderAnswer = `{"data":{"order":{"id":"gid://shopify/Order/5","name":"#US1042","createdAt":"2026-03-03T13:00:00Z","updatedAt":"2026-03-03T14:00:00Z","cancelledAt":null,
"displayFinancialStatus":"PARTIALLY_REFUNDED","displayFulfillmentStatus":"IN_PROGRESS","test":false,"sourceName":"web","currencyCode":"USD","presentmentCurrencyCode":"USD","retailLocation":null,
"totalPriceSet":{"shopMoney":{"amount":"42.50"},"presentmentMoney":{"amount":"42.50"}},"currentTotalPriceSet":{"shopMoney":{"amount":"28.50"},"presentmentMoney":{"amount":"28.50"}},
"totalTaxSet":{"shopMoney":{"amount":"2.50"},"presentmentMoney":{"amount":"2.50"}},"currentTotalTaxSet":{"shopMoney":{"amount":"1.50"}},"totalDiscountsSet":{"shopMoney":{"amount":"0.0"}},
"totalTipReceivedSet":{"shopMoney":{"amount":"0.0"}},"totalShippingPriceSet":{"shopMoney":{"amount":"10.0"}},"originalTotalDutiesSet":null,
"totalCashRoundingAdjustment":{"paymentSet":{"shopMoney":{"amount":"0.0"}},"refundSet":{"shopMoney":{"amount":"0.0"}}},"taxLines":[{"channelLiable":false,"priceSet":{"shopMoney":{"amount":"2.50"}}}],
"lineItems":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[{"sku":"MUG-BLU","quantity":3,"currentQuantity":2,"unfulfilledQuantity":1,"requiresShipping":true,"isGiftCard":false,"originalUnitPriceSet":{"shopMoney":{"amount":"10.00"}}}]},
"fulfillments":[{"status":"SUCCESS","location":{"id":"gid://shopify/Location/655441491"},"fulfillmentLineItems":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[{"quantity":1,"lineItem":{"requiresShipping":true}}]}}]}}}`

func TestAnswer_AnOrderHasEveryFacetThatItsWebhookHas(t *testing.T) {
	reading, err := answered(t, "order", "order/5", orderAnswer)
	if err != nil {
		t.Fatal(err)
	}
	o := one(t, reading.Observations, commerce.Order, "order")
	for facet, want := range map[string]string{
		"total": "42.5", "total_current": "28.5", "payment": "partially_refunded", "fulfilment": "unfulfilled", "units": "3", "units_current": "2",
		"units_open": "1", "units_shipped": "1", "cancelled": "false", "channel": "web", "shipping": "10", "rounding": "0",
	} {
		if got := o.Facets[facet].String(); got != want {
			t.Errorf("%s is %s, want %s", facet, got, want)
		}
	}
	webhook := one(t, read(t, "orders-paid"), commerce.Order, "order")
	for _, facet := range slices.Sorted(maps.Keys(webhook.Facets)) {
		if _, ok := o.Facets[facet]; !ok && facet != "duties" {
			t.Errorf("the answer lacks %s, which the webhook has", facet)
		}
	}
}

func TestAnswer_HalfAnOrderAndAnErrorAreNotRead(t *testing.T) {
	half := strings.Replace(orderAnswer, `"lineItems":{"pageInfo":{"hasNextPage":false,"endCursor":null}`, `"lineItems":{"pageInfo":{"hasNextPage":true,"endCursor":"x"}`, 1)
	if reading, err := answered(t, "order", "order/5", half); err != nil || len(reading.Observations) > 0 || reading.Ignored == "" {
		t.Errorf("half an order: %v, %+v", err, reading)
	}
	for _, text := range []string{`{"errors":[{"message":"Access denied","extensions":{"code":"ACCESS_DENIED"}}]}`, `{"data":{"products":null}}`, `{"data":null}`, `{}`} {
		if _, err := answered(t, "products", "products", text); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}

func TestAnswer_AWebhookUnderAnAnswersTopicIsNone(t *testing.T) {
	reading, err := normalise(t, "orders-paid", under("products"))
	if err != nil || len(reading.Observations) > 0 || reading.Ignored != "unknown topic" {
		t.Errorf("%v, %+v", err, reading)
	}
}

func TestThrottled_SaysWhenThePointsAreBack(t *testing.T) {
	e := newEndpoint(t).(platform.Throttler)
	for text, want := range map[string]time.Duration{
		`{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":770,"throttleStatus":{"currentlyAvailable":66,"restoreRate":50}}}}`: 15 * time.Second,
		`{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}`: 10 * time.Second,
		`{"data":{"products":{"nodes":[{"sku":"\"THROTTLED\""}]}}}`:              0,
		productAnswer: 0,
	} {
		if got := e.Throttled([]byte(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
