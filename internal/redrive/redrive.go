// Package redrive brings messages back that could not be worked on: deliveries
// from quarantine and from dead letters through today's normalisers, and other
// dead letters as they are.
//
// What still cannot be read stays where it is. A message is deleted only when
// all that follows from it is queued, so a redrive may be stopped and repeated.
package redrive

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
)

// Deliveries reads deliveries again. It is receive's use case.
type Deliveries interface {
	// Check reports why a delivery cannot be read, or nil.
	Check(d commerce.Delivery) error
	// Accept queues what a delivery says.
	Accept(ctx context.Context, d commerce.Delivery) (outcome string, observations int, err error)
	// Readable takes back the report that deliveries of the topic cannot be
	// read.
	Readable(ctx context.Context, d commerce.Delivery, at time.Time) error
}

// Service redrives. Its fields are set once.
type Service struct {
	Deliveries Deliveries
	// Open reads an envelope from a message body.
	Open func(ctx context.Context, body string) (queue.Envelope, error)
	Now  func() time.Time
	// System limits deliveries to one system; blank takes all.
	System string
	// Match limits messages to those whose cause, or why they stay, holds the text
	// in any case; blank takes all.
	Match string
	// DryRun leaves every message where it is.
	DryRun bool
	// Tell is called with what becomes of each message.
	Tell func(Fate)
}

// Fate is what becomes of one message.
type Fate struct {
	Message string
	// Cause is why it was set aside.
	Cause Cause
	// At is when the delivery was received, or the message first sent.
	At time.Time
	// Problem is why it stays, nil when it comes back.
	Problem error
}

// Drain takes at most limit messages off a queue of deliveries, and returns how
// many came back of how many were looked at.
func (s *Service) Drain(ctx context.Context, from, to queue.Queue, limit int) (back, seen int, err error) {
	return s.each(ctx, from, limit, func(m queue.Message) (Fate, func() error) {
		e, err := s.Open(ctx, m.Body)
		if err != nil {
			return Fate{Message: m.ID, At: m.Sent, Problem: err}, nil
		}
		fate := Fate{Message: m.ID, Cause: deliveryCause(e), At: e.Delivery.Received}
		// A report of Plumbline's own has no body, nor has a delivery that was sent
		// without one. Only the latter was set aside for a reason.
		if len(e.Delivery.Body) == 0 && e.Reason == "" {
			return fate, func() error { return resend(ctx, m, to) }
		}
		fate.Problem = s.Deliveries.Check(e.Delivery)
		return fate, func() error { return s.deliver(ctx, e.Delivery) }
	})
}

// Move takes at most limit messages from a dead letter queue back to its source
// as they are.
func (s *Service) Move(ctx context.Context, from, to queue.Queue, limit int) (back, seen int, err error) {
	return s.each(ctx, from, limit, func(m queue.Message) (Fate, func() error) {
		return Fate{Message: m.ID, Cause: messageCause(m.Body), At: m.Sent}, func() error { return resend(ctx, m, to) }
	})
}

// each tells the fate of every chosen message, and does what brings it back.
func (s *Service) each(ctx context.Context, from queue.Queue, limit int, plan func(queue.Message) (Fate, func() error)) (back, seen int, err error) {
	back, err = queue.Drain(ctx, from, limit, func(m queue.Message) (bool, error) {
		fate, bring := plan(m)
		if s.System != "" && fate.Cause.System != s.System || !fate.matches(s.Match) {
			return false, nil
		}
		seen++
		s.Tell(fate)
		if s.DryRun || fate.Problem != nil {
			return false, nil //nolint:nilerr // it stays, and the caller was told why
		}
		return true, bring()
	})
	return back, seen, err
}

func (s *Service) deliver(ctx context.Context, d commerce.Delivery) error {
	if _, _, err := s.Deliveries.Accept(ctx, d); err != nil {
		return fmt.Errorf("bring back delivery %s: %w", d.ID, err)
	}
	return s.Deliveries.Readable(ctx, d, s.Now())
}

func resend(ctx context.Context, m queue.Message, to queue.Queue) error {
	if err := to.Send(ctx, m.Body); err != nil {
		return fmt.Errorf("bring back message %s: %w", m.ID, err)
	}
	return nil
}
