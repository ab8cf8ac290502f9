package alerts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/notify/slack"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/respond/webapi"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
)

const (
	dana   = "U024BE7LH"
	secret = "published test secret"
)

var (
	nine     = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	errFault = errors.New("no answer")
)

// world is everything that an alert passes on its way to people and back, each
// call of which can fail: the store, the topic, the queues, Slack.
type world struct {
	*memory.Findings
	t     *testing.T
	now   time.Time
	slack *workspace.Workspace
	mails []topic.Message

	notices, decisions, dead *memqueue.Queue
	drift                    *drift.Service
	notify                   *notify.Service
	respond                  *respond.Service

	mu    sync.Mutex
	calls int
	// fault decides about each call, by its number and name.
	fault func(call int, name string) (before, after error)
	// pending is what Slack does after the effect of the call at hand.
	pending error
}

func newWorld(t *testing.T) *world {
	w := &world{Findings: &memory.Findings{}, t: t, now: nine, slack: workspace.New(t)}
	clock := func() time.Time { return w.now }
	w.dead = memqueue.New(memqueue.Options{Now: clock})
	w.notices = memqueue.New(memqueue.Options{Now: clock, Visibility: 3 * time.Minute, MaxReceives: 5, DeadLetters: w.dead})
	w.decisions = memqueue.New(memqueue.Options{Now: clock, Visibility: time.Minute, MaxReceives: 5, DeadLetters: w.dead})
	w.slack.Before, w.slack.After = w.beforeSlack, w.afterSlack
	log := slog.New(slog.DiscardHandler)
	reg := &registry.Registry{Integrations: []registry.Integration{{
		Name: "stock-to-storefront", Owner: registry.Owner{Team: "inventory-ops", Slack: "#inventory-ops"},
	}}}
	w.drift = &drift.Service{Records: &memory.Records{}, Findings: faulty{w}, Marks: w.Findings, Looks: w.notices, Topic: alertsTopic{w}, Registry: reg, Now: clock, Log: log}
	w.notify = &notify.Service{
		Alerts: faulty{w}, Sender: slack.New(workspace.Token, w.slack.API(), http.DefaultTransport, clock).WithButtons(), Mail: mailTopic{w},
		Now: clock, Zone: time.UTC, Lease: 30 * time.Second, Tries: 5, Log: log,
		Sleep: func(_ context.Context, d time.Duration) error { w.now = w.now.Add(d); return nil },
	}
	w.respond = &respond.Service{
		Store: faulty{w}, Queue: decisionsQueue{w}, Topic: alertsTopic{w}, Slack: webapi.New(workspace.Token, w.slack.API(), http.DefaultTransport),
		People: reg, Secret: func(context.Context) (string, error) { return secret, nil }, Now: clock, Zone: time.UTC, Log: log,
	}
	return w
}

// call counts a call and lets it fail.
func (w *world) call(name string, effect func() error) error {
	before, after := w.next(name)
	if before != nil {
		return before
	}
	if err := effect(); err != nil {
		return err
	}
	return after
}

func (w *world) next(name string) (before, after error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if w.fault == nil {
		return nil, nil
	}
	return w.fault(w.calls, name)
}

// faulty is the store over a network.
type faulty struct{ *world }

func (f faulty) GetFinding(ctx context.Context, id string) (out finding.Finding, err error) {
	err = f.call("get finding", func() (err error) { out, err = f.Findings.GetFinding(ctx, id); return err })
	return out, err
}

func (f faulty) PutFinding(ctx context.Context, one finding.Finding) error {
	return f.call("put finding", func() error { return f.Findings.PutFinding(ctx, one) })
}

func (f faulty) GetAlert(ctx context.Context, id string) (out alert.Alert, err error) {
	err = f.call("get alert", func() (err error) { out, err = f.Findings.GetAlert(ctx, id); return err })
	return out, err
}

func (f faulty) PutAlert(ctx context.Context, a alert.Alert) error {
	return f.call("put alert", func() error { return f.Findings.PutAlert(ctx, a) })
}

