package slack_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/store"
)

var start = time.Date(2026, 3, 3, 14, 35, 0, 0, time.UTC)

// house is the stored alert, a clock and the service between both and Slack.
type house struct {
	*notify.Service
	mu    sync.Mutex
	alert alert.Alert
	now   time.Time
	// crash fails the writes for which it is true.
	crash func(a alert.Alert) bool
}

func newHouse(w *workspace.Workspace) *house {
	h := &house{now: start}
	a := alert.Alert{
		ID: "a1", Integration: "stock-to-storefront", Class: finding.Late, Severity: "critical", Kind: commerce.Inventory,
		Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops"}, From: "erp", To: "shopify-us",
	}
	h.alert, _ = alert.Join(a, member("MUG-BLU@east"), start)
	clock := func() time.Time { return h.now }
	h.Service = &notify.Service{
		Alerts: h, Now: clock, Zone: time.UTC, Lease: 30 * time.Second,
		Sender: slack.New(workspace.Token, w.API(), http.DefaultTransport, clock),
		Log:    slog.New(slog.DiscardHandler),
	}
	return h
}

func member(key string) alert.Member {
	delta := commerce.Int(5)
	return alert.Member{
		Finding: "f-" + key, Key: key, State: finding.Open, Since: start.Add(-21 * time.Minute), Opened: start,
		Differences: []finding.Difference{{Facet: "available", Expected: "9", Actual: "14", Delta: &delta}},
	}
}

func (h *house) GetAlert(context.Context, string) (alert.Alert, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.alert, nil
}

func (h *house) PutAlert(_ context.Context, a alert.Alert) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.crash != nil && h.crash(a):
		return errors.New("crash")
	case a.Rev != h.alert.Rev:
		return store.ErrLost
	}
	a.Rev++
	h.alert = a
	return nil
}

func (h *house) grow(key string) {
	h.alert, _ = alert.Join(h.alert, member(key), h.now)
	h.alert.Rev++
}

func (h *house) end() {
	for _, m := range h.alert.Members {
		m.State, m.Resolved = finding.Resolved, h.now
		h.alert, _ = alert.Update(h.alert, m)
	}
	h.alert.Rev++
}

func (h *house) handle(t *testing.T) {
	t.Helper()
	if err := h.Handle(t.Context(), "a1"); err != nil {
		t.Fatal(err)
	}
}

// only demands that people see exactly one message, and returns it.
func only(t *testing.T, w *workspace.Workspace) workspace.Message {
	t.Helper()
	all := w.Messages("inventory-ops")
	if len(all) != 1 || len(w.Messages("general")) > 0 {
		t.Fatalf("people see %d messages, want one in the owner's channel; calls %v", len(all), w.Calls())
	}
	return all[0]
}

func TestOneMessageIsPostedAndThenEdited(t *testing.T) {
	w := workspace.New(t)
	h := newHouse(w)
	h.handle(t)
	m := only(t, w)
	if m.Text != "🔴 MUG-BLU at east: shopify-us shows 14, erp expects 9 — 21 min" || !strings.Contains(m.Blocks, `"verbatim":true`) {
		t.Errorf("message %q with blocks %s", m.Text, m.Blocks)
	}
	payload, _ := m.Metadata["event_payload"].(map[string]any)
	if m.Metadata["event_type"] != slack.EventType || payload["alert"] != "a1" || payload["seq"] != 1.0 {
		t.Errorf("metadata %v", m.Metadata)
	}
	h.grow("CAP-BLK@east")
	h.handle(t)
	if m := only(t, w); !strings.Contains(m.Text, "2 SKUs at east: shopify-us shows 28, erp expects 18") {
		t.Errorf("after growth %q", m.Text)
	}
	h.now = start.Add(56 * time.Minute)
	h.end()
	h.handle(t)
	if m := only(t, w); !strings.HasPrefix(m.Text, "✅ Agree again 15:31, after 77 min; worst +5") {
		t.Errorf("at the end %q", m.Text)
	}
	var thread []string
	for _, r := range w.Thread("inventory-ops", only(t, w).Timestamp) {
		thread = append(thread, r.Text)
	}
	if want := []string{"*MUG-BLU at east*", "1 more (CAP-BLK)", "Agree again 15:31, after 77 min; worst +5 — 2 SKUs at east"}; !slices.Equal(thread, want) {
		t.Errorf("the thread tells %q", thread)
	}
	if want := []string{"chat.postMessage", "chat.postMessage", "chat.update", "chat.postMessage", "chat.update", "chat.postMessage"}; !slices.Equal(w.Calls(), want) {
		t.Errorf("calls %v, want %v", w.Calls(), want)
	}
}

func TestACrashBetweenPostAndNoteLeavesOneMessage(t *testing.T) {
	w := workspace.New(t)
	w.Page = 3
	w.Say("#inventory-ops", slices.Repeat([]string{"lunch?"}, 10)...)
	h := newHouse(w)
	h.crash = func(a alert.Alert) bool { return a.Shown > 0 }
	if h.Handle(t.Context(), "a1") == nil {
		t.Fatal("the crash did not happen")
	}
	w.Say("#inventory-ops", slices.Repeat([]string{"dinner?"}, 4)...)
	h.crash = nil
	h.now = h.now.Add(time.Minute)
	h.grow("CAP-BLK@east")
	h.handle(t)
	all := slices.DeleteFunc(slices.Clone(w.Messages("inventory-ops")), func(m workspace.Message) bool { return strings.HasSuffix(m.Text, "?") })
	if len(all) != 1 || !strings.Contains(all[0].Text, "2 SKUs") {
		t.Errorf("people see %d messages about the alert: %+v; calls %v", len(all), all, w.Calls())
	}
}

func TestAnUnclearAnswerIsClearedUpBeforePostingAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answer workspace.Answer
		posted bool
	}{
		"time-out, posted":     {workspace.Answer{Hang: true}, true},
		"time-out, not posted": {workspace.Answer{Hang: true}, false},
		"5xx, posted":          {workspace.Answer{Status: 502, Body: "<html>"}, true},
		"5xx, not posted":      {workspace.Answer{Status: 500}, false},
		"fatal_error, posted":  {workspace.Answer{Status: 200, Body: `{"ok":false,"error":"fatal_error"}`}, true},
		"no JSON, posted":      {workspace.Answer{Status: 200, Body: "<html>"}, true},
		"empty, posted":        {workspace.Answer{Status: 200, Body: "{}"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := workspace.New(t)
			first := func(_ string, call int) *workspace.Answer {
				if call == 1 {
					return &c.answer
				}
				return nil
			}
			if w.Before = first; c.posted {
				w.Before, w.After = nil, first
			}
			h := newHouse(w)
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			err := h.Handle(ctx, "a1")
			if !errors.Is(err, notify.ErrUnsure) {
				t.Fatalf("error %v, want unsure", err)
			}
			h.handle(t)
			only(t, w)
			if !slices.Contains(w.Calls(), "conversations.history") {
				t.Errorf("the channel was not searched: %v", w.Calls())
			}
		})
	}
}

func TestARateLimitIsWaitedFor(t *testing.T) {
	w := workspace.New(t)
	w.Before = func(_ string, call int) *workspace.Answer {
		if call == 1 {
			return &workspace.Answer{Status: 429, Header: map[string]string{"Retry-After": "30"}}
		}
		return nil
	}
	h := newHouse(w)
	var wait *notify.WaitError
	for range 3 {
		if err := h.Handle(t.Context(), "a1"); !errors.As(err, &wait) || wait.After != 30*time.Second {
			t.Fatalf("error %v, want to wait 30 s", err)
		}
	}
	if len(w.Calls()) != 1 {
		t.Errorf("%d calls while Slack takes none", len(w.Calls()))
	}
	h.now = h.now.Add(30 * time.Second)
	h.handle(t)
	only(t, w)
	if slices.Contains(w.Calls(), "conversations.history") {
		t.Error("searched although nothing was posted")
	}
}

