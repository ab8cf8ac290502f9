package respond_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/signature"
)

func TestOnlyWhatSlackSignedHasAnEffect(t *testing.T) {
	body := []byte(url.Values{"payload": {`{"type":"block_actions","user":{"id":"U024BE7LH"},"actions":[{"action_id":"acknowledge","block_id":"a1","action_ts":"1"}]}`}}.Encode())
	good := signature.SignSlack(nine, body, signature.Key(key))
	for name, c := range map[string]struct {
		header http.Header
		body   []byte
		status int
	}{
		"as signed":      {good, body, 200},
		"another key":    {signature.SignSlack(nine, body, signature.Key("other")), body, 401},
		"another body":   {good, append(append([]byte{}, body...), '&'), 401},
		"an old one":     {signature.SignSlack(nine.Add(-6*time.Minute), body, signature.Key(key)), body, 401},
		"none":           {http.Header{}, body, 401},
		"no payload":     {signature.SignSlack(nine, []byte("x=1"), signature.Key(key)), []byte("x=1"), 400},
		"no form":        {signature.SignSlack(nine, []byte("%zz"), signature.Key(key)), []byte("%zz"), 400},
		"an empty press": {signature.SignSlack(nine, []byte(`payload={"type":"block_actions","user":{"id":"U1"}}`), signature.Key(key)), []byte(`payload={"type":"block_actions","user":{"id":"U1"}}`), 400},
		"another sort":   {signature.SignSlack(nine, []byte(`payload={"type":"view_closed","user":{"id":"U1"}}`), signature.Key(key)), []byte(`payload={"type":"view_closed","user":{"id":"U1"}}`), 200},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			got := w.service().Answer(t.Context(), respond.Request{Header: c.header, Body: c.body})
			if got.Status != c.status || len(got.Body) > 0 {
				t.Errorf("status %d with %s, want %d and nothing else", got.Status, got.Body, c.status)
			}
			if effect := len(w.sent) > 0; effect != (name == "as signed") || c.status == 401 && len(w.calls) > 0 {
				t.Errorf("queued %v after calls %v", w.sent, w.calls)
			}
		})
	}
}

func TestWithoutItsSecretNothingIsJudged(t *testing.T) {
	w := newWorld(t, 1)
	w.secret = errIO
	if got := w.ask(t, press("acknowledge", dana)); got.Status != 503 || len(w.calls) > 0 {
		t.Errorf("status %d after calls %v", got.Status, w.calls)
	}
}

func TestAButtonQueuesADecision(t *testing.T) {
	for action, to := range map[finding.Action]string{finding.Acknowledge: lee, finding.Assign: lee} {
		w := newWorld(t, 3)
		if got := w.ask(t, press(string(action), dana)); got.Status != 200 {
			t.Fatalf("status %d", got.Status)
		}
		if got := w.ask(t, press(string(action), dana)); got.Status != 200 {
			t.Fatalf("status %d", got.Status)
		}
		if len(w.sent) != 2 || w.sent[0] != w.sent[1] {
			t.Fatalf("queued %q: the same press is not the same decision", w.sent)
		}
		d, err := queue.DecodeDecision(w.sent[0])
		must(t, err)
		if d.Alert != "a1" || d.Action != action || d.By != dana || d.To != to || !d.At.Equal(nine) {
			t.Errorf("queued %+v", d)
		}
	}
}

func TestAnotherPressIsAnotherDecision(t *testing.T) {
	w := newWorld(t, 1)
	other := press("acknowledge", dana)
	other["actions"].([]object)[0]["action_ts"] = "1772548501.1"
	for _, p := range []object{press("acknowledge", dana), other, press("acknowledge", lee)} {
		w.ask(t, p)
	}
	ids := map[string]bool{}
	for _, body := range w.sent {
		d, err := queue.DecodeDecision(body)
		must(t, err)
		ids[d.ID] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d decisions, want 3", len(ids))
	}
}

