package platform

import (
	"net/http"
	"time"
)

// Fetch asks a platform's API for something that a delivery named without
// saying how it is now. The event is only a hint: what the API answers is what
// counts.
type Fetch struct {
	// Topic is how the answer is to be read: it is the topic of the delivery
	// that the answer becomes.
	Topic string `json:"topic"`
	// Target is the platform's own name of what is asked for, such as
	// "orders/250" or a list's next page. It is no address: Request makes one of
	// it, on a host that the platform chooses.
	Target string `json:"target"`
}

// The headers of a delivery that is an API's answer. No webhook can set them,
// because no endpoint keeps them.
const (
	// FetchedHeader is the target that was asked for.
	FetchedHeader = "plumbline-fetched"
	// StatusHeader is the answer's status, "200" or "404". A platform's Normalise
	// says of 404 that the record is gone.
	StatusHeader = "plumbline-status"
)

// API is an Endpoint of a platform that can be asked. The delivery that an
// answer becomes is received when the request was sent, so that nothing which
// changed after it is overwritten; its observations are stamped as read back.
// Of an error people are told the text of a *BodyError, and of no other.
type API interface {
	// Request makes the call for a fetch, with everything but the time-out. The
	// address is https on one of Hosts; a target that would lead elsewhere is an
	// error that names no secret.
	Request(f Fetch, token Secret) (*http.Request, error)
	// Hosts lists the only hosts that may be called.
	Hosts() []string
	// Pace is how often the system may be called, by all who call it together.
	Pace() Pace
	// Token makes the call that turns the stored credential into a token. Nil is
	// no call: the credential is the token.
	Token(credential Secret) (*http.Request, error)
	// ReadToken reads the answer of that call: the token, and how long it may be
	// used.
	ReadToken(body []byte) (Secret, time.Duration, error)
}

// Pace is a limit of calls: one each Every, and up to Burst at once after a
// rest.
type Pace struct {
	Every time.Duration
	Burst int
}

// Recurring is an Endpoint that asks its API by itself: to renew a subscription,
// to compare what is subscribed, to read what no webhook tells.
type Recurring interface {
	// Chores lists what is to be asked for, and how often. The list is the same
	// every time.
	Chores() []Chore
}

// Chore is one recurring fetch. "{since}" in its target stands for the start of
// the last run whose answers were all stored, less an overlap of two minutes, in
// RFC 3339 UTC; on the first run it is a day ago.
type Chore struct {
	Name  string
	Every time.Duration
	Fetch Fetch
}
