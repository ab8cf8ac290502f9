package signature

import (
	"bytes"
	"net/http"
	"testing"
)

// Whatever the headers say, a body that was not signed is not genuine.
func FuzzVerifySlack(f *testing.F) {
	good := SignSlack(sentAt, body, right)
	f.Add(good.Get(slackTime), good.Get(slackSignature), body)
	f.Add("-1", "v0=", []byte{})
	f.Fuzz(func(t *testing.T, stamp, sum string, sent []byte) {
		header := http.Header{}
		header.Set(slackTime, stamp)
		header.Set(slackSignature, sum)
		if VerifySlack(header, sent, sentAt, right) != nil {
			return
		}
		if stamp != good.Get(slackTime) || !bytes.Equal(sent, body) {
			t.Errorf("accepted what was not signed: %q %q %q", stamp, sum, sent)
		}
	})
}

// A signature has one spelling.
func FuzzDecode(f *testing.F) {
	f.Add(Encode(Sum(right, body)))
	f.Add("AAAA")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")
	f.Fuzz(func(t *testing.T, text string) {
		if sum, ok := Decode(text); ok && Encode(sum) != text {
			t.Errorf("%q is read as %q", text, Encode(sum))
		}
	})
}
