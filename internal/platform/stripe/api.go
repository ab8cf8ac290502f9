package stripe

import (
	"fmt"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

const (
	apiHost = "api.stripe.com"
	// apiVersion is the version whose shapes are read. Without it an account
	// answers in the one that it began with.
	apiVersion = "2024-06-20"
)

// eventsEvery is how often events are read again.
const eventsEvery = time.Hour

// Request makes the call for a target: only reading, and with the connected
// account if there is one.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	t, ok := readTarget(f.Target)
	if !ok {
		return nil, fmt.Errorf("stripe: fetch %s: the target is none of the API's", f.Topic)
	}
	path, query := t.path()
	address := "https://" + apiHost + "/v1/" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequest(http.MethodGet, address, nil) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("stripe: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Stripe-Version", apiVersion)
	if e.account != "" {
		req.Header.Set("Stripe-Account", e.account)
	}
	return req, nil
}

// Hosts lists the API's host.
func (e *endpoint) Hosts() []string { return []string{apiHost} }

// Pace stays below the 25 calls a second that the test mode allows; the live
// mode allows more.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 50 * time.Millisecond, Burst: 10}
}

// Token makes no call: the credential is a restricted key, which is the token.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) { return nil, nil }

// ReadToken is never asked.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) { return "", 0, nil }

// Chores reads again what happened since the last time: events that were not
// delivered, and the end of what happened within one second.
func (e *endpoint) Chores() []platform.Chore {
	return []platform.Chore{{
		Name: "events", Every: eventsEvery,
		Fetch: platform.Fetch{Topic: eventList, Target: eventList + "/{since}"},
	}}
}
