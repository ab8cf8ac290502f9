package binaries_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/signature"
)

// call is one event of a function and the answer that it must get.
type call struct {
	name   string
	event  any
	answer string
}

// calls has the events of every function: each trigger that it has, and what
// makes it use what it is given.
func calls(function string, now time.Time) []call {
	switch function {
	case contract.Receive:
		return []call{{"a signed delivery", webhook(now, stock("free", 12, now)), `{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":"","cookies":null}`}}
	case contract.Fetch:
		return []call{
			{"a batch of the queue, of a system without an API", batch(named(now)), `{"batchItemFailures":[{"itemIdentifier":"m-0"}]}`},
			{"the schedule", map[string]string{"run": contract.Chores}, "{}"},
		}
	case contract.Merge:
		return []call{{"a batch of the queue", batch(observed("MUG-BLU", now)), `{"batchItemFailures":[]}`}}
	case contract.Load:
		return []call{{"a file that is no system's export", batch(`{"Records":[{"s3":{"object":{"key":"exports/readme.txt"}}}]}`), `{"batchItemFailures":[]}`}}
	case contract.Drift:
		return []call{
			{"a batch of looks", batch(look("MUG-BLU", now)), `{"batchItemFailures":[]}`},
			{"the schedule", map[string]any{"source": "aws.events", "detail-type": "Scheduled Event", "detail": map[string]any{}}, "{}"},
		}
	case contract.Notify:
		return []call{{"a hint at an alert", batch(`{"alert":"` + known + `"}`), `{"batchItemFailures":[]}`}}
	case contract.Respond:
		return []call{
			{"a batch of decisions", batch(decided(now)), `{"batchItemFailures":[]}`},
			{"a button in Slack", press(now), `{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":"","cookies":null}`},
		}
	case contract.Archive:
		return []call{{"a batch of the queue", batch(observed("MUG-BLU", now)), `{"batchItemFailures":[]}`}}
	default:
		return nil
	}
}

// press is the front's event of somebody who acknowledges an alert.
func press(now time.Time) events.APIGatewayV2HTTPRequest {
	body := url.Values{"payload": {`{"type":"block_actions","user":{"id":"U024BE7LH"},"channel":{"id":"C1"},` +
		`"actions":[{"action_id":"acknowledge","block_id":"` + known + `"}]}`}}.Encode()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /slack", RawPath: "/slack", Body: base64.StdEncoding.EncodeToString([]byte(body)), IsBase64Encoded: true,
		Headers: map[string]string{"content-type": "application/x-www-form-urlencoded"},
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = http.MethodPost, e.RawPath
	for name, values := range signature.SignSlack(now, []byte(body), signature.Key(parameters["/plumbline/slack-signing"])) {
		e.Headers[strings.ToLower(name)] = values[0]
	}
	return e
}

// decided is the message that respond makes of it.
func decided(now time.Time) string {
	body, err := queue.EncodeDecision(queue.Decision{
		Alert: known, Decision: finding.Decision{ID: "d-1", Action: finding.Acknowledge, By: "U024BE7LH", At: now},
	})
	if err != nil {
		panic(err)
	}
	return body
}

// named is the message of a fetch.
func named(now time.Time) string {
	body, err := queue.EncodeFetch(queue.Fetch{System: "erp", Fetch: platform.Fetch{Topic: "orders", Target: "orders/250"}, Received: now})
	if err != nil {
		panic(err)
	}
	return body
}

func batch(bodies ...string) events.SQSEvent {
	var e events.SQSEvent
	for i, body := range bodies {
		e.Records = append(e.Records, events.SQSMessage{
			MessageId: fmt.Sprintf("m-%d", i), Body: body, EventSource: "aws:sqs", Attributes: map[string]string{"ApproximateReceiveCount": "1"},
		})
	}
	return e
}

// stock is a body of the standard format.
func stock(facet string, units int, now time.Time) []byte {
	return fmt.Appendf(nil, `{"type":"records.reported","timestamp":%q,"records":[`+
		`{"kind":"inventory","id":"MUG-BLU/EAST","key":{"sku":"MUG-BLU","location":"EAST"},"facets":{%q:"%d","tracked":true}}]}`,
		now.UTC().Format(time.RFC3339Nano), facet, units)
}

// webhook is the front's event of a delivery of the ERP.
func webhook(now time.Time, body []byte) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /hooks/{system}", RawPath: "/hooks/erp", PathParameters: map[string]string{"system": "erp"},
		Headers: map[string]string{"content-type": "application/json"}, Body: base64.StdEncoding.EncodeToString(body), IsBase64Encoded: true,
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = http.MethodPost, e.RawPath
	for name, values := range signature.SignWebhook("d-1", now, body, signature.WebhookKey(parameters["/plumbline/erp"])) {
		e.Headers[strings.ToLower(name)] = values[0]
	}
	return e
}

// observed is the message that receive makes of that delivery, about any SKU.
func observed(sku string, now time.Time) string {
	o := commerce.Observation{
		System: "erp", Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Part: "inventory", Native: sku + "/EAST", Slot: "EAST",
		Facets: commerce.Facets{"free": commerce.Number(commerce.Int(12)), "tracked": commerce.Bool(true)},
	}
	o.Stamp(commerce.VersionParts{Clock: now})
	body, err := queue.Encode(queue.Envelope{
		Delivery: commerce.Delivery{ID: "d-1", System: "erp", Received: now, Body: stock("free", 12, now)}, Observations: []commerce.Observation{o},
	})
	if err != nil {
		panic(err)
	}
	return body
}

// look is the message that asks for a judgement of a stock record.
func look(sku string, now time.Time) string {
	return queue.EncodeLook(queue.Look{Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Due: now})
}

func payload(t testing.TB, event any) []byte {
	t.Helper()
	text, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
