// Package notify makes what people see match the stored alert: one message for
// one alert, edited in place where the channel can do that.
//
// A queue message is a hint to look at an alert, and never says what to show.
// That makes old, repeated and overtaken hints harmless. The package owns the
// protocol between the stored alert and one channel; the channels are in its
// sub-packages, the words in alert, and who publishes hints is drift's business.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/store"
)

// Alerts is where alerts are kept. PutAlert writes with Rev+1 if the stored
// alert still has the given Rev, and is store.ErrLost otherwise.
type Alerts interface {
	GetAlert(ctx context.Context, id string) (alert.Alert, error)
	PutAlert(ctx context.Context, a alert.Alert) error
}

// Sender is one kind of channel. Its errors tell what happened, see ErrUnsure,
// ErrNoMessage, ErrRefused and WaitError; any other error means that people see
// nothing new and that trying again later may help. No error holds a secret.
type Sender interface {
	// Edits reports whether messages can be found and edited once posted. Where
	// they cannot, Edit and Find are never called.
	Edits() bool
	// Post shows a new message that carries the alert's id and seq where
	// Find can see them.
	Post(ctx context.Context, channel string, m alert.Message, seq int64) (Ref, error)
	// Edit makes an earlier message read as m. Repeating it does no harm.
	Edit(ctx context.Context, ref Ref, m alert.Message, seq int64) error
	// Find looks for the message that carries the alert's id.
	Find(ctx context.Context, channel, alertID string) (Ref, bool, error)
}

// Ref names a message within its channel. A sender that cannot edit leaves it
// zero.
type Ref struct{ Channel, Timestamp string }

var (
	// ErrUnsure means that the channel may have taken the message and did not
	// say so.
	ErrUnsure = errors.New("notify: the channel did not say whether it took the message")
	// ErrNoMessage means that the message to edit is not there any more.
	ErrNoMessage = errors.New("notify: the message is not there any more")
	// ErrRefused means that somebody has to act before the channel takes
	// messages: the token is revoked, the channel archived.
	ErrRefused = errors.New("notify: the channel refuses the message")
	// ErrBusy means that another run is showing the alert.
	ErrBusy = errors.New("notify: another run is showing the alert")
)

// WaitError means that the channel takes no message before the time is over.
type WaitError struct{ After time.Duration }

// Error says how long to wait.
func (e *WaitError) Error() string {
	return fmt.Sprintf("notify: the channel takes no message for %s", e.After)
}

// Service is the use case. Its fields are set before the first call; its
// methods are safe for concurrent use.
type Service struct {
	Alerts Alerts
	Sender Sender
	// Channel is for alerts whose owner has none.
	Channel string
	// Now is the time that messages are told at, in Zone.
	Now  func() time.Time
	Zone *time.Location
	// Clock is the time that leases are counted in. Nil is Now; where Now runs
	// faster than the world, it must be set.
	Clock func() time.Time
	// Lease is how long one run may act on an alert alone. It is at least as
	// long as an invocation may last.
	Lease time.Duration
	Log   *slog.Logger
}

// maxRounds bounds how often one hint follows an alert that keeps changing.
const maxRounds = 8

// Handle makes people see the alert as it is. It returns nil when they do, and
// it may be repeated at any time: whatever was interrupted is finished, and
// what is seen already is not shown again, as far as the channel lets one know.
func (s *Service) Handle(ctx context.Context, alertID string) error {
	for range maxRounds {
		a, err := s.Alerts.GetAlert(ctx, alertID)
		if err != nil {
			return fmt.Errorf("read alert %s: %w", alertID, err)
		}
		if a.Shown >= a.Seq || !s.Sender.Edits() && !worthAMessage(a) {
			return nil
		}
		if err := s.show(ctx, a); err != nil && !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("show alert %s: %w", alertID, err)
		}
	}
	return fmt.Errorf("show alert %s: %w: it keeps changing", alertID, ErrBusy)
}

