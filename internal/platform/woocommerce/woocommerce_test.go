package woocommerce_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/woocommerce"
)

const (
	samples = "../../../events/woocommerce"
	// secret is stored by WordPress as published-&amp;-secret.
	secret = platform.Secret(`published-&-"secret"-of-the-samples`)
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System:   "shop",
		Settings: map[string]string{"shop": "https://shop.acme.example", "location": "east"},
		Currency: "USD", Timezone: time.UTC,
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^\d+$`)},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: woocommerce.Platform(), Config: config(),
		Secret: secret, Other: "another-secret",
		Dir: samples, Received: received,
		SignatureHeader: "X-Wc-Webhook-Signature",
		Forgeries:       forgeries,
		UnknownTopic:    "action.something",
		BigIDs:          map[string]string{"order-created": "9007199254740993", "product-updated-variable": "9007199254740995", "answer-variations": "9007199254740995"},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// forgeries are genuine bodies under headers that must not pass.
func forgeries(c platformtest.Case) map[string]platform.Request {
	const source = "X-Wc-Webhook-Source"
	right := c.Request.Header.Get(source)
	return map[string]platform.Request{
		"another shop":        platformtest.With(c.Request, source, "https://other.acme.example/"),
		"another path":        platformtest.With(c.Request, source, right+"de/"),
		"a shop behind it":    platformtest.With(c.Request, source, "https://shop.acme.example.other.example/"),
		"no shop":             platformtest.With(c.Request, source),
		"a blank shop":        platformtest.With(c.Request, source, ""),
		"two shops":           platformtest.With(c.Request, source, right, right),
		"two shops in one":    platformtest.With(c.Request, source, right+", "+right),
		"a user in the shop":  platformtest.With(c.Request, source, "https://a@shop.acme.example/"),
		"a query in the shop": platformtest.With(c.Request, source, right+"?a=b"),
		"two topics":          platformtest.With(c.Request, "X-Wc-Webhook-Topic", "order.created", "order.deleted"),
	}
}

func newEndpoint(t testing.TB, changes ...func(*platform.Config)) platform.Endpoint {
	t.Helper()
	c := config()
	for _, change := range changes {
		change(&c)
	}
	e, err := woocommerce.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func setting(name, value string) func(*platform.Config) {
	return func(c *platform.Config) { c.Settings[name] = value }
}

// delivery is a sample, with texts of its body replaced.
func delivery(t testing.TB, name string, replace ...string) commerce.Delivery {
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
	resource, event, _ := strings.Cut(name, "-")
	event, _, _ = strings.Cut(event, "-")
	return commerce.Delivery{System: "shop", Topic: resource + "." + event, Received: received, Body: []byte(text)}
}

func answer(t testing.TB, name, topic, target string, replace ...string) commerce.Delivery {
	t.Helper()
	d := delivery(t, name, replace...)
	d.Topic, d.Header = topic, map[string]string{platform.FetchedHeader: target, platform.StatusHeader: "200"}
	return d
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

func ping(change func(*platform.Request)) platform.Request {
	req := platform.Request{
		Method: http.MethodPost, Body: []byte("webhook_id=123"), Received: received,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	}
	change(&req)
	return req
}
