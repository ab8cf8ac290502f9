package shipstation_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func inPEM(t *testing.T, kind string, der []byte, err error) platform.Secret {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return platform.Secret(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// signedWith is a request that a key signed, with its time.
func signedWith(t *testing.T, key *rsa.PrivateKey, stamp string) platform.Request {
	t.Helper()
	raw := []byte(`{}`)
	digest := sha256.Sum256(append([]byte(stamp+"."), raw...))
	sum, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set(signatureHeader, base64.StdEncoding.EncodeToString(sum))
	header.Set(timestampHeader, stamp)
	return platform.Request{Method: http.MethodPost, Header: header, Body: raw, Received: received}
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestOnlyRSAKeysOf2048BitsAndMoreAreKeys(t *testing.T) {
	strong, weak := rsaKey(t, 2048), rsaKey(t, 1024)
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkix := func(key crypto.PublicKey) platform.Secret {
		der, err := x509.MarshalPKIXPublicKey(key)
		return inPEM(t, "PUBLIC KEY", der, err)
	}
	pkcs8 := func(key crypto.PrivateKey) platform.Secret {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		return inPEM(t, "PRIVATE KEY", der, err)
	}
	for name, c := range map[string]struct {
		signer *rsa.PrivateKey
		secret platform.Secret
		want   bool
	}{
		"a public key":                  {strong, pkix(&strong.PublicKey), true},
		"a public key in PKCS #1":       {strong, inPEM(t, "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&strong.PublicKey), nil), true},
		"a private key":                 {strong, pkcs8(strong), true},
		"a weak public key":             {weak, pkix(&weak.PublicKey), false},
		"a weak private key":            {weak, pkcs8(weak), false},
		"a public key of another kind":  {strong, pkix(&elliptical.PublicKey), false},
		"a private key of another kind": {strong, pkcs8(elliptical), false},
		"a certificate":                 {strong, inPEM(t, "CERTIFICATE", []byte("none"), nil), false},
		"a public key that is none":     {strong, inPEM(t, "PUBLIC KEY", []byte("none"), nil), false},
		"half a key":                    {strong, "-----BEGIN PUBLIC KEY-----", false},
	} {
		err := newEndpoint(t).Verify(signedWith(t, c.signer, "1772547270"), []platform.Secret{c.secret})
		if (err == nil) != c.want || err != nil && !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Also of who has the key.
func TestATimeIsWrittenInOneOfTwoWays(t *testing.T) {
	key := rsaKey(t, 2048)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	secrets := []platform.Secret{inPEM(t, "PUBLIC KEY", der, err)}
	for stamp, want := range map[string]bool{
		"1772547270": true, "2026-03-03T14:14:30Z": true, "2026-03-03T09:14:30.000-05:00": true,
		"+1772547270": false, "01772547270": false, "1772547270000": false, "2026-03-03 14:14:30": false, "": false,
		"2026-03-03T14:14:30." + strings.Repeat("0", 40) + "Z": false,
	} {
		err := newEndpoint(t).Verify(signedWith(t, key, stamp), secrets)
		if (err == nil) != want || err != nil && !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%q: got %v", stamp, err)
		}
	}
}

func TestHexadecimalIsWrittenWhole(t *testing.T) {
	e := newEndpoint(t, "signature_encoding", "hex")
	header := e.Sign(platform.Sample{At: received, Body: []byte(`{}`)}, key(t, "key"))
	header.Set(signatureHeader, header.Get(signatureHeader)+"0")
	err := e.Verify(platform.Request{Header: header, Body: []byte(`{}`), Received: received}, []platform.Secret{key(t, "key")})
	if !errors.Is(err, platform.ErrSignature) {
		t.Errorf("a digit too many: got %v", err)
	}
}
