package local

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestMapping_OneBadMessageAmongNineGoodBecomesADeadLetterAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, func(_ context.Context, batch []events.SQSMessage) (any, error) {
		for _, m := range batch {
			if m.Body == "poison" {
				return failures(m.MessageId), nil
			}
		}
		return nil, nil
	})
	b.send(append(numbered(9), "poison")...)
	b.start()
	b.settle()
	want := map[string]int{"poison": contract.MaxReceive}
	for _, body := range numbered(9) {
		want[body] = 1
	}
	b.wantSeen(want)
	if got := b.deadLetter(); got != "poison" {
		t.Errorf("dead letter %q, want the poison", got)
	}
	b.wantSeen(want)
	b.wantEmpty()
}

func (b *bench) deadLetter() string {
	b.t.Helper()
	for range 5 {
		out, err := b.client.ReceiveMessage(b.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &b.dead, WaitTimeSeconds: 1})
		if err != nil {
			b.t.Fatal(err)
		}
		if len(out.Messages) > 0 {
			return *out.Messages[0].Body
		}
	}
	return ""
}

func TestMapping_WhatFailsABatch(t *testing.T) {
	t.Parallel()
	cases := map[string]answer{
		"an error": func(context.Context, []events.SQSMessage) (any, error) { return nil, errors.New("down") },
		"a panic":  func(context.Context, []events.SQSMessage) (any, error) { panic("a bug") },
		"a time-out": func(ctx context.Context, _ []events.SQSMessage) (any, error) {
			<-ctx.Done()
			time.Sleep(50 * time.Millisecond) // a handler that does not look at its deadline
			return nil, nil
		},
		"an unknown id": func(_ context.Context, batch []events.SQSMessage) (any, error) {
			return failures(batch[0].MessageId, "somebody else's"), nil
		},
		"a blank id":    func(context.Context, []events.SQSMessage) (any, error) { return failures(""), nil },
		"another shape": func(context.Context, []events.SQSMessage) (any, error) { return "all well", nil },
		"another key name": func(_ context.Context, batch []events.SQSMessage) (any, error) {
			return wrongKey(batch[0].MessageId), nil
		},
	}
	for name, fail := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			b := newBench(t, func(q *contract.Queue) { q.Timeout, q.Visibility = 300*time.Millisecond, 3*time.Second }, func(ctx context.Context, batch []events.SQSMessage) (any, error) {
				if calls.Add(1) == 1 {
					return fail(ctx, batch)
				}
				return nil, nil
			})
			b.send("a", "b")
			b.start()
			b.settle()
			b.wantSeen(map[string]int{"a": 2, "b": 2})
			b.wantEmpty()
		})
	}
}

func wrongKey(id string) any {
	return map[string]any{"batchItemFailures": []map[string]string{{"id": id}}}
}

func TestMapping_WhatMeansAllDone(t *testing.T) {
	t.Parallel()
	for name, response := range map[string]any{
		"null":            nil,
		"an empty list":   failures(),
		"a null list":     map[string]any{"batchItemFailures": nil},
		"an empty object": map[string]any{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(q *contract.Queue) { q.Visibility = time.Minute }, func(context.Context, []events.SQSMessage) (any, error) { return response, nil })
			b.send("a", "b")
			b.start()
			b.settle()
			b.wantSeen(map[string]int{"a": 1, "b": 1})
			b.wantEmpty()
		})
	}
}

func TestMapping_AWindowGathersABatch(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(q *contract.Queue) { q.Window, q.BatchSize, q.Visibility = time.Second, 25, time.Minute }, func(context.Context, []events.SQSMessage) (any, error) { return nil, nil })
	b.start()
	b.send(numbered(5)...)
	time.Sleep(300 * time.Millisecond)
	b.send("late")
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.tries) != 1 || len(b.tries[0]) != 6 {
		t.Errorf("batches %v, want one of six", b.tries)
	}
}

func TestMapping_AFullBatchDoesNotWaitForItsWindow(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(q *contract.Queue) { q.Window, q.BatchSize, q.Visibility = 20*time.Second, 12, time.Minute }, func(context.Context, []events.SQSMessage) (any, error) { return nil, nil })
	b.send(numbered(12)...)
	b.start()
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.tries) != 1 || len(b.tries[0]) != 12 {
		t.Errorf("batches %v, want one of twelve", b.tries)
	}
}

func TestMapping_APayloadHasALimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(q *contract.Queue) { q.Visibility = time.Minute }, func(context.Context, []events.SQSMessage) (any, error) { return nil, nil })
	large := strings.Repeat("x", 1<<20)
	for range 8 {
		b.send(large)
	}
	b.start()
	b.settle()
	if n := b.seen()[large]; n != 8 {
		t.Errorf("%d messages seen, want 8", n)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, batch := range b.tries {
		if bytes := len(strings.Join(batch, "")); bytes > contract.MaxPayload {
			t.Errorf("an invocation was given %d bytes, at most %d fit", bytes, contract.MaxPayload)
		}
	}
}

