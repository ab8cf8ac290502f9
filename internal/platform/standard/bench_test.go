package standard

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

// benchBody is a message of about 14 KB: stock of 70 SKUs.
func benchBody() []byte {
	var b bytes.Buffer
	b.WriteString(`{"type":"records.reported","timestamp":"2026-03-03T14:14:00Z","records":[`)
	for i := range 70 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"kind":"inventory","id":"MUG-%04d/EAST","key":{"sku":"MUG-%04d","location":"EAST"},`+
			`"updated_at":"2026-03-03T09:14:00-05:00","sequence":%d,`+
			`"facets":{"free":"%d","on_hand":"%d","tracked":true}}`, i, i, 1000+i, i, i+4)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// BenchmarkVerifyNormalise reports the time per body as a multiple of hashing
// the same bytes once, which no verification can do without.
func BenchmarkVerifyNormalise(b *testing.B) {
	s := suite(b)
	endpoint, err := s.Platform.New(s.Config)
	if err != nil {
		b.Fatal(err)
	}
	body := benchBody()
	header := endpoint.Sign(platform.Sample{ID: "msg_bench", At: s.Received, Body: body}, s.Secret)
	req := platform.Request{Header: header, Body: body, Received: s.Received}
	secrets := []platform.Secret{s.Secret}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := endpoint.Verify(req, secrets); err != nil {
			b.Fatal(err)
		}
		if _, err := endpoint.Normalise(platformtest.Deliver(endpoint, "erp", req)); err != nil {
			b.Fatal(err)
		}
	}
	perBody := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(perBody)/float64(hashing(body)), "x-sha256")
}

// hashing is how long one SHA-256 of the body takes.
func hashing(body []byte) time.Duration {
	const rounds = 1000
	start := time.Now()
	for range rounds {
		sha256.Sum256(body)
	}
	return time.Since(start) / rounds
}
