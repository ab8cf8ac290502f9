// Package doctor examines whether a stack does its work: a deployed one, or the
// one on this machine. Each check looks at one thing, names what is wrong in the
// words of whoever has to repair it, and says what to do first.
//
// It repairs nothing. How a stack is reached is left to the caller.
package doctor

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
)

// Patient is a stack as it can be reached. What is nil is not examined.
type Patient struct {
	Registry *registry.Registry
	// Now is the stack's time, which a recorded day moves, and Here this machine's.
	Now, Here func() time.Time
	// Wait lets some time pass.
	Wait func(context.Context, time.Duration) error

	// Generation is the registry generation that the stack runs under.
	Generation func(context.Context) (string, error)
	// Resolve fetches a secret.
	Resolve func(context.Context, secret.Reference) (string, error)
	// HashKey and the Slack references are the deployment's own secrets.
	HashKey, SlackToken, SlackWebhook, SlackSigning secret.Reference
	// Front sends a request to a path of the front and returns the answer's status
	// and date.
	Front func(ctx context.Context, method, path string) (status int, date time.Time, err error)
	// Queues are those that work waits in, by name; Aside those for what could not
	// be worked on.
	Queues, Aside map[string]Depth
	// Drift is what drift knows about itself.
	Drift Drift
	// Outbox lists the alerts that want attention by now.
	Outbox func(context.Context, time.Time) ([]alert.Alert, error)
	// Heard is when the system was last heard, or the zero time.
	Heard func(ctx context.Context, system string) (time.Time, error)
	// Slack says whom the token belongs to.
	Slack func(ctx context.Context, token string) error
}

// Depth counts the messages of a queue.
type Depth func(context.Context) (visible, inFlight, delayed int, err error)

// Drift is asked how it stands, and knocked at.
type Drift interface {
	Health(context.Context) (drift.Health, error)
	Posted(ctx context.Context, now time.Time) (p drift.Posted, known bool, err error)
	Knock(ctx context.Context, at time.Time) error
	Knocked(ctx context.Context, at time.Time) (bool, error)
}

// Fault is something that is wrong.
type Fault struct {
	// What says what is wrong, and Do what to do first.
	What string `json:"what"`
	Do   string `json:"do"`
}

// Result is what a check came to: well, or its faults.
type Result struct {
	Check  string  `json:"check"`
	Faults []Fault `json:"faults"`
}

// check is one thing that is looked at. It returns nil where there is nothing to
// look at.
type check struct {
	name string
	look func(context.Context, Patient) []Fault
}

// checks are all, in the order in which a fault explains those below it.
func checks() []check {
	return []check{
		{"the stack runs under this registry", generation},
		{"secrets can be read", secrets},
		{"the front answers", front},
		{"clocks agree", clocks},
		{"drift runs every minute", schedule},
		{"a record of Plumbline's own arrives", roundTrip},
		{"differences are found in time", canary},
		{"no work piles up", backlog},
		{"nothing was given up", givenUp},
		{"systems are heard", systems},
		{"alerts go out", outbox},
		{"Slack takes alerts", slack},
		{"the board is current", posted},
		{"every integration has an owner", owners},
	}
}

// Examine makes all checks, and tells each result as it is known.
func Examine(ctx context.Context, p Patient, tell func(Result)) []Result {
	var all []Result
	for _, c := range checks() {
		r := Result{Check: c.name, Faults: c.look(ctx, p)}
		if r.Faults == nil {
			r.Faults = []Fault{}
		}
		tell(r)
		all = append(all, r)
		if ctx.Err() != nil {
			break
		}
	}
	return all
}

// unreachable is the fault of something that cannot be asked.
func unreachable(what string, err error) []Fault {
	return []Fault{{What: what + " cannot be asked: " + err.Error(), Do: "Look whether the stack runs, and whether you may reach it from here."}}
}

// refused reports what the front says to a delivery that nobody signed.
func refused(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusBadRequest
}

var errSlow = errors.New("no answer in time")
