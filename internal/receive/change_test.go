package receive_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/signature"
)

var (
	pipeline    = secret.Reference{Store: secret.SSM, Name: "/acme/changes"}
	pipelineOld = secret.Reference{Store: secret.SSM, Name: "/acme/changes-old"}
)

const deployed = `{"id":"run-1","at":"2026-03-03T08:59:00Z","system":"shop","what":"deploy theme 2026.3","url":"https://ci.acme.example/1","by":"deploy"}`

func whsec(text string) string { return "whsec_" + base64.StdEncoding.EncodeToString([]byte(text)) }

// told is a request of a pipeline, signed at a time.
func told(body, key string, at time.Time) platform.Request {
	return platform.Request{
		Method: http.MethodPost, Header: signature.SignWebhook("msg-1", at, []byte(body), signature.WebhookKey(whsec(key))),
		Body: []byte(body), Received: nine,
	}
}

// listening is a world in which pipelines may tell of changes.
func listening() (*world, *lane) {
	w, looks := newWorld(), newLane()
	w.secrets[pipeline], w.secrets[pipelineOld] = whsec("today"), whsec("yesterday")
	w.service.Changes = receive.Changes{
		Secrets: []secret.Reference{pipelineOld, pipeline}, Queue: looks,
		Known: change.Known{System: func(name string) bool { return name == "shop" }, Integration: func(string) bool { return false }},
	}
	return w, looks
}

func TestChange_AnswersWithAStatusAndKeepsWhatItAcknowledges(t *testing.T) {
	get := told(deployed, "today", nine)
	get.Method = http.MethodGet
	unsigned := told(deployed, "today", nine)
	unsigned.Header = http.Header{}
	altered := told(deployed, "today", nine)
	altered.Body = []byte(strings.Replace(deployed, "theme", "theft", 1))
	for _, c := range []struct {
		name    string
		request platform.Request
		with    func(*world, *lane)
		status  int
		queued  int
	}{
		{name: "a change", request: told(deployed, "today", nine), status: 200, queued: 1},
		{name: "signed with the secret before", request: told(deployed, "yesterday", nine), status: 200, queued: 1},
		{name: "signed 5 minutes ago", request: told(deployed, "today", nine.Add(-5*time.Minute)), status: 200, queued: 1},
		{name: "a replay", request: told(deployed, "today", nine.Add(-5*time.Minute-time.Second)), status: 401},
		{name: "signed in the future", request: told(deployed, "today", nine.Add(5*time.Minute+time.Second)), status: 401},
		{name: "another's signature", request: told(deployed, "mallory", nine), status: 401},
		{name: "no signature", request: unsigned, status: 401},
		{name: "another body", request: altered, status: 401},
		{name: "a body that is wrong and not genuine", request: told("{", "mallory", nine), status: 401},
		{name: "a body that is wrong", request: told("{", "today", nine), status: 400},
		{name: "a body that is too large", request: told(strings.Repeat("x", change.MaxBody+1), "today", nine), status: 413},
		{name: "not a post", request: get, status: 405},
		{name: "nobody may tell", request: told(deployed, "today", nine), with: func(w *world, _ *lane) { w.service.Changes.Secrets = nil }, status: 404},
		{name: "secrets out of reach", request: told(deployed, "today", nine), with: func(w *world, _ *lane) { clear(w.secrets) }, status: 503},
		{name: "the queue is down", request: told(deployed, "today", nine), with: func(_ *world, l *lane) { l.down = errDown }, status: 503},
		{name: "a system's secret is no pipeline's", request: told(deployed, "today", nine), with: func(w *world, _ *lane) {
			w.secrets[pipeline], w.secrets[current] = whsec("tomorrow"), whsec("today")
		}, status: 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, looks := listening()
			if c.with != nil {
				c.with(w, looks)
			}
			if status := w.service.Change(t.Context(), c.request).Code(); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if n := looks.length(t); n != c.queued {
				t.Errorf("%d queued, want %d", n, c.queued)
			}
		})
	}
}

func TestChange_IsQueuedAsItWasTold(t *testing.T) {
	w, looks := listening()
	w.service.Change(t.Context(), told(deployed, "today", nine))
	messages, err := looks.Receive(t.Context(), 10, 0)
	if err != nil || len(messages) != 1 {
		t.Fatal(messages, err)
	}
	c, err := queue.DecodeChange(messages[0].Body)
	want := change.Change{
		ID: "run-1", At: nine.Add(-time.Minute), System: "shop", What: "deploy theme 2026.3", URL: "https://ci.acme.example/1", By: "deploy",
	}
	if err != nil || c != want {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestChange_SaysWhatIsWrongToWhomeverSignedAndNothingToOthers(t *testing.T) {
	const canary = "canary-8d1f"
	body := strings.Replace(deployed, `"shop"`, `"`+canary+`"`, 1)
	w, _ := listening()
	a := w.service.Change(t.Context(), told(body, "today", nine))
	if a.Body != `{"error":"system: want the name of a system of the registry, or none"}` || a.Type != "application/json" {
		t.Errorf("%d %s %s", a.Status, a.Type, a.Body)
	}
	if a := w.service.Change(t.Context(), told(body, "mallory", nine)); a.Body != "" {
		t.Errorf("a stranger is told %s", a.Body)
	}
	if strings.Contains(w.log.String(), canary) || strings.Contains(w.log.String(), "run-1") {
		t.Errorf("logged %s", w.log)
	}
}
