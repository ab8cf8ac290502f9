// Package receive verifies a webhook, reads it and queues it. Nothing else is
// on this path: what it answers with success is in the queue.
//
// Nothing of a request is believed, parsed or logged before its signature is
// verified over the raw bytes.
package receive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/secret"
)

// Queue takes messages. When Send returns nil they are stored.
type Queue interface {
	Send(ctx context.Context, bodies ...string) error
}

// Secrets resolves the reference of a secret. It fails only when the secret was
// never known and cannot be had now.
type Secrets interface {
	Resolve(ctx context.Context, ref secret.Reference) (string, error)
}

// System is one connected system: how to read it, and what it signs with.
type System struct {
	Endpoint platform.Endpoint
	// Secrets are references; any of them may have signed.
	Secrets []secret.Reference
	// Inbox says that deliveries come through a queue, and that the system has no
	// address.
	Inbox bool
}

// Service receives. Its fields are set once, before the first call.
type Service struct {
	Systems      map[string]System
	Secrets      Secrets
	Observations Queue
	Quarantine   Queue
	// Fetches takes what a delivery names without saying it.
	Fetches Queue
	// Changes takes what pipelines and job schedulers tell.
	Changes Changes
	// Seal writes an envelope as a message body, small enough for the queue.
	Seal       func(ctx context.Context, e queue.Envelope) (string, error)
	Generation string
	// MaxBody is the greatest accepted body in bytes.
	MaxBody int
	Log     *slog.Logger
}

// Receive handles one request to a system's address and returns the answer. It
// says no more than the status, unless the platform wants more.
func (s *Service) Receive(ctx context.Context, system string, req platform.Request) platform.Answer {
	h := s.receive(ctx, system, req)
	s.Log.InfoContext(ctx, "webhook", "system", known(s.Systems, system), "topic", h.topic, "outcome", h.outcome,
		"observations", h.observations, "status", h.answer.Code())
	return h.answer
}

// handled is what became of a request.
type handled struct {
	answer         platform.Answer
	outcome, topic string
	observations   int
}

func refused(status int, outcome string) handled {
	return handled{answer: platform.Answer{Status: status}, outcome: outcome}
}

// known keeps text that strangers choose out of the log.
func known(systems map[string]System, name string) string {
	if _, ok := systems[name]; ok {
		return name
	}
	return "unknown"
}

func (s *Service) receive(ctx context.Context, name string, req platform.Request) handled {
	system, ok := s.Systems[name]
	if !ok || system.Inbox {
		return refused(http.StatusNotFound, "unknown system")
	}
	if len(req.Body) > s.MaxBody {
		return refused(http.StatusRequestEntityTooLarge, "body too large")
	}
	if e := req.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return refused(http.StatusUnsupportedMediaType, "compressed body")
	}
	secrets, missing := s.resolve(ctx, system.Secrets)
	if answer, greeted := greet(system.Endpoint, req, secrets); greeted {
		return handled{answer: answer, outcome: "handshake"}
	}
	if !platform.Delivers(system.Endpoint, req.Method) {
		return refused(http.StatusMethodNotAllowed, "not a delivery")
	}
	switch err := system.Endpoint.Verify(req, secrets); {
	case err != nil && missing != nil:
		// Answering 401 while the secret that signed may be out of reach would
		// make the sender give up; 503 makes it try again.
		s.Log.ErrorContext(ctx, "secrets not available", "system", name, "error", missing.Error())
		return refused(http.StatusServiceUnavailable, "secrets not available")
	case err != nil:
		return handled{answer: refusal(system.Endpoint), outcome: "not genuine"}
	}
	d := s.delivery(name, system, req)
	outcome, count, err := s.Accept(ctx, d)
	if err != nil {
		s.Log.ErrorContext(ctx, "delivery not queued", "system", name, "topic", d.Topic, "error", err.Error())
		return handled{answer: platform.Answer{Status: http.StatusServiceUnavailable}, outcome: "not queued", topic: d.Topic}
	}
	return handled{answer: accepted(system.Endpoint, req), outcome: outcome, topic: d.Topic, observations: count}
}

