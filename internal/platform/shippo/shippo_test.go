package shippo_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shippo"
	"github.com/plumbline/plumbline/internal/signature"
)

const (
	samples         = "../../../events/shippo"
	signatureHeader = "Shippo-Auth-Signature"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "labels", Settings: map[string]string{}, Timezone: time.UTC,
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: shippo.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received, SignatureHeader: signatureHeader, Spoil: spoil, Forgeries: late,
		BigIDs: map[string]string{"transaction-created": "9205590164917312751089"},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// spoil makes wrong signatures of "t=…,v1=…".
func spoil(header string) map[string]string {
	stamp, digits, _ := strings.Cut(header, ",v1=")
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return map[string]string{"that is no hexadecimal": header}
	}
	flipped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	return map[string]string{
		"empty": "", "without a time": "v1=" + digits, "without signatures": stamp, "with an empty time": "t=,v1=" + digits,
		"with two times": stamp + ",t=1,v1=" + digits, "of another time": "t=1772547271,v1=" + digits,
		"time with a sign": "t=+" + stamp[2:] + ",v1=" + digits, "time with a zero": "t=0" + stamp[2:] + ",v1=" + digits,
		"of other bytes": stamp + ",v1=" + hex.EncodeToString(flipped), "of 16 bytes": stamp + ",v1=" + digits[:32],
		"in base64": stamp + ",v1=" + base64.StdEncoding.EncodeToString(raw), "cut off": header[:len(header)-1],
		"of another scheme": stamp + ",v2=" + digits, "with an item alone": header + ",v1", "joined with a comma": header + "," + header,
		"joined with a space": header + ", " + header, "too long": header + strings.Repeat(",v0="+digits, 16),
	}
}

func late(c platformtest.Case) map[string]platform.Request {
	late, early, token := c.Request, c.Request, platformtest.With(c.Request, signatureHeader, "t=1,v1=00")
	late.Received, early.Received = received.Add(5*time.Minute+time.Second), received.Add(-5*time.Minute-time.Second)
	token.Query = platform.TokenQuery(suite().Secret)
	return map[string]platform.Request{"too late": late, "too early": early, "a token beside a wrong signature": token}
}

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := shippo.Platform().New(c)
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

func read(t *testing.T, name string, settings ...string) (platform.Reading, error) {
	t.Helper()
	return newEndpoint(t, settings...).Normalise(commerce.Delivery{System: "labels", Received: received, Body: sample(t, name)})
}

func part(t *testing.T, part, name string) commerce.Observation {
	t.Helper()
	r, err := read(t, name)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Part == part })
	if at < 0 {
		t.Fatalf("%s: no %s: %s", name, part, r.Ignored)
	}
	return r.Observations[at]
}

func TestUntilShippoSignsTheTokenIsTheProof(t *testing.T) {
	const secret = platform.Secret("published-secret-of-the-samples")
	for query, want := range map[string]bool{
		platform.TokenQuery(secret): true, "": false, "token=": false, "token=guessed": false,
		platform.TokenQuery(secret) + "&" + platform.TokenQuery(secret): false,
	} {
		req := platform.Request{Method: http.MethodPost, Query: query, Body: sample(t, "track-transit"), Received: received}
		err := newEndpoint(t).Verify(req, []platform.Secret{"", "another-secret", secret})
		if (err == nil) != want || err != nil && !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%q: %v", query, err)
		}
		if err := newEndpoint(t, "signed", "true").Verify(req, []platform.Secret{secret}); !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%q passes where everything is signed: %v", query, err)
		}
	}
	if kept := platform.KeptQuery(newEndpoint(t), platform.TokenQuery(secret)); kept != "" {
		t.Errorf("kept %q", kept)
	}
}

