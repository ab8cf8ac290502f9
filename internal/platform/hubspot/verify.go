package hubspot

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// The headers of a webhook.
const (
	newestHeader  = "X-HubSpot-Signature-v3"
	timeHeader    = "X-HubSpot-Request-Timestamp"
	olderHeader   = "X-HubSpot-Signature"
	versionHeader = "X-HubSpot-Signature-Version"
)

// escapes are those that HubSpot signs as the characters that they stand for, in
// either spelling of their letters.
var escapes = strings.NewReplacer(
	"%3A", ":", "%3a", ":", "%2F", "/", "%2f", "/", "%3F", "?", "%3f", "?", "%40", "@", "%21", "!", "%24", "$",
	"%27", "'", "%28", "(", "%29", ")", "%2A", "*", "%2a", "*", "%2C", ",", "%2c", ",", "%3B", ";", "%3b", ";",
)

// Verify takes the newest generation of signatures that the request carries, made
// with any of the secrets. A newer one that is wrong is never made up for by an
// older one.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	if len(req.Header.Values(newestHeader)) > 0 {
		return e.verifyNewest(req, secrets)
	}
	return e.verifyOlder(req, secrets)
}

// verifyNewest takes a signature of method, address, body and time.
func (e *endpoint) verifyNewest(req platform.Request, secrets []platform.Secret) error {
	// What is not 32 bytes in base64 is the signature of nothing.
	sum, _ := signature.Decode(single(req.Header, newestHeader))
	stamp := single(req.Header, timeHeader)
	millis, _ := strconv.ParseInt(stamp, 10, 64)
	if strconv.FormatInt(millis, 10) != stamp {
		return fmt.Errorf("%w: the time is not written in unix milliseconds", platform.ErrSignature)
	}
	if !signature.Fresh(time.UnixMilli(millis), req.Received, signature.Tolerance) {
		return fmt.Errorf("%w: signed too long before or after it was received", platform.ErrSignature)
	}
	if !signature.Verify(keys(secrets), [][]byte{sum}, []byte(req.Method+escapes.Replace(e.uri(req))), req.Body, []byte(stamp)) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// verifyOlder takes a digest of the secret and the body, or of the secret, the
// method, the address and the body.
func (e *endpoint) verifyOlder(req platform.Request, secrets []platform.Secret) error {
	version := single(req.Header, versionHeader)
	if version < e.oldest {
		return fmt.Errorf("%w: want a signature of a generation that is taken", platform.ErrSignature)
	}
	before := ""
	switch version {
	case "v1":
	case "v2":
		before = req.Method + e.uri(req)
	default:
		return fmt.Errorf("%w: want a signature of generation v1 or v2 in this header", platform.ErrSignature)
	}
	sum, err := hex.DecodeString(single(req.Header, olderHeader))
	if err != nil {
		return fmt.Errorf("%w: the signature is not written in hexadecimal", platform.ErrSignature)
	}
	// Whoever prolongs what such a digest was made of adds bytes that are no text.
	if !utf8.Valid(req.Body) || !digested(secrets, sum, before, req.Body) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// uri is the address that HubSpot called.
func (e *endpoint) uri(req platform.Request) string {
	if req.Query == "" {
		return e.url
	}
	return e.url + "?" + req.Query
}

// digested reports whether the sum is the digest of one of the secrets and what
// follows. It takes as long whichever of them it is.
func digested(secrets []platform.Secret, sum []byte, before string, body []byte) bool {
	found := 0
	for _, s := range secrets {
		want := sha256.Sum256(bytes.Join([][]byte{[]byte(s), []byte(before), body}, nil))
		if equal := subtle.ConstantTimeCompare(want[:], sum); s != "" {
			found |= equal
		}
	}
	return found == 1
}

// single is the value of a header that must stand there exactly once, or blank.
func single(h http.Header, name string) string {
	values := h.Values(name)
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

func keys(secrets []platform.Secret) []signature.Key {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	return keys
}

// Identify tells the two kinds of webhooks apart. Events have ids, but not the
// array of them.
func (e *endpoint) Identify(req platform.Request) (topic, id string) { return topicOf(req.Body), "" }

func topicOf(raw []byte) string {
	if bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("[")) {
		return eventsTopic
	}
	return workflowTopic
}

// Headers lists nothing: no header says anything.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers of the newest generation.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	stamp := strconv.FormatInt(s.At.UnixMilli(), 10)
	sum := signature.Sum(signature.Key(secret), []byte(http.MethodPost+escapes.Replace(e.url)), s.Body, []byte(stamp))
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(timeHeader, stamp)
	h.Set(newestHeader, signature.Encode(sum))
	return h
}
