package shipbob_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/shipbob"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := shipbob.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// delivered is a sample as it is read, with texts of its body replaced.
func delivered(t testing.TB, name string, replace ...string) commerce.Delivery {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(raw), replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
	}
	head, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	var header map[string]string
	if err != nil || json.Unmarshal(head, &header) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d := commerce.Delivery{System: "wms", Received: received, Header: header, Topic: header["plumbline-topic"] + header["X-Webhook-Topic"]}
	d.Body = []byte(strings.NewReplacer(replace...).Replace(string(raw)))
	return d
}

func read(t *testing.T, e platform.Endpoint, d commerce.Delivery) platform.Reading {
	t.Helper()
	r, err := e.Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func facet(t *testing.T, r platform.Reading, kind commerce.Kind, name string) string {
	t.Helper()
	at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Kind == kind })
	if at < 0 {
		t.Fatalf("no %s: %s", kind, r.Ignored)
	}
	if v, ok := r.Observations[at].Facets[name]; ok {
		return v.String()
	}
	return "missing"
}

func TestEveryWebhookOfAnOrderAsksForIt(t *testing.T) {
	e := newEndpoint(t)
	for _, topic := range []string{
		"order.shipped", "order.delivered", "order.shipment.tracking.updated", "order.shipment.cancelled", "order.shipment.line_item.removed",
	} {
		d := delivered(t, "tracking-received")
		d.Topic = topic
		if r := read(t, e, d); len(r.Fetch) != 1 || r.Fetch[0] != (platform.Fetch{Topic: "order", Target: "order/210554321"}) || len(r.Observations) != 0 {
			t.Errorf("%s: %+v", topic, r)
		}
	}
}

func TestTheTopicIsNotSignedAndChangesNothing(t *testing.T) {
	e := newEndpoint(t)
	whole := read(t, e, delivered(t, "order-shipped"))
	d := delivered(t, "order-shipped")
	d.Topic = "order.shipment.cancelled"
	if other := read(t, e, d); len(other.Observations) != len(whole.Observations) || other.Observations[0].Version != whole.Observations[0].Version {
		t.Errorf("got %+v", other)
	}
	for _, topic := range []string{"orders", "stock", "order"} {
		d.Topic = topic
		if r := read(t, e, d); r.Ignored != "unknown topic" {
			t.Errorf("a webhook passes for an answer: %s: %+v", topic, r)
		}
	}
}

func TestWhatIsShippedIsASetting(t *testing.T) {
	for shipped, want := range map[string]string{"": "2 2", "Processing": "2 2", "Completed,Processing": "4 0", "Elsewhere": "0 4"} {
		e := newEndpoint(t, "shipped_statuses", shipped)
		r := read(t, e, delivered(t, "answer-order"))
		if got := facet(t, r, commerce.Order, "units_shipped") + " " + facet(t, r, commerce.Order, "units_open"); got != want {
			t.Errorf("%q: got %s", shipped, got)
		}
	}
}

func TestABundleIsOneProductWhereItIsCounted(t *testing.T) {
	e := newEndpoint(t)
	bundle := `"inventory_items":[{"id":5001,"name":"KIT-07","quantity":1},{"id":5002,"name":"KIT-07","quantity":2}],"quantity":1`
	if got := facet(t, read(t, e, delivered(t, "answer-order-several")), commerce.Shipment, "units"); got != "1" {
		t.Errorf("counted: %s", got)
	}
	inside := delivered(t, "answer-order-several", bundle, strings.TrimSuffix(bundle, `,"quantity":1`))
	if got := facet(t, read(t, e, inside), commerce.Shipment, "units"); got != "3" {
		t.Errorf("not counted: %s", got)
	}
}

func TestCancelledOrdersHaveNothingOpen(t *testing.T) {
	r := read(t, newEndpoint(t), delivered(t, "answer-order-cancelled"))
	if facet(t, r, commerce.Order, "cancelled") != "true" || facet(t, r, commerce.Order, "units_open") != "0" || r.Observations[0].Lines != nil {
		t.Errorf("got %+v", r.Observations[0])
	}
}

func TestAPageIsFollowedByAnotherWhileItIsFull(t *testing.T) {
	e := newEndpoint(t)
	one := `{"id":1,"order_number":"US1","products":[],"shipments":[]}`
	for count, more := range map[int]bool{99: false, 100: true} {
		d := delivered(t, "answer-orders-none")
		d.Body = []byte(`[` + strings.TrimSuffix(strings.Repeat(one+",", count), ",") + `]`)
		want := platform.Fetch{Topic: "orders", Target: "order?Limit=100&Page=2&LastUpdateStartDate=2026-03-03T13%3A12%3A00Z"}
		if r := read(t, e, d); more != (len(r.Fetch) == 1) || more && r.Fetch[0] != want {
			t.Errorf("%d orders: %v", count, r.Fetch)
		}
	}
}

