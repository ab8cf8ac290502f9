package receive

import (
	"net/http"

	"github.com/plumbline/plumbline/internal/platform"
)

// greet answers a platform's handshake, if the request is one.
func greet(e platform.Endpoint, req platform.Request, secrets []platform.Secret) (platform.Answer, bool) {
	if g, ok := e.(platform.Greeter); ok {
		return g.Greet(req, secrets)
	}
	return platform.Answer{}, false
}

// accepted answers a genuine delivery that is stored.
func accepted(e platform.Endpoint, req platform.Request) platform.Answer {
	if a, ok := e.(platform.Answerer); ok {
		return a.Accepted(req)
	}
	return platform.Answer{}
}

// refusal answers a request that is not genuine.
func refusal(e platform.Endpoint) platform.Answer {
	if a, ok := e.(platform.Answerer); ok {
		return a.Refused()
	}
	return platform.Answer{Status: http.StatusUnauthorized}
}
