package shipstation_test

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
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
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shipstation"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := shipstation.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// read reads a sample, with texts of its body replaced.
func read(t *testing.T, name string, replace ...string) (platform.Reading, error) {
	t.Helper()
	text := string(sample(t, name))
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	d := commerce.Delivery{System: "shipping", Received: received, Body: []byte(text)}
	head, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	if err != nil || json.Unmarshal(head, &d.Header) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d.Topic = d.Header["plumbline-topic"]
	return newEndpoint(t).Normalise(d)
}

func observed(t *testing.T, kind commerce.Kind, name string, replace ...string) commerce.Observation {
	t.Helper()
	r, err := read(t, name, replace...)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Kind == kind })
	if at < 0 {
		t.Fatalf("%s: no %s: %s", name, kind, r.Ignored)
	}
	return r.Observations[at]
}

func TestNothingButTheAPIIsAsked(t *testing.T) {
	const address = "https://ssapi6.shipstation.com/shipments?storeID=700101&batchId=55010&includeShipmentItems=False"
	for other, asked := range map[string]bool{
		address: true,
		"https://ssapi.shipstation.com/shipments?batchId=1":    true,
		"https://ssapi12.shipstation.com/fulfillments?page=2":  true,
		"https://ssapi.shipstation.com/orders":                 true,
		"http://ssapi.shipstation.com/shipments?batchId=1":     false,
		"HTTPS://ssapi.shipstation.com/shipments?batchId=1":    false,
		"//ssapi.shipstation.com/shipments":                    false,
		"https://SSAPI.shipstation.com.acme.example/shipments": false,
		"https://ssapi.shipstation.com@acme.example/shipments": false,
		"https://acme.example@ssapi.shipstation.com/shipments": false,
		"https://@ssapi.shipstation.com/shipments":             false,
		"https://ssapi.shipstation.com:8443/shipments":         false,
		"https://ssapi.shipstation.com./shipments":             false,
		"https://ssapix.shipstation.com/shipments":             false,
		"https://ssapi123.shipstation.com/shipments":           false,
		"https://evilssapi.shipstation.com/shipments":          false,
		"https://ssapi.shipstation.com/../orders":              false,
		"https://ssapi.shipstation.com/orders/createorder":     false,
		"https://ssapi.shipstation.com/orders%2fcreateorder":   false,
		"https://ssapi.shipstation.com/orders#x":               false,
		"https://ssapi.shipstation.com/orders?a=1&a=2":         false,
		"https://ssapi.shipstation.com/orders?a=%0d%0aHost:x":  false,
		"https://ssapi.shipstation.com/orders?page=0":          false,
		"https://ssapi.shipstation.com/orders?page=x":          false,
		"https://[::1]/orders":                                 false,
		"https://169.254.169.254/orders":                       false,
		`https://ssapi.shipstation.com\\@acme.example/orders`:  false,
	} {
		r, err := read(t, "ship-notify", address, other)
		if (err == nil && len(r.Fetch) == 1) != asked {
			t.Errorf("%s: %v, %v", other, r.Fetch, err)
		}
		var problem *platform.BodyError
		if !asked && (!errors.As(err, &problem) || problem.Where != "resource_url" || len(r.Fetch) > 0) {
			t.Errorf("%s: got %v", other, err)
		}
	}
}

