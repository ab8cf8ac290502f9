package shopify

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// The headers of a webhook, behind "X-Shopify-" or, in Shopify's newer
// deliveries, behind "Shopify-".
const (
	hmacHeader      = "Hmac-Sha256"
	shopHeader      = "Shop-Domain"
	topicHeader     = "Topic"
	idHeader        = "Webhook-Id"
	eventHeader     = "Event-Id"
	versionHeader   = "Api-Version"
	triggeredHeader = "Triggered-At"
)

// versionAt is the newest version of the API at a time. One appears each quarter;
// the samples are the same in all of them.
func versionAt(at time.Time) string {
	at = at.UTC()
	return fmt.Sprintf("%d-%02d", at.Year(), (at.Month()-1)/3*3+1)
}

// values are all values of a header under either spelling of its name.
func values(h http.Header, name string) []string {
	newer := h.Values("Shopify-" + name)
	if len(newer) == 0 {
		return h.Values("X-Shopify-" + name)
	}
	return append(newer[:len(newer):len(newer)], h.Values("X-Shopify-"+name)...)
}

// single is the value of a header that stands there exactly once, else blank,
// which is never right.
func single(h http.Header, name string) string {
	all := values(h, name)
	if len(all) != 1 {
		return ""
	}
	return all[0]
}

// Verify takes the signature of the raw body under any of the secrets, and
// only requests that name the configured shop.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	// Letters outside of ASCII that fold to one in it are longer.
	shop := single(req.Header, shopHeader)
	if len(shop) != len(e.shop) || !strings.EqualFold(shop, e.shop) {
		return fmt.Errorf("%w: sent for another shop, or for several", platform.ErrSignature)
	}
	if len(values(req.Header, topicHeader)) > 1 {
		return fmt.Errorf("%w: more than one topic", platform.ErrSignature)
	}
	// What is not 32 bytes in base64 is the signature of nothing.
	sum, _ := signature.Decode(single(req.Header, hmacHeader))
	if !signature.Verify(keys(secrets), [][]byte{sum}, req.Body) {
		return fmt.Errorf("%w: want one signature, made with one of the secrets", platform.ErrSignature)
	}
	return nil
}

func keys(secrets []platform.Secret) []signature.Key {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	return keys
}

// Identify reads topic and webhook id. Neither is signed.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	return first(req.Header, topicHeader), first(req.Header, idHeader)
}

func first(h http.Header, name string) string {
	if all := values(h, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Headers lists what a delivery keeps: nothing that a later reading does not
// need, and nothing about persons.
func (e *endpoint) Headers() []string {
	var names []string
	for _, prefix := range []string{"x-shopify-", "shopify-"} {
		for _, name := range []string{topicHeader, shopHeader, idHeader, eventHeader, versionHeader, triggeredHeader} {
			names = append(names, prefix+strings.ToLower(name))
		}
	}
	return names
}

// Sign makes the headers that Shopify would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("X-Shopify-"+topicHeader, s.Topic)
	h.Set("X-Shopify-"+shopHeader, e.shop)
	h.Set("X-Shopify-"+idHeader, s.ID)
	if !s.At.IsZero() {
		h.Set("X-Shopify-"+versionHeader, versionAt(s.At))
		h.Set("X-Shopify-"+triggeredHeader, s.At.UTC().Format(time.RFC3339Nano))
	}
	h.Set("X-Shopify-"+hmacHeader, signature.Encode(signature.Sum(signature.Key(secret), s.Body)))
	return h
}