func TestWhoMayNotDecideIsToldWhoMay(t *testing.T) {
	w := newWorld(t, 1)
	w.strange[dana] = true
	for _, action := range []string{"acknowledge", "assign", "waive"} {
		if got := w.ask(t, press(action, dana)); got.Status != 200 {
			t.Errorf("%s: status %d", action, got.Status)
		}
	}
	if len(w.sent)+len(w.dialogs) > 0 || len(w.whispers) != 3 || !strings.HasPrefix(w.whispers[0], "C00000002 "+dana+" This alert is for the team inventory-ops") {
		t.Errorf("queued %v, dialogs %v, told %q", w.sent, w.dialogs, w.whispers)
	}
	got := w.ask(t, submission("", "", "2026-03-10", "x"))
	if len(w.sent) > 0 || !strings.Contains(string(got.Body), "inventory-ops") {
		t.Errorf("the dialog was taken: %s", got.Body)
	}
}

func TestThereMustBeSomethingToDecide(t *testing.T) {
	w := newWorld(t, 0)
	for _, action := range []string{"acknowledge", "waive", "reopen"} {
		w.ask(t, press(action, dana))
	}
	unknown := press("acknowledge", dana)
	unknown["actions"].([]object)[0]["block_id"] = "gone"
	w.ask(t, unknown)
	if len(w.sent)+len(w.dialogs) > 0 || len(w.whispers) != 4 || !strings.Contains(w.whispers[3], "does not know") {
		t.Errorf("queued %v, dialogs %v, told %q", w.sent, w.dialogs, w.whispers)
	}
	w = newWorld(t, 1)
	nobody := press("assign", dana)
	nobody["actions"].([]object)[0]["selected_user"] = ""
	if got := w.ask(t, nobody); got.Status != 200 || len(w.calls) > 0 {
		t.Errorf("assigned to nobody: status %d after calls %v", got.Status, w.calls)
	}
	if got := w.ask(t, press("explode", dana)); got.Status != 200 || len(w.sent) > 0 {
		t.Errorf("an unknown action: status %d, queued %v", got.Status, w.sent)
	}
	w.queued(t, decision(finding.Acknowledge))
	w.deliver(t)
	if got := w.ask(t, press("acknowledge", dana)); got.Status != 200 || len(w.sent) > 0 || !strings.Contains(w.whispers[len(w.whispers)-1], "so already") {
		t.Errorf("acknowledged a second time: status %d, queued %v", got.Status, w.sent)
	}
}

func TestWaivingOpensADialogWithTodaysValues(t *testing.T) {
	w := newWorld(t, 4)
	if got := w.ask(t, press("waive", dana)); got.Status != 200 || len(w.sent) > 0 {
		t.Fatalf("status %d, queued %v", got.Status, w.sent)
	}
	want := []respond.Dialog{{
		Metadata: `{"alert":"a1"}`, Headline: "🔴 4 SKUs at east: shop shows 18, erp expects 4 — 60 min",
		Numbers: true, Facet: "available", Low: "2", High: "5", Until: "2026-03-10", MaxReason: 250,
	}}
	if diff := cmp.Diff(want, w.dialogs); diff != "" {
		t.Error(diff)
	}
}

func TestADialogIsTakenOrSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name                     string
		low, high, until, reason string
		wrong                    []string
	}{
		{"as suggested", "2", "5", "2026-03-10", "counted tonight", nil},
		{"no limits", "", "", "2026-03-03", "x", nil},
		{"as people write", " −2.5 ", "+3.0", "2027-03-03", "x", nil},
		{"nothing", "", "", "", "", []string{"reason", "until"}},
		{"no numbers", "five", "1,5", "2026-03-10", "x", []string{"high", "low"}},
		{"upside down", "5", "2", "2026-03-10", "x", []string{"high"}},
		{"yesterday", "", "", "2026-03-02", "x", []string{"until"}},
		{"more than a year", "", "", "2027-03-05", "x", []string{"until"}},
		{"a blank reason", "", "", "2026-03-10", " \n ", []string{"reason"}},
		{"a long reason", "", "", "2026-03-10", strings.Repeat("ü", 501), []string{"reason"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, 4)
			got := w.ask(t, submission(c.low, c.high, c.until, c.reason))
			if c.wrong == nil {
				if got.Status != 200 || len(got.Body) > 0 || len(w.sent) != 1 {
					t.Fatalf("status %d with %s, queued %v", got.Status, got.Body, w.sent)
				}
				d, err := queue.DecodeDecision(w.sent[0])
				must(t, err)
				if d.By != dana || d.Reason != strings.TrimSpace(c.reason) || d.Until.In(zone).Format("15:04") != "00:00" || finding.LastDay(d.Until).In(zone).Format(time.DateOnly) != c.until {
					t.Errorf("queued %+v", d)
				}
				return
			}
			var answer struct {
				Action string            `json:"response_action"`
				Errors map[string]string `json:"errors"`
			}
			must(t, json.Unmarshal(got.Body, &answer))
			var wrong []string
			for _, field := range []string{"high", "low", "reason", "until"} {
				if answer.Errors[field] != "" {
					wrong = append(wrong, field)
				}
			}
			if diff := cmp.Diff(c.wrong, wrong); got.Status != 200 || answer.Action != "errors" || diff != "" || len(answer.Errors) != len(wrong) || len(w.calls) > 0 {
				t.Errorf("status %d with %s after calls %v", got.Status, got.Body, w.calls)
			}
		})
	}
	w := newWorld(t, 1)
	foreign := submission("", "", "2026-03-10", "x")
	foreign["view"].(object)["private_metadata"] = "else"
	if got := w.ask(t, foreign); len(w.sent) > 0 || !strings.Contains(string(got.Body), "not one of Plumbline's") {
		t.Errorf("another app's dialog: %s", got.Body)
	}
}

func TestWhatCannotBeTakenIsSaidAndNotHalfDone(t *testing.T) {
	for name, c := range map[string]struct {
		payload object
		broken  string
	}{
		"the queue, a button":  {press("acknowledge", dana), "send"},
		"the store, a button":  {press("acknowledge", dana), "get alert"},
		"Slack, the dialog":    {press("waive", dana), "open t1"},
		"the queue, a dialog":  {submission("", "", "2026-03-10", "x"), "send"},
		"the store, a dialog":  {submission("", "", "2026-03-10", "x"), "get alert"},
		"Slack, nobody to ask": {press("acknowledge", dana), "send whisper"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			w.fault = func(_ int, name string) (before, after error) {
				if strings.Contains(c.broken, name) {
					return errIO, nil
				}
				return nil, nil
			}
			got := w.ask(t, c.payload)
			if len(w.sent) > 0 || states(w.findings(t)) != "open" {
				t.Errorf("queued %v", w.sent)
			}
			if c.payload["type"] == "view_submission" {
				if got.Status != 200 || !strings.Contains(string(got.Body), "could not take this") {
					t.Errorf("status %d with %s, want it said in the dialog", got.Status, got.Body)
				}
				return
			}
			if got.Status != 500 || !strings.Contains(c.broken, "whisper") && len(w.whispers) != 1 {
				t.Errorf("status %d, told %q", got.Status, w.whispers)
			}
		})
	}
}

func FuzzAPayloadNeverBreaksTheFunction(f *testing.F) {
	for _, seed := range []string{"", "{}", "null", `{"type":"block_actions","user":{"id":"U1"},"actions":[{}]}`, `{"type":"view_submission","user":{"id":"U1"},"view":{"private_metadata":"{\"alert\":\"a1\"}"}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		w := newWorld(t, 1)
		body := []byte(url.Values{"payload": {payload}}.Encode())
		got := w.service().Answer(t.Context(), respond.Request{Header: signature.SignSlack(w.now, body, signature.Key(key)), Body: body})
		if got.Status != 200 && got.Status != 400 {
			t.Errorf("status %d for %q", got.Status, payload)
		}
	})
}
