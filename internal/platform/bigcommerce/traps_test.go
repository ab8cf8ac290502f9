package bigcommerce_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

const secret = platform.Secret("published-secret-of-the-samples")

// One edit is told in several scopes; all of them lead to the same two answers.
func TestScopesOfOneEditAskForTheSame(t *testing.T) {
	targets := map[string]int{}
	for _, name := range []string{"product-updated", "product-price-updated", "product-inventory-updated", "sku-updated", "product-inventory-order-updated"} {
		for _, f := range reading(t, event(t, name)).Fetch {
			targets[f.Target]++
		}
	}
	if len(targets) != 2 {
		t.Errorf("got %v", targets)
	}
}

func TestStockValuesOfEventsAreHints(t *testing.T) {
	for _, name := range []string{"product-inventory-updated", "product-inventory-order-updated", "sku-inventory-updated", "sku-inventory-order-updated"} {
		if r := reading(t, event(t, name)); len(r.Observations) > 0 || len(r.Fetch) != 1 {
			t.Errorf("%s: got %+v", name, r)
		}
	}
}

func TestStockChangedIsLiterallyAStar(t *testing.T) {
	const star = `"store/channel/*/inventory/product/stock_changed"`
	for scope, read := range map[string]bool{
		star: true, `"store/channel/17/inventory/product/stock_changed"`: true,
		`"store/channel/x/inventory/product/stock_changed"`: false, `"store/channel/**/inventory/product/stock_changed"`: false,
		`"store/channel//inventory/product/stock_changed"`: false, `"store/channel/*/inventory/product/stock_changed/x"`: false,
	} {
		r := reading(t, event(t, "stock-changed", star, scope))
		if read != (len(r.Fetch) == 1) {
			t.Errorf("%s: got %+v", scope, r)
		}
		if read && (r.Fetch[0].Topic != "level" || !strings.HasPrefix(r.Fetch[0].Target, "v3/inventory/locations/2/items?variant_id:in=509")) {
			t.Errorf("%s: got %+v", scope, r.Fetch)
		}
	}
}

func TestShipmentsNameTheirOrderInAnotherSpelling(t *testing.T) {
	if _, err := newEndpoint(t).Normalise(event(t, "shipment-created", `"orderId"`, `"order_id"`)); err == nil || !strings.HasPrefix(err.Error(), "data.orderId") {
		t.Errorf("got %v", err)
	}
}

func TestOrdersMoneyHasFourDecimals(t *testing.T) {
	for text, want := range map[string]string{"336.3200": "336.32", "336.3249": "336.3249", "0.0000": "0", "123456789012345.6789": "123456789012345.6789"} {
		if o := of(t, reading(t, order(t, "answer-order", `"336.3200"`, `"`+text+`"`)), commerce.Order); platformtest.Facet(o, "total") != want {
			t.Errorf("%s: got %s", text, platformtest.Facet(o, "total"))
		}
	}
}

func TestCatalogueMoneyIsReadDigitByDigit(t *testing.T) {
	for text, want := range map[string]string{"14.5": "14.5", "0.1": "0.1", "1.45e1": "14.5", "14.500000": "14.5"} {
		o := of(t, reading(t, product(t, "answer-product", `"calculated_price":14.5`, `"calculated_price":`+text)), commerce.Price)
		if platformtest.Facet(o, "effective") != want {
			t.Errorf("%s: got %s", text, platformtest.Facet(o, "effective"))
		}
	}
}

func TestBlankDatesAreNone(t *testing.T) {
	const modified = `"Tue, 03 Mar 2026 14:14:07 +0000"`
	clock := func(replace ...string) time.Time {
		return of(t, reading(t, order(t, "answer-order", replace...)), commerce.Order).Version.Parts().Clock
	}
	if got := clock(modified, `""`); !got.Equal(time.Date(2026, 3, 3, 14, 2, 30, 0, time.UTC)) {
		t.Errorf("an order that was never modified changed at %s", got)
	}
	if got := clock(modified, `"Tue, 03 Mar 2026 09:14:08 -0500"`); !got.Equal(time.Date(2026, 3, 3, 14, 14, 8, 0, time.UTC)) {
		t.Errorf("got %s", got)
	}
	if got := clock(modified, `"Tue, 3 Mar 2026 14:14:09 +0000"`); !got.Equal(time.Date(2026, 3, 3, 14, 14, 9, 0, time.UTC)) {
		t.Errorf("got %s", got)
	}
	for _, text := range []string{`"2026-03-03T14:14:07Z"`, `1772547247`, `"yesterday"`, `"Tue, 03 Mar 2026 14:14:07"`, `"Thu, 05 Mar 2026 15:00:00 +0000"`, `"Mon, 02 Jan 0006 15:04:05 +0000"`} {
		if _, err := newEndpoint(t).Normalise(order(t, "answer-order", modified, text)); err == nil {
			t.Errorf("%s is a time", text)
		}
	}
}

