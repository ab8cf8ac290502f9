package sqsqueue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/queuetest"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
)

func TestMain(m *testing.M) { emulator.Main(m) }

func TestQueue(t *testing.T) {
	queuetest.Run(t, func(t *testing.T) queuetest.World {
		settings := map[string]string{"VisibilityTimeout": strconv.Itoa(int(queuetest.Visibility.Seconds()))}
		deadURL, deadARN := newQueue(t, settings)
		settings["RedrivePolicy"] = fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, deadARN, queuetest.MaxReceives)
		url, _ := newQueue(t, settings)
		return queuetest.World{Queue: sqsqueue.New(client(t), url), Dead: sqsqueue.New(client(t), deadURL), Pass: time.Sleep}
	})
}

// refuse answers for the first entry of each batch as SQS does when it cannot
// take it.
func refuse(code string, senderFault bool, times int64) func(*sqs.Options) {
	var n atomic.Int64
	return func(o *sqs.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("refuse",
				func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
					batch, ok := in.Parameters.(*sqs.SendMessageBatchInput)
					if !ok || n.Add(1) > times {
						return next.HandleInitialize(ctx, in)
					}
					refused := types.BatchResultErrorEntry{Id: batch.Entries[0].Id, Code: &code, SenderFault: senderFault}
					if len(batch.Entries) == 1 {
						return middleware.InitializeOutput{Result: &sqs.SendMessageBatchOutput{Failed: []types.BatchResultErrorEntry{refused}}}, middleware.Metadata{}, nil
					}
					shorter := *batch
					shorter.Entries = slices.Clone(batch.Entries[1:])
					in.Parameters = &shorter
					out, meta, err := next.HandleInitialize(ctx, in)
					if result, ok := out.Result.(*sqs.SendMessageBatchOutput); ok {
						result.Failed = append(result.Failed, refused)
					}
					return out, meta, err
				}), middleware.Before)
		})
	}
}

func TestSend_TriesAgainWhatWasRefusedForNoFaultOfTheSender(t *testing.T) {
	url, _ := newQueue(t, nil)
	if err := sqsqueue.New(client(t, refuse("InternalError", false, 2)), url).Send(t.Context(), "a", "b", "c"); err != nil {
		t.Fatal(err)
	}
	if visible := depth(t, url); visible != 3 {
		t.Errorf("%d messages, want 3", visible)
	}
}

func TestSend_ReportsEachEntryThatStaysOut(t *testing.T) {
	for _, c := range []struct {
		code        string
		senderFault bool
		times       int64
	}{{"InvalidMessageContents", true, 1}, {"InternalError", false, 100}} {
		url, _ := newQueue(t, nil)
		err := sqsqueue.New(client(t, refuse(c.code, c.senderFault, c.times)), url).Send(t.Context(), "a", "b", "c")
		var partial *queue.PartialError
		if !errors.As(err, &partial) || len(partial.Failed) != 1 || partial.Failed[0] == nil {
			t.Errorf("%s: got %v, want number 0 alone", c.code, err)
		}
		if visible := depth(t, url); visible != 2 {
			t.Errorf("%s: %d messages, want 2", c.code, visible)
		}
	}
}

func TestSend_ToAQueueThatIsNotThereIsAnError(t *testing.T) {
	url, _ := newQueue(t, nil)
	q := sqsqueue.New(client(t), url+"-gone")
	for name, err := range map[string]error{"send": q.Send(t.Context(), "a"), "send after": q.SendAfter(t.Context(), 0, "a")} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func client(t testing.TB, options ...func(*sqs.Options)) *sqs.Client {
	t.Helper()
	return sqs.NewFromConfig(emulator.ForTest(t).AWSConfig(), options...)
}

var queues atomic.Int64

func newQueue(t testing.TB, settings map[string]string) (url, arn string) {
	t.Helper()
	name := fmt.Sprintf("queue-%d", queues.Add(1))
	out, err := client(t).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: settings})
	if err != nil {
		t.Fatal(err)
	}
	attributes, err := client(t).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: out.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl, attributes.Attributes["QueueArn"]
}

func depth(t *testing.T, url string) int {
	t.Helper()
	visible, _, _, err := sqsqueue.New(client(t), url).Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return visible
}