func TestMapping_ConcurrencyIsUsedAndBounded(t *testing.T) {
	t.Parallel()
	const limit = 3
	var running, most atomic.Int32
	together := make(chan struct{})
	var once sync.Once
	b := newBench(t, func(q *contract.Queue) { q.BatchSize, q.MaxConcurrency, q.Visibility = 1, limit, time.Minute }, func(context.Context, []events.SQSMessage) (any, error) {
		now := running.Add(1)
		defer running.Add(-1)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
		if now == limit {
			once.Do(func() { close(together) })
		}
		select {
		case <-together: // and a moment in which one too many would be seen
			time.Sleep(50 * time.Millisecond)
		case <-time.After(5 * time.Second):
		}
		return nil, nil
	})
	b.send(numbered(12)...)
	b.start()
	b.settle()
	if got := most.Load(); got != limit {
		t.Errorf("%d at once, want %d", got, limit)
	}
}

func TestMapping_TheEventIsTheServices(t *testing.T) {
	t.Parallel()
	var got events.SQSMessage
	var lambdaContext *lambdacontext.LambdaContext
	var left time.Duration
	b := newBench(t, nil, func(ctx context.Context, batch []events.SQSMessage) (any, error) {
		got = batch[0]
		lambdaContext, _ = lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		left = time.Until(deadline)
		return nil, nil
	})
	_, err := b.client.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &b.mapping.url, MessageBody: aws.String("hello"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"owner": {DataType: aws.String("String"), StringValue: aws.String("inventory-ops")},
			"raw":   {DataType: aws.String("Binary"), BinaryValue: []byte{0, 255}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.mapping.consumer.meter.sent(b.mapping.queue.Name, 1)
	b.start()
	b.settle()
	if got.EventSource != "aws:sqs" || got.EventSourceARN != b.mapping.arn || got.AWSRegion != emulator.Region {
		t.Errorf("source %q %q %q", got.EventSource, got.EventSourceARN, got.AWSRegion)
	}
	if got.Attributes["ApproximateReceiveCount"] != "1" || got.Attributes["SentTimestamp"] == "" || got.Md5OfBody == "" {
		t.Errorf("system attributes %v", got.Attributes)
	}
	if a := got.MessageAttributes["owner"]; a.DataType != "String" || *a.StringValue != "inventory-ops" {
		t.Errorf("text attribute %+v", a)
	}
	if a := got.MessageAttributes["raw"]; !slices.Equal(a.BinaryValue, []byte{0, 255}) {
		t.Errorf("binary attribute %+v", a)
	}
	if lambdaContext == nil || lambdaContext.AwsRequestID == "" || !strings.HasSuffix(lambdaContext.InvokedFunctionArn, ":consume") {
		t.Errorf("lambda context %+v", lambdaContext)
	}
	if left <= 0 || left > b.mapping.queue.Timeout {
		t.Errorf("%v until the deadline, want at most %v", left, b.mapping.queue.Timeout)
	}
}

func TestMapping_StoppingFinishesWhatRuns(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	var ended atomic.Bool
	b := newBench(t, func(q *contract.Queue) { q.Visibility = time.Minute }, func(ctx context.Context, _ []events.SQSMessage) (any, error) {
		close(begun)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(300 * time.Millisecond):
			ended.Store(true)
			return nil, nil
		}
	})
	b.send("a")
	b.start()
	<-begun
	b.stop()
	if !ended.Load() {
		t.Error("the invocation was cut short")
	}
	b.wantEmpty()
}

func TestReadFailures(t *testing.T) {
	known := map[string]bool{"a": true, "b": true}
	got, err := readFailures([]byte(`{"batchItemFailures":[{"itemIdentifier":"b"}]}`), known)
	if err != nil || !got["b"] || got["a"] {
		t.Errorf("failed %v, %v, want b alone", got, err)
	}
	for _, bad := range []string{`{"batchItemFailures":[{"itemIdentifier":null}]}`, `[]`, `{"batchItemFailures":7}`, `{`} {
		if _, err := readFailures(json.RawMessage(bad), known); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

// slowly answers receives late, and counts those that wait at the same time.
type slowly struct {
	aws.HTTPClient
	mu            sync.Mutex
	waiting, most int
}

func (s *slowly) Do(r *http.Request) (*http.Response, error) {
	if r.Header.Get("X-Amz-Target") == "AmazonSQS.ReceiveMessage" {
		s.add(1)
		time.Sleep(100 * time.Millisecond)
		s.add(-1)
	}
	return s.HTTPClient.Do(r)
}

func (s *slowly) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting += n
	s.most = max(s.most, s.waiting)
}

// peak is how many waited at the same time at most.
func (s *slowly) peak() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

func TestMapping_MorePollersReadABacklog(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(q *contract.Queue) { q.MaxConcurrency, q.Visibility = 6, time.Minute }, func(context.Context, []events.SQSMessage) (any, error) { return nil, nil })
	cfg := emulator.ForTest(t).AWSConfig()
	client := &slowly{HTTPClient: cfg.HTTPClient}
	cfg.HTTPClient = client
	b.mapping.client = sqs.NewFromConfig(cfg)
	const messages = 100
	b.send(numbered(messages)...)
	b.start()
	b.settle()
	if most := client.peak(); most < 3 || most > 6 {
		t.Errorf("%d pollers read a backlog, want several and no more than there are slots", most)
	}
	if got := b.seen(); len(got) != messages {
		t.Errorf("%d messages were seen, want %d", len(got), messages)
	}
}
