package wire

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/topic/snstopic"
)

// Records is the store of rows.
func (w *Wire) Records() *dynamo.Records {
	return dynamo.NewRecords(dynamodb.NewFromConfig(w.options.AWS), w.Config.Tables[contract.Records], w.options.Store...)
}

// Findings is the store of findings, alerts and marks.
func (w *Wire) Findings() *dynamo.Findings {
	return dynamo.NewFindings(dynamodb.NewFromConfig(w.options.AWS), w.Config.Tables[contract.Findings])
}

// Queue is a queue by the contract's name, dead letter queues included.
func (w *Wire) Queue(name string) *sqsqueue.Queue {
	return sqsqueue.New(sqs.NewFromConfig(w.options.AWS), w.Config.Queues[name])
}

// Open reads an envelope from a message body, wherever it is kept.
func (w *Wire) Open(ctx context.Context, body string) (queue.Envelope, error) {
	return w.claims().Open(ctx, body)
}

func (w *Wire) claims() queue.Claims {
	// Path style names the bucket in the path, which every S3 understands.
	client := s3.NewFromConfig(w.options.AWS, func(o *s3.Options) { o.UsePathStyle = true })
	return queue.Claims{Blobs: s3blob.New(client, w.Config.Buckets[contract.Claims])}
}

func (w *Wire) topic() *snstopic.Topic {
	return snstopic.New(sns.NewFromConfig(w.options.AWS), w.Config.Topics[contract.Alerts])
}
