package businesscentral

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// byteOrderMark begins the bodies of servers before version 19.
const byteOrderMark = "\ufeff"

// maxNotifications is far above what one request holds.
const maxNotifications = 5000

type notification struct {
	ClientState body.Field `json:"clientState"`
	Resource    body.Field `json:"resource"`
	ChangeType  body.Field `json:"changeType"`
}

// notified reads the elements of a notification. Verify and Normalise share it,
// so that what is proven is what is read.
func notified(raw []byte) ([]notification, error) {
	var message struct {
		Value []notification `json:"value"`
	}
	err := body.Decode(bytes.TrimPrefix(raw, []byte(byteOrderMark)), &message)
	return message.Value, err
}

// Verify takes a notification all of whose elements carry one of the secrets as
// their clientState. It has to read the body for that, because the proof is
// inside it.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	elements, err := notified(req.Body)
	if err != nil || len(elements) == 0 || len(elements) > maxNotifications {
		return fmt.Errorf("%w: no notification", platform.ErrSignature)
	}
	genuine := 1
	for _, element := range elements {
		genuine &= proven(element.ClientState, secrets)
	}
	if genuine != 1 {
		return fmt.Errorf("%w: the clientState is none of the secrets", platform.ErrSignature)
	}
	return nil
}

// proven is 1 when the text is one of the secrets. Digests are compared, so that
// time tells nothing about a secret, its length included.
func proven(clientState body.Field, secrets []platform.Secret) int {
	text, _ := clientState.Text()
	given, found := sha256.Sum256([]byte(text)), 0
	for _, s := range secrets {
		want := sha256.Sum256([]byte(s))
		if equal := subtle.ConstantTimeCompare(given[:], want[:]); s != "" {
			found |= equal
		}
	}
	return found
}

// validationToken is what may be sent back to whoever asks: what is in a
// handshake's token, and nothing that a browser would take for a document.
var validationToken = lazyregexp.New(`^[A-Za-z0-9._~+/=:-]{1,512}$`)

// Greet answers the handshake of a new or renewed subscription: the token, as
// text.
func (e *endpoint) Greet(req platform.Request, _ []platform.Secret) (platform.Answer, bool) {
	query, err := url.ParseQuery(req.Query)
	tokens := query["validationToken"]
	if err != nil || len(tokens) != 1 || !validationToken.MatchString(tokens[0]) {
		return platform.Answer{}, false
	}
	return platform.Answer{Type: "text/plain; charset=utf-8", Body: tokens[0]}, true
}

// Accepted answers what is stored, readable or not.
func (e *endpoint) Accepted(platform.Request) platform.Answer {
	return platform.Answer{Status: http.StatusAccepted}
}

// Refused answers what is not genuine. The package comment says why it is no
// 4xx.
func (e *endpoint) Refused() platform.Answer {
	return platform.Answer{Status: http.StatusServiceUnavailable}
}

// Identify names the one topic. A notification has no id.
func (e *endpoint) Identify(platform.Request) (topic, id string) { return notifications, "" }

// Headers lists nothing: no header says anything.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers of a notification. Its proof is in the body: see Prove.
func (e *endpoint) Sign(platform.Sample, platform.Secret) http.Header {
	return http.Header{"Content-Type": {"application/json"}}
}

// Prove writes the secret into the body, as each element's clientState.
func (e *endpoint) Prove(s platform.Sample, secret platform.Secret) (query string, proven []byte) {
	var message struct {
		Value []map[string]json.RawMessage `json:"value"`
	}
	if json.Unmarshal(bytes.TrimPrefix(s.Body, []byte(byteOrderMark)), &message) != nil {
		return "", s.Body
	}
	state, err := json.Marshal(string(secret))
	for _, element := range message.Value {
		element["clientState"] = state
	}
	written, problem := json.Marshal(message)
	if err != nil || problem != nil {
		return "", s.Body
	}
	return "", written
}
