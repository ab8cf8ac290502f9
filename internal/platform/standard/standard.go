// Package standard reads Plumbline's own format: any system that can post JSON
// reports records of any kind with it, signed as a Standard Webhook.
//
// The format is strict. A field that it does not have, a name that stands twice
// or a number that is no decimal makes the whole body unusable, and every
// problem is reported with its place, so that a mistake in a script shows on
// its first run. schema.json describes the format for editors and generators.
package standard

import (
	"fmt"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// Platform returns the standard platform. It has no settings of its own. Its
// secrets are written as Standard Webhooks has them: base64 behind "whsec_".
func Platform() platform.Platform {
	return platform.Platform{Name: "standard", Title: "Standard Webhooks", New: newEndpoint}
}

// endpoint serves one system.
type endpoint struct {
	config platform.Config
	zone   *time.Location
}

func newEndpoint(config platform.Config) (platform.Endpoint, error) {
	zone := config.Timezone
	if zone == nil {
		zone = time.UTC
	}
	return endpoint{config, zone}, nil
}

// Verify checks the Standard Webhooks signature and that the signed time is at
// most five minutes from the received one.
func (e endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	keys := make([]signature.Key, len(secrets))
	for i, secret := range secrets {
		keys[i] = signature.WebhookKey(string(secret))
	}
	if err := signature.VerifyWebhook(req.Header, req.Body, req.Received, keys); err != nil {
		return fmt.Errorf("%w: %w", platform.ErrSignature, err)
	}
	return nil
}

// Identify reads the id from its header. The format has one topic.
func (e endpoint) Identify(req platform.Request) (topic, id string) {
	return messageType, req.Header.Get(signature.IDHeader)
}

// Normalise reads all records of the body, or none.
func (e endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	m, err := readMessage(d.Body, e.zone, d.Received)
	if err != nil {
		return platform.Reading{}, err
	}
	return normalise(e.config, m, d.Received), nil
}

// Headers lists what says which message it was and when it was sent.
func (e endpoint) Headers() []string {
	return []string{signature.IDHeader, signature.TimestampHeader}
}

// Sign makes the headers of a Standard Webhook. The topic is in the body.
func (e endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	return signature.SignWebhook(s.ID, s.At, s.Body, signature.WebhookKey(string(secret)))
}
