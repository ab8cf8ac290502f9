package taxjar

import (
	"fmt"
	"net/http"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// Verify checks the Standard Webhooks signature of a bridge, and that it was made
// at most five minutes from now.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	keys := make([]signature.Key, len(secrets))
	for i, secret := range secrets {
		keys[i] = signature.WebhookKey(string(secret))
	}
	if err := signature.VerifyWebhook(req.Header, req.Body, req.Received, keys); err != nil {
		return fmt.Errorf("%w: %w", platform.ErrSignature, err)
	}
	return nil
}

// Identify names the one topic, and reads the id of the message.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	return transactions, req.Header.Get(signature.IDHeader)
}

// Headers lists what says which message it was and when it was sent.
func (e *endpoint) Headers() []string {
	return []string{signature.IDHeader, signature.TimestampHeader}
}

// Sign makes the headers that a bridge sends.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := signature.SignWebhook(s.ID, s.At, s.Body, signature.WebhookKey(string(secret)))
	h.Set("Content-Type", "application/json")
	return h
}
