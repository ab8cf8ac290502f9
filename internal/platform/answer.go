package platform

import "net/http"

// Answer is what a platform hears. The zero Answer is status 200 without a
// body.
type Answer struct {
	// Status is an HTTP status; 0 is 200.
	Status int
	// Type is the content type of Body.
	Type string
	Body string
}

// Code is the status to answer with.
func (a Answer) Code() int {
	if a.Status == 0 {
		return http.StatusOK
	}
	return a.Status
}

// Greeter is an Endpoint whose platform checks an address before it delivers
// there.
type Greeter interface {
	// Greet answers a request that is part of the platform's handshake, and
	// reports whether it is one. It is asked before Verify, so it trusts nothing
	// of the request, and nothing else happens when it answers.
	Greet(req Request, secrets []Secret) (Answer, bool)
}

// Answerer is an Endpoint whose platform wants other answers than 200 and 401
// without a body.
type Answerer interface {
	// Accepted answers a genuine delivery that is stored, whether it could be
	// read or not.
	Accepted(req Request) Answer
	// Refused answers a request that is not genuine.
	Refused() Answer
}