// show brings one state of the alert before people's eyes: claim it, act, note
// what was done. A run that ends anywhere between leaves the claim, and so the
// next one knows that it has to look first.
func (s *Service) show(ctx context.Context, a alert.Alert) error {
	a, inDoubt, err := s.claim(ctx, a)
	if err != nil {
		return err
	}
	ref, err := s.act(ctx, a, inDoubt)
	if err != nil {
		s.release(ctx, a, inDoubt || errors.Is(err, ErrUnsure))
		return err
	}
	return s.note(ctx, a, ref, a.Seq)
}

// claim takes the lease. It reports whether an earlier run may have shown
// something that it did not note.
func (s *Service) claim(ctx context.Context, a alert.Alert) (alert.Alert, bool, error) {
	now := s.clock()
	if a.Lease.After(now) {
		return a, false, ErrBusy
	}
	inDoubt := !a.Lease.IsZero()
	a.Lease = now.Add(s.Lease)
	if err := s.Alerts.PutAlert(ctx, a); err != nil {
		return a, false, fmt.Errorf("claim: %w", err)
	}
	a.Rev++
	return a, inDoubt, nil
}

func (s *Service) act(ctx context.Context, a alert.Alert, inDoubt bool) (Ref, error) {
	m := alert.Compose(a, s.Now().In(s.Zone))
	channel := a.Owner.Slack
	if channel == "" {
		channel = s.Channel
	}
	if !s.Sender.Edits() {
		return s.Sender.Post(ctx, channel, m, a.Seq)
	}
	ref := Ref{a.Channel, a.Timestamp}
	if ref.Timestamp == "" && inDoubt {
		found, ok, err := s.Sender.Find(ctx, channel, a.ID)
		if err != nil {
			return Ref{}, fmt.Errorf("look for an earlier message: %w", err)
		}
		if ok {
			ref = found
		}
	}
	if ref.Timestamp != "" {
		// A message that somebody removed is posted again: the alert is not over.
		if err := s.Sender.Edit(ctx, ref, m, a.Seq); !errors.Is(err, ErrNoMessage) {
			return ref, err
		}
	}
	return s.Sender.Post(ctx, channel, m, a.Seq)
}

// note writes what people see now.
func (s *Service) note(ctx context.Context, a alert.Alert, ref Ref, seq int64) error {
	err := s.amend(ctx, a, func(a *alert.Alert) {
		a.Shown = max(a.Shown, seq)
		a.Channel, a.Timestamp, a.Lease = ref.Channel, ref.Timestamp, time.Time{}
	})
	if err != nil {
		return fmt.Errorf("note what is seen: %w", err)
	}
	return nil
}

// release gives the lease back after a failure, so that the next attempt need
// not wait for its end. In doubt it leaves a lease that has passed. When the
// write fails, the lease ends by itself, in doubt.
func (s *Service) release(ctx context.Context, a alert.Alert, inDoubt bool) {
	lease := time.Time{}
	if inDoubt {
		lease = s.clock()
	}
	if err := s.amend(ctx, a, func(a *alert.Alert) { a.Lease = lease }); err != nil {
		s.Log.WarnContext(ctx, "lease not given back", "alert", a.ID, "error", err)
	}
}

// finishTime is what there is for writing down what was done, also when the
// invocation's own time is over.
const finishTime = 2 * time.Second

// amend changes the stored alert whatever else changed in it meanwhile. That
// change is kept, and the next round shows it.
func (s *Service) amend(ctx context.Context, a alert.Alert, change func(*alert.Alert)) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	for range maxRounds {
		change(&a)
		err := s.Alerts.PutAlert(ctx, a)
		if !errors.Is(err, store.ErrLost) {
			return err
		}
		if a, err = s.Alerts.GetAlert(ctx, a.ID); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: it keeps changing", ErrBusy)
}

func (s *Service) clock() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return s.Now()
}
