package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// customerHashDigits is the length of a customer's key: 128 bits.
const customerHashDigits = 32

// CustomerHash is the key of the customer with the e-mail address: the same in
// every system, and of no use without the hash key. It is blank for a blank
// address, which identifies nobody.
func (c Config) CustomerHash(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" {
		return ""
	}
	mac := hmac.New(sha256.New, c.HashKey)
	mac.Write([]byte(email))
	return hex.EncodeToString(mac.Sum(nil))[:customerHashDigits]
}
