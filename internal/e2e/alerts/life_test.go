// Package alerts follows one alert over its whole life, through the outbox, the
// topic, the queues, notify and respond, to a Slack workspace and back, while
// every call on the way fails once.
package alerts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/finding"
)

// steps are a life: each is followed by half an hour in which everything calms
// down.
var steps = []func(w *world){
	func(w *world) { w.change("f1", "MUG-BLU", differs(12)); w.change("f2", "CAP-BLK", differs(14)) },
	func(w *world) { w.change("f3", "TEE-RED", differs(10)) },
	func(w *world) { w.press("acknowledge") },
	func(w *world) { w.change("f2", "CAP-BLK", finding.Evidence{Standing: finding.Agrees}) },
	func(w *world) { w.waive("1", "4") },
	func(w *world) { w.change("f1", "MUG-BLU", differs(13)) }, // within the waiver
	func(w *world) { w.change("f1", "MUG-BLU", differs(40)) }, // outside it
	func(w *world) {
		w.change("f1", "MUG-BLU", finding.Evidence{Standing: finding.Agrees})
		w.change("f3", "TEE-RED", finding.Evidence{Standing: finding.Agrees})
	},
}

// waiving is the step that waits for Slack.
const waiving = 4

// calm is long enough for five receipts, and for what is put off once.
const calm = 30

func live(w *world) {
	for i, step := range steps {
		step(w)
		w.pass((i + 1) * calm)
	}
}

// wholeLife is what people see at its end.
var wholeLife = `✅ Agree again 12:30, after 3 h 50 min; worst +31 — 3 SKUs at east []
  *2 SKUs at east*
  1 more (TEE-RED)
  Acknowledged by <@U024BE7LH>
  1 agrees again
  Waived until 10 Mar by <@U024BE7LH>: counted tonight
  1 open again (MUG-BLU)
  Agree again 12:30, after 3 h 50 min; worst +31 — 3 SKUs at east`

const settled = "notices 0, decisions 0, dead 0, shown 0, told 0, published 0 behind"

func TestOneAlertIsOneMessageAndOneThread(t *testing.T) {
	w := newWorld(t)
	var buttons []string
	for i, step := range steps {
		step(w)
		w.pass((i + 1) * calm)
		first, _, _ := strings.Cut(w.seen()[0], "\n")
		buttons = append(buttons, first[strings.LastIndex(first, "["):])
	}
	if diff := cmp.Diff([]string{wholeLife}, w.seen()); diff != "" || w.left() != settled {
		t.Errorf("%s\npeople see (-want +got):\n%s", w.left(), diff)
	}
	if want := []string{
		"[acknowledge assign waive]", "[acknowledge assign waive]", "[assign waive]", "[assign waive]", "[reopen]", "[reopen]", "[acknowledge assign waive]", "[]",
	}; !slices.Equal(buttons, want) {
		t.Errorf("buttons %v, want %v", buttons, want)
	}
	if len(w.mails) > 0 || len(w.slack.Whispers()) > 0 {
		t.Errorf("%d mails, whispers %v", len(w.mails), w.slack.Whispers())
	}
	t.Logf("%d calls", w.calls)
}

// TestEveryCallMayFail fails each call of that life once: the store, SNS, SQS
// and Slack, before the effect and after it, without an answer or with one.
func TestEveryCallMayFail(t *testing.T) {
	whole := newWorld(t)
	live(whole)
	for name, fault := range map[string]error{"no answer": errFault, "a rate limit": refusal("429"), "a fault of Slack": refusal("fatal_error")} {
		for _, afterwards := range []bool{false, true} {
			if afterwards && name == "a rate limit" {
				continue // what is refused for its rate has no effect
			}
			t.Run(fmt.Sprintf("%s, after its effect: %t", name, afterwards), func(t *testing.T) {
				t.Parallel()
				for k := 1; k <= whole.calls; k++ {
					failOnce(t, k, fault, afterwards)
				}
			})
		}
	}
}

// failOnce lives with one call that fails.
func failOnce(t *testing.T, k int, fault error, afterwards bool) {
	t.Helper()
	w := newWorld(t)
	defer w.slack.Close()
	called := ""
	w.fault = func(call int, name string) (before, after error) {
		switch {
		case call != k:
			return nil, nil
		case afterwards:
			called = name
			return nil, fault
		default:
			called = name
			return fault, nil
		}
	}
	live(w)
	if diff := cmp.Diff([]string{wholeLife}, w.seen()); diff != "" || w.left() != settled {
		t.Fatalf("call %d, %s: %s\npeople see (-want +got):\n%s", k, called, w.left(), diff)
	}
}

// TestAnOutageLosesNothing lets one thing fail for an hour from each step on.
func TestAnOutageLosesNothing(t *testing.T) {
	slackCalls := []string{"chat.postMessage", "chat.update", "conversations.history", "conversations.replies", "conversations.list", "views.open", "chat.postEphemeral"}
	for _, c := range []struct {
		name   string
		calls  []string
		fault  error
		mailed bool
	}{
		{"the token is revoked", slackCalls, refusal("token_revoked"), true},
		{"the channel is archived", slackCalls[:3], refusal("is_archived"), true},
		{"a scope is missing", slackCalls[:1], refusal("missing_scope"), true},
		{"Slack is silent", slackCalls, errFault, true},
		{"Slack limits the rate", slackCalls, refusal("429"), false},
		{"SNS is down", []string{"publish", "mail"}, errFault, false},
		{"SQS is down", []string{"receive", "delete", "send decision"}, errFault, false},
		{"the store is down", []string{"get alert", "put alert", "get finding", "put finding", "outbox"}, errFault, false},
	} {
		for from := range steps {
			w := newWorld(t)
			begin := nine.Add(time.Duration(from*calm) * time.Minute)
			w.fault = func(_ int, name string) (before, after error) {
				if !w.now.Before(begin) && w.now.Before(begin.Add(time.Hour)) && slices.Contains(c.calls, name) {
					return c.fault, nil
				}
				return nil, nil
			}
			live(w)
			w.pass((len(steps) + 16) * calm)
			seen := w.seen()
			if len(seen) != 1 || w.left() != settled {
				t.Fatalf("%s from step %d: %s\npeople see\n%s", c.name, from, w.left(), strings.Join(seen, "\n"))
			}
			lines := strings.Split(seen[0], "\n")
			again := slices.Compact(slices.Sorted(slices.Values(lines)))
			if !strings.HasPrefix(lines[0], "✅ Agree again ") || "  "+strings.TrimSuffix(lines[0][len("✅ "):], " []") != lines[len(lines)-1] || len(again) != len(lines) {
				t.Errorf("%s from step %d: people see\n%s", c.name, from, seen[0])
			}
			// Nobody can waive without Slack, and then there is nothing new to mail.
			if from != waiving && c.mailed != (len(w.mails) > 0) || len(w.mails) > 6 {
				t.Errorf("%s from step %d: %d mails", c.name, from, len(w.mails))
			}
		}
	}
}