func request(t *testing.T, target string) *http.Request {
	t.Helper()
	api, ok := newEndpoint(t).(platform.API)
	if !ok {
		t.Fatal("it is no API")
	}
	req, err := api.Request(platform.Fetch{Topic: "x", Target: target}, "key:secret")
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestTheCallSaysWhoAsks(t *testing.T) {
	req := request(t, "ssapi6.shipstation.com/shipments?batchId=55010")
	user, password, ok := req.BasicAuth()
	if !ok || user != "key" || password != "secret" || req.Method != http.MethodGet {
		t.Errorf("%s with %s:%s", req.Method, user, password)
	}
	if got := req.URL.String(); got != "https://ssapi6.shipstation.com/shipments?batchId=55010&includeShipmentItems=True" {
		t.Errorf("got %s", got)
	}
	api, ok := newEndpoint(t).(platform.API)
	if !ok {
		t.Fatal("it is no API")
	}
	if _, err := api.Request(platform.Fetch{Topic: "orders", Target: "ssapi.shipstation.com/orders"}, "a-credential-without-colon"); err == nil || strings.Contains(err.Error(), "without") {
		t.Errorf("got %v", err)
	}
}

func TestChangesAreAskedForInPacificTime(t *testing.T) {
	for since, want := range map[string]string{
		"2026-03-03T14:00:00Z": "2026-03-03 06:00:00",
		"2026-07-01T14:00:00Z": "2026-07-01 07:00:00",
		"2025-11-02T08:30:00Z": "2025-11-02 00:30:00", // 01:30, which clocks show again an hour later
		"2025-11-02T09:30:00Z": "2025-11-02 01:30:00", // 01:30 again
		"2026-03-08T10:30:00Z": "2026-03-08 03:30:00",
	} {
		if got := request(t, "ssapi.shipstation.com/orders?modifyDateStart="+since).URL.Query().Get("modifyDateStart"); got != want {
			t.Errorf("%s: got %s, want %s", since, got, want)
		}
	}
	recurring, ok := newEndpoint(t).(platform.Recurring)
	if !ok {
		t.Fatal("nothing recurs")
	}
	for _, chore := range recurring.Chores() {
		target := strings.Replace(chore.Fetch.Target, "{since}", "2026-03-03T14:00:00Z", 1)
		if got := request(t, target).URL.String(); !strings.Contains(got, "2026-03-03+06%3A00%3A00") {
			t.Errorf("%s asks for %s", chore.Name, got)
		}
	}
}

func TestTimesAreReadAsPacificClocksShowThem(t *testing.T) {
	for wall, want := range map[string]string{
		"2026-03-03T06:05:09.2830000": "2026-03-03T14:05:09.283Z",
		"2025-07-01T06:05:09.0000000": "2025-07-01T13:05:09Z",
		"2025-11-02T01:30:00.0000000": "2025-11-02T09:30:00Z",
		"2025-11-02T00:30:00.0000000": "2025-11-02T07:30:00Z",
		"2025-03-09T03:00:00.0000000": "2025-03-09T10:00:00Z",
	} {
		o := observed(t, commerce.Shipment, "answer-shipments-no-tracking", "2026-03-03T06:05:09.2830000", wall, `"trackingNumber":null`, `"trackingNumber":"1Z"`)
		if got := o.Version.Parts().Clock.Format(time.RFC3339Nano); got != want {
			t.Errorf("%s: got %s, want %s", wall, got, want)
		}
	}
	if got := platformtest.Facet(observed(t, commerce.Shipment, "answer-shipments"), "shipped_at"); got != "2026-03-03T08:00:00Z" {
		t.Errorf("a date begins at %s", got)
	}
}

func TestFloatsAreReadDigitByDigit(t *testing.T) {
	if got := platformtest.Facet(observed(t, commerce.Order, "answer-orders"), "total"); got != "186.40000000000001" {
		t.Errorf("got %s", got)
	}
	if got := platformtest.Facet(observed(t, commerce.Order, "answer-orders"), "units"); got != "3" {
		t.Errorf("%s pieces, want 3: a discount is none", got)
	}
}

func TestAPageIsSeveralAndMoreFollow(t *testing.T) {
	r, err := read(t, "answer-shipments")
	if err != nil || len(r.Observations) != 6 {
		t.Errorf("%d observations, %v; want two shipments, their orders and links", len(r.Observations), err)
	}
	r, err = read(t, "answer-orders-two-pages")
	if err != nil || len(r.Fetch) != 1 || !strings.HasSuffix(r.Fetch[0].Target, "&page=2") {
		t.Fatalf("%v, %v", r.Fetch, err)
	}
	if r, err := read(t, "answer-orders-two-pages", `"pages":3`, `"pages":1`); err != nil || len(r.Fetch) != 0 {
		t.Errorf("behind the last page: %v, %v", r.Fetch, err)
	}
}

func TestAVoidedShipmentShipsNothing(t *testing.T) {
	before, after := observed(t, commerce.Order, "answer-shipments"), observed(t, commerce.Order, "answer-shipments-voided")
	if before.Gone || !after.Gone || before.Native != after.Native || before.Version.Compare(after.Version) >= 0 {
		t.Errorf("%+v, then %+v", before, after)
	}
	if got := platformtest.Facet(observed(t, commerce.Shipment, "answer-shipments-voided"), "voided"); got != "true" {
		t.Errorf("voided %s", got)
	}
}

func TestWarehousesAreLocations(t *testing.T) {
	if got := platformtest.Facet(observed(t, commerce.Shipment, "answer-shipments"), "location"); got != "east" {
		t.Errorf("location %s", got)
	}
	if r, err := read(t, "answer-shipments-ignored-warehouse"); err != nil || r.Ignored == "" {
		t.Errorf("ignored: %+v, %v", r, err)
	}
	if o := observed(t, commerce.Mapping, "answer-shipments-unknown-warehouse"); o.Native != "16555" {
		t.Errorf("mapping of %s", o.Native)
	}
}

func TestOrdersThatWereSplitStandSideBySide(t *testing.T) {
	if o := observed(t, commerce.Order, "answer-orders"); o.Slot == "" {
		t.Error("two orders of one number are not noticed")
	}
	if o := observed(t, commerce.Order, "answer-orders-split"); o.Slot != "" {
		t.Error("the halves of an order are taken for two of it")
	}
}

// public is the public half of a private key, in PEM.
func public(t *testing.T, name string) platform.Secret {
	t.Helper()
	block, _ := pem.Decode([]byte(key(t, name)))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		t.Fatalf("%T has no public half", parsed)
	}
	der, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	return platform.Secret(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func TestThePublicKeyIsEnough(t *testing.T) {
	e := newEndpoint(t)
	raw := []byte(`{"resource_type":"TRACK_EVENT_V2"}`)
	req := platform.Request{Method: http.MethodPost, Body: raw, Received: received, Header: e.Sign(platform.Sample{At: received, Body: raw}, key(t, "key"))}
	if err := e.Verify(req, []platform.Secret{token, public(t, "other"), public(t, "key")}); err != nil {
		t.Error(err)
	}
	if err := e.Verify(req, []platform.Secret{token, public(t, "other")}); !errors.Is(err, platform.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
}

func TestAKeyIsNoToken(t *testing.T) {
	e, secret := newEndpoint(t), public(t, "key")
	req := platform.Request{Query: platform.TokenQuery(secret), Received: received}
	if err := e.Verify(req, []platform.Secret{secret}); !errors.Is(err, platform.ErrSignature) {
		t.Errorf("everybody may have a public key: %v", err)
	}
}

func TestTheSignatureIsWrittenAsTheSettingsSay(t *testing.T) {
	e := newEndpoint(t, "signature_encoding", "hex", "signature_header", "X-Acme-Signature", "timestamp_header", "X-Acme-Time")
	raw := []byte(`{}`)
	header := e.Sign(platform.Sample{At: received, Body: raw}, key(t, "key"))
	if len(header.Get("X-Acme-Signature")) != 512 || header.Get("X-Acme-Time") == "" {
		t.Fatalf("got %v", header)
	}
	if err := e.Verify(platform.Request{Header: header, Body: raw, Received: received}, []platform.Secret{public(t, "key")}); err != nil {
		t.Error(err)
	}
}

func TestATrackedParcelIsKnownByItsNumber(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(signed, "track-delivered.body.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := newEndpoint(t).Normalise(commerce.Delivery{System: "shipping", Received: received, Body: raw})
	if err != nil {
		t.Fatal(err)
	}
	o, link := r.Observations[0], observed(t, commerce.Link, "answer-shipments")
	if platformtest.Facet(o, "status") != "delivered" || o.Via == nil || o.Via.Type != link.Key[1] || o.Via.Native != link.Key[2] {
		t.Errorf("%+v has no link like %v", o, link.Key)
	}
}

func TestProblemsSayWhere(t *testing.T) {
	for name, where := range map[string]string{
		"bad-elsewhere": "resource_url", "bad-not-secure": "resource_url", "bad-other-path": "resource_url", "bad-metadata": "resource_url",
		"bad-not-json": "body", "bad-answer-page": "page", "bad-answer-quantity": "shipments[0].shipmentItems[0].quantity",
		"bad-answer-date": "shipments[0].createDate", "bad-answer-missing": "plumbline-status",
	} {
		_, err := read(t, name)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", name, err, where)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"api_timezone": "Pacific", "signature_header": "a b", "timestamp_header": "a:", "signature_encoding": "base32",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := shipstation.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
