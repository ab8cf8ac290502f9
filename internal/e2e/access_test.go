package e2e_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/store/storetest"
	"github.com/plumbline/plumbline/internal/wire"
)

const noAPI = "no system of the demo has an API that is asked"

// Grants that nothing in these tests uses, and why they are there all the same.
var unused = map[string]string{
	"sqs:ReceiveMessage": "Lambda polls in the function's name",
	"sqs:DeleteMessage":  "Lambda polls in the function's name",

	"receive ssm:GetParameter systems":                "the secrets of the demo registry are files",
	"notify ssm:GetParameter PLUMBLINE_SLACK_TOKEN":   "alerts go to the console",
	"notify ssm:GetParameter PLUMBLINE_SLACK_WEBHOOK": "alerts go to the console",
	"notify sns:Publish mail":                         "the console refuses nothing",
	"receive sqs:SendMessage fetches":                 noAPI,
	"fetch ssm:GetParameter credentials":              noAPI,
	"fetch s3:PutObject claims":                       noAPI,
	"fetch dynamodb:UpdateItem findings":              noAPI,
	"fetch dynamodb:BatchGetItem findings":            noAPI,
	"fetch dynamodb:PutItem findings":                 noAPI,
	"fetch dynamodb:DeleteItem findings":              noAPI,
	"merge dynamodb:GetItem findings":                 "no rule of the demo learns its settle time",
	"drift s3:DeleteObject board":                     "pages go 30 days after the end of their finding",
	"drift dynamodb:DeleteItem findings":              "the demo registry has no rule about persons",
	"fetch sqs:SendMessage observations":              noAPI,
	"fetch sqs:SendMessage quarantine":                noAPI,
	"fetch sqs:SendMessage fetches":                   noAPI,
	"fetch sqs:SendMessage fetches-dead":              noAPI,
}

func TestEachFunction_DoesWhatItMayAndMayWhatItDoes(t *testing.T) {
	t.Parallel()
	undisturbedDay(t)
	beyondTheDay(t)
	all := madeCalls()
	for _, c := range all {
		if !slices.ContainsFunc(contract.Access(c.function), func(g contract.Grant) bool { return allows(g, c) }) {
			t.Errorf("not granted: %s", c)
		}
	}
	for _, function := range wire.Functions() {
		for _, g := range contract.Access(function) {
			for _, action := range g.Actions {
				one := contract.Grant{Kind: g.Kind, Name: g.Name, Index: g.Index, Prefixes: g.Prefixes, Actions: []string{action}}
				used := slices.ContainsFunc(all, func(c apiCall) bool { return c.function == function && allows(one, c) })
				why := reason(function, one)
				switch {
				case !used && why == "":
					t.Errorf("%s is granted %s on %s %s %s %v and never uses it", function, action, g.Kind, g.Name, g.Index, g.Prefixes)
				case used && why != "":
					t.Errorf("%s uses %s on %s %s, which is said to be unused: %s", function, action, g.Kind, g.Name, why)
				}
			}
		}
	}
}

func reason(function string, g contract.Grant) string {
	if g.Actions[0] == "sqs:GetQueueAttributes" && (function != contract.Load || g.Name != contract.Bulk) {
		return "Lambda polls in the function's name"
	}
	for _, key := range []string{g.Actions[0], function + " " + g.Actions[0] + " " + g.Name} {
		if why := unused[key]; why != "" {
			return why
		}
	}
	return ""
}

// allows is IAM's decision.
func allows(g contract.Grant, c apiCall) bool {
	return g.Kind == c.kind && g.Name == c.name && g.Index == c.index && slices.Contains(g.Actions, c.action) &&
		(len(g.Prefixes) == 0 || slices.ContainsFunc(g.Prefixes, func(p string) bool { return strings.HasPrefix(c.key, p) }))
}

