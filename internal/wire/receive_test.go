package wire_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/signature"
)

const stockBody = `{"type":"records.reported","timestamp":"2026-03-03T09:00:00Z","records":[` +
	`{"kind":"inventory","id":"MUG-BLU/EAST","key":{"sku":"MUG-BLU","location":"EAST"},"facets":{"free":"12"}}]}`

// webhook is the front's event of a signed delivery of the ERP.
func webhook(body string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{RawPath: "/hooks/erp", Body: body, Headers: map[string]string{}}
	event.RequestContext.HTTP.Method = http.MethodPost
	for name, values := range signature.SignWebhook("d-1", nine, []byte(body), signature.WebhookKey(erpSecret)) {
		event.Headers[strings.ToLower(name)] = values[0]
	}
	return event
}

func TestReceive_TurnsHTTPEventsIntoRequests(t *testing.T) {
	with := func(change func(*events.APIGatewayV2HTTPRequest)) events.APIGatewayV2HTTPRequest {
		event := webhook(stockBody)
		change(&event)
		return event
	}
	for _, c := range []struct {
		name   string
		event  events.APIGatewayV2HTTPRequest
		status int
		queued int
	}{
		{"a delivery", webhook(stockBody), 200, 1},
		{"a body that the front encoded", with(func(e *events.APIGatewayV2HTTPRequest) {
			e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(e.Body)), true
		}), 200, 1},
		{"header names in any case", with(func(e *events.APIGatewayV2HTTPRequest) {
			for name, value := range e.Headers {
				delete(e.Headers, name)
				e.Headers[strings.ToUpper(name)] = value
			}
		}), 200, 1},
		{"a body that is not as it was signed", with(func(e *events.APIGatewayV2HTTPRequest) { e.Body += " " }), 401, 0},
		{"no signature", with(func(e *events.APIGatewayV2HTTPRequest) { e.Headers = nil }), 401, 0},
		{"a body that is not what the front says", with(func(e *events.APIGatewayV2HTTPRequest) { e.IsBase64Encoded = true }), 400, 0},
		{"another system's address", with(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = "/hooks/wms" }), 404, 0},
		{"an address below a system's", with(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = "/hooks/erp/orders" }), 404, 0},
		{"a slash too many", with(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = "/hooks/erp/" }), 404, 0},
		{"no system", with(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = "/hooks/" }), 404, 0},
		{"another address", with(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = "/erp" }), 404, 0},
		{"a question", with(func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.HTTP.Method = http.MethodGet }), 405, 0},
		{"a body over the limit", webhook(strings.Repeat("x", contract.MaxBody+1)), 413, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud := &cloud{}
			answer, err := handler(t, cloud, contract.Receive)(c.event)
			if err != nil {
				t.Fatal(err)
			}
			var response events.APIGatewayV2HTTPResponse
			if err := json.Unmarshal(answer, &response); err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != c.status || response.Body != "" {
				t.Errorf("status %d with body %q, want %d and nothing else", response.StatusCode, response.Body, c.status)
			}
			if got := cloud.made("SendMessageBatch", contract.Observations); got != c.queued || len(cloud.calls) != c.queued {
				t.Errorf("%d messages queued in %d requests, want %d", got, len(cloud.calls), c.queued)
			}
		})
	}
}

func TestReceive_QueuesWhatTheDeliverySays(t *testing.T) {
	cloud := &cloud{}
	if _, err := handler(t, cloud, contract.Receive)(webhook(stockBody)); err != nil {
		t.Fatal(err)
	}
	var request struct {
		Entries []struct{ MessageBody string }
	}
	if err := json.Unmarshal([]byte(cloud.calls[0].body), &request); err != nil || len(request.Entries) != 1 {
		t.Fatalf("%+v, %v", request, err)
	}
	e, err := queue.Decode(request.Entries[0].MessageBody)
	if err != nil {
		t.Fatal(err)
	}
	if e.Delivery.System != "erp" || !e.Delivery.Received.Equal(nine) || string(e.Delivery.Body) != stockBody || e.Generation == "" {
		t.Errorf("delivery %+v of generation %q", e.Delivery, e.Generation)
	}
	if o := e.Observations; len(o) != 1 || o[0].Key.Text(o[0].Kind) != "MUG-BLU@east" {
		t.Errorf("observations %+v", o)
	}
}

func TestReceive_AnswersThatItIsOutOfOrder(t *testing.T) {
	answer, err := handler(t, &cloud{broken: "SendMessageBatch"}, contract.Receive)(webhook(stockBody))
	if err != nil || !strings.Contains(string(answer), `"statusCode":503`) {
		t.Errorf("%s, %v; want 503", answer, err)
	}
}

func TestReceive_KeepsWhatItCannotReadInQuarantine(t *testing.T) {
	cloud := &cloud{}
	answer, err := handler(t, cloud, contract.Receive)(webhook(`{"type":"records.reported"}`))
	if err != nil || !strings.Contains(string(answer), `"statusCode":200`) {
		t.Errorf("%s, %v; want 200", answer, err)
	}
	if cloud.made("SendMessageBatch", contract.Quarantine) != 1 || cloud.made("SendMessageBatch", contract.Observations) != 1 {
		t.Errorf("requests %v, want the delivery in quarantine and a report of it", cloud.calls)
	}
}

func TestReceive_TakesChangesAtAnAddressOfTheirOwn(t *testing.T) {
	const body = `{"id":"run-1","at":"2026-03-03T08:59:00Z","system":"erp","what":"deploy theme 2026.3"}`
	event := events.APIGatewayV2HTTPRequest{RawPath: contract.ChangesPath, Body: body, Headers: map[string]string{}}
	event.RequestContext.HTTP.Method = http.MethodPost
	for name, values := range signature.SignWebhook("m-1", nine, []byte(body), signature.WebhookKey(erpSecret)) {
		event.Headers[strings.ToLower(name)] = values[0]
	}
	for _, c := range []struct {
		name, more string
		status     int
	}{
		{"nobody may tell", "", 404},
		{"whoever has the secret may", "changes: {secrets: env:ERP_SECRET}\n", 200},
		{"a secret out of reach", "changes: {secrets: env:NOT_SET}\n", 503},
	} {
		cloud, env := &cloud{}, environment(t)
		if err := os.WriteFile(env[contract.RegistryVariable], []byte(c.more+registryFile), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := build(t, env, cloud)
		if err != nil {
			t.Fatal(err)
		}
		h, err := w.Handler(t.Context(), contract.Receive)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := h.Invoke(t.Context(), payload)
		if err != nil || !strings.Contains(string(answer), fmt.Sprintf(`"statusCode":%d`, c.status)) {
			t.Errorf("%s: %s, %v", c.name, answer, err)
		}
		if queued := cloud.made("SendMessageBatch", contract.Looks) == 1; queued != (c.status == 200) {
			t.Errorf("%s: requests %v", c.name, cloud.calls)
		}
	}
}
