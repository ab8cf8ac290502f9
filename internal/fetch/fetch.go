// Package fetch asks the APIs of platforms for what their deliveries name
// without saying it, and for what no delivery tells. The event is only a hint:
// what the API answers counts. An answer becomes a delivery and goes the way of
// all others.
//
// It owns how an API is called: at a pace that all who call share, with a
// credential that no text ever holds, on hosts that the platform lists and
// nowhere else, and with a bound on everything that comes back. What is asked
// for and how an answer is read is the platform's; queueing what it says is
// receive's.
//
// Everything is safe to repeat: asking twice is asking once, because the answer
// says when it was asked for and how the record is.
package fetch

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// callTimeout bounds one call of an API, its answer included.
	callTimeout = 10 * time.Second
	// longestWait is how long a call waits for its turn within an invocation.
	longestWait = 5 * time.Second
	// margin is what the work after an answer may take.
	margin = 3 * time.Second
)

// Deliveries takes answers. It is receive's use case.
type Deliveries interface {
	// Take queues what an answer says and returns what it names without saying.
	Take(ctx context.Context, d commerce.Delivery) (receive.Taken, error)
	// Unusable puts an answer into quarantine.
	Unusable(ctx context.Context, d commerce.Delivery, cause *platform.BodyError) error
	// Report queues an observation of Plumbline's own.
	Report(ctx context.Context, d commerce.Delivery, o commerce.Observation) error
}

// Secrets resolves the reference of a credential.
type Secrets interface {
	Resolve(ctx context.Context, ref secret.Reference) (string, error)
}

// Queue takes fetches that are to be made, now or later.
type Queue interface {
	Send(ctx context.Context, bodies ...string) error
	SendAfter(ctx context.Context, delay time.Duration, body string) error
}

// DeadLetters takes fetches that are given up.
type DeadLetters interface {
	Send(ctx context.Context, bodies ...string) error
}

// System is one connected system.
type System struct {
	// Endpoint is the platform's; one that is no platform.API cannot be asked.
	Endpoint platform.Endpoint
	// Credential is where the credential of its API is. Without one nothing is
	// asked: fetches wait for it, and no chore starts.
	Credential secret.Reference
	// Pull says how its records are read without deliveries; nil is what its
	// platform's chores read.
	Pull *Pull
}

// Service fetches. Its fields are set once, before the first call.
type Service struct {
	Systems    map[string]System
	Deliveries Deliveries
	Secrets    Secrets
	Paces      store.Paces
	Marks      store.Marks
	Fetches    Queue
	Dead       DeadLetters
	// Sweeps take what was read of everything. Without them nothing follows from it.
	Sweeps *Sweeps
	// Transport makes one call: it follows no redirect.
	Transport http.RoundTripper
	Now       func() time.Time
	// Chance returns a number from 0 to below n; it spreads what is tried again.
	Chance func(n int64) int64
	Log    *slog.Logger

	tokens   tokens
	refusals refusals
}

// Message is one message of the fetches queue.
type Message struct{ ID, Body string }

// Fetch asks for a batch and returns the ids of the messages whose effect is not
// stored. They are to be delivered again; the others may be deleted. Systems do
// not wait for each other.
func (s *Service) Fetch(ctx context.Context, messages []Message) (failed []string) {
	errs := make([]error, len(messages))
	bySystem := map[string][]errand{}
	for i, m := range messages {
		f, err := queue.DecodeFetch(m.Body)
		if err != nil {
			errs[i] = fmt.Errorf("read message %s: %w", m.ID, err)
			continue
		}
		bySystem[f.System] = append(bySystem[f.System], errand{f, i})
	}
	var all sync.WaitGroup
	for _, errands := range bySystem {
		all.Go(func() { s.each(ctx, errands, errs) })
	}
	all.Wait()
	for i, m := range messages {
		if errs[i] != nil {
			failed = append(failed, m.ID)
			s.Log.ErrorContext(ctx, "fetch not made", "message_id", m.ID, "error", errs[i].Error())
		}
	}
	return failed
}

// errand is a fetch and the place of its message.
type errand struct {
	queue.Fetch
	message int
}

// each makes the fetches of one system, one after the other. What several
// deliveries named is asked for once: all of them came before the call.
func (s *Service) each(ctx context.Context, errands []errand, errs []error) {
	made := map[platform.Fetch]bool{}
	for _, e := range errands {
		if e.Run == nil && made[e.Fetch.Fetch] {
			continue
		}
		errs[e.message] = s.make(ctx, e.Fetch)
		made[e.Fetch.Fetch] = errs[e.message] == nil && e.Run == nil
	}
}

// make asks for one fetch, or for a run as long as there is time. What cannot be
// had now is queued again or given up; an error returns the message.
func (s *Service) make(ctx context.Context, f queue.Fetch) (err error) {
	defer func() {
		// A platform that breaks on a fetch must not take the others with it.
		if p := recover(); p != nil {
			err = fmt.Errorf("ask %s for %s: the platform's package panicked", f.System, f.Topic)
		}
	}()
	system, err := s.system(f)
	if err != nil {
		return err
	}
	for {
		if !enough(ctx) {
			return s.again(ctx, f, 0)
		}
		if err := s.alive(ctx, f); err != nil {
			return err
		}
		taken, err := s.ask(ctx, system, &f)
		if err != nil {
			return s.settle(ctx, f, err)
		}
		next, more, err := s.follow(ctx, f, taken)
		if err != nil || !more {
			return err
		}
		f = next
	}
}

// target is a system that can be asked.
type target struct {
	name       string
	api        platform.API
	credential secret.Reference
	// run says that the call belongs to a run, which gives way to what deliveries
	// name, and budget is the pace of pulls, zero for what is none.
	run    bool
	budget platform.Pace
}

func (s *Service) system(f queue.Fetch) (target, error) {
	system, known := s.Systems[f.System]
	api, can := system.Endpoint.(platform.API)
	if !known || !can {
		// A newer registry may know it, or a redrive after a repair.
		return target{}, fmt.Errorf("ask %s: the registry has no such system with an API", f.System)
	}
	t := target{name: f.System, api: api, credential: system.Credential, run: f.Run != nil}
	if f.Run == nil {
		return t, nil
	}
	if j, known := system.job(f.Run.Chore); known && j.pulled {
		t.budget = system.Pull.budget(j.sweep)
	}
	return t, nil
}

// enough reports whether one more call and what follows from it fit into the
// invocation.
func enough(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) >= callTimeout+margin
}
