package local

import (
	"context"
	"crypto/md5" //nolint:gosec // SQS answers with the MD5 of a body.
	"encoding/hex"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/plumbline/plumbline/internal/contract"
)

// sends stands before the SDK clients that the functions use. It counts what
// they send, and on a stepped clock it puts messages with a delay on the shelf:
// the queue would count real seconds. The functions cannot tell.
type sends struct {
	windows *windows
	shelf   *shelf
	clock   *Clock
	// queues are the contract's names by URL; subscribers the queues behind a
	// topic by its ARN.
	queues      map[string]string
	subscribers map[string][]string
}

func newSends(n *windows, s *shelf, clock *Clock, made Resources) *sends {
	w := &sends{windows: n, shelf: s, clock: clock, queues: map[string]string{}, subscribers: map[string][]string{}}
	for name, url := range made.Queues {
		w.queues[url] = name
	}
	for _, s := range contract.Subscriptions() {
		arn := made.Topics[s.Topic]
		w.subscribers[arn] = append(w.subscribers[arn], s.Queue)
	}
	return w
}

// watch returns the configuration whose clients' sends are watched.
func (w *sends) watch(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(w, middleware.Before)
	})
	return cfg
}

// ID names the middleware in the client's stack.
func (*sends) ID() string { return "PlumblineLocalSends" }

// HandleInitialize sees each call before the client does anything with it, and
// so once however often the client retries.
func (w *sends) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	switch call := in.Parameters.(type) {
	case *sqs.SendMessageInput:
		if w.shelves(call.DelaySeconds) {
			out, err := w.shelve(ctx, call)
			return middleware.InitializeOutput{Result: out}, middleware.Metadata{}, err
		}
		w.count(call.QueueUrl, call.DelaySeconds)
	case *sqs.SendMessageBatchInput:
		return w.batch(ctx, in, call, next)
	case *s3.PutObjectInput:
		noted := *call
		noted.Metadata = written(call.Metadata, w.clock.Now())
		in.Parameters = &noted
	case *s3.CreateMultipartUploadInput:
		noted := *call
		noted.Metadata = written(call.Metadata, w.clock.Now())
		in.Parameters = &noted
	case *sns.PublishInput:
		w.published(call.TopicArn, 1)
	case *sns.PublishBatchInput:
		w.published(call.TopicArn, len(call.PublishBatchRequestEntries))
	}
	return next.HandleInitialize(ctx, in)
}

func (w *sends) shelves(delay int32) bool { return delay > 0 && !w.clock.Wall() }

func (w *sends) count(url *string, delay int32) {
	if delay == 0 {
		w.windows.sent(w.queues[aws.ToString(url)], 1)
	}
}

func (w *sends) published(arn *string, n int) {
	for _, queue := range w.subscribers[aws.ToString(arn)] {
		w.windows.sent(queue, n)
	}
}

func (w *sends) shelve(ctx context.Context, call *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) {
	entry := types.SendMessageBatchRequestEntry{
		MessageBody:       call.MessageBody,
		MessageAttributes: call.MessageAttributes,
		DelaySeconds:      call.DelaySeconds,
	}
	id, err := w.put(ctx, call.QueueUrl, entry)
	if err != nil {
		return nil, err
	}
	return &sqs.SendMessageOutput{MessageId: &id, MD5OfMessageBody: bodySum(entry)}, nil
}

// batch shelves the entries with a delay and sends the others on.
func (w *sends) batch(ctx context.Context, in middleware.InitializeInput, call *sqs.SendMessageBatchInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	var shelved []types.SendMessageBatchResultEntry
	now := *call
	now.Entries = nil
	for _, entry := range call.Entries {
		if !w.shelves(entry.DelaySeconds) {
			w.count(call.QueueUrl, entry.DelaySeconds)
			now.Entries = append(now.Entries, entry)
			continue
		}
		id, err := w.put(ctx, call.QueueUrl, entry)
		if err != nil {
			return middleware.InitializeOutput{}, middleware.Metadata{}, err
		}
		shelved = append(shelved, types.SendMessageBatchResultEntry{Id: entry.Id, MessageId: &id, MD5OfMessageBody: bodySum(entry)})
	}
	if len(now.Entries) == 0 && len(shelved) > 0 {
		return middleware.InitializeOutput{Result: &sqs.SendMessageBatchOutput{Successful: shelved}}, middleware.Metadata{}, nil
	}
	in.Parameters = &now
	out, metadata, err := next.HandleInitialize(ctx, in)
	if result, ok := out.Result.(*sqs.SendMessageBatchOutput); ok && result != nil {
		result.Successful = append(result.Successful, shelved...)
	}
	return out, metadata, err
}

// maxDelay is the longest delay that SQS takes.
const maxDelay = 15 * time.Minute

var errDelay = errors.New("local: a message's delay is at most 15 minutes")

func (w *sends) put(ctx context.Context, url *string, entry types.SendMessageBatchRequestEntry) (string, error) {
	delay := time.Duration(entry.DelaySeconds) * time.Second
	if delay > maxDelay {
		return "", errDelay
	}
	queue, ok := w.queues[aws.ToString(url)]
	if !ok {
		return "", &types.QueueDoesNotExist{}
	}
	return w.shelf.put(ctx, queue, w.clock.Now().Add(delay), entry)
}

func bodySum(entry types.SendMessageBatchRequestEntry) *string {
	sum := md5.Sum([]byte(aws.ToString(entry.MessageBody))) //nolint:gosec // see the import
	return aws.String(hex.EncodeToString(sum[:]))
}
