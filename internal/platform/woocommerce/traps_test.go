package woocommerce_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

func TestLinePricesMayBeNumbersOrTexts(t *testing.T) {
	want := of(t, reading(t, delivery(t, "order-created")), commerce.Order)
	for _, price := range []string{`"13"`, `13.333333333333334`, `null`, `""`} {
		if got := of(t, reading(t, delivery(t, "order-created", `"price":13}`, `"price":`+price+`}`)), commerce.Order); got.Version != want.Version {
			t.Errorf("price %s changes the order", price)
		}
	}
}

func TestMoneyIsReadDigitByDigit(t *testing.T) {
	for text, want := range map[string]string{"80.11": "80.11", "80.110000": "80.11", "80": "80", "123456789012345678.9": "123456789012345678.9"} {
		o := of(t, reading(t, delivery(t, "order-created", `"total":"80.11"`, `"total":"`+text+`"`)), commerce.Order)
		if platformtest.Facet(o, "total") != want {
			t.Errorf("%s: got %s", text, platformtest.Facet(o, "total"))
		}
	}
}

func TestMissingNullBlankAndZeroPricesDiffer(t *testing.T) {
	for sale, want := range map[string]string{``: "missing", `"sale_price":null,`: "null", `"sale_price":"",`: "null", `"sale_price":"0",`: "0"} {
		o := of(t, reading(t, delivery(t, "product-created", `"sale_price":"14.50",`, sale)), commerce.Price)
		if platformtest.Facet(o, "sale") != want {
			t.Errorf("%q: got %s, want %s", sale, platformtest.Facet(o, "sale"), want)
		}
	}
}

func TestOrderMayBePaidWhenItIsCreated(t *testing.T) {
	for name, want := range map[string]string{
		"order-created": "paid", "order-created-pending": "pending", "order-updated-refunds": "partially_refunded",
		"order-updated-full-refund": "refunded", "order-updated-cancelled": "voided", "order-updated-custom-status": "paid",
	} {
		if o := of(t, reading(t, delivery(t, name)), commerce.Order); platformtest.Facet(o, "payment") != want {
			t.Errorf("%s: got %s, want %s", name, platformtest.Facet(o, "payment"), want)
		}
	}
	unknown := of(t, reading(t, delivery(t, "order-updated-custom-status", `"date_paid_gmt":"2026-03-03T14:10:02",`, ``)), commerce.Order)
	if platformtest.Facet(unknown, "payment") != "missing" || platformtest.Facet(unknown, "fulfilment") != "missing" {
		t.Errorf("a plugin's status says %s and %s", platformtest.Facet(unknown, "payment"), platformtest.Facet(unknown, "fulfilment"))
	}
}

func TestGuestsAreNoCustomers(t *testing.T) {
	for _, o := range reading(t, delivery(t, "order-created")).Observations {
		if o.Kind == commerce.Customer || o.Kind == commerce.Link && o.Key[1] == commerce.CustomerLink {
			t.Errorf("customer 0 has a record: %v", o.Key)
		}
	}
	if r := reading(t, delivery(t, "customer-updated", `"email":"Rosa.QV@mail.example"`, `"email":""`)); r.Ignored == "" {
		t.Error("an account without an address has a record")
	}
}

func TestTaxBasisIsThatOfTheShopsPrices(t *testing.T) {
	o := of(t, reading(t, delivery(t, "order-updated-tax-included")), commerce.Order)
	if platformtest.Facet(o, "shipping") != "10.83" || platformtest.Facet(o, "discount") != "5.41" || platformtest.Facet(o, "total") != "80.11" {
		t.Errorf("got %v", o.Facets)
	}
	bare := of(t, reading(t, delivery(t, "order-created", `"prices_include_tax":false,`, ``)), commerce.Order)
	if platformtest.Facet(bare, "shipping") != "missing" {
		t.Error("an amount of an unknown basis is compared")
	}
}

func TestTimesAreUTCWithoutAnOffset(t *testing.T) {
	o := of(t, reading(t, delivery(t, "product-created")), commerce.Product)
	if got := o.Version.Parts().Clock; !got.Equal(time.Date(2026, 3, 3, 14, 14, 7, 0, time.UTC)) {
		t.Errorf("got %s", got)
	}
	d := delivery(t, "product-created", `"date_modified_gmt":"2026-03-03T14:14:07"`, `"date_modified_gmt":"2026-03-03T14:14:07Z"`)
	if _, err := newEndpoint(t).Normalise(d); err == nil {
		t.Error("a time of another form is guessed at")
	}
}

// A webhook is made when it is sent: one that comes well after the second of the
// change settles what two of that second left open.
func TestLateWebhooksSettleTheSecondOfAChange(t *testing.T) {
	for received, want := range map[string]bool{"2026-03-03T14:14:08Z": false, "2026-03-03T14:14:16Z": false, "2026-03-03T14:14:17Z": true} {
		d := delivery(t, "product-created")
		d.Received, _ = time.Parse(time.RFC3339, received)
		if got := of(t, reading(t, d), commerce.Inventory).Version.Parts().ReadBack; got != want {
			t.Errorf("%s: got %t", received, got)
		}
	}
}

