package hubspot_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

const (
	secret = "published-secret-of-the-samples"
	text   = `[{"portalId":7700123}]`
	stamp  = "1772547270000"
)

// newest is HMAC-SHA256 in base64, older plain SHA-256 in hexadecimal.
func newest(key string, parts ...string) string {
	mac := hmac.New(sha256.New, []byte(key))
	for _, p := range parts {
		mac.Write([]byte(p))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func older(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func request(body string, headers ...string) platform.Request {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Add(headers[i], headers[i+1])
	}
	return platform.Request{Method: http.MethodPost, Header: h, Body: []byte(body), Received: received}
}

func taken(t *testing.T, e platform.Endpoint, req platform.Request, secrets ...platform.Secret) bool {
	t.Helper()
	err := e.Verify(req, secrets)
	if err != nil && !errors.Is(err, platform.ErrSignature) {
		t.Errorf("got %v, want ErrSignature", err)
	}
	return err == nil
}

const (
	olderHeader   = "X-HubSpot-Signature"
	versionHeader = "X-HubSpot-Signature-Version"
)

func TestOlderSignaturesAreTakenByTheirVersion(t *testing.T) {
	v1, v2 := older(secret, text), older(secret, "POST", publicURL, text)
	for _, c := range []struct {
		name, version, sum, oldest string
		want                       bool
	}{
		{name: "v1", version: "v1", sum: v1, want: true},
		{name: "v2", version: "v2", sum: v2, want: true},
		{name: "v1 under the name of v2", version: "v2", sum: v1},
		{name: "v2 under the name of v1", version: "v1", sum: v2},
		{name: "v3 in the older header", version: "v3", sum: v1},
		{name: "no version", version: "", sum: v1},
		{name: "of another secret", version: "v1", sum: older("other", text)},
		{name: "of no secret", version: "v1", sum: older(text)},
		{name: "of another body", version: "v1", sum: older(secret, "[]")},
		{name: "of another address", version: "v2", sum: older(secret, "POST", "http://127.0.0.1:8080/hooks/crm", text)},
		{name: "of another method", version: "v2", sum: older(secret, "GET", publicURL, text)},
		{name: "half of it", version: "v1", sum: v1[:32]},
		{name: "twice of it", version: "v1", sum: v1 + v1},
		{name: "with a digit too many", version: "v1", sum: v1 + "0"},
		{name: "with a letter too many", version: "v1", sum: v1 + "zz"},
		{name: "in no hexadecimal", version: "v1", sum: "x" + v1[1:]},
		{name: "v1 where v2 is the oldest", version: "v1", sum: v1, oldest: "v2"},
		{name: "v2 where v2 is the oldest", version: "v2", sum: v2, oldest: "v2", want: true},
		{name: "v2 where v3 is the oldest", version: "v2", sum: v2, oldest: "v3"},
	} {
		e := newEndpoint(t, "oldest_signature", c.oldest)
		if got := taken(t, e, request(text, versionHeader, c.version, olderHeader, c.sum), "", "of-yesterday", secret); got != c.want {
			t.Errorf("%s: taken %t, want %t", c.name, got, c.want)
		}
	}
	e := newEndpoint(t)
	for name, req := range map[string]platform.Request{
		"a signature twice": request(text, versionHeader, "v1", olderHeader, v1, olderHeader, v1),
		"a version twice":   request(text, versionHeader, "v1", versionHeader, "v1", olderHeader, v1),
		"no signature":      request(text, versionHeader, "v1"),
		"nothing":           request(text),
	} {
		if taken(t, e, req, secret) {
			t.Errorf("%s: taken", name)
		}
	}
	put := request(text, versionHeader, "v2", olderHeader, v2)
	if put.Method = http.MethodPut; taken(t, e, put, secret) {
		t.Error("another method than the signed one was taken")
	}
	if taken(t, e, request(text, versionHeader, "v1", olderHeader, older(text)), "", "other") {
		t.Error("the empty secret was taken")
	}
}

// A newer signature that is wrong is not made up for by an older one that is
// right: whoever has an old delivery could send it for ever.
func TestNewestSignatureIsNeverPassedBy(t *testing.T) {
	e := newEndpoint(t)
	const far = "9223372036854775807"
	right, v1 := newest(secret, "POST", publicURL, text, stamp), older(secret, text)
	for _, c := range []struct {
		name    string
		headers []string
		want    bool
	}{
		{"right, beside v1", []string{newestHeader, right, timeHeader, stamp}, true},
		{"wrong, beside v1", []string{newestHeader, newest("other", "POST", publicURL, text, stamp), timeHeader, stamp}, false},
		{"empty, beside v1", []string{newestHeader, "", timeHeader, stamp}, false},
		{"without a time, beside v1", []string{newestHeader, right}, false},
		{"with a time in another spelling", []string{newestHeader, newest(secret, "POST", publicURL, text, "+"+stamp), timeHeader, "+" + stamp}, false},
		{"with a time far beyond all others", []string{newestHeader, newest(secret, "POST", publicURL, text, far), timeHeader, far}, false},
		{"twice, beside v1", []string{newestHeader, right, newestHeader, right, timeHeader, stamp}, false},
		{"of a time long ago, beside v1", []string{newestHeader, newest(secret, "POST", publicURL, text, "1772546000000"), timeHeader, "1772546000000"}, false},
	} {
		headers := append(c.headers, versionHeader, "v1", olderHeader, v1)
		if got := taken(t, e, request(text, headers...), secret); got != c.want {
			t.Errorf("%s: taken %t, want %t", c.name, got, c.want)
		}
	}
}

func TestNewestSignatureIsTakenNearItsTimeInBothDirections(t *testing.T) {
	req := request(text, newestHeader, newest(secret, "POST", publicURL, text, stamp), timeHeader, stamp)
	for offset, want := range map[time.Duration]bool{
		0: true, 5 * time.Minute: true, -5 * time.Minute: true, 5*time.Minute + time.Millisecond: false, -5*time.Minute - time.Millisecond: false,
	} {
		req.Received = received.Add(offset)
		if got := taken(t, newEndpoint(t), req, secret); got != want {
			t.Errorf("received %s after: taken %t, want %t", offset, got, want)
		}
	}
}

// HubSpot signs some escapes of the address as the characters that they stand
// for, and all others as they are.
func TestNewestSignatureIsOfTheAddressWithItsEscapesRead(t *testing.T) {
	for query, signed := range map[string]string{
		"a=b":                     "?a=b",
		"to=%3A%2f%3F%40%21%24":   "?to=:/?@!$",
		"to=%27%28%29%2A%2c%3b":   "?to='()*,;",
		"a=%20b%26c%3Dd%25%23%2B": "?a=%20b%26c%3Dd%25%23%2B",
		"a=%253A":                 "?a=%253A",
	} {
		req := request(text, newestHeader, newest(secret, "POST", publicURL, signed, text, stamp), timeHeader, stamp)
		req.Query = query
		if !taken(t, newEndpoint(t), req, secret) {
			t.Errorf("%s is not signed as %s", query, signed)
		}
	}
}

// The older generations are digests, and who knows the digest of a text knows
// that of the text prolonged by its padding and by anything else.
func TestOlderSignatureCannotBeProlonged(t *testing.T) {
	sum, err := hex.DecodeString(older(secret, text))
	if err != nil {
		t.Fatal(err)
	}
	signed := len(secret) + len(text)
	padding := append([]byte{0x80}, make([]byte, 63-(signed+8)%64)...)
	padding = binary.BigEndian.AppendUint64(padding, uint64(signed)*8)
	state := append([]byte("sha\x03"), sum...)
	state = append(state, make([]byte, sha256.BlockSize)...)
	state = binary.BigEndian.AppendUint64(state, uint64(signed+len(padding)))
	h := sha256.New()
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		t.Fatal(err)
	}
	h.Write([]byte(text))
	body := bytes.Join([][]byte{[]byte(text), padding, []byte(text)}, nil)
	forged := hex.EncodeToString(h.Sum(nil))
	if forged != older(secret, string(body)) {
		t.Fatal("the digest was not prolonged")
	}
	if taken(t, newEndpoint(t), request(string(body), versionHeader, "v1", olderHeader, forged), secret) {
		t.Error("a prolonged body was taken")
	}
}
