package adobecommerce

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"

	"github.com/plumbline/plumbline/internal/platform"
)

// leastBits is the shortest key that is believed.
const leastBits = 2048

// decode reads a signature in its only correct spelling. Of any other text what
// can be read of it is written in another way.
func decode(text string) ([]byte, bool) {
	sum, _ := base64.StdEncoding.DecodeString(text)
	return sum, base64.StdEncoding.EncodeToString(sum) == text
}

// signed reports whether one of the signatures is the body's by one of the keys.
func signed(secrets []platform.Secret, sums [][]byte, body []byte) bool {
	digest := sha256.Sum256(body)
	found := false
	for _, secret := range secrets {
		for _, key := range publicKeys(secret) {
			for _, sum := range sums {
				good := rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], sum) == nil
				found = found || good
			}
		}
	}
	return found
}

// publicKeys reads all keys of a secret in PEM. Of a private key, with which samples
// are sent, it is the public half.
func publicKeys(secret platform.Secret) []*rsa.PublicKey {
	var keys []*rsa.PublicKey
	add := func(key any) {
		if public, ok := key.(*rsa.PublicKey); ok && public.N.BitLen() >= leastBits {
			keys = append(keys, public)
		}
	}
	blocks(secret, func(block *pem.Block) {
		if private := privateKey(block); private != nil {
			add(&private.PublicKey)
			return
		}
		// What is no public key is nothing.
		key, _ := x509.ParsePKIXPublicKey(block.Bytes)
		add(key)
	})
	return keys
}

// sign signs a body with each private key of the secret, in base64.
func sign(secret platform.Secret, body []byte) []string {
	digest := sha256.Sum256(body)
	var texts []string
	blocks(secret, func(block *pem.Block) {
		private := privateKey(block)
		if private == nil {
			return
		}
		// Signatures of this kind need no randomness: the same body has the same one.
		if sum, err := rsa.SignPKCS1v15(nil, private, crypto.SHA256, digest[:]); err == nil {
			texts = append(texts, base64.StdEncoding.EncodeToString(sum))
		}
	})
	return texts
}

func privateKey(block *pem.Block) *rsa.PrivateKey {
	if block.Type != "PRIVATE KEY" {
		return nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil
	}
	private, _ := key.(*rsa.PrivateKey)
	return private
}

func blocks(secret platform.Secret, read func(*pem.Block)) {
	for rest := []byte(secret); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return
		}
		read(block)
	}
}
