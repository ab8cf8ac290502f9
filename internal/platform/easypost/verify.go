package easypost

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

const (
	signatureHeader = "X-Hmac-Signature"
	// scheme stands before the digits, and is part of the header's value.
	scheme = "hmac-sha256-hex="
)

// Verify takes the signature of the raw body under any of the secrets.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	values := req.Header.Values(signatureHeader)
	if len(values) != 1 {
		return fmt.Errorf("%w: %d headers %s, want one", platform.ErrSignature, len(values), signatureHeader)
	}
	digits, ok := strings.CutPrefix(values[0], scheme)
	sum, err := hex.DecodeString(digits)
	if !ok || err != nil {
		return fmt.Errorf("%w: want the scheme hmac-sha256-hex with hexadecimal digits", platform.ErrSignature)
	}
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = key(s)
	}
	if !signature.Verify(keys, [][]byte{sum}, req.Body) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// key is the secret in its one spelling: é is e and an accent, ﬁ is fi.
func key(secret platform.Secret) signature.Key { return norm.NFKD.Bytes([]byte(secret)) }

// Identify reads the event's kind and id out of the body: no header says them.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var named struct {
		ID          body.Field `json:"id"`
		Description body.Field `json:"description"`
	}
	if body.Decode(req.Body, &named) != nil {
		return "", ""
	}
	topic, _ = named.Description.Text()
	id, _ = named.ID.Text()
	return topic, id
}

// Headers lists nothing: no header says anything that the body does not.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers that EasyPost would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(signatureHeader, scheme+hex.EncodeToString(signature.Sum(key(secret), s.Body)))
	return h
}
