package console

import (
	"context"
	"io"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

// Echo returns a sender that does what next does, and prints to w what people
// have been shown.
func Echo(w io.Writer, next notify.Sender) notify.Sender {
	return echo{next, New(w)}
}

type echo struct {
	notify.Sender
	console notify.Sender
}

// Post posts, then prints. What cannot be printed has still been posted.
func (e echo) Post(ctx context.Context, channel string, m alert.Message, seq int64) (notify.Ref, error) {
	ref, err := e.Sender.Post(ctx, channel, m, seq)
	if err == nil {
		_, _ = e.console.Post(ctx, channel, m, seq)
	}
	return ref, err
}

// Edit edits, then prints.
func (e echo) Edit(ctx context.Context, ref notify.Ref, m alert.Message, seq int64) error {
	err := e.Sender.Edit(ctx, ref, m, seq)
	if err == nil {
		_, _ = e.console.Post(ctx, ref.Channel, m, seq)
	}
	return err
}
