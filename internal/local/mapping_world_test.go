package local

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

// bench is one mapping over queues of its own, with a short visibility.
type bench struct {
	t       *testing.T
	client  *sqs.Client
	mapping *mapping
	dead    string
	stop    func()

	mu sync.Mutex
	// tries are the bodies of each batch that the consumer saw.
	tries [][]string
}

// answer is what a consumer makes of a batch.
type answer func(ctx context.Context, batch []events.SQSMessage) (any, error)

func newBench(t *testing.T, tune func(*contract.Queue), consume answer) *bench {
	t.Helper()
	e := emulator.ForTest(t)
	name := fmt.Sprint(strings.NewReplacer("/", "-", ",", "", " ", "_").Replace(t.Name()), stacks.Add(1))
	b := &bench{t: t, client: sqs.NewFromConfig(e.AWSConfig())}
	var deadARN, arn, url string
	b.dead, deadARN = b.makeQueue(name+"-dead", nil)
	policy := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, deadARN, contract.MaxReceive)
	queue := contract.Queue{
		Name: name, BatchSize: 10, MaxConcurrency: 2, MaxReceive: contract.MaxReceive,
		Timeout: 5 * time.Second, Visibility: time.Second,
	}
	if tune != nil {
		tune(&queue)
	}
	url, arn = b.makeQueue(name, map[string]string{"VisibilityTimeout": seconds(queue.Visibility), "RedrivePolicy": policy})
	meter := newMeter()
	meter.follow(name)
	b.mapping = &mapping{
		queue: queue, url: url, arn: arn, client: b.client, clock: WallClock(), log: slog.New(slog.DiscardHandler),
		consumer: function{name: "consume", timeout: queue.Timeout, meter: meter, handler: b.handler(consume)},
	}
	return b
}

func (b *bench) handler(consume answer) lambda.Handler {
	return handler.New(func(ctx context.Context, event events.SQSEvent) (any, error) {
		var bodies []string
		for _, m := range event.Records {
			bodies = append(bodies, m.Body)
		}
		b.mu.Lock()
		b.tries = append(b.tries, bodies)
		b.mu.Unlock()
		return consume(ctx, event.Records)
	})
}

// start reads the queue until the test ends or stop is called.
func (b *bench) start() {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.mapping.run(ctx)
	}()
	b.stop = sync.OnceFunc(func() { cancel(); <-done })
	b.t.Cleanup(b.stop)
}

func (b *bench) makeQueue(name string, attributes map[string]string) (url, arn string) {
	b.t.Helper()
	out, err := b.client.CreateQueue(b.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := b.client.GetQueueAttributes(b.t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: out.QueueUrl, AttributeNames: []types.QueueAttributeName{"QueueArn"},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return *out.QueueUrl, got.Attributes["QueueArn"]
}

func (b *bench) send(bodies ...string) {
	b.t.Helper()
	for _, body := range bodies {
		if _, err := b.client.SendMessage(b.t.Context(), &sqs.SendMessageInput{QueueUrl: &b.mapping.url, MessageBody: &body}); err != nil {
			b.t.Fatal(err)
		}
	}
	b.mapping.consumer.meter.sent(b.mapping.queue.Name, len(bodies))
}

// settle waits until every message is done or a dead letter.
func (b *bench) settle() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	never := func(context.Context) error { return nil }
	if err := b.mapping.consumer.meter.quiesce(ctx, never); err != nil {
		b.t.Fatal(err)
	}
}

// seen counts how often each body was tried.
func (b *bench) seen() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]int{}
	for _, batch := range b.tries {
		for _, body := range batch {
			out[body]++
		}
	}
	return out
}

func (b *bench) wantSeen(want map[string]int) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.seen()); diff != "" {
		b.t.Errorf("tries by message (-want +got):\n%s", diff)
	}
}

func (b *bench) wantEmpty() {
	b.t.Helper()
	n, err := depth(b.t.Context(), b.client, b.mapping.url)
	if err != nil || n != 0 {
		b.t.Errorf("%d messages left in the queue, %v", n, err)
	}
}

func failures(ids ...string) events.SQSEventResponse {
	var out events.SQSEventResponse
	for _, id := range ids {
		out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return out
}

func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("good-%d", i))
	}
	return out
}
