package platformtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

// flips is how many places of a body are changed, one at a time.
const flips = 64

// genuine: the sample is accepted, whichever of the secrets signed it.
func (s Suite) genuine(t *testing.T, c Case) {
	for name, secrets := range map[string][]platform.Secret{
		"right":             {s.Secret},
		"other, then right": {s.Other, s.Secret},
		"right, then other": {s.Secret, s.Other},
		"empty, then right": {"", s.Secret},
	} {
		if err := c.Endpoint.Verify(c.Request, secrets); err != nil {
			t.Errorf("secrets %s: refused: %v", name, err)
		}
	}
}

// sent: what is made of a sample to send it, is accepted.
func (s Suite) sent(t *testing.T, c Case) {
	sample := platform.Sample{Topic: c.Delivery.Topic, ID: "sample-1", At: s.Received, Body: bytes.Clone(c.Request.Body)}
	req := c.Request
	req.Query, req.Body = platform.Prove(c.Endpoint, sample, s.Other)
	sample.Body = req.Body
	req.Header = c.Endpoint.Sign(sample, s.Other)
	if err := c.Endpoint.Verify(req, []platform.Secret{s.Secret, s.Other}); err != nil {
		t.Errorf("refused: %v", err)
	}
}

// forged: nothing that differs from what was signed is accepted.
func (s Suite) forged(t *testing.T, c Case) {
	for name, secrets := range map[string][]platform.Secret{
		"other": {s.Other}, "empty": {""}, "none": nil, "other and empty": {s.Other, ""},
	} {
		s.refused(t, c, "secret "+name, c.Request, secrets...)
	}
	if s.Forgeries != nil {
		for name, req := range s.Forgeries(c) {
			s.refused(t, c, name, req, s.Secret)
		}
	}
	if s.SignatureHeader != "" {
		s.forgedSignature(t, c)
	}
}

// forgedSignature: neither another signature nor another body is accepted.
func (s Suite) forgedSignature(t *testing.T, c Case) {
	spoil := s.Spoil
	if spoil == nil {
		spoil = signatures
	}
	for name, value := range spoil(c.Request.Header.Get(s.SignatureHeader)) {
		s.refused(t, c, "signature "+name, With(c.Request, s.SignatureHeader, value), s.Secret)
	}
	value := c.Request.Header.Get(s.SignatureHeader)
	s.refused(t, c, "signature missing", With(c.Request, s.SignatureHeader), s.Secret)
	s.refused(t, c, "signature sent twice", With(c.Request, s.SignatureHeader, value, value), s.Secret)
	for name, body := range bodies(c.Request.Body) {
		req := c.Request
		req.Body = body
		s.refused(t, c, "body "+name, req, s.Secret)
	}
	for i := range flips {
		req := c.Request
		req.Body = bytes.Clone(req.Body)
		at := i * len(req.Body) / flips
		req.Body[at] ^= 1
		s.refused(t, c, "body with a flipped bit", req, s.Secret)
	}
	unsigned := c.Endpoint.Sign(platform.Sample{
		Topic: c.Delivery.Topic, ID: c.Delivery.ID, At: s.Received, Body: c.Request.Body,
	}, "")
	s.refused(t, c, "signed with the empty secret", With(c.Request, s.SignatureHeader,
		unsigned.Get(s.SignatureHeader)), "", s.Secret)
}

// signatures spoils the value of a signature header: base64 behind the last
// comma, or all of it.
func signatures(header string) map[string]string {
	at := strings.LastIndexByte(header, ',') + 1
	prefix, text := header[:at], header[at:]
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return map[string]string{"that is no base64": header}
	}
	flipped := bytes.Clone(raw)
	flipped[len(flipped)-1] ^= 1
	all := map[string]string{
		"empty":                   "",
		"blank":                   prefix,
		"of other bytes":          prefix + base64.StdEncoding.EncodeToString(flipped),
		"of 16 bytes":             prefix + base64.StdEncoding.EncodeToString(raw[:16]),
		"of 64 bytes":             prefix + base64.StdEncoding.EncodeToString(append(raw, raw...)),
		"cut off":                 header[:len(header)-4],
		"in hexadecimal":          prefix + hex.EncodeToString(raw),
		"without padding":         prefix + base64.RawStdEncoding.EncodeToString(raw),
		"with a newline inside":   prefix + text[:20] + "\n" + text[20:],
		"with a space inside":     prefix + text[:20] + " " + text[20:],
		"with spare bits set":     prefix + spareBits(text),
		"joined with a comma":     header + "," + header,
		"joined with comma space": header + ", " + header,
		"outside ASCII":           header + "é",
	}
	if urlSafe := base64.URLEncoding.EncodeToString(raw); urlSafe != text {
		all["in URL-safe base64"] = prefix + urlSafe
	}
	return all
}

// spareBits returns another text that a lenient decoder takes for the same 32
// bytes: of the last digit before the padding, two bits are not used.
func spareBits(text string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := len(text) - 2
	return text[:last] + string(digits[strings.IndexByte(digits, text[last])|1]) + "="
}

// bodies are the same document in other bytes, and others.
func bodies(body []byte) map[string][]byte {
	all := map[string][]byte{
		"empty":                   {},
		"with a trailing newline": append(bytes.Clone(body), '\n'),
		"with a byte order mark":  append([]byte("\xef\xbb\xbf"), body...),
		"cut off":                 body[:len(body)-1],
	}
	var compact, indented bytes.Buffer
	if json.Compact(&compact, body) == nil && !bytes.Equal(compact.Bytes(), body) {
		all["written compactly"] = compact.Bytes()
	}
	if json.Indent(&indented, body, "", "    ") == nil && !bytes.Equal(indented.Bytes(), body) {
		all["indented"] = indented.Bytes()
	}
	return all
}

func (s Suite) refused(t *testing.T, c Case, what string, req platform.Request, secrets ...platform.Secret) {
	t.Helper()
	err := c.Endpoint.Verify(req, secrets)
	if !errors.Is(err, platform.ErrSignature) {
		t.Errorf("%s: got %v, want ErrSignature", what, err)
		return
	}
	signature := req.Header.Get(s.SignatureHeader)
	for _, hidden := range append(s.canaries(t), string(s.Secret), string(s.Other), signature) {
		if hidden != "" && strings.Contains(err.Error(), hidden) {
			t.Errorf("%s: the error tells what it must not: %v", what, err)
		}
	}
}