func TestDeletionIsOnlyAHint(t *testing.T) {
	for name, target := range map[string]string{"order-deleted": "orders/727?", "product-deleted": "products/16?", "customer-deleted": "customers/25?"} {
		r := reading(t, delivery(t, name))
		if len(r.Observations) > 0 || len(r.Fetch) != 1 || !strings.HasPrefix(r.Fetch[0].Target, target) {
			t.Errorf("%s: got %+v", name, r)
		}
	}
	back := reading(t, answer(t, "answer-order-trash", "order", "orders/727?", `"status":"trash"`, `"status":"processing"`))
	if of(t, back, commerce.Order).Gone {
		t.Error("an order that was restored is gone")
	}
}

func TestWhatTheApiDoesNotHaveIsGoneOnlyInItsOwnWords(t *testing.T) {
	e := newEndpoint(t)
	d := answer(t, "answer-product-gone", "product", "products/16?_fields=id")
	d.Header[platform.StatusHeader] = "404"
	for body, gone := range map[string]bool{
		string(d.Body): true, `{"code":"rest_no_route"}`: false, `{"code":"woocommerce_rest_cannot_view"}`: false,
		`<html>Not found</html>`: false, ``: false, `{}`: false, `{"code":"plugin_invalid_id"}`: false,
	} {
		d.Body = []byte(body)
		r, err := e.Normalise(d)
		if gone != (err == nil && len(r.Observations) == 3) {
			t.Errorf("%s: got %+v, %v", body, r.Observations, err)
		}
	}
	d.Header[platform.FetchedHeader] = "products/0?_fields=id"
	d.Body = []byte(`{"code":"woocommerce_rest_product_invalid_id"}`)
	if _, err := e.Normalise(d); err == nil {
		t.Error("product 0 is gone")
	}
}

func TestAnswersAreNoTopicsOfWebhooks(t *testing.T) {
	for _, topic := range []string{"order", "orders", "refunds", "product", "variations", "webhooks", ""} {
		d := delivery(t, "order-created")
		d.Topic = topic
		if r := reading(t, d); r.Ignored == "" {
			t.Errorf("a webhook under %q is an answer", topic)
		}
	}
}

func TestVariationsAreAskedForByID(t *testing.T) {
	r := reading(t, delivery(t, "product-updated-variable"))
	if len(r.Fetch) != 1 || !strings.HasSuffix(r.Fetch[0].Target, "&include=733,734,9007199254740995") || !strings.HasPrefix(r.Fetch[0].Target, "products/800/variations?") {
		t.Errorf("got %+v", r.Fetch)
	}
	for _, o := range r.Observations {
		if o.Kind == commerce.Price || o.Kind == commerce.Product {
			t.Errorf("a product that is sold as its variations has a %s", o.Kind)
		}
	}
	many := "1" + strings.Repeat(",22", 119)
	if r := reading(t, delivery(t, "product-updated-variable", `733,734,9007199254740995`, many)); len(r.Fetch) != 3 {
		t.Errorf("120 variations are %d fetches", len(r.Fetch))
	}
	if _, err := newEndpoint(t).Normalise(delivery(t, "product-updated-variable", `733,734`, `733,"734"`)); err == nil {
		t.Error("a variation without an id is passed over")
	}
}

func TestVariationOfAListIsTheVariationOfAWebhook(t *testing.T) {
	listed := reading(t, answer(t, "answer-variations", "variations", "products/800/variations?_fields=id&include=733,9007199254740995"))
	sent := reading(t, delivery(t, "product-updated-variation"))
	for _, kind := range []commerce.Kind{commerce.Product, commerce.Price, commerce.Inventory} {
		a, b := of(t, listed, kind), of(t, sent, kind)
		if a.Version != b.Version || a.Native != b.Native || a.Part != b.Part || a.Key.ID(kind) != b.Key.ID(kind) {
			t.Errorf("%s: %+v and %+v", kind, a, b)
		}
	}
	for _, o := range listed.Observations {
		if o.Gone {
			t.Error("what was answered is gone")
		}
	}
}

func TestStockOfTheParentIsNotTheVariations(t *testing.T) {
	o := of(t, reading(t, delivery(t, "product-updated-variation-parent-stock")), commerce.Inventory)
	if platformtest.Facet(o, "tracked") != "false" || platformtest.Facet(o, "available") != "null" {
		t.Errorf("got %v", o.Facets)
	}
	if _, err := newEndpoint(t).Normalise(delivery(t, "product-created", `"manage_stock":true`, `"manage_stock":"mother"`)); err == nil {
		t.Error("any text is a way to count")
	}
	untracked := of(t, reading(t, delivery(t, "product-updated-no-price")), commerce.Inventory)
	if platformtest.Facet(untracked, "tracked") != "false" || platformtest.Facet(untracked, "available") != "null" {
		t.Errorf("got %v", untracked.Facets)
	}
}

