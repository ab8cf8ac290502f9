package shipbob_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shipbob"
)

const samples = "../../../events/shipbob"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "wms", Settings: map[string]string{}, Timezone: time.UTC, Currency: "USD",
		Locations: platform.Locations{"211": "east", "228": "west", "300": platform.Ignore, "9007199254740993": "far"},
		OrderNumber: platform.OrderNumber{
			Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us", Stores: map[string]string{"ACME Shopify": "shopify-us"},
		},
		HashKey: []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: shipbob.Platform(), Config: config(),
		Secret: "whsec_cGx1bWJsaW5lLXNhbXBsZS1zaGlwYm9iLXdtcy1rZXk=", Other: "whsec_cGx1bWJsaW5lLWFub3RoZXItc2hpcGJvYi1rZXk=",
		Dir: samples, Received: received,
		SignatureHeader: "webhook-signature", UnknownTopic: "order.imagined",
		BigIDs: map[string]string{
			"shipment-exception": "9007199254740995", "answer-order-several": "9007199254740993", "answer-stock-older": "9007199254740993",
		},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }
