// Package respond takes what people decide in Slack: they acknowledge an alert,
// assign it, waive it with limits, or open it again.
//
// Slack waits three seconds for an answer, however many findings an alert has.
// So a request is verified, its sender is checked against the registry, and the
// decision is queued; that queue's messages are applied later, finding by
// finding. The package owns both ends. What a decision does to a finding is
// finding's business, what it looks like alert's, and showing it notify's.
package respond

import (
	"context"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/topic"
)

// Store is where findings and alerts are kept. Put writes if the stored value
// still has the given Rev, and is store.ErrLost otherwise.
type Store interface {
	GetFinding(ctx context.Context, id string) (finding.Finding, error)
	PutFinding(ctx context.Context, f finding.Finding) error
	GetAlert(ctx context.Context, id string) (alert.Alert, error)
	PutAlert(ctx context.Context, a alert.Alert) error
}

// Queue keeps decisions until they are applied.
type Queue interface {
	Send(ctx context.Context, bodies ...string) error
}

// Topic takes hints at changed alerts.
type Topic interface {
	Publish(ctx context.Context, m topic.Message) error
}

// Slack is what is asked of Slack while somebody waits.
type Slack interface {
	// Open shows the dialog to who pressed the button.
	Open(ctx context.Context, trigger string, d Dialog) error
	// Whisper tells one person something in a channel.
	Whisper(ctx context.Context, channel, user, text string) error
}

// People says who may decide about an integration's alerts.
type People interface {
	MayDecide(integration, slackUser string) bool
}

// Service is the use case. Its fields are set before the first call; its
// methods are safe for concurrent use.
type Service struct {
	Store Store
	Queue Queue
	Topic Topic
	// Looks makes decisions end on time. Without it they end hours later.
	Looks  Looks
	Slack  Slack
	People People
	// Secret is the one that Slack signs with.
	Secret func(ctx context.Context) (string, error)
	Now    func() time.Time
	// Zone is the one of dates in dialogs.
	Zone *time.Location
	Log  *slog.Logger
}