func (f faulty) Outbox(ctx context.Context, until time.Time) (out []alert.Alert, err error) {
	if out, err = f.Findings.Outbox(ctx, until); len(out) == 0 {
		return out, err // nothing happens by it
	}
	return out, f.call("outbox", func() error { return nil })
}

// alertsTopic is SNS with the queue of notify behind it.
type alertsTopic struct{ *world }

func (a alertsTopic) Publish(ctx context.Context, m topic.Message) error {
	return a.call("publish", func() error { return a.notices.Send(ctx, m.Body) })
}

// mailTopic is SNS with people behind it.
type mailTopic struct{ *world }

func (m mailTopic) Publish(_ context.Context, mail topic.Message) error {
	return m.call("mail", func() error { m.mails = append(m.mails, mail); return nil })
}

type decisionsQueue struct{ *world }

func (q decisionsQueue) Send(ctx context.Context, bodies ...string) error {
	return q.call("send decision", func() error { return q.decisions.Send(ctx, bodies...) })
}

// refusal is a fault that Slack itself answers with.
type refusal string

func (r refusal) Error() string { return string(r) }

func answer(err error) *workspace.Answer {
	var code refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &code) && code == "429":
		return &workspace.Answer{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "2"}}
	case errors.As(err, &code):
		return workspace.Problem(string(code))
	default:
		return &workspace.Answer{Status: http.StatusBadGateway}
	}
}

func (w *world) beforeSlack(method string, _ int) *workspace.Answer {
	before, after := w.next(method)
	w.pending = after
	return answer(before)
}

func (w *world) afterSlack(string, int) *workspace.Answer { return answer(w.pending) }

// pass lets time go by, until a minute of the life: drift ticks, and both queues
// are read as the Lambda service does.
func (w *world) pass(until int) {
	for w.now.Before(nine.Add(time.Duration(until) * time.Minute)) {
		w.now = w.now.Add(time.Minute).Truncate(time.Minute)
		_ = w.drift.Tick(w.t.Context()) // the next minute tries again
		w.consume(w.decisions, func(messages []queue.Message) []string {
			var asked []respond.Message
			for _, m := range messages {
				asked = append(asked, respond.Message{ID: m.ID, Body: m.Body})
			}
			return w.respond.Apply(w.t.Context(), asked)
		})
		w.consume(w.notices, w.show)
	}
}

func (w *world) show(messages []queue.Message) (failed []string) {
	var event events.SQSEvent
	for _, m := range messages {
		event.Records = append(event.Records, events.SQSMessage{
			MessageId: m.ID, Body: m.Body, Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(m.Receives)},
		})
	}
	response, err := w.notify.HandleBatch(w.t.Context(), event)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range response.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

// consume receives what is there, and deletes what was done. Either may fail.
func (w *world) consume(q *memqueue.Queue, handle func([]queue.Message) []string) {
	for {
		if visible, _, _, _ := q.Depth(w.t.Context()); visible == 0 {
			return // nothing happens by it
		}
		var messages []queue.Message
		err := w.call("receive", func() (err error) { messages, err = q.Receive(w.t.Context(), 10, 0); return err })
		if err != nil || len(messages) == 0 {
			return
		}
		failed := handle(messages)
		done := slices.DeleteFunc(messages, func(m queue.Message) bool { return slices.Contains(failed, m.ID) })
		_ = w.call("delete", func() error { return q.Delete(w.t.Context(), done...) }) // it comes again
	}
}

// change is what drift's judgement does, which has its own tests: it writes the
// finding, then lets its alert tell it.
func (w *world) change(id, sku string, e finding.Evidence) { w.changeIn("a1", id, sku, e) }

