package klaviyo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
	"github.com/plumbline/plumbline/internal/signature"
)

// The headers of a webhook.
const (
	signatureHeader = "Klaviyo-Signature"
	timestampHeader = "Klaviyo-Timestamp"
	idHeader        = "Klaviyo-Webhook-Id"
)

// maxStamp is the length of the longest time that is read.
const maxStamp = 40

// Verify takes a signature of body and time, in this order, under any of the
// secrets, made at most five minutes before or after the request was received.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	text, signed := single(req.Header, signatureHeader)
	stamp, timed := single(req.Header, timestampHeader)
	sum, err := hex.DecodeString(text)
	if !signed || !timed || err != nil || len(sum) != sha256.Size {
		return fmt.Errorf("%w: want one signature, of 32 bytes in hexadecimal, and one time", platform.ErrSignature)
	}
	at, ok := instant(stamp)
	if !ok {
		return fmt.Errorf("%w: the time is written in no way that is known", platform.ErrSignature)
	}
	if !signature.Fresh(at, req.Received, signature.Tolerance) {
		return fmt.Errorf("%w: signed too long before or after it was received", platform.ErrSignature)
	}
	if !signature.Verify(keys(secrets), [][]byte{sum}, req.Body, []byte(stamp)) {
		return fmt.Errorf("%w: no secret made the signature", platform.ErrSignature)
	}
	return nil
}

// instant reads the signed time: unix seconds, or written out. Body and time are
// signed without anything between: a time of unix seconds has ten digits, so that
// none of them can be moved into the body or out of it.
func instant(stamp string) (time.Time, bool) {
	const digits = 10
	if len(stamp) > maxStamp {
		return time.Time{}, false
	}
	if seconds, err := strconv.ParseInt(stamp, 10, 64); err == nil {
		return time.Unix(seconds, 0), len(stamp) == digits && stamp[0] >= '1'
	}
	for _, layout := range []string{time.RFC3339Nano, http.TimeFormat} {
		if at, err := time.Parse(layout, stamp); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func single(h http.Header, name string) (string, bool) {
	values := h.Values(name)
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

func keys(secrets []platform.Secret) []signature.Key {
	keys := make([]signature.Key, len(secrets))
	for i, s := range secrets {
		keys[i] = signature.Key(s)
	}
	return keys
}

// Identify reads the first event's topic out of the body, and the id of the
// webhook, which every delivery to it carries, with the first event's.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var b struct {
		Data []struct {
			Topic body.Field `json:"topic"`
			ID    body.Field `json:"external_id"`
		} `json:"data"`
	}
	if body.Decode(req.Body, &b) != nil || len(b.Data) == 0 {
		return "", ""
	}
	topic, _ = b.Data[0].Topic.Text()
	id, _ = b.Data[0].ID.Text()
	return topic, id
}

// Headers lists what says which webhook it was.
func (e *endpoint) Headers() []string { return []string{"klaviyo-webhook-id"} }

// Sign makes the headers that Klaviyo would send with the sample.
func (e *endpoint) Sign(s platform.Sample, secret platform.Secret) http.Header {
	stamp := strconv.FormatInt(s.At.Unix(), 10)
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(idHeader, "webhook-of-the-samples")
	h.Set(timestampHeader, stamp)
	h.Set(signatureHeader, hex.EncodeToString(signature.Sum(signature.Key(secret), s.Body, []byte(stamp))))
	return h
}
