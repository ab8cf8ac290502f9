package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/signature"
)

// The registry lets the first decide, and does not know the other.
const (
	person   = "U00000001"
	stranger = "U00000002"
)

const signingKey = "a signing secret for this simulation"

// decided is a decision that somebody takes, what it is about, and when it was
// said to be done.
type decided struct {
	finding.Decision
	findings []string
	done     time.Time
}

// planDecisions has somebody look at Slack now and then and decide.
func (w *world) planDecisions() {
	at := w.start.Add(30 * time.Minute)
	for n := 0; at.Before(w.faultsEnd()); n++ {
		name := fmt.Sprintf("decision %04d", n)
		w.at(at, name, func() { w.decide(name) })
		at = at.Add(w.between(time.Second, 20*time.Minute, "pause "+name))
	}
}

// seen are the alerts whose messages people see, the newest last.
func (w *world) seen() []string {
	var ids []string
	for _, channel := range []string{"general", "inventory-ops"} {
		for _, m := range w.slack.Messages(channel) {
			id, _ := payload(m.Metadata)
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// decide presses a button of one of the messages, whatever the alert is by now,
// or decides by the command line about what is open of it.
func (w *world) decide(name string) {
	ids := slices.DeleteFunc(w.seen(), func(id string) bool { return !current(w.history.alerts[id]) })
	if len(ids) == 0 {
		return
	}
	id := ids[w.hash("alert "+name)%uint64(len(ids))]
	switch u := w.draw("how " + name); {
	case u < 0.05:
		w.count("fault: forged button")
		w.ask(name, id, "another key", pressed(name, id, person, finding.Acknowledge))
	case u < 0.1:
		w.count("fault: a stranger's button")
		w.ask(name, id, signingKey, pressed(name, id, stranger, finding.Acknowledge))
	case u < 0.4:
		w.ask(name, id, signingKey, pressed(name, id, person, finding.Acknowledge))
	case u < 0.5:
		w.ask(name, id, signingKey, pressed(name, id, person, finding.Reopen))
	case u < 0.65:
		w.ask(name, id, signingKey, submitted(name, id))
	default:
		w.command(name, id)
		if w.draw("together "+name) < 0.3 {
			w.command(name+" by another", id)
		}
	}
}

// current reports whether anything of the alert is not over.
func current(a alert.Alert) bool {
	return len(a.Concerns(finding.Waive))+len(a.Concerns(finding.Reopen)) > 0
}

// pressed is a button below an alert's message.
func pressed(name, id, user string, action finding.Action) map[string]any {
	return map[string]any{
		"type": "block_actions", "user": map[string]any{"id": user}, "channel": map[string]any{"id": "C00000002"},
		"actions": []map[string]any{{"action_id": action, "block_id": id, "action_ts": name}},
	}
}

// submitted is the dialog in which an alert is waived.
func submitted(name, id string) map[string]any {
	field := func(name, kind, value string) map[string]any {
		return map[string]any{name: map[string]any{kind: value}}
	}
	tomorrow := time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	return map[string]any{
		"type": "view_submission", "user": map[string]any{"id": person},
		"view": map[string]any{"id": name, "private_metadata": fmt.Sprintf(`{"alert":%q}`, id), "state": map[string]any{"values": map[string]any{
			respond.FieldUntil: field(respond.FieldUntil, "selected_date", tomorrow), respond.FieldReason: field(respond.FieldReason, "value", "counted again tomorrow"),
		}}},
	}
}

// ask makes a request of Slack's, signed with the key.
func (w *world) ask(name, id, key string, asked map[string]any) {
	text, _ := json.Marshal(asked) // texts always encode
	body := []byte(url.Values{"payload": {string(text)}}.Encode())
	header := signature.SignSlack(time.Now(), body, signature.Key(key))
	w.invoke(contract.Respond, contract.Timeout(contract.Respond), func(ctx context.Context, i *instance) func() {
		answer := i.respond.Answer(ctx, respond.Request{Header: header, Body: body})
		return func() {
			if key != signingKey && answer.Status != http.StatusUnauthorized {
				w.violated("I2", "a forged button below %s is answered with %d: %s", id, answer.Status, name)
			}
		}
	}, nil)
}

// command decides by the command line about what is open of an alert, until it
// says that all is done.
func (w *world) command(name, id string) {
	now := time.Now().UTC()
	d := finding.Decision{ID: name, Action: finding.Snooze, By: "dana", At: now, Until: now.Add(w.between(10*time.Minute, 2*time.Hour, "until "+name))}
	if w.draw("waived "+name) < 0.5 {
		d.Action, d.Reason = finding.Waive, "until it is counted"
	}
	w.commanded(decided{Decision: d, findings: w.history.alerts[id].Concerns(d.Action)}, 1)
}

func (w *world) commanded(d decided, try int) {
	again := func() { w.commanded(d, try+1) }
	done := false
	w.invoke(contract.Respond, contract.Timeout(contract.Respond), func(ctx context.Context, i *instance) func() {
		_, err := i.respond.Decide(ctx, d.findings, d.Decision)
		return func() { done = err == nil }
	}, func() {
		name := fmt.Sprintf("%s try %d", d.ID, try)
		if done && !w.chance(w.Plan.LostAnswer, "answer "+name) {
			w.count("decisions by the command line")
			d.done = time.Now()
			w.history.decided = append(w.history.decided, d)
			return
		}
		w.at(time.Now().Add(w.between(time.Second, 3*time.Minute, "again "+name)), "again "+name, again)
	})
}

// dialogs is an instance's way to Slack while somebody waits.
type dialogs struct{ *instance }

func (d dialogs) Open(context.Context, string, respond.Dialog) error {
	return d.call("slack", "open", func() error { return nil }, nil)
}

func (d dialogs) Whisper(context.Context, string, string, string) error {
	return d.call("slack", "whisper", func() error { return nil }, nil)
}

// noteDecision notes what a decision is about that a queue takes.
func (w *world) noteDecision(body string) {
	if d, err := queue.DecodeDecision(body); err == nil && w.history.concerned[d.ID] == nil {
		w.count("decisions in Slack")
		w.history.concerned[d.ID] = w.history.alerts[d.Alert].Concerns(d.Action)
	}
}

// queuedDecisions are those that the queue took, each once.
func (w *world) queuedDecisions() []queue.Decision {
	var all []queue.Decision
	for _, body := range slices.Sorted(maps.Keys(w.queues[contract.Decisions].bodies)) {
		d, err := queue.DecodeDecision(body)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}
