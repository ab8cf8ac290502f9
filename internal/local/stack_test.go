package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

func TestStack_TheFunctionsEnvironmentIsWhole(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	base := map[string]string{contract.RegistryVariable: "plumbline.yaml", contract.HashKeyVariable: "file:hash"}
	c, err := config.Load(s.Getenv(func(name string) string { return base[name] }))
	if err != nil {
		t.Fatal(err)
	}
	if c.Stage != "local" || c.Queues[contract.Looks] != s.Resources.Queues[contract.Looks] || c.Registry != "plumbline.yaml" {
		t.Errorf("config %+v", c)
	}
}

// The chain of the design: a request, two queues, a topic and the queue behind
// it. Quiesce returns when the last of it is done.
func TestStack_QuiesceWaitsForTheWholeChain(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	client := sqs.NewFromConfig(s.AWSConfig())
	topics := sns.NewFromConfig(s.AWSConfig())
	forward := func(queue string) func(string) error {
		return func(body string) error {
			time.Sleep(20 * time.Millisecond)
			_, err := client.SendMessage(context.Background(), &sqs.SendMessageInput{
				QueueUrl: aws.String(s.Resources.Queues[queue]), MessageBody: &body,
			})
			return err
		}
	}
	var merged, looked, told seenBodies
	open(t, s, Service{
		Address: "127.0.0.1:0",
		Handlers: map[string]lambda.Handler{
			contract.Receive: handler.New(func(_ context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
				return events.APIGatewayV2HTTPResponse{StatusCode: 200}, forward(contract.Observations)(r.Body)
			}),
			contract.Merge: merged.handler(forward(contract.Looks)),
			contract.Drift: looked.handler(func(body string) error {
				_, err := topics.Publish(context.Background(), &sns.PublishInput{
					TopicArn: aws.String(s.Resources.Topics[contract.Alerts]), Message: &body,
				})
				return err
			}),
			contract.Notify: told.handler(func(string) error { time.Sleep(50 * time.Millisecond); return nil }),
		},
	})
	for i := range 5 {
		body := fmt.Sprintf(`{"n":%d}`, i)
		header := http.Header{"Content-Type": {"application/json"}}
		if status, _, _ := call(t, "POST", s.Front()+"/hooks/erp", header, strings.NewReader(body)); status != 200 {
			t.Fatalf("status %d", status)
		}
		quiesce(t, s)
		if got := len(told.sorted()); got != i+1 {
			t.Fatalf("quiet after %d of %d alerts: the message without the topic's envelope is %v", got, i+1, told.sorted())
		}
	}
	told.want(t, `{"n":0}`, `{"n":1}`, `{"n":2}`, `{"n":3}`, `{"n":4}`)
	at := time.Now()
	for range 100 {
		quiesce(t, s)
	}
	if took := time.Since(at); took > time.Second {
		t.Errorf("100 waits while all is quiet took %v", took)
	}
}

func TestStack_QuiesceIsNotHeldByASendWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	open(t, s, Service{Handlers: map[string]lambda.Handler{contract.Merge: (&seenBodies{}).handler(nil)}})
	s.meter.sent(contract.Observations, 3)
	quiesce(t, s)
}

func TestStack_ACrashLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := onDisk(t, dir, SteppedClock(dayStart))
	var want []string
	for i := range 40 {
		body := fmt.Sprintf("message-%02d", i)
		want = append(want, body)
		send(t, first, contract.Observations, body, 0)
	}
	stuck := make(chan struct{})
	open(t, first, Service{Handlers: map[string]lambda.Handler{
		// The crash comes while batches are being handled.
		contract.Merge: quietly(func(context.Context, events.SQSEvent) error {
			select {
			case stuck <- struct{}{}:
			default:
			}
			time.Sleep(200 * time.Millisecond)
			return errors.New("crashed")
		}),
	}})
	<-stuck
	crash(first)

	second := onDisk(t, dir, SteppedClock(dayStart))
	var merged seenBodies
	open(t, second, Service{Handlers: map[string]lambda.Handler{contract.Merge: merged.handler(nil)}})
	quiesce(t, second)
	merged.want(t, want...)
}

func TestStack_WhatACrashInterruptedIsReadyAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start := func() *Stack {
		// The contract's visibility: minutes.
		s, err := Start(t.Context(), Options{Data: dir, Clock: SteppedClock(dayStart), Schedules: []contract.Schedule{}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	first := start()
	begun := make(chan struct{})
	open(t, first, Service{Handlers: map[string]lambda.Handler{
		contract.Merge: quietly(func(context.Context, events.SQSEvent) error {
			close(begun)
			<-first.receive.Done()
			return errors.New("crashed")
		}),
	}})
	send(t, first, contract.Observations, "interrupted", 0)
	<-begun
	crash(first)

	second := start()
	var merged seenBodies
	open(t, second, Service{Handlers: map[string]lambda.Handler{contract.Merge: merged.handler(nil)}})
	quiesce(t, second)
	merged.want(t, "interrupted")
}

func TestStack_ASecondStartOnTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before the start: %v, want ErrNotRunning", err)
	}
	s := onDisk(t, dir, nil)
	_, err := Start(t.Context(), Options{Data: dir})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("second start: %v, want ErrInUse and the folder", err)
	}
	open(t, s, Service{Address: "127.0.0.1:0"})
	got, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.running(), got); diff != "" || got.Front == "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, endpointsFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a clean stop leaves %s: %v", endpointsFile, err)
	}
	// What a killed stack leaves is not believed.
	if err := os.WriteFile(filepath.Join(dir, endpointsFile), []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after the end: %v, want ErrNotRunning", err)
	}
	// Nor by those who ask while the next one is not open yet.
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("while the next begins: %v, want ErrNotRunning", err)
	}
	if err := f.close(); err != nil {
		t.Error(err)
	}
}

func TestStack_EndsInOrderWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{Memory: true, Clock: SteppedClock(dayStart)})
	if err != nil {
		t.Fatal(err)
	}
	begun, ended := make(chan struct{}), make(chan error, 1)
	db := dynamodb.NewFromConfig(s.AWSConfig())
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Merge: quietly(func(ctx context.Context, _ events.SQSEvent) error {
			close(begun)
			time.Sleep(200 * time.Millisecond)
			_, err := db.PutItem(ctx, &dynamodb.PutItemInput{
				TableName: aws.String(s.Resources.Tables[contract.Records]),
				Item:      map[string]types.AttributeValue{contract.PK: &types.AttributeValueMemberS{Value: "x"}},
			})
			ended <- err
			return err
		}),
	}})
	send(t, s, contract.Observations, "a", 0)
	<-begun
	cancel()
	<-s.Done()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the running invocation could not finish: %v", err)
		}
	default:
		t.Error("the stack ended before its invocation")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
