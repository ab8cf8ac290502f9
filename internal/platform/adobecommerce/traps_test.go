package adobecommerce_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/adobecommerce"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"client_id", "short"}, {"client_id", "acme client id"}, {"store", "default"}, {"location", "a@b"}, {"dates_zone", "Mars/Base"}, {"dates_zone", "Local"},
	} {
		cfg := config()
		cfg.Settings[c.name] = c.value
		if _, err := adobecommerce.Platform().New(cfg); err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s %q: got %v, want an error that names it", c.name, c.value, err)
		}
	}
}

func sent(t testing.TB, e platform.Endpoint, name string, keys platform.Secret) platform.Request {
	t.Helper()
	raw := delivered(t, name).Body
	return platform.Request{Method: http.MethodPost, Body: raw, Received: received, Header: e.Sign(platform.Sample{Body: raw}, keys)}
}

// While Adobe replaces one of its keys, the other one still signs.
func TestOneSignatureByOneKnownKeyIsEnough(t *testing.T) {
	e := newEndpoint(t)
	published, other, public := secret(t, "published"), secret(t, "other"), secret(t, "published.pub")
	both := sent(t, e, "product-saved", published+other)
	if both.Header.Get(first) == "" || both.Header.Get(second) == "" {
		t.Fatal("two keys make less than two signatures")
	}
	for _, c := range []struct {
		name    string
		req     platform.Request
		secrets []platform.Secret
		genuine bool
	}{
		{"both, and a key of the first", both, []platform.Secret{public}, true},
		{"both, and a key of the second", both, []platform.Secret{other}, true},
		{"both, and both keys in one secret", both, []platform.Secret{public + other}, true},
		{"the second alone", platformtest.With(both, first), []platform.Secret{other}, true},
		{"the second alone, and a key of the first", platformtest.With(both, first), []platform.Secret{public}, false},
		{"the first spoilt", platformtest.With(both, first, "AAAA"), []platform.Secret{public}, false},
		{"the two exchanged", platformtest.With(platformtest.With(both, first, both.Header.Get(second)), second, both.Header.Get(first)), []platform.Secret{public}, true},
		{"none", platformtest.With(platformtest.With(both, first), second), []platform.Secret{public, other}, false},
		{"a secret that is no key", both, []platform.Secret{"published"}, false},
		{"no secret", both, nil, false},
	} {
		if err := e.Verify(c.req, c.secrets); (err == nil) != c.genuine {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// Adobe's keys sign for all of its customers: another one's event is signed as
// well as ours, and must not pass.
func TestEventsOfAnotherClientAreRefused(t *testing.T) {
	e := newEndpoint(t)
	key := secret(t, "published")
	for name, raw := range map[string]string{
		"another client":             `{"type":"observer.catalog_product_save_after","data":{"value":{}},"recipient_client_id":"mallory0client0id000000000000000"}`,
		"no client":                  `{"type":"observer.catalog_product_save_after","data":{"value":{}}}`,
		"a client that is no text":   `{"recipient_client_id":7}`,
		"ours inside of the value":   `{"data":{"value":{"recipient_client_id":"` + client + `"}}}`,
		"two clients":                `{"recipient_client_id":"` + client + `","recipient_client_id":"mallory0client0id000000000000000"}`,
		"one other in a batch":       `[{"recipient_client_id":"` + client + `"},{"recipient_client_id":"mallory0client0id000000000000000"}]`,
		"an empty batch":             `[]`,
		"no JSON":                    `recipient_client_id=` + client,
		"ours in capitals":           `{"recipient_client_id":"` + strings.ToUpper(client) + `"}`,
		"ours with something behind": `{"recipient_client_id":"` + client + `0"}`,
	} {
		req := platform.Request{Method: http.MethodPost, Body: []byte(raw), Received: received}
		req.Header = e.Sign(platform.Sample{Body: req.Body}, key)
		if err := e.Verify(req, []platform.Secret{key}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestGreet_RepeatsAChallengeAndNothingElse(t *testing.T) {
	greeter, ok := newEndpoint(t).(platform.Greeter)
	if !ok {
		t.Fatal("no greeter")
	}
	for query, want := range map[string]string{
		"challenge=8ec8d794-e0ab-42df":          `{"challenge":"8ec8d794-e0ab-42df"}`,
		"a=b&challenge=x":                       `{"challenge":"x"}`,
		"":                                      "",
		"challenge=":                            "",
		"challenge=a&challenge=b":               "",
		"challenge=%3Cscript%3E":                "",
		"challenge=a%0Ab":                       "",
		"challenge=" + strings.Repeat("a", 129): "",
	} {
		answer, greeted := greeter.Greet(platform.Request{Method: http.MethodGet, Query: query}, nil)
		if greeted != (want != "") || answer.Body != want || greeted && answer.Code() != http.StatusOK {
			t.Errorf("%q: got %+v, %t", query, answer, greeted)
		}
	}
	if _, greeted := greeter.Greet(platform.Request{Method: http.MethodPost, Query: "challenge=x", Body: []byte(`{}`)}, nil); greeted {
		t.Error("a delivery was taken for a challenge")
	}
}

// One product, whatever the types of its values are, and whatever it was before.
func TestTypesAndOriginalDataMakeNoDifference(t *testing.T) {
	e := newEndpoint(t)
	want := reading(t, e, delivered(t, "product-saved"))
	for _, name := range []string{"product-saved-types", "product-saved-original"} {
		got := reading(t, e, delivered(t, name))
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b commerce.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s (-product-saved +it):\n%s", name, diff)
		}
	}
}

func TestLooseTypes(t *testing.T) {
	e := newEndpoint(t)
	for text, want := range map[string]string{`"14.500000"`: "14.5", `14.5`: "14.5", `"123.000000"`: "123", `0`: "0", `"0.000000"`: "0", `null`: "null", `""`: "null"} {
		if got := platformtest.Facet(of(reading(t, e, delivered(t, "product-saved", `"14.500000"`, text)), commerce.Price), "regular"); got != want {
			t.Errorf("price %s: got %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{`"1"`, `1`, `true`, `"true"`, `"0"`, `0`, `false`, `null`, `""`} {
		if _, err := e.Normalise(delivered(t, "product-saved", `"_isNew":false`, `"_isNew":`+text)); err != nil {
			t.Errorf("_isNew %s: %v", text, err)
		}
	}
	for _, text := range []string{`"yes"`, `2`, `{}`, `[]`, `"-1"`} {
		if _, err := e.Normalise(delivered(t, "product-saved", `"_isNew":false`, `"_isNew":`+text)); err == nil {
			t.Errorf("_isNew %s was read", text)
		}
	}
	for _, text := range []string{`"abc"`, `"1,5"`, `true`, `{}`, `[14.5]`} {
		if _, err := e.Normalise(delivered(t, "product-saved", `"14.500000"`, text)); err == nil {
			t.Errorf("price %s was read", text)
		}
	}
}

// An event has only the fields that its subscription asks for.
func TestWhatAnEventDoesNotHaveIsMissing(t *testing.T) {
	e := newEndpoint(t)
	r := reading(t, e, delivered(t, "product-few-fields"))
	if of(r, commerce.Price).Kind != "" || of(r, commerce.Inventory).Kind != "" || len(of(r, commerce.Product).Facets) != 0 {
		t.Errorf("got %+v", r.Observations)
	}
	o := of(reading(t, e, delivered(t, "order-few-fields")), commerce.Order)
	for _, name := range []string{"payment", "cancelled", "total_current", "tax", "units", "fulfilment", "currency"} {
		if got := platformtest.Facet(o, name); got != "missing" {
			t.Errorf("%s is %s", name, got)
		}
	}
}

func TestDatesAreInTheConfiguredZone(t *testing.T) {
	for zone, want := range map[string]string{"": "2026-03-03T14:14:07Z", "UTC": "2026-03-03T14:14:07Z", "Europe/Berlin": "2026-03-03T13:14:07Z"} {
		o := of(reading(t, newEndpoint(t, "dates_zone", zone), delivered(t, "product-saved")), commerce.Product)
		if got := o.Version.Parts().Clock.Format(time.RFC3339); got != want {
			t.Errorf("%q: got %s, want %s", zone, got, want)
		}
	}
}

func TestEventsOfOneSecondAreOrderedByTheirOwnTime(t *testing.T) {
	e := newEndpoint(t)
	early := of(reading(t, e, delivered(t, "product-saved", "14:14:28.120Z", "14:14:28.119Z", `"status":"1"`, `"status":"2"`)), commerce.Product)
	late := of(reading(t, e, delivered(t, "product-saved")), commerce.Product)
	older := of(reading(t, e, delivered(t, "product-saved", "14:14:07", "14:14:06", "14:14:28.120Z", "14:14:29.000Z")), commerce.Product)
	if late.Version.Compare(early.Version) <= 0 || early.Version.Compare(older.Version) <= 0 {
		t.Error("updated_at does not come before the event's time")
	}
}

// Another store view's price is no change of the product's.
func TestStoresAreToldApart(t *testing.T) {
	if r := reading(t, newEndpoint(t), delivered(t, "product-store-view")); r.Ignored == "" {
		t.Errorf("got %+v", r)
	}
	if r := reading(t, newEndpoint(t, "store", "2"), delivered(t, "product-store-view")); platformtest.Facet(of(r, commerce.Price), "regular") != "15.9" {
		t.Errorf("got %+v", r)
	}
	if r := reading(t, newEndpoint(t), delivered(t, "order-other-store")); r.Ignored == "" {
		t.Errorf("an order of a store that is not mapped: %+v", r)
	}
}

// The code in the header is not signed: it must not make a deletion of an event.
func TestTheCodeInTheHeaderDecidesNothingThatIsSigned(t *testing.T) {
	e := newEndpoint(t)
	const deletion = "com.adobe.commerce.observer.catalog_product_delete_after"
	d := delivered(t, "product-saved")
	d.Topic = deletion
	if of(reading(t, e, d), commerce.Product).Gone {
		t.Error("the header outweighs the type in the body")
	}
	d = delivered(t, "product-deleted", `"type":"`+deletion+`",`, "")
	d.Topic = deletion
	if _, err := e.Normalise(d); err == nil {
		t.Error("a deletion was read that only the header says")
	}
}

func TestPaymentIsAsFarAsAmountsSay(t *testing.T) {
	e := newEndpoint(t)
	for _, c := range []struct{ paid, refunded, want string }{
		{`null`, `null`, "pending"},
		{`"20.0000"`, `null`, "partially_paid"},
		{`"58.7500"`, `null`, "paid"},
		{`"58.7500"`, `"0.0000"`, "paid"},
		{`"58.7500"`, `"1"`, "partially_refunded"},
		{`58.75`, `58.75`, "refunded"},
	} {
		d := delivered(t, "order-saved", `"base_total_paid":"58.7500"`, `"base_total_paid":`+c.paid, `"base_total_refunded":null`, `"base_total_refunded":`+c.refunded)
		if got := platformtest.Facet(of(reading(t, e, d), commerce.Order), "payment"); got != c.want {
			t.Errorf("%+v: got %s", c, got)
		}
	}
}

// Of a configurable product the order has two items, of which one is sold.
func TestItemsOfAParentAreNotCountedTwice(t *testing.T) {
	o := of(reading(t, newEndpoint(t), delivered(t, "order-placed")), commerce.Order)
	var lines []string
	for _, l := range o.Lines {
		lines = append(lines, l.SKU+" "+l.Units.String()+" "+l.Location)
	}
	if platformtest.Facet(o, "lines") != "2" || platformtest.Facet(o, "units_current") != "3" || !slices.Equal(lines, []string{"MUG-BLU 2 east", "TEE-RED-M 1 east"}) {
		t.Errorf("got %v, %v", lines, o.Facets)
	}
}
