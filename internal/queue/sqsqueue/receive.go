package sqsqueue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/queue"
)

// maxWait is the longest that SQS waits for a first message.
const maxWait = 20 * time.Second

// Receive takes messages for as long as the queue's visibility time-out.
func (q *Queue) Receive(ctx context.Context, limit int, wait time.Duration) ([]queue.Message, error) {
	out, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: q.url, MaxNumberOfMessages: int32(min(limit, batchEntries)), WaitTimeSeconds: wholeSeconds(min(wait, maxWait)),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{
			types.MessageSystemAttributeNameApproximateReceiveCount, types.MessageSystemAttributeNameSentTimestamp,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	messages := make([]queue.Message, len(out.Messages))
	for i, m := range out.Messages {
		messages[i] = message(m)
	}
	return messages, nil
}

func message(m types.Message) queue.Message {
	// SQS writes both attributes as numbers; without them they are not known.
	receives, _ := strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)])
	sent, _ := strconv.ParseInt(m.Attributes[string(types.MessageSystemAttributeNameSentTimestamp)], 10, 64)
	return queue.Message{
		ID: aws.ToString(m.MessageId), Body: aws.ToString(m.Body), Receipt: aws.ToString(m.ReceiptHandle),
		Receives: receives, Sent: time.UnixMilli(sent).UTC(),
	}
}

// Delete deletes the messages in as few requests as SQS allows.
func (q *Queue) Delete(ctx context.Context, messages ...queue.Message) error {
	for batch := range slices.Chunk(messages, batchEntries) {
		entries := make([]types.DeleteMessageBatchRequestEntry, len(batch))
		for i := range batch {
			entries[i] = types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: &batch[i].Receipt}
		}
		out, err := q.client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: q.url, Entries: entries})
		if err != nil {
			return fmt.Errorf("delete %d messages: %w", len(messages), err)
		}
		if len(out.Failed) > 0 {
			return fmt.Errorf("delete %d messages: %d left, the first for %s", len(messages), len(out.Failed), *out.Failed[0].Code)
		}
	}
	return nil
}

// Release ends the messages' visibility time-out. One that has ended already is
// visible, so entries that SQS refuses are as they should be.
func (q *Queue) Release(ctx context.Context, messages ...queue.Message) error {
	for batch := range slices.Chunk(messages, batchEntries) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(batch))
		for i := range batch {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: &batch[i].Receipt}
		}
		_, err := q.client.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: q.url, Entries: entries})
		if err != nil {
			return fmt.Errorf("release %d messages: %w", len(messages), err)
		}
	}
	return nil
}