// resolve are the secrets that can be had now, and why others cannot.
func (s *Service) resolve(ctx context.Context, refs []secret.Reference) (known []platform.Secret, missing error) {
	for _, ref := range refs {
		value, err := s.Secrets.Resolve(ctx, ref)
		if err != nil {
			missing = err
			continue
		}
		known = append(known, platform.Secret(value))
	}
	return known, missing
}

// delivery is the genuine request as it is kept.
func (s *Service) delivery(name string, system System, req platform.Request) commerce.Delivery {
	topic, id := system.Endpoint.Identify(req)
	topic, id = plain(topic), plain(id)
	header := map[string]string{}
	for _, h := range system.Endpoint.Headers() {
		if v := req.Header.Get(h); v != "" {
			header[h] = v
		}
	}
	if id == "" {
		sum := sha256.Sum256(req.Body)
		id = hex.EncodeToString(sum[:8])
	}
	return commerce.Delivery{
		ID: id, System: name, Topic: topic, Received: req.Received.UTC().Truncate(time.Millisecond),
		Header: header, Query: platform.KeptQuery(system.Endpoint, req.Query), Body: req.Body,
	}
}

// Accept reads a genuine delivery and queues it: what it says to the
// observations, what only the platform's API says to the fetches, or the whole
// of it to quarantine when it cannot be read. It returns what became of it and
// how many observations it holds. It is safe to repeat, and it is also how
// deliveries come back from quarantine.
func (s *Service) Accept(ctx context.Context, d commerce.Delivery) (outcome string, observations int, err error) {
	taken, err := s.Take(ctx, d)
	if err == nil {
		err = s.ask(ctx, d, taken.Fetch)
	}
	return taken.Outcome, taken.Observations, err
}

// Take is Accept without queueing what has to be fetched: that is the caller's.
func (s *Service) Take(ctx context.Context, d commerce.Delivery) (Taken, error) {
	reading, err := s.read(d)
	if err != nil {
		return Taken{Outcome: "unreadable", Unreadable: true}, s.quarantine(ctx, d, err)
	}
	e := queue.Envelope{Delivery: d, Observations: reading.Observations, Erase: reading.Erase, Generation: s.Generation}
	body, err := s.Seal(ctx, e)
	if err != nil {
		return Taken{}, fmt.Errorf("seal delivery %s: %w", d.ID, err)
	}
	if err := s.Observations.Send(ctx, body); err != nil {
		return Taken{}, fmt.Errorf("queue delivery %s: %w", d.ID, err)
	}
	if reading.Ignored != "" {
		return Taken{Outcome: reading.Ignored, Fetch: reading.Fetch}, nil
	}
	return Taken{Outcome: "queued", Observations: len(reading.Observations), Says: reading.Observations, Fetch: reading.Fetch}, nil
}

// Check reports why a delivery cannot be read, or nil. It queues nothing.
func (s *Service) Check(d commerce.Delivery) error {
	_, err := s.Read(d)
	return err
}

// Read is what a delivery says as it is read today. It queues nothing, and the
// error repeats nothing of the body.
func (s *Service) Read(d commerce.Delivery) (platform.Reading, error) {
	if _, ok := s.Systems[d.System]; !ok {
		return platform.Reading{}, fmt.Errorf("the registry has no system %s", d.System)
	}
	reading, err := s.read(d)
	if err != nil {
		return platform.Reading{}, errors.New(reason(err))
	}
	return reading, nil
}

func (s *Service) read(d commerce.Delivery) (reading platform.Reading, err error) {
	defer func() {
		// A normaliser that breaks on a body must not lose it.
		if p := recover(); p != nil {
			err = &platform.BodyError{Where: "body", Want: "a body that the normaliser can read"}
		}
	}()
	reading, err = s.Systems[d.System].Endpoint.Normalise(d)
	if err != nil {
		return reading, err
	}
	return reading, customersOnly(reading.Erase)
}
