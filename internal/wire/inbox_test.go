package wire_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

const soldBody = `{"notificationType":"Message","projectKey":"acme-prod","id":"6f1f0000-5b7a-4c2d-9e8f-1a2b3c4d5e6f","version":1,` +
	`"sequenceNumber":9,"resource":{"typeId":"inventory-entry","id":"0f3c9d1e-5b7a-4c2d-9e8f-1a2b3c4d5e6f"},"resourceVersion":9,` +
	`"type":"InventoryEntryQuantitySet","newQuantityOnStock":17,"newAvailableQuantity":15,"sku":"MUG-BLU"}`

// inboxHandler is receive with two systems that deliver into queues, of which the
// name of one ends that of the other.
func inboxHandler(t *testing.T, c *cloud) func(event any) ([]byte, error) {
	t.Helper()
	env := environment(t)
	const more = "systems:\n" +
		"  store: {platform: commercetools, project_key: acme-prod, region: us-central1.gcp, stock_location: east, timezone: UTC}\n" +
		"  west-inbox-store: {platform: commercetools, project_key: acme-test, region: us-central1.gcp, stock_location: east, timezone: UTC}\n"
	text := strings.Replace(registryFile, "systems:\n", more, 1)
	if err := os.WriteFile(env[contract.RegistryVariable], []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := build(t, env, c)
	if err != nil {
		t.Fatal(err)
	}
	h, err := w.Handler(t.Context(), contract.Receive)
	if err != nil {
		t.Fatal(err)
	}
	return func(event any) ([]byte, error) {
		payload, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		return h.Invoke(t.Context(), payload)
	}
}

func message(id, inbox, body string) events.SQSMessage {
	return events.SQSMessage{
		MessageId: id, Body: body, EventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:plumbline-test-" + inbox,
		Attributes: map[string]string{"SentTimestamp": fmt.Sprint(nine.Add(-time.Minute).UnixMilli())},
	}
}

func TestReceive_TakesTheMessagesOfInboxes(t *testing.T) {
	cloud := &cloud{}
	answer, err := inboxHandler(t, cloud)(events.SQSEvent{Records: []events.SQSMessage{
		message("a", "inbox-store", soldBody),
		message("b", "inbox-west-inbox-store", strings.Replace(soldBody, "acme-prod", "acme-test", 1)),
	}})
	if err != nil || string(answer) != `{"batchItemFailures":[]}` {
		t.Errorf("%s, %v", answer, err)
	}
	var systems []string
	for _, call := range cloud.calls {
		var request struct {
			Entries []struct{ MessageBody string }
		}
		if err := json.Unmarshal([]byte(call.body), &request); err != nil || len(request.Entries) != 1 {
			t.Fatalf("%s: %v", call.operation, err)
		}
		e, err := queue.Decode(request.Entries[0].MessageBody)
		if err != nil {
			t.Fatal(err)
		}
		systems = append(systems, call.to+" "+e.Delivery.System)
		if !e.Delivery.Received.Equal(nine.Add(-time.Minute)) || len(e.Observations) == 0 {
			t.Errorf("received %s with %d observations, want when it was sent", e.Delivery.Received, len(e.Observations))
		}
	}
	if got := strings.Join(systems, ", "); got != "observations store, observations west-inbox-store" {
		t.Errorf("queued %s", got)
	}
}

func TestReceive_LetsMessagesComeAgainEachByItself(t *testing.T) {
	answer, err := inboxHandler(t, &cloud{})(events.SQSEvent{Records: []events.SQSMessage{
		message("a", "inbox-store", soldBody), message("b", "observations", soldBody), message("c", "inbox-erp", soldBody),
	}})
	if want := `{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"c"}]}`; err != nil || string(answer) != want {
		t.Errorf("%s, %v; want %s", answer, err, want)
	}
	answer, err = inboxHandler(t, &cloud{broken: "SendMessageBatch"})(events.SQSEvent{Records: []events.SQSMessage{message("a", "inbox-store", soldBody)}})
	if want := `{"batchItemFailures":[{"itemIdentifier":"a"}]}`; err != nil || string(answer) != want {
		t.Errorf("queue down: %s, %v; want %s", answer, err, want)
	}
}

func TestReceive_KeepsMessagesInQuarantineThatItCannotRead(t *testing.T) {
	cloud := &cloud{}
	answer, err := inboxHandler(t, cloud)(events.SQSEvent{Records: []events.SQSMessage{
		message("a", "inbox-store", strings.Replace(soldBody, "acme-prod", "acme-test", 1)), message("b", "inbox-store", "{"),
	}})
	if err != nil || string(answer) != `{"batchItemFailures":[]}` || cloud.made("SendMessageBatch", contract.Quarantine) != 2 {
		t.Errorf("%s, %v, %v", answer, err, cloud.calls)
	}
}

func TestReceive_AnswersNobodyForASystemWithAnInbox(t *testing.T) {
	cloud := &cloud{}
	event := events.APIGatewayV2HTTPRequest{RawPath: "/hooks/store", Body: soldBody}
	event.RequestContext.HTTP.Method = http.MethodPost
	answer, err := inboxHandler(t, cloud)(event)
	if err != nil || !strings.Contains(string(answer), `"statusCode":404`) || len(cloud.calls) > 0 {
		t.Errorf("%s, %v, %v", answer, err, cloud.calls)
	}
}
