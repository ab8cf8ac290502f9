// Package notify makes what people see match the stored alert: one message for
// one alert, edited in place where the channel can do that, with the steps of
// its life in a thread below. What the channel refuses goes out by mail, and
// the channel is tried again later.
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
	// Edits reports whether messages can be found, edited and replied to once
	// posted. Where they cannot, only Post is called.
	Edits() bool
	// Post shows a new message that carries the alert's id and seq where
	// Find can see them.
	Post(ctx context.Context, channel string, m alert.Message, seq int64) (Ref, error)
	// Edit makes an earlier message read as m. Repeating it does no harm.
	Edit(ctx context.Context, ref Ref, m alert.Message, seq int64) error
	// Find looks for the message that carries the alert's id.
	Find(ctx context.Context, channel, alertID string) (Ref, bool, error)
	// Reply adds to the thread below the message. It carries the alert's id and
	// the reply's seq where Told can see them.
	Reply(ctx context.Context, ref Ref, r alert.Reply) error
	// Told is the highest seq of the alert's replies below the message, or 0.
	Told(ctx context.Context, ref Ref, alertID string) (int64, error)
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
	// Mail takes what the channel refuses. Nil has nobody to tell.
	Mail Mail
	// Channel is for alerts whose owner has none.
	Channel string
	// Now is the time that messages are told at, in Zone.
	Now  func() time.Time
	Zone *time.Location
	// Clock is the time that leases are counted in. Nil is Now; where Now runs
	// faster than the world, it must be set.
	Clock func() time.Time
	// Sleep waits while a channel takes no messages for a moment. Nil waits by
	// the wall's clock.
	Sleep func(ctx context.Context, d time.Duration) error
	// Lease is how long one run may act on an alert alone. It is at least as
	// long as an invocation may last.
	Lease time.Duration
	// Tries is how often a hint comes before it is a dead letter. 0 is for ever.
	Tries int
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
		if !s.behind(a) {
			return nil
		}
		if err := s.show(ctx, a); err != nil && !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("show alert %s: %w", alertID, err)
		}
	}
	return fmt.Errorf("show alert %s: %w: it keeps changing", alertID, ErrBusy)
}

// behind reports whether people see less of the alert than they should. Another
// alert tells what this one gave away.
func (s *Service) behind(a alert.Alert) bool {
	if a.Into != "" {
		return false
	}
	if !s.Sender.Edits() {
		return a.Shown < a.Seq && worthAMessage(a, a.Shown)
	}
	return a.Shown < a.Seq || a.Told < a.Seq
}

// seen is what people see of an alert: where, up to which Seq the message shows
// it and the thread tells it.
type seen struct {
	ref         Ref
	shown, told int64
}

// show brings one state of the alert before people's eyes: claim it, act, note
// what was done. A run that ends anywhere between leaves the claim, and so the
// next one knows that it has to look first.
func (s *Service) show(ctx context.Context, a alert.Alert) error {
	a, inDoubt, err := s.claim(ctx, a)
	if err != nil {
		return err
	}
	see, err := s.act(ctx, a, inDoubt)
	if err != nil {
		s.giveBack(ctx, a, see, inDoubt || errors.Is(err, ErrUnsure))
		return channelError{err}
	}
	if err := s.note(ctx, a, see, time.Time{}); err != nil {
		return fmt.Errorf("note what is seen: %w", err)
	}
	return nil
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

// act makes people see the alert. What it returns is seen also when it fails.
func (s *Service) act(ctx context.Context, a alert.Alert, inDoubt bool) (seen, error) {
	see := seen{Ref{a.Channel, a.Timestamp}, a.Shown, a.Told}
	m := alert.Compose(a, s.Now().In(s.Zone))
	channel := a.Owner.Slack
	if channel == "" {
		channel = s.Channel
	}
	if !s.Sender.Edits() {
		if _, err := s.post(ctx, channel, m, a.Seq); err != nil {
			return see, err
		}
		return seen{Ref{}, a.Seq, a.Seq}, nil
	}
	var err error
	if inDoubt {
		if see, err = s.look(ctx, a.ID, channel, see); err != nil {
			return see, err
		}
	}
	if see, err = s.match(ctx, channel, m, see, a.Seq); err != nil {
		return see, err
	}
	return s.tell(ctx, a, see)
}

// look finds out what an earlier run left behind.
func (s *Service) look(ctx context.Context, alertID, channel string, see seen) (seen, error) {
	if see.ref.Timestamp == "" {
		found := false
		err := s.patiently(ctx, func() (err error) {
			see.ref, found, err = s.Sender.Find(ctx, channel, alertID)
			return err
		})
		if err != nil || !found {
			see.ref = Ref{}
			return see, wrapped("look for an earlier message", err)
		}
	}
	err := s.patiently(ctx, func() error {
		told, err := s.Sender.Told(ctx, see.ref, alertID)
		see.told = max(see.told, told)
		return err
	})
	if errors.Is(err, ErrNoMessage) {
		err = nil // the edit finds that out as well
	}
	return see, wrapped("look for earlier replies", err)
}

func wrapped(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", operation, err)
}

// match makes the message read as the alert does. A message that somebody
// removed is posted again, with a new thread: the alert is not over.
func (s *Service) match(ctx context.Context, channel string, m alert.Message, see seen, seq int64) (seen, error) {
	if see.ref.Timestamp != "" {
		err := s.patiently(ctx, func() error { return s.Sender.Edit(ctx, see.ref, m, seq) })
		switch {
		case err == nil:
			see.shown = seq
			return see, nil
		case !errors.Is(err, ErrNoMessage):
			return see, err
		}
	}
	ref, err := s.post(ctx, channel, m, seq)
	if err != nil {
		return seen{shown: see.shown}, err
	}
	return seen{ref, seq, 0}, nil
}

func (s *Service) post(ctx context.Context, channel string, m alert.Message, seq int64) (ref Ref, err error) {
	err = s.patiently(ctx, func() (err error) {
		ref, err = s.Sender.Post(ctx, channel, m, seq)
		return err
	})
	return ref, err
}

// tell adds to the thread what it does not tell yet.
func (s *Service) tell(ctx context.Context, a alert.Alert, see seen) (seen, error) {
	if see.told >= a.Seq {
		return see, nil
	}
	if reply, worth := alert.Thread(a, see.told, s.Now().In(s.Zone)); worth {
		if err := s.patiently(ctx, func() error { return s.Sender.Reply(ctx, see.ref, reply) }); err != nil {
			return see, wrapped("reply", err)
		}
	}
	see.told = a.Seq
	return see, nil
}

// note writes what people see now, and until when this run goes on alone.
func (s *Service) note(ctx context.Context, a alert.Alert, see seen, lease time.Time) error {
	return s.amend(ctx, a, func(a *alert.Alert) {
		a.Shown, a.Told = max(a.Shown, see.shown), see.told
		a.Channel, a.Timestamp, a.Lease = see.ref.Channel, see.ref.Timestamp, lease
		if !s.behind(*a) {
			a.Refused = time.Time{}
		}
	})
}

// giveBack ends the lease after a failure, so that the next attempt need not
// wait for its end. In doubt it leaves a lease that has passed. When the write
// fails, the lease ends by itself, in doubt.
func (s *Service) giveBack(ctx context.Context, a alert.Alert, see seen, inDoubt bool) {
	lease := time.Time{}
	if inDoubt {
		lease = s.clock()
	}
	if err := s.note(ctx, a, see, lease); err != nil {
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
