package easypost_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/easypost"
)

func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"mode", "live"}, {"mode", "Test"}, {"order_fields", "reference,"}, {"order_fields", "to_address.name"}, {"order_fields", "options."},
	} {
		cfg := config()
		cfg.Settings[c.name] = c.value
		if _, err := easypost.Platform().New(cfg); err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s %q: got %v, want an error that names it", c.name, c.value, err)
		}
	}
}

// However the accents of a secret were typed, it is the same key: its bytes after
// NFKD.
func TestTheKeyIsTheSecretInItsOneSpelling(t *testing.T) {
	e := newEndpoint(t)
	const raw = `{"object":"Event"}`
	for _, c := range []struct{ typed, key string }{
		{"s\u00e9cret", "se\u0301cret"}, {"se\u0301cret", "se\u0301cret"}, {"o\ufb00", "off"}, {"\u212bcme", "A\u030acme"}, {"plain", "plain"},
	} {
		mac := hmac.New(sha256.New, []byte(c.key))
		mac.Write([]byte(raw))
		req := platform.Request{Method: http.MethodPost, Body: []byte(raw), Header: http.Header{}}
		req.Header.Set(signatureHeader, scheme+hex.EncodeToString(mac.Sum(nil)))
		if err := e.Verify(req, []platform.Secret{platform.Secret(c.typed)}); err != nil {
			t.Errorf("%+q: %v", c.typed, err)
		}
		if got := e.Sign(platform.Sample{Body: []byte(raw)}, platform.Secret(c.typed)).Get(signatureHeader); got != req.Header.Get(signatureHeader) {
			t.Errorf("%+q signs another way", c.typed)
		}
	}
	if err := e.Verify(signed(e, raw, "secret"), []platform.Secret{"s\u00e9cret"}); err == nil {
		t.Error("a secret without the accent is taken for the one with it")
	}
}

// A weight of 614.0 is signed as 614.0, and as nothing else.
func TestBytesAreVerifiedAsTheyWereSent(t *testing.T) {
	e := newEndpoint(t)
	req := signed(e, string(delivered(t, "tracker-updated").Body), secret)
	if !strings.Contains(string(req.Body), `"weight":614.0`) {
		t.Fatal("the sample has no weight with a point")
	}
	if err := e.Verify(req, []platform.Secret{secret}); err != nil {
		t.Error(err)
	}
	for _, other := range []string{"614", "614.00", "6.14e2"} {
		changed := req
		changed.Body = []byte(strings.Replace(string(req.Body), "614.0", other, 1))
		if err := e.Verify(changed, []platform.Secret{secret}); err == nil {
			t.Errorf("%s was taken for 614.0", other)
		}
	}
}

func TestOneModeIsRead(t *testing.T) {
	for _, c := range []struct{ mode, sample, ignored string }{
		{"production", "tracker-updated", ""},
		{"production", "tracker-test-mode", "test mode is another system's"},
		{"test", "tracker-test-mode", ""},
		{"test", "tracker-updated", "production mode is another system's"},
		{"test", "answer-shipment", "production mode is another system's"},
	} {
		if r := reading(t, newEndpoint(t, "mode", c.mode), delivered(t, c.sample)); r.Ignored != c.ignored {
			t.Errorf("%s of %s: ignored %q, want %q", c.sample, c.mode, r.Ignored, c.ignored)
		}
	}
	r := reading(t, newEndpoint(t, "mode", "test"), delivered(t, "answer-shipment", `"mode":"production"`, `"mode":"test"`))
	if facet(r, "shipment", "test") != "true" {
		t.Errorf("a shipment of the test mode is no test: %+v", r)
	}
}

func TestLabelsAreVoidWhileTheirRefundIsNotRefused(t *testing.T) {
	e := newEndpoint(t)
	for status, want := range map[string]string{`null`: "false", `"submitted"`: "true", `"refunded"`: "true", `"rejected"`: "false", `"not_applicable"`: "false"} {
		r := reading(t, e, delivered(t, "answer-shipment", `"refund_status":null`, `"refund_status":`+status))
		if got := facet(r, "shipment", "voided"); got != want {
			t.Errorf("%s: voided is %s", status, got)
		}
	}
}

// A parcel is shipped when the carrier first has it, in whatever order and zone
// the carrier's scans are listed; a label that was only printed is not.
func TestShippedAtIsTheFirstScan(t *testing.T) {
	e := newEndpoint(t)
	if got := facet(reading(t, e, delivered(t, "answer-shipment")), "tracker", "shipped_at"); got != "2026-03-03T14:10:00Z" {
		t.Errorf("got %s", got)
	}
	printed := reading(t, e, delivered(t, "answer-shipment", `"status":"in_transit"`, `"status":"pre_transit"`))
	if got := facet(printed, "tracker", "shipped_at"); got != "missing" {
		t.Errorf("a printed label was shipped at %s", got)
	}
}

func TestTheNumberIsTheFirstFieldThatHoldsOne(t *testing.T) {
	for _, c := range []struct{ fields, reference, want string }{
		{"reference", `"#US7"`, "US7"}, {"reference", `null`, ""}, {"options.invoice_number,reference", `"US8"`, "US8"},
	} {
		r := reading(t, newEndpoint(t, "order_fields", c.fields), delivered(t, "answer-shipment", `"US1042"`, c.reference))
		got := ""
		if len(r.Observations) > 0 {
			got = r.Observations[0].Key[1]
		}
		if got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// What EasyPost says later must not be overtaken by what it said before.
func TestAnswersAreOrderedByTheirOwnTime(t *testing.T) {
	e := newEndpoint(t)
	old, voided := reading(t, e, delivered(t, "answer-shipment")), reading(t, e, delivered(t, "answer-shipment-voided"))
	if voided.Observations[0].Version.Compare(old.Observations[0].Version) <= 0 {
		t.Error("the label's refund is older than the label")
	}
}

func TestRequest_IsTheAPIsOwnAddress(t *testing.T) {
	api, _ := newEndpoint(t).(platform.API)
	for target, want := range map[string]string{
		"shipment/shp_acme01":                       "shipments/shp_acme01",
		"shipments/2026-03-03T13:12:30Z":            "shipments?page_size=100&purchased=true&start_datetime=2026-03-03T13%3A12%3A30Z",
		"shipments/2026-03-03T13:12:30Z/shp_acme02": "shipments?before_id=shp_acme02&page_size=100&purchased=true&start_datetime=2026-03-03T13%3A12%3A30Z",
		"webhooks": "webhooks",
	} {
		req, err := api.Request(platform.Fetch{Topic: "any", Target: target}, "EZAKpublished")
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		user, password, _ := req.BasicAuth()
		if req.URL.String() != "https://api.easypost.com/v2/"+want || user != "EZAKpublished" || password != "" {
			t.Errorf("%s: %s as %s", target, req.URL, user)
		}
	}
	for _, target := range []string{"shipment/shp_1/../x", "shipment/trk_1", "shipments/yesterday", "shipments/2026-13-03T13:12:30Z", "webhooks/1"} {
		if _, err := api.Request(platform.Fetch{Topic: "any", Target: target}, ""); err == nil {
			t.Errorf("%s was asked for", target)
		}
	}
	for _, chore := range api.(platform.Recurring).Chores() {
		f := chore.Fetch
		f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T13:12:30Z")
		if _, err := api.Request(f, ""); err != nil {
			t.Errorf("%s: %v", chore.Name, err)
		}
	}
}
