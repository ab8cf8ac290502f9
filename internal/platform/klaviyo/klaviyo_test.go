package klaviyo_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
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
	"github.com/plumbline/plumbline/internal/platform/klaviyo"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/signature"
)

const (
	samples         = "../../../events/klaviyo"
	signatureHeader = "Klaviyo-Signature"
	timestampHeader = "Klaviyo-Timestamp"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "marketing", Settings: map[string]string{"account": "AcM3xY"}, Timezone: time.UTC,
		HashKey: []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: klaviyo.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret-of-the-samples",
		Dir: samples, Received: received, SignatureHeader: signatureHeader, Spoil: spoil, Forgeries: misdated,
		BigIDs: map[string]string{"subscribed": "01J9ACME00DANA000000000001"},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// spoil makes wrong signatures of 64 digits.
func spoil(digits string) map[string]string {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return map[string]string{"that is no hexadecimal": digits}
	}
	flipped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	return map[string]string{
		"empty": "", "of other bytes": hex.EncodeToString(flipped), "of 16 bytes": digits[:32], "of 64 bytes": digits + digits,
		"in base64": base64.StdEncoding.EncodeToString(raw), "cut off": digits[:63], "with a space": digits[:32] + " " + digits[32:],
		"behind a scheme": "sha256=" + digits, "joined with a comma": digits + "," + digits, "joined with comma space": digits + ", " + digits,
	}
}

func misdated(c platformtest.Case) map[string]platform.Request {
	all := map[string]platform.Request{"no time": platformtest.With(c.Request, timestampHeader)}
	stamp := c.Request.Header.Get(timestampHeader)
	for name, other := range map[string]string{
		"another time": "1772547271", "an empty time": "", "a time in words": "now", "a time with a sign": "+" + stamp,
		"a time with a zero": "0" + stamp, "a time in milliseconds": stamp + "000", "another spelling": "2026-03-03T14:14:30Z", "a long time": strings.Repeat("1", 60),
	} {
		all[name] = platformtest.With(c.Request, timestampHeader, other)
	}
	all["two times"] = platformtest.With(c.Request, timestampHeader, stamp, stamp)
	late, early := c.Request, c.Request
	late.Received, early.Received = received.Add(5*time.Minute+time.Second), received.Add(-5*time.Minute-time.Second)
	all["too late"], all["too early"] = late, early
	return all
}

func newEndpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := klaviyo.Platform().New(config())
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
	d := commerce.Delivery{System: "marketing", Received: received, Body: []byte(text)}
	head, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	if err != nil || json.Unmarshal(head, &d.Header) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return newEndpoint(t).Normalise(d)
}

func part(t *testing.T, part, name string, replace ...string) commerce.Observation {
	t.Helper()
	r, err := read(t, name, replace...)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Part == part })
	if at < 0 {
		t.Fatalf("%s: no %s: %s", name, part, r.Ignored)
	}
	return r.Observations[at]
}

func TestBodyIsSignedBeforeTheTime(t *testing.T) {
	const text = `{"data":[]}`
	for _, stamp := range []string{"1772547270", "2026-03-03T14:14:30Z", "2026-03-03T14:14:30.123+00:00", "Tue, 03 Mar 2026 14:14:30 GMT"} {
		for message, want := range map[string]bool{text + stamp: true, stamp + text: false, stamp + "." + text: false, text + "." + stamp: false, text: false} {
			mac := hmac.New(sha256.New, []byte(suite().Secret))
			mac.Write([]byte(message))
			req := platform.Request{Body: []byte(text), Received: received, Header: http.Header{
				signatureHeader: {hex.EncodeToString(mac.Sum(nil))}, timestampHeader: {stamp},
			}}
			err := newEndpoint(t).Verify(req, []platform.Secret{suite().Secret})
			if (err == nil) != want || err != nil && !errors.Is(err, platform.ErrSignature) {
				t.Errorf("signed %q: %v", message, err)
			}
		}
	}
}

// Also of who has the secret.
func TestATimeIsWrittenInOneWay(t *testing.T) {
	body := []byte(`{"data":[]}`)
	for _, stamp := range []string{
		"+1772547270", "01772547270", "2026-03-03T14:14:30." + strings.Repeat("0", 40) + "Z", "2026-03-03 14:14:30", "",
	} {
		req := platform.Request{Body: body, Received: received, Header: http.Header{
			signatureHeader: {hex.EncodeToString(signature.Sum(signature.Key(suite().Secret), body, []byte(stamp)))}, timestampHeader: {stamp},
		}}
		if err := newEndpoint(t).Verify(req, []platform.Secret{suite().Secret}); !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%q: got %v", stamp, err)
		}
	}
}

