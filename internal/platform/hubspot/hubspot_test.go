package hubspot_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/hubspot"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const (
	samples      = "../../../events/hubspot"
	newestHeader = "X-HubSpot-Signature-v3"
	timeHeader   = "X-HubSpot-Request-Timestamp"
	publicURL    = "https://hooks.acme.example/hooks/hubspot"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "crm",
		Settings: map[string]string{
			"portal": "7700123", "url": publicURL, "company_email": "billing_email", "order_fields": "order_number, web_order",
		},
		Timezone: time.UTC, Currency: "USD",
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	const big = "90071992547409931"
	return platformtest.Suite{
		Platform: hubspot.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		SignatureHeader: newestHeader, Forgeries: forgeries,
		BigIDs: map[string]string{"contacts-batch": big, "contacts": big},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// forgeries change what the newest generation signs besides the body.
func forgeries(c platformtest.Case) map[string]platform.Request {
	stamp := c.Request.Header.Get(timeHeader)
	put, query := c.Request, c.Request
	put.Method, query.Query = http.MethodPut, "portal=7700123"
	return map[string]platform.Request{
		"another method":         put,
		"another query":          query,
		"another time":           platformtest.With(c.Request, timeHeader, "1772547270001"),
		"the time in seconds":    platformtest.With(c.Request, timeHeader, stamp[:10]),
		"the time with a sign":   platformtest.With(c.Request, timeHeader, "+"+stamp),
		"no time":                platformtest.With(c.Request, timeHeader),
		"a time twice":           platformtest.With(c.Request, timeHeader, stamp, stamp),
		"times that were joined": platformtest.With(c.Request, timeHeader, stamp+","+stamp),
	}
}
