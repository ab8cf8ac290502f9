package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/topic"
)

// Mail takes messages for people whom the channel does not reach.
type Mail interface {
	Publish(ctx context.Context, m topic.Message) error
}

// How long an alert waits that the channel refuses: as long as that has lasted
// already, within these bounds.
const (
	shortestWait = 10 * time.Minute
	longestWait  = 6 * time.Hour
)

// later takes care of an alert that could not be shown, and returns an error
// when its hint has to come again. A hint that only waits would end among the
// dead letters, so what takes long is put off: drift hints at the alert again
// when its time has come. What the channel refuses is mailed before.
func (s *Service) later(ctx context.Context, alertID string, failed error, last bool) error {
	var wait *WaitError
	switch {
	case errors.As(failed, &wait):
		return s.putOff(ctx, alertID, func(a *alert.Alert, now time.Time) { a.Next = soonest(a.Next, now, wait.After) })
	case errors.Is(failed, ErrRefused), last && channelFault(failed):
		if err := s.mail(ctx, alertID); err != nil && !last {
			return errors.Join(failed, err)
		}
		return s.putOff(ctx, alertID, func(a *alert.Alert, now time.Time) {
			if a.Refused.IsZero() {
				a.Refused = now
			}
			a.Next = soonest(a.Next, now, min(max(now.Sub(a.Refused), shortestWait), longestWait))
		})
	case last:
		return s.putOff(ctx, alertID, func(a *alert.Alert, now time.Time) { a.Next = soonest(a.Next, now, shortestWait) })
	default:
		return failed
	}
}

// channelError is a failure of the channel, not of the store or another run.
type channelError struct{ error }

func (e channelError) Unwrap() error { return e.error }

func channelFault(err error) bool { return errors.As(err, new(channelError)) }

// soonest is when an alert wakes that has to wait, if nothing wakes it before.
func soonest(next, now time.Time, wait time.Duration) time.Time {
	at := now.Add(wait)
	if next.After(now) && next.Before(at) {
		return next
	}
	return at
}

// putOff notes when to try again. The alert that somebody else showed meanwhile
// needs no other try.
func (s *Service) putOff(ctx context.Context, alertID string, change func(a *alert.Alert, now time.Time)) error {
	a, err := s.Alerts.GetAlert(ctx, alertID)
	if err != nil {
		return fmt.Errorf("put off alert %s: %w", alertID, err)
	}
	now := s.Now()
	err = s.amend(ctx, a, func(a *alert.Alert) {
		if s.behind(*a) {
			change(a, now)
		}
	})
	if err != nil {
		return fmt.Errorf("put off alert %s: %w", alertID, err)
	}
	return nil
}

// mail tells the team by mail what the channel refused, if that is worth a mail.
// It is noted afterwards: a run that ends between says it again, and none says
// nothing.
func (s *Service) mail(ctx context.Context, alertID string) error {
	a, err := s.Alerts.GetAlert(ctx, alertID)
	if err != nil {
		return fmt.Errorf("mail alert %s: %w", alertID, err)
	}
	if s.Mail == nil || !worthAMessage(a, a.Mailed) {
		return nil
	}
	p := alert.Mail(a, s.Now().In(s.Zone))
	if err := s.Mail.Publish(ctx, topic.Message{Subject: p.Subject, Body: p.Text, Attributes: p.Attributes}); err != nil {
		return fmt.Errorf("mail alert %s: %w", alertID, err)
	}
	seq := a.Seq
	if err := s.amend(ctx, a, func(a *alert.Alert) { a.Mailed = max(a.Mailed, seq) }); err != nil {
		return fmt.Errorf("note mail of alert %s: %w", alertID, err)
	}
	return nil
}
