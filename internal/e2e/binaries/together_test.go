package binaries_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/runtimeapi"
	"github.com/plumbline/plumbline/internal/signature"
)

// The functions work together, each found by the others through nothing but
// queues, tables and the topic.
func TestTheBinariesTogetherTellOfADifference(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "together-", small)
	fleets := w.run(t)
	letter := w.letters(t)
	w.send(t, "erp", "d-1", stock("free", 12, time.Now()))
	w.send(t, "shop", "d-2", stock("available", 40, time.Now()))
	said := letter(fleets)
	if !strings.Contains(said, "MUG-BLU at east: shop shows 40, erp expects 12") || !strings.Contains(said, "inventory-ops") {
		t.Errorf("the letter says %s", said)
	}
	w.send(t, "shop", "d-3", stock("available", 12, time.Now()))
	if said := letter(fleets); !strings.Contains(said, "Agree again") {
		t.Errorf("the last letter says %s", said)
	}
	for name, f := range fleets {
		wantNoSecrets(t, f.Logs())
		if strings.Contains(f.Logs(), `"level":"ERROR"`) {
			t.Errorf("%s says %s", name, f.Logs())
		}
	}
}

// run opens the stack with the binaries in it.
func (w *world) run(t *testing.T) map[string]*runtimeapi.Fleet {
	t.Helper()
	names, err := functions()
	if err != nil {
		t.Fatal(err)
	}
	fleets, handlers := map[string]*runtimeapi.Fleet{}, map[string]lambda.Handler{}
	for _, name := range names {
		fleet := runtimeapi.NewFleet(bundle(t, name, small, w.env))
		t.Cleanup(fleet.Close)
		fleets[name], handlers[name] = fleet, fleet
	}
	if err := w.Open(t.Context(), local.Service{Handlers: handlers, Address: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	return fleets
}

// send sends a delivery through the front.
func (w *world) send(t *testing.T, system, id string, body []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Front()+"/hooks/"+system, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signature.SignWebhook(id, time.Now(), body, signature.WebhookKey(parameters["/plumbline/"+system]))
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if answer, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered %d %s, %v", system, res.StatusCode, answer, err)
	}
}

// patience bounds every wait for something that must happen.
const patience = 60 * time.Second

// letters subscribes to the topic for people, and returns what waits for the next
// letter.
func (w *world) letters(t *testing.T) func(map[string]*runtimeapi.Fleet) string {
	t.Helper()
	queues := sqs.NewFromConfig(w.AWSConfig())
	made, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("letters")})
	if err != nil {
		t.Fatal(err)
	}
	of, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: made.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = sns.NewFromConfig(w.AWSConfig()).Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: aws.String(w.Resources.Topics[contract.Mail]), Protocol: aws.String("sqs"),
		Endpoint: aws.String(of.Attributes["QueueArn"]), Attributes: map[string]string{"RawMessageDelivery": "true"},
	})
	if err != nil {
		t.Fatal(err)
	}
	inbox := sqsqueue.New(queues, *made.QueueUrl)
	return func(fleets map[string]*runtimeapi.Fleet) string {
		t.Helper()
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
			var said string
			if _, err := queue.Drain(t.Context(), inbox, 1, func(m queue.Message) (bool, error) { said = m.Body; return true, nil }); err != nil {
				t.Fatal(err)
			}
			if said != "" {
				return said
			}
			time.Sleep(20 * time.Millisecond)
		}
		for name, f := range fleets {
			t.Logf("%s says %s", name, f.Logs())
		}
		t.Fatal("no letter came")
		return ""
	}
}
