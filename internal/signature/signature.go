// Package signature checks that bytes come from who holds a secret: HMAC-SHA256
// over several keys at once, the age of signed times, and the Standard Webhooks
// scheme. Platforms say which header holds what and which bytes were signed.
//
// Nothing here returns early on a secret, and no error holds a value.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// Key is the key material of one secret. An empty key verifies nothing.
type Key []byte

// encodedSize is the length of 32 bytes in base64.
const encodedSize = (sha256.Size + 2) / 3 * 4

// Sum returns the HMAC-SHA256 of the message, whose parts are joined without a
// separator.
func Sum(key Key, message ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range message {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// Encode writes a sum in base64 as Decode reads it.
func Encode(sum []byte) string { return base64.StdEncoding.EncodeToString(sum) }

// Decode reads 32 bytes of base64 in their only correct spelling: standard
// alphabet, padded, no spare bits, no line breaks.
func Decode(text string) ([]byte, bool) {
	if len(text) != encodedSize {
		return nil, false
	}
	// Of what is spelled otherwise, fewer bytes are read.
	sum, _ := base64.StdEncoding.Strict().DecodeString(text)
	return sum, len(sum) == sha256.Size
}

// Verify reports whether one of the sums is the message's under one of the
// keys. It takes as long whichever of them it is, so that time tells nothing
// about which secrets are in use.
func Verify(keys []Key, sums [][]byte, message ...[]byte) bool {
	found := false
	for _, key := range keys {
		want := Sum(key, message...)
		for _, sum := range sums {
			equal := hmac.Equal(want, sum)
			found = found || (equal && len(key) > 0)
		}
	}
	return found
}

// Fresh reports whether a signed time is at most the tolerance away from the
// received time, in either direction.
func Fresh(signed, received time.Time, tolerance time.Duration) bool {
	return received.Sub(signed).Abs() <= tolerance
}