func TestConsentIsWhatTheEventSaysAndOverwritesNothingElse(t *testing.T) {
	for name, want := range map[string]string{
		"subscribed": "subscribed", "unsubscribed": "unsubscribed", "marked-as-spam": "unsubscribed", "payload-in-a-text": "subscribed",
		"without-profile": "unsubscribed", "answer-profile": "subscribed", "answer-profile-suppressed": "unsubscribed",
		"answer-profile-unsubscribed": "unsubscribed", "answer-profile-never": "not_subscribed",
	} {
		o := part(t, "consent", name)
		if platformtest.Facet(o, "consent") != want || len(o.Facets) != 1 {
			t.Errorf("%s: got %v, want %s and nothing else", name, o.Facets, want)
		}
	}
	if o := part(t, "profile", "subscribed"); platformtest.Facet(o, "consent") != "missing" || platformtest.Facet(o, "copies") != "1" {
		t.Errorf("the profile says %v", o.Facets)
	}
}

func TestAnEventWithoutItsProfileAsksForIt(t *testing.T) {
	r, err := read(t, "without-profile")
	if err != nil || len(r.Fetch) != 1 || r.Fetch[0].Target != "profile/01J9ACME00DANA000000000001" {
		t.Fatalf("%v, %v", r.Fetch, err)
	}
	if o := part(t, "consent", "without-profile"); o.Via == nil || o.Via.Native != part(t, "link", "answer-profile").Key[2] {
		t.Errorf("%+v waits for no link", o)
	}
}

func TestABatchIsReadElementByElement(t *testing.T) {
	r, err := read(t, "batch")
	if err != nil {
		t.Fatal(err)
	}
	var hashes []string
	for _, o := range r.Observations {
		if o.Part == "consent" {
			hashes = append(hashes, o.Key[0])
		}
	}
	if len(hashes) != 3 || hashes[0] == hashes[1] || hashes[2] != "" || len(r.Fetch) != 1 {
		t.Errorf("consents of %v, fetches %v", hashes, r.Fetch)
	}
}

func TestAnAddressIsOneCustomerInEverySpelling(t *testing.T) {
	if a, b := part(t, "profile", "subscribed"), part(t, "profile", "unsubscribed"); a.Key[0] != b.Key[0] || a.Native != b.Native {
		t.Errorf("%v and %v", a.Key, b.Key)
	}
	for _, name := range []string{"without-address", "answer-profile-no-address", "answer-profile-gone"} {
		if o := part(t, "profile", name); !o.Gone || o.Via == nil {
			t.Errorf("%s: got %+v", name, o)
		}
	}
}

func TestCountriesAreCodes(t *testing.T) {
	for country, want := range map[string]string{`"US"`: "US", `"United States"`: "missing", `null`: "missing", `"us"`: "missing"} {
		if got := platformtest.Facet(part(t, "profile", "subscribed", `"country":"US"`, `"country":`+country), "country"); got != want {
			t.Errorf("%s: got %s, want %s", country, got, want)
		}
	}
}

func TestAnotherAccountIsNoneOfOurs(t *testing.T) {
	if r, err := read(t, "other-account"); err != nil || r.Ignored == "" || len(r.Observations) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestCallsAreMadeToTheAPIAlone(t *testing.T) {
	api, ok := newEndpoint(t).(platform.API)
	if !ok {
		t.Fatal("it is no API")
	}
	r, err := read(t, "answer-profiles")
	if err != nil || len(r.Fetch) != 1 {
		t.Fatalf("%v, %v", r.Fetch, err)
	}
	req, err := api.Request(r.Fetch[0], "pk_published")
	if err != nil {
		t.Fatal(err)
	}
	query := req.URL.Query()
	if query.Get("page[cursor]") != "bmV4dDo6aWQ6Ok5YZQ==" || query.Get("filter") != "greater-than(updated,2026-03-03T13:00:00Z)" {
		t.Errorf("asks %v", query)
	}
	if req.Header.Get("Authorization") != "Klaviyo-API-Key pk_published" || req.Header.Get("Revision") == "" {
		t.Errorf("with %v", req.Header)
	}
}

func TestProblemsSayWhere(t *testing.T) {
	for name, where := range map[string]string{
		"bad-time": "data[0].payload.data.attributes.datetime", "bad-local-time": "data[0].payload.data.attributes.datetime",
		"bad-profile": "data[0].payload.data.relationships.profile.data.id", "bad-payload": "data[0].payload.body", "bad-no-data": "data", "bad-not-json": "body",
		"bad-answer-consent": "subscriptions.email.marketing.consent", "bad-answer-other": "data.id", "bad-answer-cursor": "links.next",
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
		"account": "a b", "account_field": "a-b", "subscribed_topics": "A,,", "api_revision": "latest",
		"unsubscribed_topics": "event:klaviyo.subscribed_to_email_marketing",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := klaviyo.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
