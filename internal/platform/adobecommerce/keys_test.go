package adobecommerce_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func written(t *testing.T, key any) platform.Secret {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return platform.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// A key that can be broken proves nothing, and one of another kind is none.
func TestKeysThatAreShortOrOfAnotherKindAreNotBelieved(t *testing.T) {
	e := newEndpoint(t)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := written(t, short)
	req := sent(t, e, "product-saved", weak)
	if req.Header.Get(first) == "" {
		t.Fatal("there is no signature to refuse")
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]platform.Secret{"1024 bits": weak, "an elliptic curve": written(t, curve)} {
		if err := e.Verify(req, []platform.Secret{s}); err == nil {
			t.Errorf("%s: believed", name)
		}
	}
}