// changeIn is change for a finding of an alert.
func (w *world) changeIn(alertID, id, sku string, e finding.Evidence) {
	ctx := w.t.Context()
	f, err := w.GetFinding(ctx, id)
	if err != nil {
		f = finding.Finding{
			ID: id, Integration: "stock-to-storefront", Rule: "stock", Kind: commerce.Inventory, Key: commerce.Key{sku, "east"},
			Severity: "critical", Owner: "inventory-ops", From: "erp", To: "shop", Alert: alertID,
		}
	}
	f, _ = finding.Advance(f, e, w.now)
	w.must(w.PutFinding(ctx, f))
	f.Rev++
	for {
		a, err := w.GetAlert(ctx, alertID)
		if err != nil {
			a = alert.Alert{
				ID: alertID, Integration: f.Integration, Rule: f.Rule, Class: f.Class, Severity: f.Severity, From: f.From, To: f.To, Kind: f.Kind,
				Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops", Person: dana}, FirstCheck: "the job queue",
			}
		}
		next, changed := alert.Update(a, alert.MemberOf(f, nil))
		if !changed || w.PutAlert(ctx, next) == nil {
			return
		}
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func differs(actual int) finding.Evidence {
	delta := commerce.Int(int64(actual - 9))
	return finding.Evidence{
		Standing: finding.Differs, Class: finding.Late, Since: nine.Add(-20 * time.Minute), Cause: finding.Cause{System: "erp"},
		Differences: []finding.Difference{{Facet: "available", Expected: "9", Actual: fmt.Sprint(actual), Delta: &delta}},
	}
}

type object = map[string]any

// ask sends a request as Slack does. Who is told that it was not taken tries
// again a minute later.
func (w *world) ask(payload object) {
	w.t.Helper()
	encoded, err := json.Marshal(payload)
	w.must(err)
	body := []byte(url.Values{"payload": {string(encoded)}}.Encode())
	for range 120 {
		got := w.respond.Answer(w.t.Context(), respond.Request{Header: signature.SignSlack(w.now, body, signature.Key(secret)), Body: body})
		if got.Status == http.StatusOK && !strings.Contains(string(got.Body), "could not take this") {
			return
		}
		w.pass(int(w.now.Sub(nine)/time.Minute) + 1)
	}
	w.t.Fatalf("nobody takes %v", payload["type"])
}

func (w *world) press(action string) {
	w.ask(object{
		"type": "block_actions", "trigger_id": "t1", "user": object{"id": dana}, "channel": object{"id": workspace.InventoryOps},
		"actions": []object{{"action_id": action, "block_id": "a1", "action_ts": action}},
	})
}

func (w *world) waive(low, high string) {
	field := func(name, kind, value string) object { return object{name: object{kind: value}} }
	w.press("waive")
	w.ask(object{
		"type": "view_submission", "user": object{"id": dana},
		"view": object{"id": "V1", "private_metadata": `{"alert":"a1"}`, "state": object{"values": object{
			"low": field("low", "value", low), "high": field("high", "value", high),
			"until": field("until", "selected_date", "2026-03-10"), "reason": field("reason", "value", "counted tonight"),
		}}},
	})
}

// seen is what people see: each message of the channel with its thread.
func (w *world) seen() []string {
	var all []string
	for _, m := range w.slack.Messages("inventory-ops") {
		lines := []string{m.Text + " " + buttonsOf(m.Blocks)}
		for _, r := range w.slack.Thread("inventory-ops", m.Timestamp) {
			lines = append(lines, "  "+r.Text)
		}
		all = append(all, strings.Join(lines, "\n"))
	}
	return all
}

func buttonsOf(blocks string) string {
	var offered []string
	for _, action := range []string{"acknowledge", "assign", "waive", "reopen"} {
		if strings.Contains(blocks, `"action_id":"`+action+`"`) {
			offered = append(offered, action)
		}
	}
	return fmt.Sprint(offered)
}

// left counts what still waits somewhere.
func (w *world) left() string {
	depth := func(q *memqueue.Queue) int {
		visible, inFlight, delayed, _ := q.Depth(w.t.Context())
		return visible + inFlight + delayed
	}
	a, err := w.GetAlert(w.t.Context(), "a1")
	w.must(err)
	return fmt.Sprintf("notices %d, decisions %d, dead %d, shown %d, told %d, published %d behind",
		depth(w.notices), depth(w.decisions), depth(w.dead), a.Seq-a.Shown, a.Seq-a.Told, a.Seq-a.Published)
}
