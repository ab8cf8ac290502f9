package slack_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
)

func TestACrashBetweenReplyAndNoteLeavesOneReply(t *testing.T) {
	w := workspace.New(t)
	w.Page = 2
	h := newHouse(w)
	for range 4 {
		h.grow(strings.Repeat("X", int(h.alert.Seq)) + "@east")
		h.handle(t)
	}
	h.grow("CAP-BLK@east")
	last := h.alert.Seq
	h.crash = func(a alert.Alert) bool { return a.Told == last }
	if h.Handle(t.Context(), "a1") == nil {
		t.Fatal("the crash did not happen")
	}
	h.crash = nil
	h.now = h.now.Add(time.Minute)
	h.handle(t)
	replies := w.Thread("inventory-ops", only(t, w).Timestamp)
	if len(replies) != 5 || replies[4].Text != "1 more (CAP-BLK)" {
		t.Errorf("%d replies: %+v; calls %v", len(replies), replies, w.Calls())
	}
}

func TestAReplyWithoutAnAnswerIsLookedForBeforeItIsPostedAgain(t *testing.T) {
	for name, posted := range map[string]bool{"posted": true, "not posted": false} {
		t.Run(name, func(t *testing.T) {
			w := workspace.New(t)
			silent := func(_ string, call int) *workspace.Answer {
				if call == 2 {
					return &workspace.Answer{Status: 502}
				}
				return nil
			}
			if w.Before = silent; posted {
				w.Before, w.After = nil, silent
			}
			h := newHouse(w)
			if h.Handle(t.Context(), "a1") == nil {
				t.Fatal("the fault did not happen")
			}
			h.handle(t)
			if replies := w.Thread("inventory-ops", only(t, w).Timestamp); len(replies) != 1 {
				t.Errorf("%d replies; calls %v", len(replies), w.Calls())
			}
			if !slices.Contains(w.Calls(), "conversations.replies") || slices.Contains(w.Calls(), "conversations.history") {
				t.Errorf("calls %v, want the thread searched and not the channel", w.Calls())
			}
		})
	}
}

func TestButtonsAreOfferedWhereSomebodyAnswersThem(t *testing.T) {
	w := workspace.New(t)
	sender := slack.New(workspace.Token, w.API(), http.DefaultTransport, time.Now)
	m := alert.Message{Alert: "a1", Headline: "x", Change: "1 more", Offers: []finding.Action{finding.Acknowledge, finding.Assign, finding.Waive}}
	post := func(m alert.Message) (actions []string, blocks string) {
		t.Helper()
		if _, err := sender.Post(context.Background(), "#inventory-ops", m, 1); err != nil {
			t.Fatal(err)
		}
		all := w.Messages("inventory-ops")
		blocks = all[len(all)-1].Blocks
		var parsed []struct {
			ID       string `json:"block_id"`
			Elements []struct {
				ActionID string `json:"action_id"`
			}
		}
		if err := json.Unmarshal([]byte(blocks), &parsed); err != nil {
			t.Fatal(err)
		}
		for _, b := range parsed {
			for _, e := range b.Elements {
				actions = append(actions, b.ID+" "+e.ActionID)
			}
		}
		return actions, blocks
	}
	if actions, _ := post(m); actions != nil {
		t.Errorf("offers %v although nobody answers", actions)
	}
	sender = sender.WithButtons()
	actions, blocks := post(m)
	if !slices.Equal(actions, []string{"a1 acknowledge", "a1 assign", "a1 waive"}) {
		t.Errorf("offers %v", actions)
	}
	if strings.Contains(blocks, "1 more") {
		t.Error("the message tells what the thread does")
	}
	m.Offers = nil
	if actions, _ := post(m); actions != nil {
		t.Errorf("offers %v when there is nothing to decide", actions)
	}
}

func TestTheChannelHearsThatWhatWasOverHasComeBack(t *testing.T) {
	w := workspace.New(t)
	h := newHouse(w)
	h.handle(t)
	h.grow("CAP-BLK@east")
	h.handle(t)
	h.end()
	h.handle(t)
	h.grow("MUG-WHT@east")
	h.handle(t)
	h.grow("MUG-BLU@east")
	h.handle(t)
	var aloud []string
	for _, reply := range w.Thread("inventory-ops", only(t, w).Timestamp) {
		if reply.Broadcast {
			aloud = append(aloud, reply.Text)
		}
	}
	if len(aloud) != 1 || aloud[0] != "1 more (MUG-WHT)" {
		t.Errorf("the channel hears %q, want the first finding after the end; calls %v", aloud, w.Calls())
	}
}
