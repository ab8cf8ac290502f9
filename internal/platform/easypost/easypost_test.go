package easypost_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/easypost"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const (
	samples         = "../../../events/easypost"
	signatureHeader = "X-Hmac-Signature"
	scheme          = "hmac-sha256-hex="
	// The secret has an accent in one piece and a ligature, which a key has not.
	secret = platform.Secret("published-s\u00e9cret-o\ufb00-the-samples")
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "easypost", Settings: map[string]string{"order_fields": "reference,options.print_custom_1"}, Timezone: time.UTC,
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: easypost.Platform(), Config: config(), Secret: secret, Other: "another-secret",
		Dir: samples, Received: received, SignatureHeader: signatureHeader, Spoil: spoil,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// spoil makes wrong signatures of "hmac-sha256-hex=…".
func spoil(header string) map[string]string {
	digits := strings.TrimPrefix(header, scheme)
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return map[string]string{"that is no hexadecimal": header}
	}
	flipped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	return map[string]string{
		"empty":               "",
		"without the scheme":  digits,
		"of another scheme":   "hmac-sha1-hex=" + digits,
		"of a scheme in caps": strings.ToUpper(scheme) + digits,
		"scheme alone":        scheme,
		"with two schemes":    scheme + header,
		"of other bytes":      scheme + hex.EncodeToString(flipped),
		"of 16 bytes":         scheme + digits[:32],
		"of 64 bytes":         header + digits,
		"in base64":           scheme + base64.StdEncoding.EncodeToString(raw),
		"cut off":             header[:len(header)-1],
		"with a space":        scheme + " " + digits,
		"with a newline":      header[:40] + "\n" + header[40:],
		"joined with a comma": header + "," + header,
		"joined with a space": header + ", " + header,
	}
}

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := easypost.Platform().New(c)
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
	return commerce.Delivery{
		System: "easypost", Received: received, Header: header,
		Body: []byte(strings.NewReplacer(replace...).Replace(string(raw))),
	}
}

func reading(t testing.TB, e platform.Endpoint, d commerce.Delivery) platform.Reading {
	t.Helper()
	r, err := e.Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// facet is what a part of the shipment says, or "missing".
func facet(r platform.Reading, part, name string) string {
	for _, o := range r.Observations {
		if v, ok := o.Facets[name]; ok && o.Part == part {
			return v.String()
		}
	}
	return "missing"
}

func signed(e platform.Endpoint, raw string, with platform.Secret) platform.Request {
	return platform.Request{
		Method: http.MethodPost, Body: []byte(raw), Received: received, Header: e.Sign(platform.Sample{Body: []byte(raw)}, with),
	}
}
