package klaviyo

import (
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
	stamp := single(req.Header, timestampHeader)
	sum, err := hex.DecodeString(single(req.Header, signatureHeader))
	if err != nil {
		return fmt.Errorf("%w: the signature is not written in hexadecimal", platform.ErrSignature)
	}
	if !signature.Fresh(instant(stamp), req.Received, signature.Tolerance) {
		return fmt.Errorf("%w: want one time, at most five minutes before or after it was received", platform.ErrSignature)
	}
	if !signature.Verify(keys(secrets), [][]byte{sum}, req.Body, []byte(stamp)) {
		return fmt.Errorf("%w: want one signature, made with one of the secrets", platform.ErrSignature)
	}
	return nil
}

// instant reads the signed time: unix seconds, or written out. Body and time are
// signed without anything between: a time of unix seconds has ten digits, so that
// none of them can be moved into the body or out of it. What is written in no way
// that is known is no time, which is never fresh.
func instant(stamp string) time.Time {
	const digits = 10
	if len(stamp) > maxStamp {
		return time.Time{}
	}
	if len(stamp) == digits {
		seconds, _ := strconv.ParseInt(stamp, 10, 64) // what is no number is in 1970
		return time.Unix(seconds, 0)
	}
	for _, layout := range []string{time.RFC3339Nano, http.TimeFormat} {
		if at, err := time.Parse(layout, stamp); err == nil {
			return at
		}
	}
	return time.Time{}
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
