package netsuite

import (
	"fmt"
	"net/http"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// messageType is the type of everything that the script sends.
const messageType = "netsuite.records"

// Verify takes a Standard Webhook under any of the secrets, signed at most five
// minutes before or after it was received.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.WebhookKey(string(s))
	}
	if err := signature.VerifyWebhook(req.Header, req.Body, req.Received, keys); err != nil {
		return fmt.Errorf("%w: %w", platform.ErrSignature, err)
	}
	return nil
}

// Identify reads the id from its header. The script sends one type of messages.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	return messageType, req.Header.Get(signature.IDHeader)
}

// Headers lists what says which message it was and when it was sent.
func (e *endpoint) Headers() []string {
	return []string{signature.IDHeader, signature.TimestampHeader}
}

// Sign makes the headers that the script would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := signature.SignWebhook(s.ID, s.At, s.Body, signature.WebhookKey(string(secret)))
	h.Set("Content-Type", "application/json")
	return h
}