func TestWhatNeedsSomebodyToActIsKeptForThen(t *testing.T) {
	for _, code := range []string{"token_revoked", "account_inactive", "is_archived", "channel_not_found", "not_in_channel", "missing_scope"} {
		t.Run(code, func(t *testing.T) {
			w := workspace.New(t)
			w.Before = func(string, int) *workspace.Answer {
				return &workspace.Answer{Status: 200, Body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)}
			}
			h := newHouse(w)
			err := h.Handle(t.Context(), "a1")
			if !errors.Is(err, notify.ErrRefused) || !strings.Contains(err.Error(), code) {
				t.Fatalf("error %v", err)
			}
			w.Before = nil
			h.handle(t)
			only(t, w)
		})
	}
}

func TestAMessageThatIsGoneIsPostedAgain(t *testing.T) {
	w := workspace.New(t)
	h := newHouse(w)
	h.handle(t)
	w.Clear()
	h.grow("CAP-BLK@east")
	h.handle(t)
	only(t, w)
}

func TestNoErrorTellsTheTokenOrTheAddress(t *testing.T) {
	check := func(name string, w *workspace.Workspace, err error) {
		address := strings.Trim(strings.TrimPrefix(w.API(), "http://"), "/")
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), workspace.Token) || strings.Contains(err.Error(), address) || strings.Contains(err.Error(), "xoxb") {
			t.Errorf("%s: error %q", name, err)
		}
	}
	for name, answered := range map[string]*workspace.Answer{
		"echo":   {Status: 200, Body: `{"ok":false,"error":"bad token ` + workspace.Token + `"}`},
		"status": {Status: 403, Body: workspace.Token},
		"hang":   {Hang: true},
	} {
		w := workspace.New(t)
		w.Before = func(string, int) *workspace.Answer { return answered }
		h := newHouse(w)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		check(name, w, h.Handle(ctx, "a1"))
		cancel()
	}
	w := workspace.New(t)
	h := newHouse(w)
	w.Close()
	err := h.Handle(t.Context(), "a1")
	check("closed", w, err)
	if errors.Is(err, notify.ErrUnsure) {
		t.Errorf("nothing was sent, and yet: %v", err)
	}
}

func TestTheTokenIsCarriedNowhereElse(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a redirect was followed")
	}))
	defer elsewhere.Close()
	w := workspace.New(t)
	w.Before = func(string, int) *workspace.Answer {
		return &workspace.Answer{Status: 307, Header: map[string]string{"Location": elsewhere.URL}}
	}
	if err := newHouse(w).Handle(t.Context(), "a1"); !errors.Is(err, notify.ErrRefused) {
		t.Errorf("error %v", err)
	}
}

func TestAChannelIsFoundByNameOrID(t *testing.T) {
	w := workspace.New(t)
	sender := slack.New(workspace.Token, w.API(), http.DefaultTransport, time.Now)
	m := alert.Message{Alert: "a1", Headline: "x"}
	ref, err := sender.Post(t.Context(), "#inventory-ops", m, 1)
	if err != nil {
		t.Fatal(err)
	}
	for channel, known := range map[string]bool{"#inventory-ops": true, "C00000002": true, "#general": false} {
		got, ok, err := sender.Find(t.Context(), channel, "a1")
		if err != nil || ok != known || ok && got != ref {
			t.Errorf("in %s: found %t %v, error %v", channel, ok, got, err)
		}
	}
	if _, _, err := sender.Find(t.Context(), "#nowhere", "a1"); !errors.Is(err, notify.ErrRefused) {
		t.Errorf("unknown channel: %v", err)
	}
	if _, ok, err := sender.Find(t.Context(), "#inventory-ops", "a2"); ok || err != nil {
		t.Errorf("another alert: found %t, error %v", ok, err)
	}
}
