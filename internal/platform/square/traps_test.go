package square_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/square"
)

func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"url", "http://hooks.acme.example/hooks/square"},
		{"url", "hooks.acme.example"},
		{"url", notificationURL + "#x"},
		{"url", notificationURL + " "},
		{"merchant", "M/1"},
		{"sandbox", "yes"},
		{"version", "latest"},
		{"order_fields", "reference_id,"},
		{"order_fields", "total_money"},
		{"topics", "order.deleted"},
	} {
		cfg := config()
		cfg.Settings[c.name] = c.value
		if _, err := square.Platform().New(cfg); err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s %q: got %v, want an error that names it", c.name, c.value, err)
		}
	}
}

// What a gateway makes of the address is nothing to the signature: the configured
// text is signed, with its query and its slash.
func TestTheURLIsSignedByteForByte(t *testing.T) {
	at := func(url string) platform.Endpoint { return newEndpoint(t, "url", url) }
	for _, url := range []string{
		"https://hooks.acme.example/hooks/square", "https://hooks.acme.example/hooks/square/", "https://hooks.acme.example/hooks/square?b=2&a=1",
		"https://hooks.acme.example:443/hooks/square", "https://hooks.acme.example/hooks/%73quare", "https://Hooks.acme.example/hooks/square",
	} {
		sample := platform.Sample{At: received, Body: []byte(`{"note":"<b> & é"}`)}
		req := platform.Request{Method: http.MethodPost, Header: at(url).Sign(sample, secret), Body: sample.Body, Received: received}
		if err := at(url).Verify(req, []platform.Secret{secret}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
		for _, other := range []string{"https://hooks.acme.example/hooks/squar", url + "/", url + "&"} {
			if err := at(other).Verify(req, []platform.Secret{secret}); err == nil {
				t.Errorf("what was signed for %s is taken for %s", url, other)
			}
		}
	}
}

func TestCatalogIsSearchedSinceTheEventLessAnOverlapHoweverLateItComes(t *testing.T) {
	e := newEndpoint(t)
	d := delivered(t, "catalog-version-updated")
	for _, late := range []time.Duration{0, time.Hour, 23 * time.Hour} {
		d.Received = received.Add(late)
		r := reading(t, e, d)
		if len(r.Fetch) != 1 || r.Fetch[0].Target != "catalog/2026-03-03T14:12:27Z/0" {
			t.Errorf("%s late: got %+v", late, r.Fetch)
		}
	}
}

func TestQuantitiesAreTextsOfUpToFiveDigits(t *testing.T) {
	e := newEndpoint(t)
	for text, want := range map[string]string{`"17"`: "17", `"12.50125"`: "12.50125", `"-0.00001"`: "-0.00001", `"0"`: "0", `"9007199254740993"`: ""} {
		r, err := e.Normalise(delivered(t, "inventory-count-updated", `"12.50125"`, text))
		if want == "" {
			if err == nil {
				t.Errorf("%s was read", text)
			}
			continue
		}
		if err != nil || platformtest.Facet(r.Observations[1], "available") != want {
			t.Errorf("%s: got %+v, %v", text, r, err)
		}
	}
	for _, text := range []string{`"1.000001"`, `"1e3"`, `" 1"`, `""`, `null`, `17`, `"1,5"`, `"many"`, `true`} {
		if _, err := e.Normalise(delivered(t, "inventory-count-updated", `"12.50125"`, text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestStatesOtherThanInStockCannotBeSold(t *testing.T) {
	e := newEndpoint(t)
	for _, state := range []string{"SOLD", "WASTE", "RESERVED_FOR_SALE", "IN_TRANSIT", "UNLINKED_RETURN", "NONE", "CUSTOM", "in_stock"} {
		if r := reading(t, e, delivered(t, "inventory-waste-only", "WASTE", state)); len(r.Observations) != 0 || r.Ignored == "" {
			t.Errorf("%s: got %+v", state, r)
		}
	}
	if r := reading(t, e, delivered(t, "inventory-waste-only", "WASTE", "IN_STOCK")); len(r.Observations) != 1 {
		t.Errorf("IN_STOCK: got %+v", r)
	}
}

// An event that comes late must not overtake what was counted after it.
func TestCountsAreOrderedByWhenTheyWereCalculated(t *testing.T) {
	e := newEndpoint(t)
	newer := of(reading(t, e, delivered(t, "inventory-count-updated")), commerce.Inventory, "count")
	d := delivered(t, "inventory-count-updated", `"2026-03-03T14:14:20.123Z"`, `"2026-03-03T14:14:20.122Z"`, `"17"`, `"18"`)
	d.Received = received.Add(time.Hour)
	if older := of(reading(t, e, d), commerce.Inventory, "count"); older.Version.Compare(newer.Version) >= 0 {
		t.Error("the older count has the newer version")
	}
}

func TestOrdersOfOneTimeAreOrderedByTheirVersion(t *testing.T) {
	e := newEndpoint(t)
	five := of(reading(t, e, delivered(t, "answer-order")), commerce.Order, "order")
	ten := of(reading(t, e, delivered(t, "answer-order", `"version":5`, `"version":10`)), commerce.Order, "order")
	none := of(reading(t, e, delivered(t, "answer-order", `"version":5,`, ``)), commerce.Order, "order")
	if ten.Version.Compare(five.Version) <= 0 || five.Version.Compare(none.Version) <= 0 {
		t.Error("versions do not order 10, 5 and none")
	}
	if _, err := e.Normalise(delivered(t, "answer-order", `"version":5`, `"version":-5`)); err == nil {
		t.Error("a negative version was read")
	}
}

func TestAmountsAreExactInEveryCurrency(t *testing.T) {
	e := newEndpoint(t)
	for _, c := range []struct{ currency, amount, want string }{
		{"USD", "5875", "58.75"}, {"USD", "5", "0.05"}, {"USD", "0", "0"}, {"JPY", "5875", "5875"}, {"KWD", "5875", "5.875"}, {"USD", "9007199254740993", "90071992547409.93"},
	} {
		d := delivered(t, "payment-zero-decimal", `"total_money":{"amount":5875,"currency":"JPY"}`, `"total_money":{"amount":`+c.amount+`,"currency":"`+c.currency+`"}`)
		if got := platformtest.Facet(of(reading(t, e, d), commerce.Payment, "payment"), "amount"); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.amount, c.currency, got, c.want)
		}
	}
}

func TestAmountsKeepTheirDigits(t *testing.T) {
	e := newEndpoint(t)
	rapid.Check(t, func(rt *rapid.T) {
		cents := rapid.StringMatching(`[1-9][0-9]{2,15}`).Draw(rt, "cents")
		d := delivered(t, "payment-zero-decimal", `"total_money":{"amount":5875,"currency":"JPY"}`, `"total_money":{"amount":`+cents+`,"currency":"USD"}`)
		want, _ := commerce.ParseDecimal(cents[:len(cents)-2] + "." + cents[len(cents)-2:])
		if got := platformtest.Facet(of(reading(t, e, d), commerce.Payment, "payment"), "amount"); got != want.String() {
			rt.Fatalf("%s cents: got %s", cents, got)
		}
	})
}

// A fee that is not known yet is missing, and no fee of zero.
func TestFeesAreMissingUntilTheyAreKnown(t *testing.T) {
	e := newEndpoint(t)
	if o := of(reading(t, e, delivered(t, "payment-updated")), commerce.Payment, "payment"); platformtest.Facet(o, "fee") != "missing" || platformtest.Facet(o, "net") != "missing" {
		t.Errorf("got %v", o.Facets)
	}
	if o := of(reading(t, e, delivered(t, "payment-updated-fee")), commerce.Payment, "payment"); platformtest.Facet(o, "fee") != "2.09" || platformtest.Facet(o, "net") != "59.66" {
		t.Errorf("got %v", o.Facets)
	}
}

func TestTheNumberIsTheFirstFieldThatHoldsOne(t *testing.T) {
	for _, c := range []struct{ fields, want string }{
		{"reference_id", "US1042"}, {"ticket_name,reference_id", "US1042"}, {"metadata.web,reference_id", "US1042"}, {"id", ""},
	} {
		r := reading(t, newEndpoint(t, "order_fields", c.fields), delivered(t, "answer-order"))
		got := ""
		if o := of(r, commerce.Order, "order"); o.Kind != "" {
			got = o.Key[1]
		}
		if got != c.want {
			t.Errorf("%s: got %q", c.fields, got)
		}
	}
	d := delivered(t, "answer-order", `"reference_id":"US1042"`, `"reference_id":"POS 7","metadata":{"web":"#US1077"}`)
	if o := of(reading(t, newEndpoint(t, "order_fields", "reference_id,metadata.web"), d), commerce.Order, "order"); o.Key[1] != "US1077" {
		t.Errorf("got %v", o.Key)
	}
}

func TestRequest_IsTheAPIsOwnAddress(t *testing.T) {
	for _, c := range []struct{ target, method, path, sent string }{
		{"order/OACME1042", "GET", "/v2/orders/OACME1042", ""},
		{
			"catalog/2026-03-03T14:12:27Z/0", "POST", "/v2/catalog/search",
			`{"object_types":["ITEM","ITEM_VARIATION"],"include_deleted_objects":true,"begin_time":"2026-03-03T14:12:27Z","limit":100}`,
		},
		{"catalog/all/0/CAT.2", "POST", "/v2/catalog/search", `{"object_types":["ITEM"],"limit":100,"cursor":"CAT.2"}`},
		{"counts/2026-03-03T14:12:27Z/0", "POST", "/v2/inventory/counts/batch-retrieve", `{"states":["IN_STOCK"],"updated_after":"2026-03-03T14:12:27Z","limit":1000}`},
		{
			"orders/2026-03-03T14:12:27Z/0/a/b+c=", "POST", "/v2/orders/search",
			`{"location_ids":["LEAST","LWEST"],"query":{"filter":{"date_time_filter":{"updated_at":{"start_at":"2026-03-03T14:12:27Z"}}},"sort":{"sort_field":"UPDATED_AT","sort_order":"ASC"}},"limit":100,"cursor":"a/b+c="}`,
		},
		{"subscriptions/all/0/n+1", "GET", "/v2/webhooks/subscriptions?cursor=n%2B1&include_disabled=true&limit=100", ""},
	} {
		for sandbox, host := range map[string]string{"false": "connect.squareup.com", "true": "connect.squareupsandbox.com"} {
			api, _ := newEndpoint(t, "sandbox", sandbox, "version", "2025-06-18").(platform.API)
			req, err := api.Request(platform.Fetch{Topic: "any", Target: c.target}, "EAAApublished")
			if err != nil {
				t.Fatalf("%s: %v", c.target, err)
			}
			sent, _ := io.ReadAll(req.Body)
			if req.Method != c.method || req.URL.String() != "https://"+host+c.path || string(sent) != c.sent {
				t.Errorf("%s: %s %s %s", c.target, req.Method, req.URL, sent)
			}
			if req.Header.Get("Authorization") != "Bearer EAAApublished" || req.Header.Get("Square-Version") != "2025-06-18" {
				t.Errorf("%s: %v", c.target, req.Header)
			}
		}
	}
	api, _ := newEndpoint(t).(platform.API)
	for _, target := range []string{"order/", "order/a/b", "order/../x", "orders/2026-03-03T14:12:27Z/1", "catalog/yesterday/0", "catalog/2026-13-03T14:12:27Z/0", "counts/all/0/a b", "customers/all/0"} {
		if _, err := api.Request(platform.Fetch{Topic: "any", Target: target}, ""); err == nil {
			t.Errorf("%s was asked for", target)
		}
	}
}

// A search takes ten locations at most.
func TestChores_SearchOrdersOfTenLocationsAtOnce(t *testing.T) {
	c := config()
	c.Locations = platform.Locations{"LQUAR": platform.Ignore}
	for i := range 21 {
		c.Locations["L"+string(rune('A'+i))] = "east"
	}
	e, err := square.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	names, orders := map[string]bool{}, 0
	for _, chore := range e.(platform.Recurring).Chores() {
		if names[chore.Name] {
			t.Errorf("two chores are called %s", chore.Name)
		}
		names[chore.Name] = true
		if chore.Fetch.Topic == "orders" {
			orders++
		}
		f := chore.Fetch
		f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T13:12:30Z")
		if _, err := e.(platform.API).Request(f, "token"); err != nil {
			t.Errorf("%s: %v", chore.Name, err)
		}
	}
	if orders != 3 {
		t.Errorf("%d searches for orders, want 3", orders)
	}
}
