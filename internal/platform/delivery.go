package platform

import (
	"net/http"
	"slices"
)

// Deliverer is an Endpoint whose platform does not deliver with POST alone. The
// method is never signed, so that it must not decide what a delivery says.
type Deliverer interface {
	// Methods lists the methods with which the platform may deliver.
	Methods() []string
}

// Delivers reports whether a request with the method can be a delivery.
func Delivers(e Endpoint, method string) bool {
	if d, ok := e.(Deliverer); ok {
		return slices.Contains(d.Methods(), method)
	}
	return method == http.MethodPost
}

// Prover is an Endpoint whose platform proves who it is outside of the headers: in
// the query, or inside the body.
type Prover interface {
	// Prove returns the query and the body with which the platform would send the
	// sample.
	Prove(s Sample, secret Secret) (query string, body []byte)
}

// Prove is the query and the body with which a sample is sent.
func Prove(e Endpoint, s Sample, secret Secret) (query string, body []byte) {
	if p, ok := e.(Prover); ok {
		return p.Prove(s, secret)
	}
	return "", s.Body
}

// Discreet is an Endpoint whose address carries a secret in its query.
type Discreet interface {
	// Query is what a delivery keeps of the raw query: nothing that is secret.
	Query(raw string) string
}

// KeptQuery is what a delivery to the endpoint keeps of the raw query.
func KeptQuery(e Endpoint, raw string) string {
	if d, ok := e.(Discreet); ok {
		return d.Query(raw)
	}
	return raw
}
