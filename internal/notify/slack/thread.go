package slack

import (
	"context"
	"encoding/json"

	api "github.com/slack-go/slack"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
)

// Reply posts into the thread below the message, and shows the channel only what
// is to be heard there.
func (s *Sender) Reply(ctx context.Context, ref notify.Ref, r alert.Reply) error {
	if err := s.wait(); err != nil {
		return err
	}
	content := append(options(r.Text, sections(r.Sections), r.Alert, r.Seq), api.MsgOptionTS(ref.Timestamp))
	if r.Aloud {
		content = append(content, api.MsgOptionBroadcast())
	}
	_, timestamp, err := s.client.PostMessageContext(ctx, ref.Channel, content...)
	if err == nil && timestamp == "" {
		err = errNoAnswer
	}
	if err != nil {
		return s.failed("reply", err)
	}
	return nil
}

// Told reads the thread. It tells the oldest replies first, so all pages are
// read: an alert has few.
func (s *Sender) Told(ctx context.Context, ref notify.Ref, alertID string) (int64, error) {
	told := int64(0)
	params := &api.GetConversationRepliesParameters{ChannelID: ref.Channel, Timestamp: ref.Timestamp, Limit: pageSize, IncludeAllMetadata: true}
	for range maxPages {
		if err := s.wait(); err != nil {
			return 0, err
		}
		page, _, next, err := s.client.GetConversationRepliesContext(ctx, params)
		if err != nil {
			return 0, s.failed("read the thread", err)
		}
		for _, m := range page {
			if m.Timestamp != ref.Timestamp && m.Metadata.EventType == EventType && m.Metadata.EventPayload["alert"] == alertID {
				told = max(told, seqOf(m.Metadata))
			}
		}
		if params.Cursor = next; next == "" {
			break
		}
	}
	return told, nil
}

// seqOf reads the seq that a reply carries, 0 where it carries none.
func seqOf(m api.SlackMetadata) int64 {
	var payload struct{ Seq int64 }
	encoded, err := json.Marshal(m.EventPayload)
	if err != nil || json.Unmarshal(encoded, &payload) != nil {
		return 0
	}
	return payload.Seq
}
