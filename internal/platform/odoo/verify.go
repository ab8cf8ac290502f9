package odoo

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const tokenParameter = "token"

// Verify takes a request whose address holds one of the secrets as its token,
// once. Digests are compared, so that time tells nothing about a secret, its
// length included.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	query, err := url.ParseQuery(req.Query)
	tokens := query[tokenParameter]
	if err != nil || len(tokens) != 1 {
		return fmt.Errorf("%w: %d tokens in the address, want one", platform.ErrSignature, len(tokens))
	}
	given, found := sha256.Sum256([]byte(tokens[0])), 0
	for _, s := range secrets {
		want := sha256.Sum256([]byte(s))
		if equal := subtle.ConstantTimeCompare(given[:], want[:]); s != "" {
			found |= equal
		}
	}
	if found != 1 {
		return fmt.Errorf("%w: the token is none of the secrets", platform.ErrSignature)
	}
	return nil
}

// Query keeps nothing of the query: the token is in it.
func (e *endpoint) Query(string) string { return "" }

// Identify reads the record's model out of the body: no header says anything.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	var record struct {
		Model body.Field `json:"_model"`
	}
	if body.Decode(req.Body, &record) != nil {
		return "", ""
	}
	topic, _ = record.Model.Text()
	return topic, ""
}

// Headers lists nothing: no header says anything.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the one header that Odoo sends. Its proof is in the address: see
// Prove.
func (e *endpoint) Sign(platform.Sample, platform.Secret) http.Header {
	return http.Header{"Content-Type": {"application/json"}}
}

// Prove puts the secret into the query.
func (e *endpoint) Prove(s platform.Sample, secret platform.Secret) (query string, raw []byte) {
	return url.Values{tokenParameter: {string(secret)}}.Encode(), s.Body
}
