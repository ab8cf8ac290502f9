package bench

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/shopify"
	"github.com/plumbline/plumbline/internal/platform/standard"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

// BenchmarkBody measures what receive does with a body of 14 KB: verify the
// signature and read the observations. The floor is SHA-256 of the same bytes,
// the peer encoding/json reading them without understanding any.
func BenchmarkBody(b *testing.B) {
	order, err := os.ReadFile("../../events/shopify/orders-updated-14kb.body.json")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, topic string
		platform    platform.Platform
		config      platform.Config
		secret      platform.Secret
		body        []byte
	}{
		{"shopify order", "orders/updated", shopify.Platform(), platform.Config{System: "shopify-us", Settings: map[string]string{"shop": "acme.myshopify.com"}}, "secret", order},
		{"standard stock", "", standard.Platform(), platform.Config{System: "erp", Locations: platform.Locations{"EAST": "east"}}, "whsec_c2VjcmV0", stockReport(70)},
	} {
		b.Run(c.name, func(b *testing.B) {
			endpoint, err := c.platform.New(c.config)
			if err != nil {
				b.Fatal(err)
			}
			sample := platform.Sample{Topic: c.topic, ID: "msg_1", At: received, Body: c.body}
			request := platform.Request{Header: endpoint.Sign(sample, c.secret), Body: c.body, Received: received}
			delivery := commerce.Delivery{System: c.config.System, Topic: c.topic, Received: received, Body: c.body}
			verify := func() error { return endpoint.Verify(request, []platform.Secret{c.secret}) }
			normalise := func() error { _, err := endpoint.Normalise(delivery); return err }
			took := turns(b,
				func() error { sha256.Sum256(c.body); return nil },
				func() error {
					if err := verify(); err != nil {
						return err
					}
					return normalise()
				},
				verify, normalise,
				func() error { var v any; return json.Unmarshal(c.body, &v) },
			)
			b.ReportMetric(float64(took[0]), "ns-floor-sha256")
			b.ReportMetric(float64(took[1]), "ns/body")
			b.ReportMetric(float64(took[1])/float64(took[0]), "x-floor")
			b.ReportMetric(float64(took[2]), "ns-verify")
			b.ReportMetric(float64(took[3]), "ns-normalise")
			b.ReportMetric(float64(took[4]), "ns-peer-encoding/json")
			b.ReportMetric(allocations(b, normalise), "allocs-normalise")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func allocations(b *testing.B, step func() error) float64 {
	return testing.AllocsPerRun(100, func() {
		if err := step(); err != nil {
			b.Fatal(err)
		}
	})
}

// stockReport is a message of the standard format, 200 bytes for each record.
func stockReport(records int) []byte {
	var body bytes.Buffer
	body.WriteString(`{"type":"records.reported","timestamp":"2026-03-03T14:14:00Z","records":[`)
	for i := range records {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"kind":"inventory","id":"MUG-%04d/EAST","key":{"sku":"MUG-%04d","location":"EAST"},`+
			`"updated_at":"2026-03-03T09:14:00-05:00","sequence":%d,`+
			`"facets":{"free":"%d","on_hand":"%d","tracked":true}}`, i, i, 1000+i, i, i+4)
	}
	body.WriteString("]}")
	return body.Bytes()
}
