package businesscentral_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/businesscentral"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const samples = "../../../events/businesscentral"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return platform.Config{
		System: "erp",
		Settings: map[string]string{
			"tenant": "acme.onmicrosoft.com", "company": "5D0D7C3A-41f2-4e57-9a43-7b1f1d2c0e11",
			"order_fields": "shpfyOrderNo, externalDocumentNumber, number",
			"stock_page":   "acme/plumbline/v1.0/stock", "stock_fields": "itemNumber,locationCode,inventory,available",
		},
		Timezone: newYork, Currency: "USD",
		Locations:   platform.Locations{"EAST": "east", "EAST2": "east", "WEST": "west", "QUAR": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)(?:-[A-Z0-9]{1,3})?$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: businesscentral.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		UnknownTopic: "vendors",
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }
