package shipstation

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// minBits is the shortest key that is taken.
const minBits = 2048

// isKey tells keys from tokens.
func isKey(s platform.Secret) bool { return strings.Contains(string(s), "-----BEGIN ") }

// publicKey is the key that a secret holds. Of a private key, with which samples
// are sent, it is the public half.
func publicKey(s platform.Secret) (*rsa.PublicKey, bool) {
	block, _ := pem.Decode([]byte(s))
	if block == nil {
		return nil, false
	}
	var key *rsa.PublicKey
	switch block.Type {
	case "PUBLIC KEY":
		parsed, _ := x509.ParsePKIXPublicKey(block.Bytes)
		key, _ = parsed.(*rsa.PublicKey)
	case "RSA PUBLIC KEY":
		key, _ = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		if private, ok := privateKey(s); ok {
			key = &private.PublicKey
		}
	}
	return key, key != nil && key.N.BitLen() >= minBits
}

func privateKey(s platform.Secret) (*rsa.PrivateKey, bool) {
	block, _ := pem.Decode([]byte(s))
	if block == nil {
		return nil, false
	}
	parsed, _ := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*rsa.PrivateKey)
	return key, ok
}