// beyondTheDay does what no delivery of the day makes the functions do.
func beyondTheDay(t *testing.T) {
	t.Helper()
	w := stepped(t, "access-")
	// Too large for a message, and nothing in it that could be compressed.
	noise := make([]byte, contract.MaxBody)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise) // never fails
	body := fmt.Appendf(nil, `{"inventory_item_id":49148380001,"location_id":655441491,"available":5,"updated_at":%q,"note":"`,
		w.Clock().Now().Format(time.RFC3339))
	body = append(body, base64.StdEncoding.EncodeToString(noise)[:contract.MaxBody-len(body)-2]...)
	body = append(body, `"}`...)
	header := w.sign(t, "shopify-us", "inventory_levels/update", "large", body)
	if got := w.call(t, http.MethodPost, "shopify-us", header, body); got != http.StatusOK {
		t.Fatalf("a large delivery is answered %d", got)
	}
	body = []byte(`{"shop_domain":"acme.myshopify.com","customer":{"id":7123000000001,"email":"robin@acme.example"},"orders_to_redact":[]}`)
	header = w.sign(t, "shopify-us", "customers/redact", "redact", body)
	if got := w.call(t, http.MethodPost, "shopify-us", header, body); got != http.StatusOK {
		t.Fatalf("a request to forget is answered %d", got)
	}
	w.quiesce(t)
	// Not read at first, and read when it comes back.
	service := w.receiver(t)
	erp := service.Systems["erp"]
	service.Systems["erp"] = receive.System{Endpoint: broken{Endpoint: erp.Endpoint, refuses: "records.reported"}, Secrets: erp.Secrets}
	body = stockReport("LATER", "5", w.Clock().Now())
	service.Receive(t.Context(), "erp", platform.Request{
		Method: http.MethodPost, Header: w.sign(t, "erp", "", "later", body), Body: body, Received: w.Clock().Now(),
	})
	w.quiesce(t)
	if back := bringBack(t, w, w.receiver(t)); back != 1 {
		t.Fatalf("%d deliveries came back, want 1", back)
	}
	w.export(t, "stock.csv", stockExport(map[string]int{"MUG-A": 10}), nil)
	press(t, w)
	snooze(t, w)
	reshape(t, w)
	deploy(t, w)
}

// deploy tells of a change as a pipeline does, twice.
func deploy(t *testing.T, w *world) {
	t.Helper()
	now := w.Clock().Now()
	body := fmt.Appendf(nil, `{"id":"run-1","at":%q,"system":"erp","what":"deploy stock job 2026.3"}`, now.Format(time.RFC3339))
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Front()+contract.ChangesPath, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = w.sign(t, "erp", "", "change", body)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("the change is answered %d, %v", res.StatusCode, err)
		}
	}
	w.quiesce(t)
	changes, err := w.wire.Drift().Changes(t.Context(), now.Add(-time.Minute), now)
	if err != nil || len(changes) != 1 || changes[0].What != "deploy stock job 2026.3" {
		t.Errorf("kept %+v, %v", changes, err)
	}
}

// snooze takes a decision that ends by itself.
func snooze(t *testing.T, w *world) {
	t.Helper()
	now := w.Clock().Now()
	body, err := queue.EncodeDecision(queue.Decision{Alert: "a-1", Decision: finding.Decision{
		ID: "snooze", Action: finding.Snooze, By: "dana", At: now, Until: now.Add(time.Hour),
	}})
	if err == nil {
		err = w.wire.Queue(contract.Decisions).Send(t.Context(), body)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.quiesce(t)
}

// reshape lets the warehouse leave out a field that it always sent.
func reshape(t *testing.T, w *world) {
	t.Helper()
	for i := range 45 {
		created := `"created_at":"2026-03-01T09:00:00Z",`
		switch {
		case i == 30:
			w.advance(t, 2*time.Minute) // what comes at once is looked at in any order
			fallthrough
		case i > 30:
			created = ""
		}
		body := fmt.Appendf(nil, `{"type":"records.reported","timestamp":%q,"records":[`+
			`{"kind":"product","key":{"sku":"S-%d"},%s"facets":{"status":"active"}}]}`, w.Clock().Now().Format(time.RFC3339), i, created)
		if got := w.call(t, http.MethodPost, "wms", w.sign(t, "wms", "", fmt.Sprint("shape-", i), body), body); got != http.StatusOK {
			t.Fatalf("the report is answered %d", got)
		}
	}
	w.advance(t, 2*time.Minute)
}

// press acknowledges an alert as a button in Slack does.
func press(t *testing.T, w *world) {
	t.Helper()
	f := storetest.Finding("0123456789ab")
	a := alert.Alert{
		ID: "a-1", Integration: f.Integration, Rule: f.Rule, Class: f.Class, Kind: f.Kind, Opened: f.Opened, Seq: 1, Published: 1, Shown: 1,
		Members: []alert.Member{{Finding: f.ID, Key: f.Key.Text(f.Kind), State: f.State, Since: f.Since, Opened: f.Opened, Joined: 1, Changed: 1}},
	}
	if err := errors.Join(w.wire.Findings().PutFinding(t.Context(), f), w.wire.Findings().PutAlert(t.Context(), a)); err != nil {
		t.Fatal(err)
	}
	body := []byte(url.Values{"payload": {`{"type":"block_actions","user":{"id":"U024BE7LH"},"channel":{"id":"C1"},` +
		`"actions":[{"action_id":"acknowledge","block_id":"a-1"}]}`}}.Encode())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Front()+"/slack", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signature.SignSlack(w.Clock().Now(), body, signature.Key(secretValue))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the button is answered %d", res.StatusCode)
	}
	w.quiesce(t)
	if a, err := w.wire.Findings().GetAlert(t.Context(), "a-1"); err != nil || a.Taken.By != "U024BE7LH" {
		t.Fatalf("the alert is taken by %q, %v: %s", a.Taken.By, err, w.log)
	}
}
