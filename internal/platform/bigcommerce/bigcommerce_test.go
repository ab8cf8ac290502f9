package bigcommerce_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/bigcommerce"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const samples = "../../../events/bigcommerce"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System:   "shop",
		Settings: map[string]string{"store_hash": "acme01x", "header": "X-Plumbline"},
		Currency: "USD", Timezone: time.UTC,
		Locations:   platform.Locations{"1": "east", "2": "west", "7": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^\d{3,}$`)},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: bigcommerce.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		SignatureHeader: "Webhook-Signature",
		Forgeries:       forgeries,
		BigIDs: map[string]string{
			"order-updated": "9007199254740993", "answer-product": "9007199254740995", "answer-inventory": "9007199254740995",
		},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// forgeries are requests without a right signature that carry a header which must
// not prove them.
func forgeries(c platformtest.Case) map[string]platform.Request {
	const header, secret = "X-Plumbline", string("published-secret-of-the-samples")
	unsigned := platformtest.With(c.Request, "Webhook-Signature")
	return map[string]platform.Request{
		"a wrong header":        platformtest.With(unsigned, header, "guessed"),
		"a longer header":       platformtest.With(unsigned, header, secret+"1"),
		"a shorter header":      platformtest.With(unsigned, header, secret[1:]),
		"a blank header":        platformtest.With(unsigned, header, ""),
		"two headers":           platformtest.With(unsigned, header, secret, secret),
		"two headers in one":    platformtest.With(unsigned, header, secret+", "+secret),
		"capitals":              platformtest.With(unsigned, header, strings.ToUpper(secret)),
		"another header":        platformtest.With(unsigned, "X-Other", secret),
		"the signature's place": platformtest.With(c.Request, "Webhook-Signature", secret),
		"another id":            platformtest.With(c.Request, "Webhook-Id", "msg_other"),
		"another time":          platformtest.With(c.Request, "Webhook-Timestamp", "1772547271"),
		"no id":                 platformtest.With(c.Request, "Webhook-Id"),
		"too late":              at(c.Request, received.Add(6*time.Minute)),
		"too early":             at(c.Request, received.Add(-6*time.Minute)),
	}
}

func at(req platform.Request, received time.Time) platform.Request {
	req.Received = received
	return req
}

func newEndpoint(t testing.TB, changes ...func(*platform.Config)) platform.Endpoint {
	t.Helper()
	c := config()
	for _, change := range changes {
		change(&c)
	}
	e, err := bigcommerce.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func setting(name, value string) func(*platform.Config) {
	return func(c *platform.Config) { c.Settings[name] = value }
}

// sample is the body of a sample, with texts replaced.
func sample(t testing.TB, name string, replace ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	return []byte(text)
}

func event(t testing.TB, name string, replace ...string) commerce.Delivery {
	t.Helper()
	return commerce.Delivery{System: "shop", Received: received, Body: sample(t, name, replace...)}
}

func answer(topic, target string, body []byte) commerce.Delivery {
	return commerce.Delivery{
		System: "shop", Topic: topic, Received: received, Body: body,
		Header: map[string]string{platform.FetchedHeader: target, platform.StatusHeader: "200"},
	}
}

func order(t testing.TB, name string, replace ...string) commerce.Delivery {
	t.Helper()
	return answer("order", "v2/orders/250", sample(t, name, replace...))
}

func product(t testing.TB, name string, replace ...string) commerce.Delivery {
	t.Helper()
	return answer("product", "v3/catalog/products/205?include=variants", sample(t, name, replace...))
}

func reading(t testing.TB, d commerce.Delivery, changes ...func(*platform.Config)) platform.Reading {
	t.Helper()
	r, err := newEndpoint(t, changes...).Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// of is the first observation of the kind.
func of(t testing.TB, r platform.Reading, kind commerce.Kind) commerce.Observation {
	t.Helper()
	for _, o := range r.Observations {
		if o.Kind == kind {
			return o
		}
	}
	t.Fatalf("no %s: %s", kind, r.Ignored)
	return commerce.Observation{}
}