func TestAmountsAreInTheCurrencyThatTheShopperPaysIn(t *testing.T) {
	o := of(t, reading(t, order(t, "answer-order")), commerce.Order)
	if platformtest.Facet(o, "currency") != "USD" || platformtest.Facet(o, "presentment_currency") != "EUR" {
		t.Errorf("got %s and %s", platformtest.Facet(o, "currency"), platformtest.Facet(o, "presentment_currency"))
	}
}

func TestShippingIsOnTheBasisOfTheStoresPrices(t *testing.T) {
	for flag, want := range map[string]string{`"is_tax_inclusive_pricing":false,`: "12.32", `"is_tax_inclusive_pricing":true,`: "13.3", ``: "missing"} {
		o := of(t, reading(t, order(t, "answer-order", `"is_tax_inclusive_pricing":false,`, flag, `"shipping_cost_inc_tax":"12.3200"`, `"shipping_cost_inc_tax":"13.3000"`)), commerce.Order)
		if platformtest.Facet(o, "shipping") != want {
			t.Errorf("%q: got %s", flag, platformtest.Facet(o, "shipping"))
		}
	}
}

func TestPaymentIsTheGatewaysWordOrElseTheOrders(t *testing.T) {
	const captured, awaiting = `"payment_status":"captured"`, `"status_id":11`
	for c, want := range map[[2]string]string{
		{`"payment_status":"captured"`, `"status_id":7`}: "paid", {`"payment_status":"authorized"`, awaiting}: "authorized",
		{`"payment_status":"partially refunded"`, awaiting}: "partially_refunded", {`"payment_status":"refunded"`, awaiting}: "refunded",
		{`"payment_status":"void pending"`, awaiting}: "voided", {`"payment_status":""`, awaiting}: "paid", {`"payment_status":null`, `"status_id":7`}: "pending",
		{`"payment_status":""`, `"status_id":1`}: "pending", {`"payment_status":""`, `"status_id":4`}: "refunded",
		{`"payment_status":""`, `"status_id":14`}: "partially_refunded", {`"payment_status":""`, `"status_id":5`}: "voided",
		{`"payment_status":"a new word"`, `"status_id":6`}: "voided", {`"payment_status":""`, `"status_id":"7"`}: "pending",
	} {
		if o := of(t, reading(t, order(t, "answer-order", captured, c[0], awaiting, c[1])), commerce.Order); platformtest.Facet(o, "payment") != want {
			t.Errorf("%s %s: got %s, want %s", c[0], c[1], platformtest.Facet(o, "payment"), want)
		}
	}
}

func TestTestOrdersAreThoseOfTheTestGateway(t *testing.T) {
	for method, test := range map[string]string{"Test Payment Gateway": "true", "Credit Card": "false", "Cash on Delivery": "false"} {
		o := of(t, reading(t, order(t, "answer-order", `"payment_method":"Credit Card"`, `"payment_method":"`+method+`"`)), commerce.Order)
		if platformtest.Facet(o, "test") != test {
			t.Errorf("%s: got %s", method, platformtest.Facet(o, "test"))
		}
	}
	own := of(t, reading(t, order(t, "answer-order"), setting("test_payment", "Sandbox, Credit Card")), commerce.Order)
	if platformtest.Facet(own, "test") != "true" {
		t.Error("the registry's own test method is none")
	}
}

// one is the orders of answers in one row.
func one(t *testing.T, kind commerce.Kind, readings ...platform.Reading) record.Side {
	t.Helper()
	row := record.Row{Kind: kind, Key: commerce.Key{"shop", "250"}}
	for _, r := range readings {
		for _, o := range r.Observations {
			if o.Kind == kind {
				row, _ = record.Merge(row, o, record.Source{Received: received})
			}
		}
	}
	return row.SideOf("shop")
}