func TestMoreStockIsFollowedOnTheAPIAlone(t *testing.T) {
	e := newEndpoint(t)
	const link = "https://elsewhere.example/2026-07/inventory-level/locations?PageToken=x"
	for other, right := range map[string]bool{
		"https://api.shipbob.com/2026-07/inventory-level/locations?PageToken=x": true, "/2026-07/inventory-level/locations?PageToken=x": true,
		link: false, "//elsewhere.example/2026-07/inventory-level/locations?PageToken=x": false, "http://api.shipbob.com/2026-07/inventory-level/locations?PageToken=x": false,
		"https://x@api.shipbob.com/2026-07/inventory-level/locations?PageToken=x": false, "https://api.shipbob.com:8443/2026-07/inventory-level/locations?PageToken=x": false,
		"/2026-07/order/1": false, "/2026-07/../admin": false, "/2025-07/inventory-level/locations?PageToken=x": false, "/2026-07/inventory-level/locations": false,
	} {
		r, err := e.Normalise(delivered(t, "bad-next", link, other))
		var problem *platform.BodyError
		if right != (err == nil && len(r.Fetch) == 1) || err != nil && (!errors.As(err, &problem) || problem.Where != "next") {
			t.Errorf("%s: %+v, %v", other, r, err)
		}
	}
}

func TestCallsGoToTheEnvironmentAndVersion(t *testing.T) {
	e := newEndpoint(t, "environment", "sandbox", "api_version", "2027-01")
	for _, c := range e.(platform.Recurring).Chores() {
		f := c.Fetch
		f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T13:12:00Z")
		req, err := e.(platform.API).Request(f, " token\n")
		if err != nil {
			t.Fatal(err)
		}
		if req.Method != http.MethodGet || !strings.HasPrefix(req.URL.String(), "https://sandbox-api.shipbob.com/2027-01/") ||
			req.Header.Get("Authorization") != "Bearer token" || c.Every < time.Minute {
			t.Errorf("%s: %s", c.Name, req.URL)
		}
	}
	for credential, right := range map[platform.Secret]bool{"pat-1": true, "": false, "hush hush": false, `{"hush":1}`: false} {
		call, err := e.(platform.API).Token(credential)
		if call != nil || right != (err == nil) || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", string(credential), err)
		}
	}
	if _, _, err := e.(platform.API).ReadToken(nil); err == nil {
		t.Error("there is no token to read")
	}
	for _, target := range []string{"order/0", "order/1/shipment", "order/x", "order?", "webhook", "inventory-level/locations#x", "order/1?x=y"} {
		if _, err := e.(platform.API).Request(platform.Fetch{Topic: "x", Target: target}, "hush"); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", target, err)
		}
	}
}

func TestStockWithoutASKUHasNoRecord(t *testing.T) {
	e := newEndpoint(t)
	for _, o := range read(t, e, delivered(t, "answer-stock")).Observations {
		if o.Kind == commerce.Inventory && o.Key[0] != "MUG-BLU" {
			t.Errorf("got %v", o.Key)
		}
	}
	_, err := e.Normalise(delivered(t, "answer-stock", `"sku":null,`, ``))
	var problem *platform.BodyError
	if !errors.As(err, &problem) || problem.Where != "items[1].sku" {
		t.Errorf("got %v", err)
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"environment": "test", "api_version": "1.0", "topic_header": "a b", "order_fields": "a,,b", "shipped_statuses": "a b",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := shipbob.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	e := newEndpoint(t, "topic_header", "X-Other-Topic")
	header := e.Sign(platform.Sample{Topic: "order.shipped", ID: "m", At: received}, suite().Secret)
	if topic, id := e.Identify(platform.Request{Header: header}); topic != "order.shipped" || id != "m" || !slices.Contains(e.Headers(), "x-other-topic") {
		t.Errorf("got %q, %q", topic, id)
	}
}

func TestIncomingIsKnownWhenBothWaysInAre(t *testing.T) {
	e := newEndpoint(t)
	if got := facet(t, read(t, e, delivered(t, "answer-stock")), commerce.Inventory, "incoming"); got != "12" {
		t.Errorf("got %s", got)
	}
	without := delivered(t, "answer-stock", `"awaiting_quantity":10,"internal_transfer_quantity":2`, `"awaiting_quantity":10`)
	if got := facet(t, read(t, e, without), commerce.Inventory, "incoming"); got != "missing" {
		t.Errorf("without transfers: got %s", got)
	}
}
