package adobecommerce_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/adobecommerce"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const (
	samples = "../../../events/adobecommerce"
	first   = "X-Adobe-Digital-Signature-1"
	second  = "X-Adobe-Digital-Signature-2"
	client  = "acme0client0id0000000000000000000"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

// secret is a key of testdata: "published" or "other", private, or
// "published.pub", which is what a registry has.
func secret(t testing.TB, name string) platform.Secret {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".pem"))
	if err != nil {
		t.Fatal(err)
	}
	return platform.Secret(data)
}

func config() platform.Config {
	return platform.Config{
		System: "magento", Settings: map[string]string{"client_id": client, "location": "east"}, Currency: "USD", Timezone: time.UTC,
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^(\d{9})$`), Stores: map[string]string{"1": "magento"}},
		HashKey:     []byte("published hash key of the samples"),
	}
}

// The samples carry one of the two signatures, so that spoiling it leaves none.
func suite(t testing.TB) platformtest.Suite {
	t.Helper()
	return platformtest.Suite{
		Platform: adobecommerce.Platform(), Config: config(), Secret: secret(t, "published"), Other: secret(t, "other"),
		Dir: samples, Received: received, SignatureHeader: first, Spoil: spoil, Forgeries: forgeries,
		BigIDs: map[string]string{"product-created": "9007199254740993"},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite(t)) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite(f)) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite(f)) }

// spoil makes wrong signatures of a right one of 256 bytes.
func spoil(header string) map[string]string {
	raw, err := base64.StdEncoding.DecodeString(header)
	if err != nil {
		return map[string]string{"that is no base64": header}
	}
	flipped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	all := map[string]string{
		"empty":                 "",
		"of other bytes":        base64.StdEncoding.EncodeToString(flipped),
		"of 128 bytes":          base64.StdEncoding.EncodeToString(raw[:128]),
		"of 512 bytes":          base64.StdEncoding.EncodeToString(append(raw, raw...)),
		"cut off":               header[:len(header)-4],
		"in hexadecimal":        hex.EncodeToString(raw),
		"without padding":       strings.TrimRight(header, "="),
		"with a newline inside": header[:20] + "\n" + header[20:],
		"with a space inside":   header[:20] + " " + header[20:],
		"with spare bits set":   header[:len(header)-3] + string(header[len(header)-3]+1) + "==",
		"joined with a comma":   header + "," + header,
		"joined with a space":   header + ", " + header,
		"far too long":          strings.Repeat("A", 1<<20),
	}
	if urlSafe := base64.URLEncoding.EncodeToString(raw); urlSafe != header {
		all["in URL-safe base64"] = urlSafe
	}
	return all
}

// forgeries are genuine bodies under headers that must not pass.
func forgeries(c platformtest.Case) map[string]platform.Request {
	right := c.Request.Header.Get(first)
	both := platformtest.With(c.Request, second, right, right)
	return map[string]platform.Request{"the second signature sent twice": both}
}

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := adobecommerce.Platform().New(c)
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
		System: "magento", Topic: header["X-Adobe-Event-Code"], Received: received,
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

// of is the observation of the kind, or an empty one.
func of(r platform.Reading, kind commerce.Kind) commerce.Observation {
	for _, o := range r.Observations {
		if o.Kind == kind {
			return o
		}
	}
	return commerce.Observation{}
}
