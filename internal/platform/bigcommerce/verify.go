package bigcommerce

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

// Verify takes a request that one of the secrets signed, or that carries one of
// them in the configured header, unless its body names another store. Only a
// genuine body is read, and no more of it than that name.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	if !e.signed(req, secrets) && !e.carried(req, secrets) {
		return fmt.Errorf("%w: neither a signature nor a header that one of the secrets made", platform.ErrSignature)
	}
	var event struct {
		Producer body.Field `json:"producer"`
	}
	if body.Decode(req.Body, &event) == nil && event.Producer.Given() && !e.produced(event.Producer) {
		return fmt.Errorf("%w: sent by another store", platform.ErrSignature)
	}
	return nil
}

// signed reports whether one of the secrets, as it stands, signed the request.
func (e *endpoint) signed(req platform.Request, secrets []platform.Secret) bool {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	return signature.VerifyWebhook(req.Header, req.Body, req.Received, keys) == nil
}

// carried reports whether the configured header holds one of the secrets, once.
// Digests are compared, so that time tells nothing about a secret, its length
// included.
func (e *endpoint) carried(req platform.Request, secrets []platform.Secret) bool {
	values := req.Header.Values(e.header)
	if e.header == "" || len(values) != 1 {
		return false
	}
	given, found := sha256.Sum256([]byte(values[0])), 0
	for _, s := range secrets {
		want := sha256.Sum256([]byte(s))
		if equal := subtle.ConstantTimeCompare(given[:], want[:]); s != "" {
			found |= equal
		}
	}
	return found == 1
}

// produced reports whether a producer is this store.
func (e *endpoint) produced(producer body.Field) bool {
	text, _ := producer.Text()
	return text == "stores/"+e.store
}

// Identify reads the scope, and makes an id of what identifies an event. No header
// says either for webhooks that are not signed.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var event event
	if body.Decode(req.Body, &event) != nil {
		return "", ""
	}
	topic, _ = event.Scope.Text()
	producer, _ := event.Producer.Text()
	hash, _ := event.Hash.Text()
	if topic == "" || producer == "" || hash == "" {
		return topic, ""
	}
	h := sha256.New()
	for _, part := range []string{producer, topic, hash} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return topic, hex.EncodeToString(h.Sum(nil)[:16])
}

// Headers lists the id and the time of a signed webhook, for people.
func (e *endpoint) Headers() []string {
	return []string{signature.IDHeader, signature.TimestampHeader}
}

// kept reports whether a header is one that deliveries keep, or that has another
// meaning in requests.
func kept(name string) bool {
	return slices.Contains([]string{
		signature.IDHeader, signature.TimestampHeader, signature.SignatureHeader,
		"content-type", "content-length", "content-encoding", "host", "user-agent",
	}, strings.ToLower(name))
}

// Sign makes the headers of a signed webhook.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := signature.SignWebhook(s.ID, s.At, s.Body, signature.Key(secret))
	h.Set("Content-Type", "application/json")
	return h
}
