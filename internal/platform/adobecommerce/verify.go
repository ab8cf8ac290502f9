package adobecommerce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The headers of a delivery.
const (
	firstSignature  = "X-Adobe-Digital-Signature-1"
	secondSignature = "X-Adobe-Digital-Signature-2"
	idHeader        = "X-Adobe-Event-Id"
	codeHeader      = "X-Adobe-Event-Code"
	providerHeader  = "X-Adobe-Provider"
)

// Verify takes a body that one of the known keys signed, and of which every event
// names the configured client. It has to read the body for that: the keys sign
// for all of Adobe's customers.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	var sums [][]byte
	for _, name := range []string{firstSignature, secondSignature} {
		values := req.Header.Values(name)
		if len(values) > 1 {
			return fmt.Errorf("%w: %d headers %s, want one", platform.ErrSignature, len(values), name)
		}
		for _, text := range values {
			// What is no signature in base64 is the signature of nothing.
			if sum, ok := decode(text); ok {
				sums = append(sums, sum)
			}
		}
	}
	if !signed(secrets, sums, req.Body) {
		return fmt.Errorf("%w: no known key made a signature", platform.ErrSignature)
	}
	envelopes, err := enveloped(req.Body)
	if err != nil || len(envelopes) == 0 {
		return fmt.Errorf("%w: no event", platform.ErrSignature)
	}
	for _, envelope := range envelopes {
		if recipient, _ := envelope.Recipient.Text(); recipient != e.client {
			return fmt.Errorf("%w: an event of another client", platform.ErrSignature)
		}
	}
	return nil
}

// token is what a challenge looks like. Nothing else is repeated to whoever asks.
var token = lazyregexp.New(`^[A-Za-z0-9_-]{1,128}$`)

// Greet answers the challenge with which Adobe checks an address.
func (e *endpoint) Greet(req platform.Request, _ []platform.Secret) (platform.Answer, bool) {
	query, err := url.ParseQuery(req.Query)
	challenge := query["challenge"]
	if err != nil || req.Method != http.MethodGet || len(challenge) != 1 || !token.MatchString(challenge[0]) {
		return platform.Answer{}, false
	}
	answer, err := json.Marshal(map[string]string{"challenge": challenge[0]})
	return platform.Answer{Status: http.StatusOK, Type: "application/json", Body: string(answer)}, err == nil
}

// Identify reads the event's code and id out of the headers, or out of the body
// where they are missing. A batch is known by its first event.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	topic, id = req.Header.Get(codeHeader), req.Header.Get(idHeader)
	if topic != "" && id != "" {
		return topic, id
	}
	envelopes, err := enveloped(req.Body)
	if err != nil || len(envelopes) == 0 {
		return topic, id
	}
	if text, ok := envelopes[0].Type.Text(); ok && topic == "" {
		topic = text
	}
	for _, f := range []interface{ Text() (string, bool) }{envelopes[0].ID, envelopes[0].EventID} {
		if text, ok := f.Text(); ok && id == "" {
			id = text
		}
	}
	return topic, id
}

// Headers lists what a delivery keeps: the code, which bodies may lack, and who
// provided the event.
func (e *endpoint) Headers() []string {
	return []string{"x-adobe-event-code", "x-adobe-event-id", "x-adobe-provider"}
}

// Sign makes the headers that Adobe would send with the sample. The secret must
// hold a private key for that, or two for both signatures.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/cloudevents+json; charset=UTF-8")
	h.Set(providerHeader, "acme.prod")
	if s.Topic != "" {
		h.Set(codeHeader, s.Topic)
	}
	if s.ID != "" {
		h.Set(idHeader, s.ID)
	}
	names := []string{firstSignature, secondSignature}
	for i, text := range sign(secret, s.Body) {
		if i < len(names) {
			h.Set(names[i], text)
		}
	}
	return h
}
