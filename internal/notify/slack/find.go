package slack

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/plumbline/plumbline/internal/notify"
)

// How far Find looks back. An unclear post is looked for soon after it was made.
const (
	pageSize = 200
	maxPages = 10
)

var channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{7,}$`)

// Find looks through the channel's newest messages for the alert's.
func (s *Sender) Find(ctx context.Context, channel, alertID string) (notify.Ref, bool, error) {
	id, err := s.resolve(ctx, channel)
	if err != nil {
		return notify.Ref{}, false, err
	}
	params := &api.GetConversationHistoryParameters{ChannelID: id, Limit: pageSize, IncludeAllMetadata: true}
	for range maxPages {
		if err := s.wait(); err != nil {
			return notify.Ref{}, false, err
		}
		page, err := s.client.GetConversationHistoryContext(ctx, params)
		if err != nil {
			return notify.Ref{}, false, s.failed("read the channel", err)
		}
		for _, m := range page.Messages {
			if m.Metadata.EventType == EventType && m.Metadata.EventPayload["alert"] == alertID {
				return notify.Ref{Channel: id, Timestamp: m.Timestamp}, true, nil
			}
		}
		if params.Cursor = page.ResponseMetaData.NextCursor; params.Cursor == "" {
			break
		}
	}
	return notify.Ref{}, false, nil
}

// resolve finds the id of a named channel: posting takes a name, reading does
// not.
func (s *Sender) resolve(ctx context.Context, channel string) (string, error) {
	if channelID.MatchString(channel) {
		return channel, nil
	}
	name := strings.TrimPrefix(channel, "#")
	s.mu.Lock()
	id := s.channels[name]
	s.mu.Unlock()
	if id != "" {
		return id, nil
	}
	params := &api.GetConversationsParameters{Limit: pageSize, ExcludeArchived: true, Types: []string{"public_channel", "private_channel"}}
	for {
		if err := s.wait(); err != nil {
			return "", err
		}
		page, next, err := s.client.GetConversationsContext(ctx, params)
		if err != nil {
			return "", s.failed("list the channels", err)
		}
		for _, c := range page {
			if c.Name == name {
				s.mu.Lock()
				s.channels[name] = c.ID
				s.mu.Unlock()
				return c.ID, nil
			}
		}
		if params.Cursor = next; next == "" {
			return "", fmt.Errorf("slack: list the channels: %w: channel_not_found", notify.ErrRefused)
		}
	}
}
