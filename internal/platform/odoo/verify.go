package odoo

import (
	"net/http"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// Verify takes a request whose address holds one of the secrets as its token,
// once.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	return platform.VerifyToken(req.Query, secrets)
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
	return platform.TokenQuery(secret), s.Body
}
