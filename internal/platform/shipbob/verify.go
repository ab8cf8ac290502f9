package shipbob

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// Verify checks the Standard Webhooks signature, and that it was made
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

// Identify reads the topic, which is not signed, and the id of the message.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	return req.Header.Get(e.topicHeader), req.Header.Get(signature.IDHeader)
}

// Headers lists what says which message it was, about what, and when it was sent.
func (e *endpoint) Headers() []string {
	return []string{signature.IDHeader, signature.TimestampHeader, strings.ToLower(e.topicHeader)}
}

// Sign makes the headers that ShipBob sends.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := signature.SignWebhook(s.ID, s.At, s.Body, signature.WebhookKey(string(secret)))
	h.Set("Content-Type", "application/json")
	h.Set(e.topicHeader, s.Topic)
	return h
}
