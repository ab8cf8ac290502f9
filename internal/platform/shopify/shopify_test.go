package shopify_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shopify"
)

const samples = "../../../events/shopify"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return platform.Config{
		System:   "shopify-us",
		Settings: map[string]string{"shop": "acme.myshopify.com"},
		Timezone: newYork, Currency: "USD",
		Locations:   platform.Locations{"655441491": "east", "655441520": "west", "70001": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`)},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: shopify.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		SignatureHeader: "X-Shopify-Hmac-Sha256",
		UnknownTopic:    "draft_orders/create",
		BigIDs: map[string]string{
			"orders-paid":                     "9007199254740993001",
			"products-update-big-ids":         "9007199254740997",
			"inventory-levels-update-big-ids": "271878346590000017",
			"customers-redact":                "9007199254740993001",
		},
		Extra: extra,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// extra is what Shopify's own headers must withstand.
func extra(t *testing.T, c platformtest.Case) {
	secrets := []platform.Secret{suite().Secret}
	const shop, topic = "X-Shopify-Shop-Domain", "X-Shopify-Topic"
	for name, req := range map[string]platform.Request{
		"another shop":        platformtest.With(c.Request, shop, "apex.myshopify.com"),
		"no shop":             platformtest.With(c.Request, shop),
		"a trailing dot":      platformtest.With(c.Request, shop, "acme.myshopify.com."),
		"a path":              platformtest.With(c.Request, shop, "acme.myshopify.com/admin"),
		"a homograph":         platformtest.With(c.Request, shop, "аcme.myshopify.com"),
		"two shops":           platformtest.With(c.Request, shop, "acme.myshopify.com", "acme.myshopify.com"),
		"two shops, joined":   platformtest.With(c.Request, shop, "acme.myshopify.com,acme.myshopify.com"),
		"both spellings":      platformtest.With(c.Request, "Shopify-Shop-Domain", "acme.myshopify.com"),
		"two signatures":      platformtest.With(c.Request, "Shopify-Hmac-Sha256", c.Request.Header.Get("X-Shopify-Hmac-Sha256")),
		"more than one topic": platformtest.With(c.Request, topic, "orders/create", "orders/paid"),
	} {
		if err := c.Endpoint.Verify(req, secrets); !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%s: got %v, want ErrSignature", name, err)
		}
	}
	upper := platformtest.With(c.Request, shop, "ACME.myshopify.COM")
	if err := c.Endpoint.Verify(upper, secrets); err != nil {
		t.Errorf("a domain is the same in capitals: %v", err)
	}
}

func TestNewerHeaderNamesAreRead(t *testing.T) {
	endpoint := newEndpoint(t)
	sample := sampleOf(t, "inventory-levels-update")
	req := platform.Request{Header: sample.Header.Clone(), Body: sample.Body, Received: received}
	for name, values := range sample.Header {
		if newer, ok := strings.CutPrefix(name, "X-"); ok {
			req.Header.Del(name)
			req.Header[newer] = values
		}
	}
	if err := endpoint.Verify(req, []platform.Secret{suite().Secret}); err != nil {
		t.Fatal(err)
	}
	reading, err := endpoint.Normalise(platformtest.Deliver(endpoint, "shopify-us", req))
	if err != nil || len(reading.Observations) != 1 {
		t.Fatalf("got %d observations, %v", len(reading.Observations), err)
	}
	if reading.Observations[0].Version.Parts().Sequence == 0 {
		t.Error("Shopify-Triggered-At was not read")
	}
}

func TestShopMustBeAPermanentDomain(t *testing.T) {
	for _, shop := range []string{"", "acme", "acme.example", "https://acme.myshopify.com", "acme.myshopify.com.", "acme.myshopify.com.evil.example", ".myshopify.com"} {
		c := config()
		c.Settings = map[string]string{"shop": shop}
		if _, err := shopify.Platform().New(c); err == nil || !strings.Contains(err.Error(), "acme.myshopify.com") {
			t.Errorf("%q: got %v, want an error that says what would be right", shop, err)
		}
	}
	c := config()
	c.Settings = map[string]string{"shop": "Acme.MyShopify.com"}
	if _, err := shopify.Platform().New(c); err != nil {
		t.Error(err)
	}
}