func TestAnOrderIsItselfWithItsLinesAndRefunds(t *testing.T) {
	main := reading(t, order(t, "answer-order-refunded"))
	var topics []string
	for _, f := range main.Fetch {
		topics = append(topics, f.Topic)
	}
	if strings.Join(topics, " ") != "lines refunds" {
		t.Errorf("the order asks for %v", topics)
	}
	lines := reading(t, answer("lines", "v2/orders/250/products?limit=250&page=1", sample(t, "answer-lines")))
	refunds := reading(t, answer("refunds", "v3/orders/250/payment_actions/refunds", sample(t, "answer-refunds")))
	for _, c := range []struct {
		side record.Side
		want map[string]string
	}{
		{one(t, commerce.Order, main, lines, refunds), map[string]string{
			"total": "336.32", "total_current": "278.2", "tax": "24", "tax_current": "19.88", "units": "3", "units_current": "7", "units_open": "4",
			"units_shipped": "1", "lines": "5", "gift_sold": "50", "gift_used": "10", "fulfilment": "partial",
		}},
		{one(t, commerce.Refund, main, refunds), map[string]string{"amount": "58.12", "items": "40", "shipping": "7.5", "tax": "4.12", "adjustment": "6.5", "currency": "USD"}},
	} {
		for name, want := range c.want {
			if got := c.side.Facets[name].String(); got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	}
}

func TestLongOrdersHaveSeveralPages(t *testing.T) {
	line := `{"id":1,"sku":"MUG-BLU","type":"physical","quantity":1,"quantity_shipped":0,"quantity_refunded":0}`
	page := func(number string, lines int) platform.Reading {
		body := "[" + strings.TrimSuffix(strings.Repeat(line+",", lines), ",") + "]"
		return reading(t, answer("lines", "v2/orders/250/products?limit=250&page="+number, []byte(body)))
	}
	first, second := page("1", 250), page("2", 3)
	if len(first.Fetch) != 1 || first.Fetch[0].Target != "v2/orders/250/products?limit=250&page=2" || len(second.Fetch) > 0 {
		t.Errorf("got %+v and %+v", first.Fetch, second.Fetch)
	}
	side := one(t, commerce.Order, first, second)
	if side.Facets["units_current"].String() != "253" || side.Facets["lines"].String() != "253" {
		t.Errorf("got %v", side.Facets)
	}
	if r := reading(t, answer("lines", "v2/orders/250/products?limit=250&page=2", nil)); r.Ignored == "" {
		t.Error("nothing behind the last page says something")
	}
}

func TestWhatIsNotPlacedHasNoLines(t *testing.T) {
	for _, name := range []string{"answer-order-incomplete", "answer-order-archived", "answer-order-other"} {
		if r := reading(t, order(t, name)); len(r.Fetch) > 0 {
			t.Errorf("%s: asks for %+v", name, r.Fetch)
		}
	}
	if o := of(t, reading(t, order(t, "answer-order-archived")), commerce.Order); !o.Gone {
		t.Error("an archived order is there")
	}
}

func TestVariantsInheritWhatTheyDoNotHave(t *testing.T) {
	for replace, want := range map[string]string{
		`"price":null,"calculated_price":14.5,"sale_price":null,`: "16 14.5", `"price":18,"calculated_price":14.5,"sale_price":null,`: "18 14.5",
		`"price":null,"calculated_price":14.5,"sale_price":0,`: "16 null", `"price":0,"calculated_price":14.5,"sale_price":9,`: "0 9",
	} {
		o := of(t, reading(t, product(t, "answer-product", `"price":null,"calculated_price":14.5,"sale_price":null,"retail`, replace+`"retail`)), commerce.Price)
		if got := platformtest.Facet(o, "regular") + " " + platformtest.Facet(o, "sale"); got != want {
			t.Errorf("%s: got %s, want %s", replace, got, want)
		}
	}
}

func TestStockIsDatedByWhenItWasAskedFor(t *testing.T) {
	at := func(received time.Time, available string) commerce.Observation {
		d := answer("level", "v3/inventory/locations/2/items?variant_id:in=509&limit=250&page=1", sample(t, "answer-level", `"available_to_sell":-1`, `"available_to_sell":`+available))
		d.Received = received
		return of(t, reading(t, d), commerce.Inventory)
	}
	if first, second := at(received, "5"), at(received.Add(time.Millisecond), "4"); second.Version.Compare(first.Version) <= 0 {
		t.Error("the later answer is not the newer")
	}
}

func TestTrackingNumberThatComesLaterMovesTheShipment(t *testing.T) {
	shipped := func(name string) platform.Reading {
		return reading(t, answer("shipment", "v2/orders/250/shipments/12", sample(t, name)))
	}
	before, after := shipped("answer-shipment-untracked"), shipped("answer-shipment")
	if of(t, before, commerce.Shipment).Key[2] != "12" || of(t, after, commerce.Shipment).Key[2] != "1ZACME0012" {
		t.Error("a shipment is not known by its tracking number")
	}
	if via := of(t, before, commerce.Shipment).Via; via == nil || platformtest.Facet(of(t, after, commerce.Link), "tracking") != "1ZACME0012" {
		t.Error("what was seen under the id does not follow the link")
	}
}

func TestAnswersAreNoEvents(t *testing.T) {
	for _, topic := range []string{"order", "lines", "hooks", "store/order/updated"} {
		d := event(t, "answer-order")
		d.Topic = topic
		if r, err := newEndpoint(t).Normalise(d); err == nil {
			t.Errorf("an order under %q is an event: %+v", topic, r)
		}
	}
	for topic, target := range map[string]string{
		"lines": "v2/orders/250", "refunds": "v2/orders/250", "customer": "v3/customers?id:in=1,2", "level": "v3/inventory/items?x=1",
	} {
		body := map[string]string{"lines": "answer-lines", "refunds": "answer-refunds", "customer": "answer-customer", "level": "answer-level"}[topic]
		if _, err := newEndpoint(t).Normalise(answer(topic, target, sample(t, body))); err == nil {
			t.Errorf("%s of %s is read", topic, target)
		}
	}
}

func TestPaceIsThePlans(t *testing.T) {
	for calls, want := range map[string]platform.Pace{
		"": {Every: 200 * time.Millisecond, Burst: 15}, "450": {Every: 30 * time.Second / 450, Burst: 45}, "1": {Every: 30 * time.Second, Burst: 1},
	} {
		if got := newEndpoint(t, setting("calls", calls)).(platform.API).Pace(); got != want {
			t.Errorf("%s: got %v", calls, got)
		}
	}
}

func TestCallsAskForJSONWithTheToken(t *testing.T) {
	api := newEndpoint(t).(platform.API)
	req, err := api.Request(platform.Fetch{Topic: "order", Target: "v2/orders/250"}, "t-1")
	if err != nil || req.URL.String() != "https://api.bigcommerce.com/stores/acme01x/v2/orders/250" ||
		req.Header.Get("X-Auth-Token") != "t-1" || req.Header.Get("Accept") != "application/json" {
		t.Errorf("got %v, %v", req, err)
	}
	for _, target := range []string{"v2/customers", "v2/orders/250/../../other", "v3/hooks/1", "v2/orders/x", "v3/catalog/products?include=variants#x", "v3/customers?a=b c"} {
		if _, err := api.Request(platform.Fetch{Topic: "order", Target: target}, "t-1"); err == nil {
			t.Errorf("%s is asked for", target)
		}
	}
	if call, err := api.Token("t-1"); call != nil || err != nil {
		t.Errorf("got %v, %v", call, err)
	}
	if _, _, err := api.ReadToken([]byte(`{}`)); err == nil {
		t.Error("a token is read out of nothing")
	}
}

// The list of webhooks shows their headers: it is not asked for when one of them
// is the proof.
func TestWebhooksAreLookedAtUnlessThatShowsASecret(t *testing.T) {
	names := func(e platform.Endpoint) string {
		var all []string
		for _, c := range e.(platform.Recurring).Chores() {
			all = append(all, c.Name)
			f := c.Fetch
			f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T14:00:00Z")
			if _, err := e.(platform.API).Request(f, "t-1"); err != nil || c.Every < time.Minute {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
		return strings.Join(all, " ")
	}
	if got := names(newEndpoint(t)); got != "orders products inventory" {
		t.Errorf("got %s", got)
	}
	if got := names(newEndpoint(t, setting("header", ""))); got != "orders products inventory hooks" {
		t.Errorf("got %s", got)
	}
}

func TestAWebhookCoversItsScopeOrWhatItsStarStandsFor(t *testing.T) {
	for scope, covers := range map[string]bool{
		"store/order/*": true, "store/*": true, "store/order/": false, "store/order": false, "store/order/created": false, "store/ord": false, "store/cart/*": false,
	} {
		d := answer("hooks", "v3/hooks?limit=250&page=1", sample(t, "answer-hooks", `"store/order/*"`, `"`+scope+`"`))
		for _, o := range reading(t, d).Observations {
			if o.Native == "store/order/*" && o.Gone != covers {
				t.Errorf("%s covers orders: %t", scope, o.Gone)
			}
		}
	}
}
