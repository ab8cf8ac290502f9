package erpnext

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

const signatureHeader = "X-Frappe-Webhook-Signature"

// Verify takes the signature of the raw body under any of the secrets. A site
// sends none unless the webhook's security is enabled: without it nothing is
// accepted.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	values := req.Header.Values(signatureHeader)
	if len(values) != 1 {
		return fmt.Errorf("%w: %d headers %s, want one", platform.ErrSignature, len(values), signatureHeader)
	}
	// What is not 32 bytes in base64 is the signature of nothing.
	sum, _ := signature.Decode(values[0])
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	if !signature.Verify(keys, [][]byte{sum}, req.Body) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// Methods lists what a webhook may be configured to send.
func (e *endpoint) Methods() []string {
	return []string{http.MethodPost, http.MethodPut, http.MethodDelete}
}

// Identify reads the document's type out of the body, such as Sales-Order: no
// header says anything, and a topic has no spaces.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	_, doc, _, err := open(req.Body)
	if err != nil {
		return "", ""
	}
	var h header
	if body.Decode(doc, &h) != nil {
		return "", ""
	}
	topic, _ = h.DocType.Text()
	return strings.ReplaceAll(topic, " ", "-"), ""
}

// Headers lists nothing: no header says anything.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the one header that Frappe sends.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := http.Header{}
	h.Set(signatureHeader, signature.Encode(signature.Sum(signature.Key(secret), s.Body)))
	return h
}
