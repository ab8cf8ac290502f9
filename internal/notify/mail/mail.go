// Package mail shows alerts through a topic that people subscribe to with their
// e-mail addresses, for who has no Slack. A letter that was sent cannot be edited,
// so that an alert's growth and end are letters of their own.
package mail

import (
	"context"
	"errors"
	"fmt"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/topic"
)

// ErrCannotEdit is returned for what a letter has no way to do.
var ErrCannotEdit = errors.New("mail: what is sent stays")

// Sender is the notify.Sender of one topic. It is safe for concurrent use when its
// topic is.
type Sender struct{ topic topic.Publisher }

var _ notify.Sender = Sender{}

// New returns a sender through the topic. Subscribers choose by the attributes
// integration, owner, severity and class.
func New(t topic.Publisher) Sender { return Sender{t} }

// Edits reports false.
func (Sender) Edits() bool { return false }

// Post sends the alert as text, whatever the channel: the owner's team is among the
// attributes.
func (s Sender) Post(ctx context.Context, _ string, m alert.Message, _ int64) (notify.Ref, error) {
	err := s.topic.Publish(ctx, topic.Message{Subject: m.Subject, Body: alert.PlainText(m), Attributes: m.Attributes})
	if err != nil {
		return notify.Ref{}, fmt.Errorf("mail: %w", err)
	}
	return notify.Ref{}, nil
}

// Edit returns ErrCannotEdit.
func (Sender) Edit(context.Context, notify.Ref, alert.Message, int64) error { return ErrCannotEdit }

// Find returns ErrCannotEdit.
func (Sender) Find(context.Context, string, string) (notify.Ref, bool, error) {
	return notify.Ref{}, false, ErrCannotEdit
}

// Reply returns ErrCannotEdit.
func (Sender) Reply(context.Context, notify.Ref, alert.Reply) error { return ErrCannotEdit }

// Told returns ErrCannotEdit.
func (Sender) Told(context.Context, notify.Ref, string) (int64, error) { return 0, ErrCannotEdit }
