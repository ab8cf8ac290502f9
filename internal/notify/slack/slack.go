// Package slack shows alerts in Slack with a bot token: one message for each
// alert, edited in place, with a thread and buttons, all found again by their
// metadata.
//
// It needs the scopes chat:write, and for looking after an unclear answer
// channels:history and channels:read (groups:… in private channels).
package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

// EventType is the metadata type of alert messages. Their payload is alert and
// seq.
const EventType = "plumbline_alert"

// callTime bounds one call to Slack.
const callTime = 10 * time.Second

// Sender is the notify.Sender of one workspace. It is safe for concurrent use.
type Sender struct {
	client  *api.Client
	now     func() time.Time
	buttons bool

	mu sync.Mutex
	// until is when Slack takes calls again.
	until time.Time
	// channels are the ids of channels that were named.
	channels map[string]string
}

var _ notify.Sender = (*Sender)(nil)

// WithButtons lets messages offer what people can decide about an alert. What
// they press goes to the app's request address.
func (s *Sender) WithButtons() *Sender {
	s.buttons = true
	return s
}

// New returns a sender for the token. Base is the API's address ending in a
// slash, blank for Slack's own. Redirects are not followed: they would carry
// the token elsewhere.
func New(token, base string, transport http.RoundTripper, now func() time.Time) *Sender {
	client := &http.Client{
		Transport:     transport,
		Timeout:       callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	options := []api.Option{api.OptionHTTPClient(client)}
	if base != "" {
		options = append(options, api.OptionAPIURL(base))
	}
	return &Sender{client: api.New(token, options...), now: now, channels: map[string]string{}}
}

// Edits reports true.
func (s *Sender) Edits() bool { return true }

// Post sends a new message to the channel, a name with # or an id.
func (s *Sender) Post(ctx context.Context, channel string, m alert.Message, seq int64) (notify.Ref, error) {
	if err := s.wait(); err != nil {
		return notify.Ref{}, err
	}
	id, timestamp, err := s.client.PostMessageContext(ctx, channel, s.content(m, seq)...)
	if err == nil && timestamp == "" {
		err = errNoAnswer
	}
	if err != nil {
		return notify.Ref{}, s.failed("post", err)
	}
	return notify.Ref{Channel: id, Timestamp: timestamp}, nil
}

// Edit replaces the message.
func (s *Sender) Edit(ctx context.Context, ref notify.Ref, m alert.Message, seq int64) error {
	if err := s.wait(); err != nil {
		return err
	}
	if _, _, _, err := s.client.UpdateMessageContext(ctx, ref.Channel, ref.Timestamp, s.content(m, seq)...); err != nil {
		return s.failed("edit", err)
	}
	return nil
}

// content is what a message consists of. What changed is for the thread to tell.
func (s *Sender) content(m alert.Message, seq int64) []api.MsgOption {
	m.Change = ""
	blocks := sections(alert.SlackSections(m))
	if s.buttons {
		blocks = append(blocks, buttons(m)...)
	}
	return options(alert.SlackText(m), blocks, m.Alert, seq)
}

// sections are blocks of text. Verbatim keeps Slack from making links and
// mentions of what looks like one.
func sections(texts []string) []api.Block {
	var blocks []api.Block
	for _, text := range texts {
		blocks = append(blocks, api.NewSectionBlock(api.NewTextBlockObject(api.MarkdownType, text, false, true), nil, nil))
	}
	return blocks
}

func options(text string, blocks []api.Block, alertID string, seq int64) []api.MsgOption {
	return []api.MsgOption{
		api.MsgOptionText(text, false),
		api.MsgOptionBlocks(blocks...),
		api.MsgOptionMetadata(api.SlackMetadata{
			EventType:    EventType,
			EventPayload: map[string]any{"alert": alertID, "seq": seq},
		}),
		api.MsgOptionDisableLinkUnfurl(),
		api.MsgOptionDisableMediaUnfurl(),
	}
}

// wait reports how long Slack still takes no calls. Asking earlier would only
// make it longer.
func (s *Sender) wait() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if left := s.until.Sub(s.now()); left > 0 {
		return &notify.WaitError{After: left}
	}
	return nil
}

// failed tells what Slack's answer means. The error of the call itself goes no
// further than its kind, because it may name addresses.
func (s *Sender) failed(operation string, err error) error {
	err = meaning(err)
	var wait *notify.WaitError
	if errors.As(err, &wait) {
		s.mu.Lock()
		s.until = s.now().Add(wait.After)
		s.mu.Unlock()
	}
	return fmt.Errorf("slack: %s: %w", operation, err)
}
