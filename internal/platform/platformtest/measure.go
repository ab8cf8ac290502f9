package platformtest

import (
	"crypto/sha256"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

// Measure is what receiving one sample takes. Times are in nanoseconds, each the
// fastest of many turns, so that a busy machine does not decide what is measured.
type Measure struct {
	Platform, Sample string
	Bytes            int
	// Verify is 0 where deliveries come through a queue: nothing is signed.
	Verify, Normalise int64
	// Hash is SHA-256 of the same bytes in the same run: what cannot be undercut.
	Hash int64
}

// rounds of turns, which alternate so that all have the same weather.
const (
	rounds = 100
	turns  = 20
)

// measure writes what the largest readable sample takes into the folder. Answers
// of an API are not signed and not measured.
func (s Suite) measure(t *testing.T, folder string, cases []Case) {
	var largest Case
	for _, c := range cases {
		_, err := c.Endpoint.Normalise(c.Delivery)
		if err == nil && !c.Answer && len(c.Request.Body) > len(largest.Request.Body) {
			largest = c
		}
	}
	if largest.Name == "" {
		t.Fatal("no sample can be measured")
	}
	body, secrets := largest.Request.Body, []platform.Secret{s.Secret}
	m := Measure{Platform: s.Platform.Name, Sample: largest.Name, Bytes: len(body)}
	for range rounds {
		fastest(t, &m.Hash, func() error { sha256.Sum256(body); return nil })
		fastest(t, &m.Normalise, func() error { _, err := largest.Endpoint.Normalise(largest.Delivery); return err })
		if !s.Platform.Inbox {
			fastest(t, &m.Verify, func() error { return largest.Endpoint.Verify(largest.Request, secrets) })
		}
	}
	writeJSON(t, filepath.Join(folder, s.Platform.Name+".json"), m)
}

func fastest(t *testing.T, least *int64, step func() error) {
	for range turns {
		start := time.Now()
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if took := int64(time.Since(start)); *least == 0 || took < *least {
			*least = took
		}
	}
}
