package respond_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
)

const (
	dana, lee = "U024BE7LH", "U024BE7LK"
	key       = "published test secret"
)

var (
	nine  = time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)
	zone  = time.FixedZone("EST", -5*3600)
	errIO = errors.New("no answer")
)

// world is what respond works with. Each call can be made to fail, before or
// after its effect.
type world struct {
	*memory.Findings
	mu       sync.Mutex
	now      time.Time
	sent     []string
	hints    []topic.Message
	dialogs  []respond.Dialog
	whispers []string
	strange  map[string]bool // who may not decide
	calls    []string
	fault    func(call int, name string) (before, after error)
	secret   error
}

func (w *world) call(name string, effect func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, name)
	var before, after error
	if w.fault != nil {
		before, after = w.fault(len(w.calls), name)
	}
	if before != nil {
		return before
	}
	return errors.Join(effect(), after)
}

func (w *world) GetFinding(ctx context.Context, id string) (f finding.Finding, err error) {
	err = w.call("get finding", func() (err error) { f, err = w.Findings.GetFinding(ctx, id); return err })
	return f, err
}

func (w *world) PutFinding(ctx context.Context, f finding.Finding) error {
	return w.call("put finding", func() error { return w.Findings.PutFinding(ctx, f) })
}

func (w *world) GetAlert(ctx context.Context, id string) (a alert.Alert, err error) {
	err = w.call("get alert", func() (err error) { a, err = w.Findings.GetAlert(ctx, id); return err })
	return a, err
}

func (w *world) PutAlert(ctx context.Context, a alert.Alert) error {
	return w.call("put alert", func() error { return w.Findings.PutAlert(ctx, a) })
}

func (w *world) Send(_ context.Context, bodies ...string) error {
	return w.call("send", func() error { w.sent = append(w.sent, bodies...); return nil })
}

func (w *world) Publish(_ context.Context, m topic.Message) error {
	return w.call("publish", func() error { w.hints = append(w.hints, m); return nil })
}

func (w *world) Open(_ context.Context, trigger string, d respond.Dialog) error {
	return w.call("open "+trigger, func() error { w.dialogs = append(w.dialogs, d); return nil })
}

func (w *world) Whisper(_ context.Context, channel, user, text string) error {
	return w.call("whisper", func() error { w.whispers = append(w.whispers, channel+" "+user+" "+text); return nil })
}

func (w *world) MayDecide(_, user string) bool { return !w.strange[user] }

// newWorld has one alert with so many open findings.
func newWorld(t testing.TB, findings int) *world {
	t.Helper()
	w := &world{Findings: &memory.Findings{}, now: nine, strange: map[string]bool{}}
	a := alert.Alert{
		ID: "a1", Integration: "stock-to-storefront", Rule: "stock", Class: finding.Late, Severity: "critical", From: "erp", To: "shop",
		Kind: commerce.Inventory, Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops"},
	}
	for i := range findings {
		delta := commerce.Int(int64(i + 2))
		f, _ := finding.Advance(finding.Finding{ID: fmt.Sprintf("f%04d", i), Kind: commerce.Inventory, Key: commerce.Key{fmt.Sprintf("SKU-%d", i), "east"}, Alert: "a1"},
			finding.Evidence{Standing: finding.Differs, Class: finding.Late, Since: nine.Add(-time.Hour), Differences: []finding.Difference{{
				Facet: "available", Expected: "1", Actual: fmt.Sprint(i + 3), Delta: &delta,
			}}}, nine.Add(-30*time.Minute))
		must(t, w.Findings.PutFinding(t.Context(), f))
		f.Rev++
		a, _ = alert.Join(a, alert.MemberOf(f, map[string]string{"shop": "https://shop.acme.example/1"}), f.Opened)
	}
	a.Published, a.Shown, a.Told = a.Seq, a.Seq, a.Seq
	must(t, w.Findings.PutAlert(t.Context(), a))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) service() *respond.Service {
	return &respond.Service{
		Store: w, Queue: w, Topic: w, Slack: w, People: w, Zone: zone, Now: func() time.Time { return w.now },
		Secret: func(context.Context) (string, error) { return key, w.secret }, Log: slog.New(slog.DiscardHandler),
	}
}

// ask sends a payload as Slack does.
func (w *world) ask(t *testing.T, payload any) respond.Answer {
	t.Helper()
	encoded, err := json.Marshal(payload)
	must(t, err)
	body := []byte(url.Values{"payload": {string(encoded)}}.Encode())
	return w.service().Answer(t.Context(), respond.Request{Header: signature.SignSlack(w.now, body, signature.Key(key)), Body: body})
}

type object = map[string]any

func press(action, user string) object {
	return object{
		"type": "block_actions", "trigger_id": "t1", "user": object{"id": user}, "channel": object{"id": "C00000002"},
		"actions": []object{{"action_id": action, "block_id": "a1", "action_ts": "1772548500.1", "selected_user": lee, "type": "button"}},
	}
}

func submission(low, high, until, reason string) object {
	field := func(name, kind, value string) object { return object{name: object{kind: value, "type": "x"}} }
	return object{
		"type": "view_submission", "user": object{"id": dana},
		"view": object{"id": "V1", "private_metadata": `{"alert":"a1"}`, "state": object{"values": object{
			"low": field("low", "value", low), "high": field("high", "value", high),
			"until": field("until", "selected_date", until), "reason": field("reason", "value", reason),
		}}},
	}
}

// deliver applies what is queued until nothing comes again, and reports how
// often each message was tried.
func (w *world) deliver(t *testing.T) {
	t.Helper()
	for range 6 {
		var messages []respond.Message
		for i, body := range w.sent {
			messages = append(messages, respond.Message{ID: fmt.Sprint(i), Body: body})
		}
		failed := w.service().Apply(t.Context(), messages)
		w.sent = slices.DeleteFunc(slices.Clone(w.sent), func(body string) bool { return !slices.Contains(failed, fmt.Sprint(slices.Index(w.sent, body))) })
		if len(w.sent) == 0 {
			return
		}
		w.now = w.now.Add(time.Minute)
	}
	t.Fatalf("%d decisions were not applied; calls %v", len(w.sent), w.calls)
}

func (w *world) alert(t *testing.T) alert.Alert {
	t.Helper()
	a, err := w.Findings.GetAlert(t.Context(), "a1")
	must(t, err)
	return a
}

func (w *world) findings(t *testing.T) []finding.Finding {
	t.Helper()
	all, err := w.AllFindings(t.Context())
	must(t, err)
	return all
}

func states(all []finding.Finding) string {
	var text []string
	for _, f := range all {
		text = append(text, string(f.State))
	}
	return strings.Join(slices.Compact(text), " ")
}

func decision(action finding.Action) queue.Decision {
	d := finding.Decision{ID: "d-" + string(action), Action: action, By: dana, At: nine}
	switch action {
	case finding.Acknowledge, finding.Reopen, finding.Snooze: // say no more
	case finding.Assign:
		d.To = lee
	case finding.Waive:
		d.Until, d.Reason = nine.AddDate(0, 0, 7), "counted tonight"
	}
	return queue.Decision{Alert: "a1", Decision: d}
}

func (w *world) queued(t *testing.T, d queue.Decision) {
	t.Helper()
	body, err := queue.EncodeDecision(d)
	must(t, err)
	w.sent = append(w.sent, body)
}
