package platformtest

import (
	"bytes"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

// Fuzz checks over any body, under the headers of any sample, that a body is
// accepted only when it is the signed one, where the platform signs bodies, and
// that reading it is total and pure.
func Fuzz(f *testing.F, s Suite) {
	endpoint := s.endpoint(f)
	cases := s.cases(f, endpoint)
	for i, c := range cases {
		f.Add(i, c.Request.Body)
	}
	f.Fuzz(func(t *testing.T, sample int, body []byte) {
		c := cases[(sample%len(cases)+len(cases))%len(cases)]
		req := c.Request
		req.Body = body
		err := endpoint.Verify(req, []platform.Secret{s.Other, s.Secret})
		signed := !c.Answer && bytes.Equal(body, c.Request.Body)
		if s.SignatureHeader != "" && signed != (err == nil) {
			t.Errorf("signed: %t, verified: %v", signed, err)
		}
		d := c.Delivery
		d.Body = body
		if !c.Answer {
			d = Deliver(endpoint, s.Config.System, req)
		}
		_, _ = s.normalise(t, endpoint, d)
	})
}

// FuzzSignature checks that no signature makes a body genuine that was not
// signed: what one sample's signature proves may arrive under another's headers.
func FuzzSignature(f *testing.F, s Suite) {
	endpoint := s.endpoint(f)
	var cases []Case
	signed := map[string]bool{}
	for _, c := range s.cases(f, endpoint) {
		if !c.Answer {
			cases = append(cases, c)
			signed[string(c.Request.Body)] = true
			f.Add(len(cases)-1, c.Request.Header.Get(s.SignatureHeader), c.Request.Body)
			f.Add(len(cases)-1, c.Request.Header.Get(s.SignatureHeader), append(bytes.Clone(c.Request.Body), ' '))
		}
	}
	f.Fuzz(func(t *testing.T, sample int, signature string, body []byte) {
		c := cases[(sample%len(cases)+len(cases))%len(cases)]
		req := With(c.Request, s.SignatureHeader, signature)
		req.Body = body
		if endpoint.Verify(req, []platform.Secret{s.Other, s.Secret}) == nil && !signed[string(body)] {
			t.Errorf("the signature %q makes %q genuine", signature, body)
		}
	})
}