func TestStockIsWhereTheRegistrySays(t *testing.T) {
	for name, c := range map[string]struct {
		setting   string
		locations platform.Locations
		want      string
	}{
		"the setting":  {"west", platform.Locations{"*": "east"}, "west"},
		"the registry": {"", platform.Locations{"*": "east"}, "east"},
		"nothing":      {"", nil, "main"},
	} {
		r := reading(t, delivery(t, "product-created"), setting("location", c.setting), func(p *platform.Config) { p.Locations = c.locations })
		if o := of(t, r, commerce.Inventory); o.Key[1] != c.want {
			t.Errorf("%s: got %v", name, o.Key)
		}
	}
	for _, o := range reading(t, delivery(t, "product-created"), setting("location", "ignore")).Observations {
		if o.Kind == commerce.Inventory {
			t.Error("stock that is ignored is compared")
		}
	}
	if o := of(t, reading(t, delivery(t, "order-created"), setting("location", "ignore")), commerce.Order); len(o.Lines) > 0 {
		t.Error("units of stock that is not compared count as in flight")
	}
}

func TestAnOrderIsItselfWithItsRefunds(t *testing.T) {
	row := record.Row{Kind: commerce.Order, Key: commerce.Key{"shop", "727"}}
	refund := record.Row{Kind: commerce.Refund, Key: commerce.Key{"shop", "727"}}
	for _, r := range []platform.Reading{
		reading(t, delivery(t, "order-updated-refunds")),
		reading(t, answer(t, "answer-refunds", "refunds", "orders/727/refunds?_fields=id&per_page=50&page=1")),
	} {
		for _, o := range r.Observations {
			if o.Kind == commerce.Order {
				row, _ = record.Merge(row, o, record.Source{Received: received})
			}
			if o.Kind == commerce.Refund {
				refund, _ = record.Merge(refund, o, record.Source{Received: received})
			}
		}
	}
	for _, c := range []struct {
		side record.Side
		want map[string]string
	}{
		{row.SideOf("shop"), map[string]string{"total": "80.11", "total_current": "61.04", "tax": "6.11", "tax_current": "4.87", "units": "3", "units_current": "2"}},
		{refund.SideOf("shop"), map[string]string{"amount": "19.07", "items": "13", "shipping": "2", "tax": "1.24", "adjustment": "2.83", "currency": "USD"}},
	} {
		for name, want := range c.want {
			if got := c.side.Facets[name].String(); got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	}
}

func TestErrorObjectIsNoRecord(t *testing.T) {
	for _, topic := range []string{"order.updated", "product.updated", "customer.updated", "order.deleted"} {
		d := delivery(t, "bad-rest-error")
		d.Topic = topic
		_, err := newEndpoint(t).Normalise(d)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != "code" {
			t.Errorf("%s: got %v", topic, err)
		}
	}
}

func TestFullPagesHaveANextOne(t *testing.T) {
	page := func(n int) commerce.Delivery {
		d := answer(t, "answer-products", "products", "products?_fields=id&per_page=50&page=7")
		one := strings.Trim(string(d.Body), "[]")
		d.Body = []byte("[" + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + "]")
		return d
	}
	if r := reading(t, page(50)); len(r.Fetch) != 1 || r.Fetch[0].Target != "products?_fields=id&per_page=50&page=8" || r.Fetch[0].Topic != "products" {
		t.Errorf("got %+v", r.Fetch)
	}
	if r := reading(t, page(49)); len(r.Fetch) > 0 {
		t.Errorf("the last page has a next one: %+v", r.Fetch)
	}
	if r := reading(t, page(0)); r.Ignored == "" {
		t.Error("an empty page says something")
	}
}

func TestCallsAreMadeWithKeyAndSecretOnTheShopsHost(t *testing.T) {
	api := newEndpoint(t, setting("shop", "https://acme.example/store/")).(platform.API)
	req, err := api.Request(platform.Fetch{Topic: "product", Target: "products/794/variations/733?_fields=id"}, "ck_1:cs_2")
	if err == nil {
		t.Errorf("got %v", req.URL)
	}
	req, err = api.Request(platform.Fetch{Topic: "product", Target: "products/794?_fields=id"}, "ck_1:cs_2")
	if err != nil || req.URL.String() != "https://acme.example/store/wp-json/wc/v3/products/794?_fields=id" {
		t.Fatalf("got %v, %v", req, err)
	}
	if key, secret, ok := req.BasicAuth(); !ok || key != "ck_1" || secret != "cs_2" {
		t.Error("the call is not authorised")
	}
	for credential, right := range map[platform.Secret]bool{"ck_1:cs_2": true, "hush": false, ":hush": false, "hush:": false, "": false} {
		call, err := api.Token(credential)
		if call != nil || right != (err == nil) || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v, %v", string(credential), call, err)
		}
	}
	for _, chore := range newEndpoint(t).(platform.Recurring).Chores() {
		f := chore.Fetch
		f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T14:00:00Z")
		if _, err := api.Request(f, "ck_1:cs_2"); err != nil || chore.Every < time.Minute {
			t.Errorf("%s: %v", chore.Name, err)
		}
	}
}
