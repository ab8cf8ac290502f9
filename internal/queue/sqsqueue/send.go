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

// entry is one body and its place in the call.
type entry struct {
	place int
	body  string
}

// Send sends the bodies in as few requests as SQS allows: at most 10 bodies and
// 1 MiB each. Entries that SQS refuses for its own reasons are sent again.
func (q *Queue) Send(ctx context.Context, bodies ...string) error {
	for _, body := range bodies {
		if len(body) > queue.MaxBytes {
			return queue.ErrTooLarge
		}
	}
	failed := map[int]error{}
	for _, batch := range batches(bodies) {
		if err := q.sendBatch(ctx, batch, failed); err != nil {
			return fmt.Errorf("send %d messages: %w", len(bodies), err)
		}
	}
	if len(failed) > 0 {
		return &queue.PartialError{Failed: failed}
	}
	return nil
}

// batches cuts the bodies, in order, where either limit is reached.
func batches(bodies []string) [][]entry {
	var all [][]entry
	var batch []entry
	size := 0
	for i, body := range bodies {
		if len(batch) == batchEntries || len(batch) > 0 && size+len(body) > queue.MaxBytes {
			all, batch, size = append(all, batch), nil, 0
		}
		batch = append(batch, entry{i, body})
		size += len(body)
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
		entries[i] = types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &batch[i].body}
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
