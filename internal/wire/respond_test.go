package wire_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/signature"
	"github.com/plumbline/plumbline/internal/wire"
)

// slackAPI answers every call of Slack's Web API with success.
type slackAPI struct{ calls []string }

func (s *slackAPI) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	s.calls = append(s.calls, r.URL.String()+" "+r.Header.Get("Authorization")+" "+string(body))
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"ok":true}`))}, err
}

// responds is the function respond where Slack is set up.
func responds(t *testing.T, c *cloud, slack *slackAPI) func(event any) string {
	t.Helper()
	env := environment(t)
	env[contract.SlackTokenVariable], env["TOKEN"] = "env:TOKEN", "xoxb-published-test-token"
	env[contract.SlackSigningVariable], env["SIGNING"] = "env:SIGNING", "published test secret"
	w, err := wire.New(wire.Options{
		Getenv: func(name string) string { return env[name] }, Transport: slack,
		AWS: aws.Config{
			Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("id", "key", ""), HTTPClient: c, RetryMaxAttempts: 1,
		},
		Now: func() time.Time { return nine }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := w.Handler(t.Context(), contract.Respond)
	if err != nil {
		t.Fatal(err)
	}
	return func(event any) string {
		payload, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := h.Invoke(t.Context(), payload)
		if err != nil {
			t.Fatal(err)
		}
		return string(answer)
	}
}

// press is the front's event of a button that somebody pressed.
func press(secret string) events.APIGatewayV2HTTPRequest {
	body := url.Values{"payload": {`{"type":"block_actions","user":{"id":"U024BE7LH"},"channel":{"id":"C1"},"actions":[{"action_id":"acknowledge","block_id":"a1"}]}`}}.Encode()
	event := events.APIGatewayV2HTTPRequest{
		RawPath: "/slack", Body: base64.StdEncoding.EncodeToString([]byte(body)), IsBase64Encoded: true, Headers: map[string]string{},
	}
	for name, values := range signature.SignSlack(nine, []byte(body), signature.Key(secret)) {
		event.Headers[strings.ToLower(name)] = values[0]
	}
	return event
}

func TestRespond_TellsTheFrontFromTheQueue(t *testing.T) {
	body, err := queue.EncodeDecision(queue.Decision{Alert: "a1", Decision: finding.Decision{ID: "d", Action: finding.Acknowledge, By: "U1", At: nine}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		event    any
		answer   string
		whispers int
		reads    int
	}{
		{"a button", press("published test secret"), `{"statusCode":200,`, 1, 1},
		{"somebody else", press("another secret"), `{"statusCode":401,`, 0, 0},
		{"a body that is none", events.APIGatewayV2HTTPRequest{RawPath: "/slack", Body: "%", IsBase64Encoded: true}, `{"statusCode":400,`, 0, 0},
		{"a decision about no alert", events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m", Body: body}}}, `{"batchItemFailures":[{"itemIdentifier":"m"}]}`, 0, 1},
		{"poison", events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m", Body: "{"}}}, `{"batchItemFailures":[{"itemIdentifier":"m"}]}`, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud, slack := &cloud{}, &slackAPI{}
			if got := responds(t, cloud, slack)(c.event); !strings.HasPrefix(got, c.answer) {
				t.Errorf("%s, want %s…", got, c.answer)
			}
			if cloud.made("GetItem", "plumbline-findings") != c.reads || len(slack.calls) != c.whispers {
				t.Errorf("requests %v, calls of Slack %v", cloud.calls, slack.calls)
			}
			for _, call := range slack.calls {
				if !strings.HasPrefix(call, "https://slack.com/api/chat.postEphemeral Bearer xoxb-published-test-token ") {
					t.Errorf("asked %s", call)
				}
			}
		})
	}
}

func TestRespond_WithoutSlackThereIsNobodyToAnswer(t *testing.T) {
	answer, err := handler(t, &cloud{}, contract.Respond)(press(""))
	if err != nil || !strings.HasPrefix(string(answer), `{"statusCode":404,`) {
		t.Errorf("%s, %v", answer, err)
	}
}
