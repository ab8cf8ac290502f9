package receive

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

// ErrNoInbox means that a message is of a queue whose system the registry does
// not have.
var ErrNoInbox = errors.New("receive: no system delivers through the queue")

// Deliver takes a message of the queue into which a system's platform delivers:
// that it is there is the proof of its sender. What returns nil is in a queue;
// after an error the message has to come again.
func (s *Service) Deliver(ctx context.Context, name string, body []byte, at time.Time) error {
	system, ok := s.Systems[name]
	if !ok || !system.Inbox {
		s.Log.ErrorContext(ctx, "message", "system", known(s.Systems, name), "outcome", "unknown system")
		return ErrNoInbox
	}
	d := s.delivery(name, system, platform.Request{Header: http.Header{}, Body: body, Received: at})
	outcome, count, err := s.Accept(ctx, d)
	if err != nil {
		s.Log.ErrorContext(ctx, "delivery not queued", "system", name, "topic", d.Topic, "error", err.Error())
		return err
	}
	s.Log.InfoContext(ctx, "message", "system", name, "topic", d.Topic, "outcome", outcome, "observations", count)
	return nil
}
