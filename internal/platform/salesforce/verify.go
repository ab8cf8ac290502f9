package salesforce

import (
	"fmt"
	"net/http"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

const contentType = "text/xml; charset=utf-8"

// answer is what Salesforce wants to hear. Anything else makes it send again,
// for a day.
const answer = `<?xml version="1.0" encoding="UTF-8"?>` +
	`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
	`<notificationsResponse xmlns="` + outboundSpace + `"><Ack>%t</Ack></notificationsResponse>` +
	`</soapenv:Body></soapenv:Envelope>`

// Verify takes a message whose address holds one of the secrets as its token, of
// the configured organisation and without a session. The token is looked at
// first: of strangers nothing is parsed. A session opens the organisation's API,
// so that a message with one is not taken and nothing of it is kept.
func (e *endpoint) Verify(req platform.Request, secrets []platform.Secret) error {
	if err := platform.VerifyToken(req.Query, secrets); err != nil {
		return err
	}
	// What is no outbound message is of no organisation.
	m, _ := parse(req.Body)
	if id, ok := id18(m.organization); !ok || id != e.organization {
		return fmt.Errorf("%w: want an outbound message of the configured organisation", platform.ErrSignature)
	}
	if m.session {
		return fmt.Errorf("%w: the message carries a session, which must not be sent", platform.ErrSignature)
	}
	return nil
}

// Query keeps nothing of the query: the token is in it.
func (e *endpoint) Query(string) string { return "" }

// Accepted says that the message is taken, whether it could be read or not.
func (e *endpoint) Accepted(platform.Request) platform.Answer {
	return platform.Answer{Type: contentType, Body: fmt.Sprintf(answer, true)}
}

// Refused says that the message is not taken.
func (e *endpoint) Refused() platform.Answer {
	return platform.Answer{Status: http.StatusUnauthorized, Type: contentType, Body: fmt.Sprintf(answer, false)}
}

// Identify reads the first object's type and its notification's id out of the
// body: no header says anything.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	m, err := parse(req.Body)
	if err != nil || len(m.notifications) == 0 {
		return "", ""
	}
	return m.notifications[0].object, m.notifications[0].id
}

// Headers lists nothing: no header says anything.
func (e *endpoint) Headers() []string { return nil }

// Sign makes the headers that Salesforce sends. Its proof is in the address and in
// the body: see Prove.
func (e *endpoint) Sign(platform.Sample, platform.Secret) http.Header {
	return http.Header{"Content-Type": {contentType}, "Soapaction": {`""`}}
}

var organizationElement = lazyregexp.New(`<OrganizationId>[^<]*</OrganizationId>`)

// Prove puts the secret into the query, and the organisation into the body.
func (e *endpoint) Prove(s platform.Sample, secret platform.Secret) (query string, raw []byte) {
	own := []byte("<OrganizationId>" + e.organization + "</OrganizationId>")
	return platform.TokenQuery(secret), organizationElement.ReplaceAllLiteral(s.Body, own)
}
