package standard

import (
	"regexp"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

// suite is the ERP that the samples of events/standard were written for. Its
// secret is public.
func suite(t testing.TB) platformtest.Suite {
	t.Helper()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return platformtest.Suite{
		Platform: Platform(),
		Config: platform.Config{
			System: "erp", Timezone: newYork, Currency: "USD",
			Locations: platform.Locations{"EAST": "east", "EAST2": "east", "WEST": "west", "TRANSIT": platform.Ignore},
			OrderNumber: platform.OrderNumber{
				Match:  regexp.MustCompile(`^#?(US\d+)$`),
				Stores: map[string]string{"SHOPIFYUS": "shopify-us"},
				Store:  "shopify-us",
			},
			HashKey: []byte("plumbline-sample-hash-key"),
		},
		Secret:          "whsec_cGx1bWJsaW5lLXNhbXBsZS1zdGFuZGFyZC1rZXktMDE=",
		Other:           "whsec_cGx1bWJsaW5lLXNhbXBsZS1zdGFuZGFyZC1rZXktMDI=",
		Dir:             "../../../events/standard",
		Received:        time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC),
		SignatureHeader: "webhook-signature",
		BigIDs:          map[string]string{"inventory": "9007199254740993"},
		Extra:           signedHeaders,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite(t)) }

func FuzzEndpoint(f *testing.F) { platformtest.Fuzz(f, suite(f)) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite(f)) }

// signedHeaders: id and time are signed too, and a delivery is only good for
// five minutes.
func signedHeaders(t *testing.T, c platformtest.Case) {
	secrets := []platform.Secret{suite(t).Secret}
	for header, value := range map[string]string{"webhook-id": "msg_other", "webhook-timestamp": "1772547271"} {
		if c.Endpoint.Verify(platformtest.With(c.Request, header, value), secrets) == nil {
			t.Errorf("another %s is accepted", header)
		}
	}
	for _, late := range []time.Duration{-6 * time.Minute, 6 * time.Minute} {
		replayed := c.Request
		replayed.Received = replayed.Received.Add(late)
		if c.Endpoint.Verify(replayed, secrets) == nil {
			t.Errorf("received %s later it is accepted", late)
		}
	}
}