func TestAnySignatureOfSeveralIsEnough(t *testing.T) {
	raw := sample(t, "track-transit")
	right := hex.EncodeToString(signature.Sum(signature.Key(suite().Secret), []byte("1772547270."), raw))
	for header, want := range map[string]bool{
		"t=1772547270,v1=" + right: true, "v1=" + right + ",t=1772547270": true,
		"t=1772547270,v0=x,v1=" + right:                               true,
		"t=1772547270,v1=" + strings.Repeat("0", 64) + ",v1=" + right: true,
		"t=1772547270,v1=" + strings.ToUpper(right):                   true,
		"t=1772547270,v1=" + strings.Repeat("0", 64):                  false,
		"t=1772547270000,v1=" + right:                                 false,
		"t=1772547270,v1=" + right + "0":                              false,
		"v1=" + right:                                                 false,
	} {
		req := platform.Request{Header: http.Header{signatureHeader: {header}}, Body: raw, Received: received}
		if err := newEndpoint(t).Verify(req, []platform.Secret{suite().Secret}); (err == nil) != want {
			t.Errorf("%s: %v", header, err)
		}
	}
}

// Also of who has the secret.
func TestATimeIsWrittenInOneWay(t *testing.T) {
	raw := sample(t, "track-transit")
	for stamp, want := range map[string]bool{"1772547270": true, "+1772547270": false, "01772547270": false, "": false, "now": false} {
		right := hex.EncodeToString(signature.Sum(signature.Key(suite().Secret), []byte(stamp+"."), raw))
		req := platform.Request{Header: http.Header{signatureHeader: {"t=" + stamp + ",v1=" + right}}, Body: raw, Received: received}
		if err := newEndpoint(t).Verify(req, []platform.Secret{suite().Secret}); (err == nil) != want {
			t.Errorf("%q: %v", stamp, err)
		}
	}
}

func TestTheOtherModeIsNoFact(t *testing.T) {
	for name, modes := range map[string][2]bool{"transaction-created": {true, false}, "transaction-test": {false, true}} {
		for i, mode := range []string{"production", "test"} {
			r, err := read(t, name, "mode", mode)
			if err != nil || (len(r.Observations) > 0) != modes[i] {
				t.Errorf("%s in %s: %d observations, %v", name, mode, len(r.Observations), err)
			}
			if modes[i] && platformtest.Facet(r.Observations[0], "test") != map[string]string{"production": "false", "test": "true"}[mode] {
				t.Errorf("%s in %s: test is %s", name, mode, platformtest.Facet(r.Observations[0], "test"))
			}
		}
	}
}

func TestARefundVoidsTheLabelUnlessItIsRefused(t *testing.T) {
	for name, want := range map[string]string{"transaction-created": "false", "transaction-refunded": "true", "transaction-refund-rejected": "false"} {
		if got := platformtest.Facet(part(t, "transaction", name), "voided"); got != want {
			t.Errorf("%s: voided is %s", name, got)
		}
	}
}

func TestAParcelIsOfTheOrderThatItsLabelWasBoughtFor(t *testing.T) {
	label, told, waits := part(t, "transaction", "transaction-created"), part(t, "tracking", "track-transit"), part(t, "tracking", "track-delivered")
	if !slices.Equal(label.Key, told.Key) {
		t.Errorf("%v and %v are two parcels", label.Key, told.Key)
	}
	link := part(t, "link", "transaction-created")
	if waits.Via == nil || waits.Via.Type != link.Key[1] || waits.Via.Native != link.Key[2] || waits.Key[2] != label.Key[2] {
		t.Errorf("%+v waits for no link like %v", waits, link.Key)
	}
	if platformtest.Facet(told, "shipped_at") != "2026-03-03T14:11:00Z" || platformtest.Facet(waits, "status") != "delivered" {
		t.Errorf("shipped at %s, %s", platformtest.Facet(told, "shipped_at"), platformtest.Facet(waits, "status"))
	}
}

func TestProblemsSayWhere(t *testing.T) {
	for name, where := range map[string]string{
		"bad-status": "data.tracking_status.status", "bad-date": "data.tracking_status.status_date", "bad-ahead": "data.tracking_status.status_date",
		"bad-id": "data.object_id", "bad-data": "data.body", "bad-not-json": "body",
	} {
		_, err := read(t, name)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", name, err, where)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{"mode": "live", "signed": "yes", "signature_header": "a b"} {
		c := config()
		c.Settings[name] = value
		if _, err := shippo.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
