package woocommerce

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// The headers of a webhook.
const (
	signatureHeader = "X-Wc-Webhook-Signature"
	sourceHeader    = "X-Wc-Webhook-Source"
	topicHeader     = "X-Wc-Webhook-Topic"
	resourceHeader  = "X-Wc-Webhook-Resource"
	eventHeader     = "X-Wc-Webhook-Event"
	webhookHeader   = "X-Wc-Webhook-Id"
	deliveryHeader  = "X-Wc-Webhook-Delivery-Id"
)

// Verify takes the signature of the raw body under any of the secrets, and only
// requests that name the configured shop.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	if host, path, _ := home(single(req.Header, sourceHeader)); host != e.host || path != e.path {
		return fmt.Errorf("%w: sent by another shop, or by several", platform.ErrSignature)
	}
	if len(req.Header.Values(topicHeader)) > 1 {
		return fmt.Errorf("%w: more than one topic", platform.ErrSignature)
	}
	// What is not 32 bytes in base64 is the signature of nothing.
	sum, _ := signature.Decode(single(req.Header, signatureHeader))
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = key(s)
	}
	if !signature.Verify(keys, [][]byte{sum}, req.Body) {
		return fmt.Errorf("%w: want one signature, made with one of the secrets", platform.ErrSignature)
	}
	return nil
}

// single is the value of a header that stands there exactly once, else blank,
// which is never right.
func single(h http.Header, name string) string {
	values := h.Values(name)
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// entity is what WordPress takes for a character of its own in a secret.
var entity = lazyregexp.New(`&(?:(amp|lt|gt|quot)|#0*(34|38|39|60|62)|#([xX])0*(22|26|27));`)

var characters = map[string]string{
	"amp": "&", "lt": "<", "gt": ">", "quot": `"`,
	"34": `"`, "38": "&", "39": "'", "60": "<", "62": ">", "x22": `"`, "x26": "&", "x27": "'",
}

// key is what the shop signs with: the secret as it was typed, whether it is
// stored like that or with HTML entities. They are read once: "&amp;lt;" is
// "&lt;".
func key(secret platform.Secret) signature.Key {
	return signature.Key(entity.ReplaceAllStringFunc(string(secret), func(text string) string {
		groups := entity.FindStringSubmatch(text)
		return characters[strings.ToLower(strings.Join(groups[1:], ""))]
	}))
}

// ping is the whole body of a new webhook's ping.
var ping = lazyregexp.New(`^webhook_id=[1-9][0-9]{0,19}$`)

// Greet answers the ping of a new webhook, which is not signed, with exactly
// 200. A request that has anything of a delivery is none.
func (e *endpoint) Greet(req platform.Request, _ []platform.Secret) (platform.Answer, bool) {
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || req.Method != http.MethodPost || !ping.Match(req.Body) {
		return platform.Answer{}, false
	}
	for name := range req.Header {
		if strings.HasPrefix(http.CanonicalHeaderKey(name), "X-Wc-") {
			return platform.Answer{}, false
		}
	}
	return platform.Answer{Status: http.StatusOK}, true
}

// Identify reads the topic and makes an id of what is delivered: the delivery id
// that WooCommerce sends is shared by all deliveries of a webhook in one second.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	topic = req.Header.Get(topicHeader)
	h := sha256.New()
	for _, part := range []string{req.Header.Get(sourceHeader), topic, string(req.Body)} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return topic, hex.EncodeToString(h.Sum(nil)[:16])
}

// Headers lists what a delivery keeps. The delivery id finds it in the shop's
// log.
func (e *endpoint) Headers() []string {
	var names []string
	for _, name := range []string{sourceHeader, topicHeader, resourceHeader, eventHeader, webhookHeader, deliveryHeader} {
		names = append(names, strings.ToLower(name))
	}
	return names
}

// Sign makes the headers that WooCommerce would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	resource, event, _ := strings.Cut(s.Topic, ".")
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(sourceHeader, "https://"+e.host+e.path+"/")
	h.Set(topicHeader, s.Topic)
	h.Set(resourceHeader, resource)
	h.Set(eventHeader, event)
	h.Set(webhookHeader, "1")
	h.Set(deliveryHeader, s.ID)
	h.Set(signatureHeader, signature.Encode(signature.Sum(key(secret), s.Body)))
	return h
}
