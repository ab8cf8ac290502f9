package shiphero_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shiphero"
)

const samples = "../../../events/shiphero"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "wms", Settings: map[string]string{"account": "7556"},
		Timezone: time.UTC, Currency: "USD",
		Locations: platform.Locations{
			"76733": "east", "76734": "west", "76735": platform.Ignore, "9007199254740993": "far",
		},
		OrderNumber: platform.OrderNumber{
			Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us", Stores: map[string]string{"acme.myshopify.com": "shopify-us"},
		},
		HashKey: []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: shiphero.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		SignatureHeader: "x-shiphero-hmac-sha256", UnknownTopic: "robot-charged",
		BigIDs: map[string]string{
			"shipment-update-split": "9007199254740993", "inventory-update-exact": "9007199254740993", "answer-order-split": "9007199254740995",
		},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }
