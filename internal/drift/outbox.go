package drift

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// publish does what the alerts in the outbox want: it puts those of one cause
// together, calls who is to be called, and sends what changed since it was last
// published. The message is a hint to read the alert, so sending it twice does
// no harm. An alert that fails stays in the outbox and does not keep the others.
func (s *Service) publish(ctx context.Context) error {
	alerts, err := s.outbox(ctx)
	if alerts == nil && err != nil {
		return err
	}
	var failed []error
	failed = append(failed, err)
	var ready []alert.Alert
	for _, a := range alerts {
		a, err := s.plan(ctx, a)
		if err != nil {
			failed = append(failed, err)
		} else if a.Seq > a.Published || a.Class == alert.ClassStorm {
			ready = append(ready, a)
		}
	}
	tell, waiting, err := s.ration(ctx, ready)
	failed = append(failed, err)
	t := ticked{waiting: waiting}
	for _, a := range tell {
		if err := s.publishOne(ctx, a); err != nil {
			failed = append(failed, err)
			t = t.late(a, s.Now())
		}
	}
	t.log(ctx, s.Log)
	return errors.Join(failed...)
}

// outbox reads the alerts that want attention, those of one cause together.
func (s *Service) outbox(ctx context.Context) ([]alert.Alert, error) {
	alerts, err := s.Findings.Outbox(ctx, s.Now())
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	moved, failed := s.gather(ctx, alerts)
	if !moved {
		return alerts, failed
	}
	if alerts, err = s.Findings.Outbox(ctx, s.Now()); err != nil {
		return nil, errors.Join(failed, fmt.Errorf("read outbox: %w", err))
	}
	return alerts, failed
}

// plan does what is due for an alert by itself, and writes it. One that waits
// only to be shown is hinted at again, before it forgets that it waits.
func (s *Service) plan(ctx context.Context, a alert.Alert) (alert.Alert, error) {
	if a.Into != "" || a.Class == alert.ClassStorm {
		return a, nil
	}
	next, changed := s.planned(a)
	if next.Seq == a.Published && (a.Shown < a.Seq || a.Told < a.Seq) {
		if err := s.hint(ctx, a); err != nil {
			return a, err
		}
	}
	if !changed {
		return a, nil
	}
	next = s.stamped(next)
	err := s.Findings.PutAlert(ctx, next)
	if errors.Is(err, store.ErrLost) {
		// Who won the race changed the alert, and it is in the outbox again.
		a.Published = a.Seq
		return a, nil
	}
	if err != nil {
		return a, fmt.Errorf("plan alert %s: %w", a.ID, err)
	}
	next.Rev++
	return next, nil
}

// stamped is an alert that knows since when a change of it waits.
func (s *Service) stamped(a alert.Alert) alert.Alert {
	switch {
	case a.Seq <= a.Published:
		a.Unsent = time.Time{}
	case a.Unsent.IsZero():
		a.Unsent = s.Now().UTC()
	}
	return a
}

func (s *Service) hint(ctx context.Context, a alert.Alert) error {
	p := alert.Payload(a, s.Now())
	if err := s.Topic.Publish(ctx, topic.Message{Subject: p.Subject, Body: string(p.Body), Attributes: p.Attributes}); err != nil {
		return fmt.Errorf("publish alert %s: %w", a.ID, err)
	}
	return nil
}

func (s *Service) publishOne(ctx context.Context, a alert.Alert) error {
	if err := s.hint(ctx, a); err != nil {
		return err
	}
	a.Published = a.Seq
	if a.Sent.IsZero() {
		a.Sent = s.Now().UTC()
	}
	if a.Class != alert.ClassStorm {
		a, _ = alert.Plan(a, s.ladder(a), s.Now())
	}
	// Who lost the race changed the alert, and it is in the outbox again.
	if err := s.Findings.PutAlert(ctx, s.stamped(a)); err != nil && !errors.Is(err, store.ErrLost) {
		return fmt.Errorf("note that alert %s is published: %w", a.ID, err)
	}
	return nil
}
