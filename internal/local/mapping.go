package local

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

const (
	// pollSeconds is short because a poll is not cut off: the emulator would
	// give its messages to the closed connection, and they would be hidden
	// until their visibility ends.
	pollSeconds = 1
	// maxReceived is the most messages that one receive, or delete, takes.
	maxReceived = 10
	callTimeout = 10 * time.Second
	pollPause   = 200 * time.Millisecond
	windowPause = 20 * time.Millisecond
)

// mapping is an event source mapping: it reads one queue and invokes its
// consumer, with the rules of the Lambda service.
//
//   - A batch is what is there, up to the batch size; with a window it is
//     gathered until it is full or the window ends.
//   - What the consumer reports as failed stays in the queue and comes back
//     after the queue's visibility; everything else is deleted.
//   - An error, a panic, a time-out or an answer that makes no sense fails the
//     whole batch.
type mapping struct {
	queue    contract.Queue
	url, arn string
	client   *sqs.Client
	consumer function
	clock    *Clock
	outages  Outages
	log      *slog.Logger
}

// run reads until ctx ends, and returns when the invocations that it started
// have ended.
func (m *mapping) run(ctx context.Context) {
	r := &reading{mapping: m, slots: make(chan struct{}, m.queue.MaxConcurrency)}
	r.read(ctx, pollSeconds*time.Second)
	r.running.Wait()
}

// reading is a mapping at work. As in the service, more pollers read while there
// is more than one of them can take.
type reading struct {
	*mapping
	// slots bounds the pollers and invocations of the queue.
	slots   chan struct{}
	running sync.WaitGroup
}

// read takes batch after batch. One that does not wait is there to help, and ends
// when nothing is left.
func (r *reading) read(ctx context.Context, wait time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case r.slots <- struct{}{}:
		}
		if !r.await(ctx) {
			return
		}
		batch := r.gather(ctx, wait)
		work := func() {
			defer func() { <-r.slots }()
			for _, part := range payloads(batch) {
				r.handle(ctx, part)
			}
		}
		if r.stepped() {
			work() // a poll at the same time would take what is of the next window
			continue
		}
		r.running.Go(work)
		switch {
		case len(batch) == 0 && wait == 0:
			return
		case r.behind(batch) && len(r.slots) < cap(r.slots):
			r.running.Go(func() { r.read(ctx, 0) })
		}
	}
}

// behind says that a batch was as large as one poll makes it, so that more may be
// there.
func (m *mapping) behind(batch []types.Message) bool {
	return m.queue.Window == 0 && len(batch) == min(m.queue.BatchSize, maxReceived)
}

// stepped says that the queue gathers batches on a clock that stands still.
func (m *mapping) stepped() bool { return m.queue.Window > 0 && !m.clock.Wall() }

// await waits, on a stepped clock, for the end of the queue's window. It reports
// false when ctx ends first.
func (m *mapping) await(ctx context.Context) bool {
	for m.stepped() {
		ended, changed := m.consumer.meter.awaits(m.queue.Name)
		if ended {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-changed:
		case <-time.After(pollPause): // the clock may flow by now
		}
	}
	return true
}

// gather receives one batch, for whose first message it waits. It may be empty.
func (m *mapping) gather(ctx context.Context, wait time.Duration) []types.Message {
	batch, err := m.receive(ctx, m.queue.BatchSize, wait)
	if err != nil {
		if ctx.Err() == nil {
			m.log.WarnContext(ctx, "receive failed", "queue", m.queue.Name, "error", err)
			sleep(ctx, pollPause)
		}
		return nil
	}
	if m.queue.Window == 0 || len(batch) == 0 {
		return batch
	}
	end := time.Now().Add(m.queue.Window)
	for len(batch) < m.queue.BatchSize && size(batch) < contract.MaxPayload && ctx.Err() == nil {
		left := time.Until(end)
		if m.stepped() {
			left = 0 // the window is over, and what is there is taken
		} else if left <= 0 {
			break
		}
		more, err := m.receive(ctx, m.queue.BatchSize-len(batch), min(left, pollSeconds*time.Second))
		if err != nil {
			break // what is gathered is handled
		}
		if len(more) == 0 && left == 0 {
			break
		}
		if len(more) == 0 && left < time.Second {
			sleep(ctx, min(left, windowPause)) // a poll waits whole seconds only
		}
		batch = append(batch, more...)
	}
	return batch
}

func (m *mapping) receive(ctx context.Context, most int, wait time.Duration) ([]types.Message, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	out, err := m.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    &m.url,
		MaxNumberOfMessages:         int32(min(most, maxReceived)),
		WaitTimeSeconds:             int32(wait / time.Second),
		MessageAttributeNames:       []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return nil, err
	}
	return out.Messages, nil
}

func (m *mapping) handle(ctx context.Context, batch []types.Message) {
	if !m.awaitOutage(ctx) {
		return // the messages come back when their visibility ends
	}
	m.consumer.meter.begin()
	defer m.consumer.meter.end()
	failed, err := m.invoke(ctx, batch)
	if err != nil {
		m.log.WarnContext(ctx, "batch failed", "function", m.consumer.name, "messages", len(batch), "error", err)
	}
	var done []types.Message
	for _, message := range batch {
		switch {
		case !failed[*message.MessageId]:
			done = append(done, message)
		case received(message) >= m.queue.MaxReceive && m.queue.MaxReceive > 0:
			// It becomes a dead letter when its visibility ends.
			m.consumer.meter.settled(m.queue.Name, 1)
		}
	}
	m.remove(ctx, done)
}

