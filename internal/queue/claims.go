package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/contract"
)

// claimAbove leaves room below MaxBytes for what surrounds a body on its way.
const claimAbove = 900 << 10

const claimPrefix = `{"claim":`

// Claims keeps messages that are too large for the queue in a blob store and
// sends a claim in their place.
type Claims struct{ Blobs blob.Store }

// claimJSON names the claim first, so that a claim is known by its prefix.
type claimJSON struct {
	Claim string `json:"claim"`
	Codec int    `json:"codec"`
}

// Seal writes the envelope as a message body, or as a claim on it. The blob is
// named by its content, so that sealing again stores nothing new.
func (c Claims) Seal(ctx context.Context, e Envelope) (string, error) {
	body, err := Encode(e)
	if err != nil || len(body) <= claimAbove {
		return body, err
	}
	sum := sha256.Sum256([]byte(body))
	key := contract.ClaimKeys + hex.EncodeToString(sum[:])
	if err := c.Blobs.Put(ctx, key, []byte(body)); err != nil {
		return "", fmt.Errorf("store the message of delivery %s: %w", e.Delivery.ID, err)
	}
	return encodeJSON(claimJSON{key, codec})
}

// Open reads what Seal wrote, wherever it is kept.
func (c Claims) Open(ctx context.Context, body string) (Envelope, error) {
	if !strings.HasPrefix(body, claimPrefix) {
		return Decode(body)
	}
	var m claimJSON
	if err := decodeJSON(body, &m); err != nil {
		return Envelope{}, err
	}
	stored, err := c.Blobs.Get(ctx, m.Claim)
	if err != nil {
		return Envelope{}, fmt.Errorf("fetch a claimed message: %w", err)
	}
	return Decode(string(stored))
}
