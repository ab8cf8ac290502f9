package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/wire"
)

const (
	dana    = "U024BE7LH"
	signing = "published test secret"
)

const stockRegistry = `
systems:
  erp: {platform: standard, secrets: ["env:ERP_SECRET"], timezone: UTC, locations: {EAST: east}}
  shop: {platform: standard, secrets: ["env:ERP_SECRET"], timezone: UTC, locations: {EAST: east}}
defaults: {mode: alert}
people:
  dana@acme.example: {slack: U024BE7LH}
  lee@acme.example: {slack: U024BE7LK}
integrations:
  stock-to-storefront:
    purpose: Stock from the ERP to the shop
    owner: {team: inventory-ops, slack: "#inventory-ops", person: dana@acme.example}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Pause ads.
    from: erp
    to: shop
    rules:
      - {id: stock, kind: inventory, expect: {available: from.free}, settle: 5m, severity: critical}
`

// toWorkspace sends what is meant for Slack to a workspace.
type toWorkspace struct{ *workspace.Workspace }

func (w toWorkspace) RoundTrip(r *http.Request) (*http.Response, error) {
	method, ok := strings.CutPrefix(r.URL.String(), "https://slack.com/api/")
	if !ok {
		return nil, fmt.Errorf("a request to %s", r.URL.Host)
	}
	there, err := url.Parse(w.API() + method)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL, r.Host = there, ""
	return http.DefaultTransport.RoundTrip(r)
}

