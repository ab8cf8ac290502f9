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
	// DryRun leaves every message where it is.
	DryRun bool
	// Tell is called with what becomes of each message.
	Tell func(Fate)
}

// Fate is what becomes of one message.
type Fate struct {
	Message string
	// Delivery is zero for what is no delivery.
	Delivery commerce.Delivery
	// Problem is why it stays, nil when it comes back.
	Problem error
}

// Drain takes at most limit messages off a queue of deliveries, and returns how
// many came back of how many were looked at.
func (s *Service) Drain(ctx context.Context, from, to queue.Queue, limit int) (back, seen int, err error) {
	back, err = queue.Drain(ctx, from, limit, func(m queue.Message) (bool, error) {
		e, err := s.Open(ctx, m.Body)
		if err == nil && s.System != "" && e.Delivery.System != s.System {
			return false, nil
		}
		seen++
		if err == nil && len(e.Delivery.Body) > 0 {
			return s.deliver(ctx, m, e.Delivery)
		}
		if err == nil && to != nil {
			return s.resend(ctx, m, to) // a report of Plumbline's own
		}
		s.Tell(Fate{Message: m.ID, Problem: err})
		return false, nil
	})
	return back, seen, err
}

// Move takes at most limit messages from a dead letter queue back to its source
// as they are.
func (s *Service) Move(ctx context.Context, from, to queue.Queue, limit int) (back, seen int, err error) {
	back, err = queue.Drain(ctx, from, limit, func(m queue.Message) (bool, error) {
		seen++
		return s.resend(ctx, m, to)
	})
	return back, seen, err
}

func (s *Service) deliver(ctx context.Context, m queue.Message, d commerce.Delivery) (bool, error) {
	fate := Fate{Message: m.ID, Delivery: d, Problem: s.Deliveries.Check(d)}
	s.Tell(fate)
	if s.DryRun || fate.Problem != nil {
		return false, nil //nolint:nilerr // it stays, and the caller was told why
	}
	if _, _, err := s.Deliveries.Accept(ctx, d); err != nil {
		return false, fmt.Errorf("bring back delivery %s: %w", d.ID, err)
	}
	return true, s.Deliveries.Readable(ctx, d, s.Now())
}

func (s *Service) resend(ctx context.Context, m queue.Message, to queue.Queue) (bool, error) {
	s.Tell(Fate{Message: m.ID})
	if s.DryRun {
		return false, nil
	}
	if err := to.Send(ctx, m.Body); err != nil {
		return false, fmt.Errorf("bring back message %s: %w", m.ID, err)
	}
	return true, nil
}
