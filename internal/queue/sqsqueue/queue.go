// Package sqsqueue is a queue in SQS. It owns the limits of SQS's requests and
// the entries that SQS refuses one by one; it leaves whole requests that fail to
// the SDK's own retries.
package sqsqueue

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/queue"
)

// batchEntries is the most entries that one request takes.
const batchEntries = 10

// Queue is one SQS queue. It is a queue.Queue.
type Queue struct {
	client *sqs.Client
	url    *string
}

// New returns the queue at the address.
func New(client *sqs.Client, url string) *Queue { return &Queue{client, aws.String(url)} }

// SendAfter sends one body with a delay.
func (q *Queue) SendAfter(ctx context.Context, delay time.Duration, body string) error {
	if delay > queue.MaxDelay {
		return queue.ErrDelay
	}
	if len(body) > queue.MaxBytes {
		return queue.ErrTooLarge
	}
	_, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: &body, DelaySeconds: wholeSeconds(delay)})
	if err != nil {
		return fmt.Errorf("send after %v: %w", delay, err)
	}
	return nil
}

// wholeSeconds rounds up: a look that comes early would have to be asked for
// again.
func wholeSeconds(d time.Duration) int32 {
	return int32((max(d, 0) + time.Second - 1) / time.Second)
}

// Depth asks for SQS's own estimates.
func (q *Queue) Depth(ctx context.Context) (visible, inFlight, delayed int, err error) {
	out, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: q.url, AttributeNames: []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages,
		types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
	}})
	if err != nil {
		return 0, 0, 0, fmt.Errorf("count messages: %w", err)
	}
	count := func(name types.QueueAttributeName) int {
		n, bad := strconv.Atoi(out.Attributes[string(name)])
		if bad != nil && err == nil {
			err = fmt.Errorf("count messages: %s is no number", name)
		}
		return n
	}
	visible = count(types.QueueAttributeNameApproximateNumberOfMessages)
	inFlight = count(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible)
	delayed = count(types.QueueAttributeNameApproximateNumberOfMessagesDelayed)
	return visible, inFlight, delayed, err
}
