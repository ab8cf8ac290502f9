// Package archive puts the function archive together: batches of the queue of
// merged deliveries into the use case.
package archive

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/archive"
	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/known"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

// Handler builds the function.
func Handler(_ context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	shapes, err := shapes(b)
	if err != nil {
		return nil, err
	}
	service := &archive.Service{
		Shapes: shapes,
		Blobs:  s3blob.Open(b.AWS, b.Config.Buckets[contract.ArchiveBucket]),
		Open:   queue.Claims{Blobs: s3blob.Open(b.AWS, b.Config.Buckets[contract.Claims])}.Open,
		Now:    b.Now, Log: b.Log,
	}
	return handler.New(func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		messages := make([]archive.Message, 0, len(event.Records))
		for _, r := range event.Records {
			messages = append(messages, archive.Message{ID: r.MessageId, Body: r.Body})
		}
		return batch.Failures(ctx, len(messages), service.Archive(ctx, messages)), nil
	}), nil
}

func shapes(b *bundle.Bundle) (*archive.Shapes, error) {
	described, err := known.Platforms()
	if err != nil {
		return nil, err
	}
	platforms := map[string]platform.Platform{}
	for _, p := range described {
		platforms[p.Name] = p
	}
	queues := sqs.NewFromConfig(b.AWS)
	return &archive.Shapes{
		Documents:    dynamo.NewFindings(dynamodb.NewFromConfig(b.AWS), b.Config.Tables[contract.Findings]),
		Observations: sqsqueue.New(queues, b.Config.Queues[contract.Observations]),
		Changes:      sqsqueue.New(queues, b.Config.Queues[contract.Looks]),
		Platform:     func(system string) platform.Platform { return platforms[b.Registry.Systems[system].Platform] },
		Generation:   b.Registry.Generation,
	}, nil
}
