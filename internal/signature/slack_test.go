package signature_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/signature"
)

func TestSlack_OnlyWhatSlackSignedAMomentAgo(t *testing.T) {
	at := time.Unix(1772548500, 0)
	key, body := signature.Key("published test secret"), []byte("payload=%7B%7D")
	signed := func(change func(http.Header)) http.Header {
		h := signature.SignSlack(at, body, key)
		change(h)
		return h
	}
	as := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for _, c := range []struct {
		name     string
		header   http.Header
		body     string
		received time.Time
		key      signature.Key
		want     error
	}{
		{"as signed", signed(func(http.Header) {}), string(body), at, key, nil},
		{"at the end of its time", signed(func(http.Header) {}), string(body), at.Add(5 * time.Minute), key, nil},
		{"too late", signed(func(http.Header) {}), string(body), at.Add(5*time.Minute + time.Second), key, signature.ErrStale},
		{"too early", signed(func(http.Header) {}), string(body), at.Add(-6 * time.Minute), key, signature.ErrStale},
		{"another body", signed(func(http.Header) {}), "payload=%7B%7E", at, key, signature.ErrMismatch},
		{"another key", signed(func(http.Header) {}), string(body), at, signature.Key("other"), signature.ErrMismatch},
		{"no key", signed(func(http.Header) {}), string(body), at, nil, signature.ErrMismatch},
		{"another time", signed(as("X-Slack-Request-Timestamp", "1772548501")), string(body), at, key, signature.ErrMismatch},
		{"the time otherwise spelled", signed(as("X-Slack-Request-Timestamp", "+1772548500")), string(body), at, key, signature.ErrHeader},
		{"no signature", signed(func(h http.Header) { h.Del("X-Slack-Signature") }), string(body), at, key, signature.ErrHeader},
		{"two signatures", signed(func(h http.Header) { h.Add("X-Slack-Signature", h.Get("X-Slack-Signature")) }), string(body), at, key, signature.ErrHeader},
		{"no version", signed(func(h http.Header) {
			h.Set("X-Slack-Signature", strings.TrimPrefix(h.Get("X-Slack-Signature"), "v0="))
		}), string(body), at, key, signature.ErrHeader},
		{"a digit too many", signed(func(h http.Header) { h.Set("X-Slack-Signature", h.Get("X-Slack-Signature")+"0") }), string(body), at, key, signature.ErrHeader},
		{"another version", signed(as("X-Slack-Signature", "v1="+strings.Repeat("0", 64))), string(body), at, key, signature.ErrHeader},
		{"half a signature", signed(as("X-Slack-Signature", "v0="+strings.Repeat("0", 32))), string(body), at, key, signature.ErrHeader},
		{"no digits", signed(as("X-Slack-Signature", "v0="+strings.Repeat("x", 64))), string(body), at, key, signature.ErrHeader},
	} {
		if err := signature.VerifySlack(c.header, []byte(c.body), c.received, c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
