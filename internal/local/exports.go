package local

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
)

// lookEvery is how often the bucket of exports is looked through on the wall's
// clock.
const lookEvery = 500 * time.Millisecond

// exports tells the queue of loads of every file that comes into the bucket of
// exports, as S3 does in the service; the emulator tells nobody. It may tell of one
// file more than once, as S3 may.
type exports struct {
	files  *s3.Client
	queues *sqs.Client
	bucket string
	queue  string

	mu   sync.Mutex
	told map[string]bool
}

func newExports(cfg aws.Config, made Resources) *exports {
	return &exports{
		files:  s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		queues: sqs.NewFromConfig(cfg), bucket: made.Buckets[contract.ExportsBucket], queue: made.Queues[contract.Loads],
		told: map[string]bool{},
	}
}

// look tells of the files that were not there at the last look.
func (e *exports) look(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	pages := s3.NewListObjectsV2Paginator(e.files, &s3.ListObjectsV2Input{Bucket: &e.bucket, Prefix: aws.String(contract.ExportKeys)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("look for exports: %w", err)
		}
		for _, o := range page.Contents {
			at := strings.Join([]string{*o.Key, aws.ToString(o.ETag), aws.ToTime(o.LastModified).String()}, "|")
			if e.told[at] {
				continue
			}
			if err := e.tell(ctx, *o.Key); err != nil {
				return err
			}
			e.told[at] = true
		}
	}
	return nil
}

// tell sends the event of one file.
func (e *exports) tell(ctx context.Context, key string) error {
	body, err := json.Marshal(events.S3Event{Records: []events.S3EventRecord{{
		EventSource: "aws:s3", EventName: "ObjectCreated:Put",
		S3: events.S3Entity{Bucket: events.S3Bucket{Name: e.bucket}, Object: events.S3Object{Key: url.QueryEscape(key)}},
	}}})
	if err == nil {
		_, err = e.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &e.queue, MessageBody: aws.String(string(body))})
	}
	if err != nil {
		return fmt.Errorf("tell of an export: %w", err)
	}
	return nil
}

// LookForExports tells the functions of the files that came into the bucket of
// exports since it was looked through last. On the wall's clock the stack does so
// by itself.
func (s *Stack) LookForExports(ctx context.Context) error { return s.exports.look(ctx) }
