package taxjar_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/taxjar"
)

const samples = "../../../events/taxjar"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return platform.Config{
		System: "tax", Settings: map[string]string{"providers": "api, shopify", "marketplace_providers": "amazon"},
		Timezone: newYork, Currency: "USD",
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US/?\d+)(?:-R\d+)?$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: taxjar.Platform(), Config: config(),
		Secret: "whsec_cGx1bWJsaW5lLXNhbXBsZS10YXhqYXItdGF4LWtleTE=", Other: "whsec_cGx1bWJsaW5lLWFub3RoZXItdGF4amFyLWtleTI=",
		Dir: samples, Received: received,
		SignatureHeader: "webhook-signature", UnknownTopic: "customers",
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }
