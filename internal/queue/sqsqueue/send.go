package sqsqueue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/queue"
)

const (
	// sendTries bounds how often entries that SQS refused for its own reasons
	// are sent.
	sendTries = 4
	firstWait = 50 * time.Millisecond
)

// entry is one message and its place in the call.
type entry struct {
	place int
	queue.Later
}

// Send sends the bodies in as few requests as SQS allows: at most 10 bodies and
// 1 MiB each. Entries that SQS refuses for its own reasons are sent again.
func (q *Queue) Send(ctx context.Context, bodies ...string) error {
	messages := make([]queue.Later, len(bodies))
	for i, body := range bodies {
		messages[i].Body = body
	}
	return q.SendLater(ctx, messages...)
}

// SendLater sends as Send does, each message with its own delay.
func (q *Queue) SendLater(ctx context.Context, messages ...queue.Later) error {
	for _, m := range messages {
		if len(m.Body) > queue.MaxBytes {
			return queue.ErrTooLarge
		}
		if m.Delay > queue.MaxDelay {
			return queue.ErrDelay
		}
	}
	failed := map[int]error{}
	for _, batch := range batches(messages) {
		if err := q.sendBatch(ctx, batch, failed); err != nil {
			return fmt.Errorf("send %d messages: %w", len(messages), err)
		}
	}
	if len(failed) > 0 {
		return &queue.PartialError{Failed: failed}
	}
	return nil
}

// batches cuts the messages, in order, where either limit is reached.
func batches(messages []queue.Later) [][]entry {
	var all [][]entry
	var batch []entry
	size := 0
	for i, m := range messages {
		if len(batch) == batchEntries || len(batch) > 0 && size+len(m.Body) > queue.MaxBytes {
			all, batch, size = append(all, batch), nil, 0
		}
		batch = append(batch, entry{i, m})
		size += len(m.Body)
	}
	if len(batch) > 0 {
		all = append(all, batch)
	}
	return all
}

func (q *Queue) sendBatch(ctx context.Context, batch []entry, failed map[int]error) error {
	for try := range sendTries {
		if err := pause(ctx, try); err != nil {
			return err
		}
		out, err := q.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: q.url, Entries: requestEntries(batch)})
		if err != nil {
			return err
		}
		batch = again(batch, out.Failed, failed)
		if len(batch) == 0 {
			return nil
		}
	}
	return nil
}

// again notes why each entry failed and returns those worth another try. An
// entry that is the sender's fault fails every time.
func again(batch []entry, refused []types.BatchResultErrorEntry, failed map[int]error) []entry {
	for _, e := range batch {
		delete(failed, e.place)
	}
	var left []entry
	for _, r := range refused {
		for _, e := range batch {
			if strconv.Itoa(e.place) != *r.Id {
				continue
			}
			failed[e.place] = errors.New(*r.Code)
			if !r.SenderFault {
				left = append(left, e)
			}
		}
	}
	return left
}

func requestEntries(batch []entry) []types.SendMessageBatchRequestEntry {
	entries := make([]types.SendMessageBatchRequestEntry, len(batch))
	for i := range batch {
		id := strconv.Itoa(batch[i].place)
		entries[i] = types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &batch[i].Body, DelaySeconds: wholeSeconds(batch[i].Delay)}
	}
	return entries
}

// pause waits before a repeated try: twice as long each time, of which half is
// random so that senders do not march in step.
func pause(ctx context.Context, try int) error {
	if try == 0 {
		return ctx.Err()
	}
	wait := firstWait << (try - 1)
	timer := time.NewTimer(wait/2 + rand.N(wait/2))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
