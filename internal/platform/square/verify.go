package square

import (
	"fmt"
	"net/http"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

const signatureHeader = "X-Square-Hmacsha256-Signature"

// Verify takes the signature of the configured URL and the raw body under any of
// the secrets.
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
	if !signature.Verify(keys, [][]byte{sum}, []byte(e.url), req.Body) {
		return fmt.Errorf("%w: no secret made the signature of the configured url and the body", platform.ErrSignature)
	}
	return nil
}

// Identify reads the event's type and id out of the body: no header says them.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var named struct {
		ID   body.Field `json:"event_id"`
		Type body.Field `json:"type"`
	}
	if body.Decode(req.Body, &named) != nil {
		return "", ""
	}
	topic, _ = named.Type.Text()
	id, _ = named.ID.Text()
	return topic, id
}

// Headers lists what people want to know of a delivery that came late.
func (e *endpoint) Headers() []string {
	return []string{"square-environment", "square-initial-delivery-timestamp", "square-retry-number", "square-retry-reason"}
}

// Sign makes the headers that Square would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	environment := "Production"
	if e.host == sandboxHost {
		environment = "Sandbox"
	}
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("Square-Environment", environment)
	h.Set(signatureHeader, signature.Encode(signature.Sum(signature.Key(secret), []byte(e.url), s.Body)))
	return h
}
