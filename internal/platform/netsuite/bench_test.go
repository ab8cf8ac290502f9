package netsuite_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

// beside runs the step and SHA-256 of the same bytes in turns of fifty and
// reports the fastest of either, so that a busy machine does not decide what is
// measured.
func beside(b *testing.B, body []byte, step func() error) {
	b.SetBytes(int64(len(body)))
	hashing, stepping := time.Hour, time.Hour
	for b.Loop() {
		for range 50 {
			hashing = min(hashing, timed(b, func() error { sha256.Sum256(body); return nil }))
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

func BenchmarkVerifyNormalise(b *testing.B) {
	e, raw := newEndpoint(b), sample(b, "sales-order")
	req := platform.Request{
		Header: e.Sign(platform.Sample{ID: "msg_1", At: received, Body: raw}, suite().Secret), Body: raw, Received: received,
	}
	d := platformtest.Deliver(e, "erp", req)
	beside(b, raw, func() error {
		if err := e.Verify(req, []platform.Secret{suite().Secret}); err != nil {
			return err
		}
		_, err := e.Normalise(d)
		return err
	})
}