// awaitOutage waits for the end of an outage of the consumer's. It reports false
// when ctx ends first. Real time hardly passes meanwhile, so that no message comes
// back; none of them counts as under way.
func (m *mapping) awaitOutage(ctx context.Context) bool {
	for !m.outages.end(m.consumer.name, m.clock.Now()).IsZero() {
		_, changed := m.consumer.meter.awaits(m.queue.Name)
		select {
		case <-ctx.Done():
			return false
		case <-changed:
		case <-time.After(pollPause): // the clock may have moved with nothing to do
		}
	}
	return true
}

// invoke returns the ids of the messages that failed, and why when all did.
func (m *mapping) invoke(ctx context.Context, batch []types.Message) (map[string]bool, error) {
	failed := map[string]bool{}
	for _, message := range batch {
		failed[*message.MessageId] = true
	}
	payload, err := json.Marshal(m.event(batch))
	if err != nil {
		return failed, fmt.Errorf("make the event: %w", err)
	}
	answer, err := m.consumer.invoke(ctx, payload)
	if err != nil {
		return failed, err
	}
	reported, err := readFailures(answer, failed)
	if err != nil {
		return failed, err
	}
	return reported, nil
}

// readFailures reads a partial batch response. Blank and null mean that all is
// done; an answer that names no or an unknown message fails the whole batch.
func readFailures(answer []byte, known map[string]bool) (map[string]bool, error) {
	failed := map[string]bool{}
	if len(answer) == 0 {
		return failed, nil
	}
	var response events.SQSEventResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		return nil, fmt.Errorf("read the function's answer: %w", err)
	}
	for _, item := range response.BatchItemFailures {
		if !known[item.ItemIdentifier] {
			return nil, fmt.Errorf("the function's answer names message %q, which is not of the batch", item.ItemIdentifier)
		}
		failed[item.ItemIdentifier] = true
	}
	return failed, nil
}

// remove deletes what is done. What cannot be deleted comes back: consumers
// take a message twice.
func (m *mapping) remove(ctx context.Context, done []types.Message) {
	for chunk := range slices.Chunk(done, maxReceived) {
		if err := m.removeChunk(ctx, chunk); err != nil {
			m.log.WarnContext(ctx, "delete failed", "queue", m.queue.Name, "messages", len(chunk), "error", err)
		}
	}
}

func (m *mapping) removeChunk(ctx context.Context, chunk []types.Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	var entries []types.DeleteMessageBatchRequestEntry
	for _, message := range chunk {
		entries = append(entries, types.DeleteMessageBatchRequestEntry{Id: message.MessageId, ReceiptHandle: message.ReceiptHandle})
	}
	out, err := m.client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &m.url, Entries: entries})
	if err != nil {
		return err
	}
	m.consumer.meter.settled(m.queue.Name, len(out.Successful))
	if len(out.Failed) > 0 {
		return fmt.Errorf("%d of %d were not deleted", len(out.Failed), len(chunk))
	}
	return nil
}

func (m *mapping) event(batch []types.Message) events.SQSEvent {
	var event events.SQSEvent
	for _, message := range batch {
		event.Records = append(event.Records, events.SQSMessage{
			MessageId:              value(message.MessageId),
			ReceiptHandle:          value(message.ReceiptHandle),
			Body:                   value(message.Body),
			Md5OfBody:              value(message.MD5OfBody),
			Md5OfMessageAttributes: value(message.MD5OfMessageAttributes),
			Attributes:             m.attributes(message),
			MessageAttributes:      messageAttributes(message.MessageAttributes),
			EventSourceARN:         m.arn,
			EventSource:            "aws:sqs",
			AWSRegion:              emulator.Region,
		})
	}
	return event
}

// attributes are the message's own. On a stepped clock what is read now was sent
// now: the emulator counts real seconds.
func (m *mapping) attributes(message types.Message) map[string]string {
	if m.clock.Wall() {
		return message.Attributes
	}
	all := maps.Clone(message.Attributes)
	if all == nil {
		all = map[string]string{}
	}
	all[string(types.MessageSystemAttributeNameSentTimestamp)] = strconv.FormatInt(m.clock.Now().UnixMilli(), 10)
	return all
}

func messageAttributes(in map[string]types.MessageAttributeValue) map[string]events.SQSMessageAttribute {
	out := make(map[string]events.SQSMessageAttribute, len(in))
	for name, a := range in {
		out[name] = events.SQSMessageAttribute{
			StringValue:      a.StringValue,
			BinaryValue:      a.BinaryValue,
			StringListValues: []string{},
			BinaryListValues: [][]byte{},
			DataType:         value(a.DataType),
		}
	}
	return out
}

// received is how often a message was received, this time included.
func received(message types.Message) int {
	n, err := strconv.Atoi(message.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)])
	if err != nil {
		return 0
	}
	return n
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
