package wire

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
	drifting "github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	receiving "github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	responding "github.com/plumbline/plumbline/internal/respond"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/wire/drift"
	"github.com/plumbline/plumbline/internal/wire/receive"
	"github.com/plumbline/plumbline/internal/wire/respond"
)

// Records is the store of rows.
func (w *Wire) Records() *dynamo.Records {
	return dynamo.NewRecords(dynamodb.NewFromConfig(w.AWS), w.Config.Tables[contract.Records])
}

// Findings is the store of findings, alerts and marks.
func (w *Wire) Findings() *dynamo.Findings {
	return dynamo.NewFindings(dynamodb.NewFromConfig(w.AWS), w.Config.Tables[contract.Findings])
}

// Queue is a queue by the contract's name, dead letter queues and those of
// inboxes included.
func (w *Wire) Queue(name string) *sqsqueue.Queue {
	url, ok := w.Config.Queues[name]
	if !ok {
		url = w.Getenv(contract.QueueVariable(name))
	}
	return sqsqueue.New(sqs.NewFromConfig(w.AWS), url)
}

// Open reads an envelope from a message body, wherever it is kept.
func (w *Wire) Open(ctx context.Context, body string) (queue.Envelope, error) {
	return queue.Claims{Blobs: s3blob.Open(w.AWS, w.Config.Buckets[contract.Claims])}.Open(ctx, body)
}

// Archive reads what was archived.
func (w *Wire) Archive() archive.Reader {
	return archive.Reader{Blobs: s3blob.Open(w.AWS, w.Config.Buckets[contract.ArchiveBucket])}
}

// Exports keeps the systems' export files.
func (w *Wire) Exports() *s3blob.Store {
	return s3blob.Open(w.AWS, w.Config.Buckets[contract.ExportsBucket])
}

// Receive is the use case of receive, with every system of the registry.
func (w *Wire) Receive(ctx context.Context) (*receiving.Service, error) {
	return receive.Service(ctx, w.Bundle, w.Secrets)
}

// Respond is the use case of respond.
func (w *Wire) Respond(ctx context.Context) (*responding.Service, error) {
	return respond.Service(ctx, w.Bundle)
}

// Drift is the use case of drift.
func (w *Wire) Drift() *drifting.Service { return drift.Service(w.Bundle) }

// Board is where the pages of the board are kept.
func (w *Wire) Board() drift.Pages {
	return drift.OpenPages(w.AWS, w.Config.Buckets[contract.BoardBucket])
}

// Systems builds the endpoint of every system of a registry.
func Systems(r *registry.Registry, hashKey []byte) (map[string]receiving.System, error) {
	return receive.Systems(r, hashKey)
}
