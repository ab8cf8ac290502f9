package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

// moodyAPI is the API of a shop with an order for every way in which an API can
// answer.
type moodyAPI struct {
	mu    sync.Mutex
	calls map[string]int
}

func (a *moodyAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls[req.URL.Path]++
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: req, Body: http.NoBody}
	name := "answer-order"
	switch order := strings.TrimPrefix(req.URL.Path, "/stores/acme01x/v2/orders/"); {
	case strings.HasSuffix(order, "/products"):
		name = "answer-lines"
	case order == "250" && a.calls[req.URL.Path] == 1:
		answer.StatusCode = http.StatusTooManyRequests
		answer.Header.Set("Retry-After", "1")
	case order == "250" && a.calls[req.URL.Path] == 2:
		answer.StatusCode = http.StatusUnauthorized
	case order == "251":
		name = "bad-answer-date"
	case order == "252":
		answer.StatusCode = http.StatusTeapot
	}
	if strings.HasSuffix(req.URL.Path, "/v3/inventory/items") { // everything of a list that is pulled
		answer.Body = io.NopCloser(strings.NewReader(`{"data":[{"identity":{"sku":"MUG-A","variant_id":7},"locations":[{"location_id":1,"available_to_sell":5,` +
			`"total_inventory_onhand":5,"settings":{"safety_stock":0}}]}],"meta":{"pagination":{"current_page":1,"total_pages":1}}}`))
		return answer, nil
	}
	body, err := os.ReadFile(filepath.Join(root, "events", "bigcommerce", name+".body.json"))
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(req.URL.Path, "/253") { // too large for a message, and nothing in it that could be compressed
		body = bytes.Replace(body, []byte(`{"id":250,`), fmt.Appendf(nil, `{"id":253,"note":%q,`, noise(contract.MaxBody)), 1)
	}
	if answer.StatusCode == http.StatusOK {
		answer.Body = io.NopCloser(bytes.NewReader(body))
	}
	return answer, nil
}

// noise is text that compresses badly.
func noise(size int) string {
	random := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(random) // never fails
	return base64.StdEncoding.EncodeToString(random)[:size]
}

// askAll names orders in webhooks until everything that fetch may do was done.
func askAll(t *testing.T) {
	t.Helper()
	w := thin(t, "thin-access-", &moodyAPI{calls: map[string]int{}})
	for id := 250; id <= 253; id++ {
		body := fmt.Appendf(nil, `{"scope":"store/order/updated","store_id":"1025646","data":{"type":"order","id":%d},"hash":"ab",`+
			`"created_at":%d,"producer":"stores/acme01x"}`, id, time.Now().Unix())
		header := w.sign(t, "outlet", "store/order/updated", fmt.Sprint("thin-", id), body)
		if got := w.call(t, http.MethodPost, "outlet", header, body); got != http.StatusOK {
			t.Fatalf("the webhook of order %d is answered %d", id, got)
		}
	}
	h, err := w.function(t.Context(), contract.Fetch, w.options)
	if err == nil {
		_, err = h.Invoke(t.Context(), fmt.Appendf(nil, `{"run":%q}`, contract.Chores))
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := policies()
	if err != nil {
		t.Fatal(err)
	}
	missing := all[contract.Fetch].rights(contract.Fetch)
	for deadline := time.Now().Add(patience); len(missing) > 0 && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		missing = unused(missing)
	}
	if len(missing) > 0 {
		t.Logf("fetch has not come to %v; its log %s", missing, w.log)
	}
}

// unused are the rights that nobody has made use of.
func unused(all []right) []right {
	var left []right
	for _, r := range all {
		if !ofAWS(r) && !decided.uses(r) {
			left = append(left, r)
		}
	}
	return left
}

// tell lets notify show an alert in Slack, once as Slack takes it and once as it
// refuses it, in both ways in which Slack is reached.
func tell(t *testing.T, w *world) {
	t.Helper()
	const refused = `{"ok":false,"error":"channel_not_found"}`
	for variable, secret := range map[string]string{
		contract.SlackTokenVariable: "xoxb-a-token-for-tests", contract.SlackWebhookVariable: "https://hooks.slack.com/services/T0/B0/published",
	} {
		for _, one := range []slackAnswer{{http.StatusOK, `{"ok":true,"channel":"C1","ts":"1.1"}`}, {http.StatusNotFound, refused}, {http.StatusOK, refused}} {
			o := w.options
			o.Transport, o.Console = one, nil
			o.Getenv = func(name string) string {
				switch name {
				case variable:
					return "env:SLACK"
				case "SLACK":
					return secret
				default:
					return w.options.Getenv(name)
				}
			}
			h, err := w.function(t.Context(), contract.Notify, o)
			if err != nil {
				t.Fatal(err)
			}
			a := storetest.Alert(fmt.Sprint("told-", variable, one.status, len(one.body)))
			a.Lease, a.Published, a.Into = time.Time{}, 1, ""
			a.Seq, a.Shown, a.Told, a.Channel, a.Timestamp = 1, 0, 0, "", ""
			if err := w.wire.Findings().PutAlert(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			event, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m", Body: fmt.Sprintf(`{"alert":%q}`, a.ID)}}})
			if err == nil {
				_, err = h.Invoke(t.Context(), event)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// slackAnswer is what Slack answers to everything.
type slackAnswer struct {
	status int
	body   string
}

func (a slackAnswer) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

// forget lets drift come to a finding about somebody who was erased.
func forget(t *testing.T, w *world) {
	t.Helper()
	for _, row := range w.mustRows(t) {
		if row.Kind != commerce.Customer || row.Suppressed.IsZero() {
			continue
		}
		f := storetest.Finding("0123456789ac")
		f.Kind, f.Key, f.Alert = row.Kind, row.Key, ""
		if err := w.wire.Findings().PutFinding(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		if err := w.wire.Queue(contract.Looks).Send(t.Context(), queue.EncodeLook(queue.Look{Kind: row.Kind, Key: row.Key, Due: w.Clock().Now()})); err != nil {
			t.Fatal(err)
		}
		w.quiesce(t)
		if _, err := w.wire.Findings().GetFinding(t.Context(), f.ID); err == nil {
			t.Error("a finding about somebody who was erased is still there")
		}
		return
	}
	t.Error("nobody was erased")
}

// outlive ends a finding and lets drift come to the day on which its page goes.
func outlive(t *testing.T, w *world) {
	t.Helper()
	w.advance(t, 2*time.Minute)
	f, err := w.wire.Findings().GetFinding(t.Context(), "0123456789ab")
	if err != nil {
		t.Fatal(err)
	}
	f.State, f.Resolved = finding.Resolved, w.Clock().Now()
	if err := w.wire.Findings().PutFinding(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	w.advance(t, 2*time.Minute)
	o := w.options
	o.Now = func() time.Time { return w.Clock().Now().Add(board.EndedKept + 48*time.Hour) }
	h, err := w.function(t.Context(), contract.Drift, o)
	if err == nil {
		_, err = h.Invoke(t.Context(), []byte(`{}`))
	}
	if err != nil {
		t.Fatal(err)
	}
}
