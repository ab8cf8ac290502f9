package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// publish sends every alert that changed since it was last published. The
// message is a hint to read the alert, so sending it twice does no harm, and an
// alert that could not be sent stays in the outbox.
func (s *Service) publish(ctx context.Context) error {
	alerts, err := s.Findings.Outbox(ctx, s.Now())
	if err != nil {
		return fmt.Errorf("read outbox: %w", err)
	}
	alerts = slices.DeleteFunc(alerts, func(a alert.Alert) bool { return a.Seq <= a.Published })
	left := len(alerts)
	defer func() { s.ticked(ctx, left) }()
	for _, a := range alerts {
		if err := s.publishOne(ctx, a); err != nil {
			return fmt.Errorf("publish alert %s: %w", a.ID, err)
		}
		left--
	}
	return nil
}

func (s *Service) publishOne(ctx context.Context, a alert.Alert) error {
	p := alert.Payload(a, s.Now())
	if err := s.Topic.Publish(ctx, topic.Message{Subject: p.Subject, Body: string(p.Body), Attributes: p.Attributes}); err != nil {
		return err
	}
	a.Published = a.Seq
	// Who lost the race changed the alert, and it is in the outbox again.
	if err := s.Findings.PutAlert(ctx, a); !errors.Is(err, store.ErrLost) {
		return err
	}
	return nil
}
