package shopify

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// BenchmarkOrder measures what receive does with an order of 14 KB, beside the
// one thing that cannot be avoided: SHA-256 of the same bytes, in the same run.
func BenchmarkOrder(b *testing.B) {
	raw, err := os.ReadFile("../../../events/shopify/orders-updated-14kb.body.json")
	if err != nil {
		b.Fatal(err)
	}
	e, err := newEndpoint(platform.Config{System: "shopify-us", Settings: map[string]string{shopSetting: "acme.myshopify.com"}})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)
	header := e.Sign(platform.Sample{Topic: "orders/updated", ID: "1", At: at, Body: raw}, "secret")
	req := platform.Request{Header: header, Body: raw, Received: at}
	d := commerce.Delivery{System: "shopify-us", Topic: "orders/updated", Received: at, Body: raw}
	steps := map[string]func() error{
		"verify and normalise": func() error {
			if err := e.Verify(req, []platform.Secret{"secret"}); err != nil {
				return err
			}
			_, err := e.Normalise(d)
			return err
		},
		"verify":                    func() error { return e.Verify(req, []platform.Secret{"secret"}) },
		"normalise":                 func() error { _, err := e.Normalise(d); return err },
		"decode":                    func() error { return body.Decode(raw, new(order)) },
		"decode with encoding-json": func() error { return json.Unmarshal(raw, new(order)) },
	}
	for name, step := range steps {
		b.Run(name, func(b *testing.B) { beside(b, raw, step) })
	}
}

// beside runs the step and SHA-256 in turns of fifty and reports the fastest of
// either, so that a busy machine does not decide what is measured.
func beside(b *testing.B, body []byte, step func() error) {
	b.SetBytes(int64(len(body)))
	hashing, stepping := time.Hour, time.Hour
	hash := func() error { sha256.Sum256(body); return nil }
	for b.Loop() {
		for range 50 {
			hashing = min(hashing, timed(b, hash))
		}
		for range 50 {
			stepping = min(stepping, timed(b, step))
		}
	}
	b.ReportMetric(float64(stepping), "ns/step")
	b.ReportMetric(float64(stepping)/float64(hashing), "x-sha256")
}

func timed(b *testing.B, step func() error) time.Duration {
	start := time.Now()
	if err := step(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