// slackWorld is a world of two systems whose alerts go to a Slack workspace.
func slackWorld(t *testing.T, prefix string) (*world, *workspace.Workspace) {
	t.Helper()
	stack, err := local.Start(t.Context(), local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: prefix, Visibility: 2 * time.Second},
		Clock: local.SteppedClock(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stack.Close() }) // what counts was checked before
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(stockRegistry), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		contract.RegistryVariable: path, contract.HashKeyVariable: "env:HASH_KEY", "HASH_KEY": "a key for these tests",
		"ERP_SECRET":                "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIGFjbWU=",
		contract.SlackTokenVariable: "env:TOKEN", "TOKEN": workspace.Token,
		contract.SlackSigningVariable: "env:SIGNING", "SIGNING": signing,
	}
	w, slack := &world{Stack: stack, console: &printed{}, log: &printed{}}, workspace.New(t)
	err = w.open(t.Context(), wire.Options{
		Getenv: w.Getenv(func(name string) string { return env[name] }), AWS: w.AWSConfig(), Now: w.Clock().Now,
		Transport: toWorkspace{slack}, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, slack
}

// report lets a system report its stock of a SKU.
func (w *world) report(t *testing.T, system, sku, facet string, stock int) {
	t.Helper()
	now := w.Clock().Now()
	body := fmt.Appendf(nil, `{"type": "records.reported", "timestamp": %q, "records": [`+
		`{"kind": "inventory", "key": {"sku": %q, "location": "EAST"}, "facets": {%q: "%d"}}]}`, now.Format(time.RFC3339Nano), sku, facet, stock)
	if got := w.call(t, http.MethodPost, system, w.sign(t, system, "", fmt.Sprint(system, sku, now.UnixNano()), body), body); got != http.StatusOK {
		t.Fatalf("%s: answered %d", system, got)
	}
	w.quiesce(t)
}

// slackAsks posts a payload to the front as Slack does.
func (w *world) slackAsks(t *testing.T, secret string, payload map[string]any) int {
	t.Helper()
	encoded, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(url.Values{"payload": {string(encoded)}}.Encode())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Front()+"/slack", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signature.SignSlack(w.Clock().Now(), body, signature.Key(secret))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || len(answer) > 0 && res.StatusCode == http.StatusOK {
		t.Errorf("answer %d with %s, %v", res.StatusCode, answer, err)
	}
	w.quiesce(t)
	return res.StatusCode
}

func pressed(action, alertID, user string) object {
	return object{
		"type": "block_actions", "trigger_id": "t1", "user": object{"id": user}, "channel": object{"id": workspace.InventoryOps},
		"actions": []object{{"action_id": action, "block_id": alertID, "action_ts": action}},
	}
}

func waived(alertID string) object {
	field := func(name, kind, value string) object { return object{name: object{kind: value}} }
	return object{
		"type": "view_submission", "user": object{"id": dana},
		"view": object{"id": "V1", "private_metadata": fmt.Sprintf(`{"alert":%q}`, alertID), "state": object{"values": object{
			"low": field("low", "value", "1"), "high": field("high", "value", "5"),
			"until": field("until", "selected_date", "2026-03-10"), "reason": field("reason", "value", "counted tonight"),
		}}},
	}
}

// An alert is one message over its whole life, from the first webhook to Slack
// and from Slack's buttons back, through every real emulator on the way.
func TestAnAlert_LivesInSlack(t *testing.T) {
	t.Parallel()
	w, slack := slackWorld(t, "slack-")
	for _, sku := range []string{"MUG-BLU", "CAP-BLK"} {
		w.report(t, "shop", sku, "available", 9)
		w.report(t, "erp", sku, "free", 9)
	}
	w.advance(t, time.Minute)
	for _, sku := range []string{"MUG-BLU", "CAP-BLK"} {
		w.report(t, "shop", sku, "available", 12)
	}
	w.advance(t, 10*time.Minute)
	alerts, err := w.wire.Findings().AllAlerts(t.Context())
	if err != nil || len(alerts) != 1 || len(slack.Messages("inventory-ops")) != 1 {
		t.Fatalf("%d alerts and %d messages, %v; log %s", len(alerts), len(slack.Messages("inventory-ops")), err, w.log)
	}
	id := alerts[0].ID
	if blocks := slack.Messages("inventory-ops")[0].Blocks; !strings.Contains(blocks, "\\u003c@"+dana+"\\u003e") && !strings.Contains(blocks, "<@"+dana+">") || strings.Contains(blocks, "acme.example") {
		t.Errorf("the owner is not mentioned, or by an address: %s", blocks)
	}
	if got := w.slackAsks(t, "another secret", pressed("acknowledge", id, dana)); got != http.StatusUnauthorized {
		t.Errorf("somebody else's press is answered %d", got)
	}
	if got := w.slackAsks(t, signing, pressed("acknowledge", id, "U0STRANGER")); got != http.StatusOK || len(slack.Whispers()) != 1 {
		t.Errorf("a stranger's press is answered %d with %d whispers", got, len(slack.Whispers()))
	}
	w.slackAsks(t, signing, pressed("acknowledge", id, dana))
	w.slackAsks(t, signing, pressed("waive", id, dana))
	if len(slack.Views()) != 1 {
		t.Fatalf("%d dialogs", len(slack.Views()))
	}
	w.slackAsks(t, signing, waived(id))
	w.advance(t, 2*time.Minute)
	w.report(t, "shop", "MUG-BLU", "available", 14) // within the waiver
	w.advance(t, 10*time.Minute)
	w.report(t, "shop", "MUG-BLU", "available", 90) // outside it
	w.advance(t, 10*time.Minute)
	for _, sku := range []string{"MUG-BLU", "CAP-BLK"} {
		w.report(t, "shop", sku, "available", 9)
	}
	w.advance(t, 10*time.Minute)

	messages := slack.Messages("inventory-ops")
	if len(messages) != 1 || !strings.HasPrefix(messages[0].Text, "✅ Agree again ") {
		t.Fatalf("people see %d messages: %+v; calls %v; log %s", len(messages), messages, slack.Calls(), w.log)
	}
	var thread []string
	for _, reply := range slack.Thread("inventory-ops", messages[0].Timestamp) {
		thread = append(thread, reply.Text)
	}
	want := []string{
		"*2 SKUs at east*", "Acknowledged by <@U024BE7LH>", "Waived until 10 Mar by <@U024BE7LH>: counted tonight", "1 open again (MUG-BLU)",
		strings.TrimPrefix(messages[0].Text, "✅ "),
	}
	if diff := cmp.Diff(want, thread); diff != "" {
		t.Errorf("the thread (-want +got):\n%s", diff)
	}
	dead, err := deadLetters(t.Context(), w.wire)
	for name, n := range dead {
		if n > 0 {
			t.Errorf("%d in %s", n, name)
		}
	}
	if err != nil || strings.Contains(w.log.String(), workspace.Token) || strings.Contains(w.log.String(), "dana@") {
		t.Errorf("%v; log %s", err, w.log)
	}
}
