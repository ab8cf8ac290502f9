// Package load puts the function load together: messages of the queue of loads,
// into which the bucket of exports tells of files that came in, into the use case.
package load

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/generations"
	"github.com/plumbline/plumbline/internal/wire/handler"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

// Handler builds the function.
func Handler(ctx context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	service, err := Service(ctx, b, secrets.New(b.Config.Registry, b.Getenv, b.AWS))
	if err != nil {
		return nil, err
	}
	return handler.New(func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		messages := make([]load.Message, 0, len(event.Records))
		for _, r := range event.Records {
			messages = append(messages, load.Message{ID: r.MessageId, Body: r.Body})
		}
		return batch.Failures(ctx, len(event.Records), service.Load(ctx, messages)), nil
	}), nil
}

// Service builds the use case.
func Service(ctx context.Context, b *bundle.Bundle, resolver *secret.Resolver) (*load.Service, error) {
	hashKey, err := resolver.Resolve(ctx, b.Config.HashKey)
	if err != nil {
		return nil, fmt.Errorf("resolve hash key: %w", err)
	}
	tables, queues := dynamodb.NewFromConfig(b.AWS), sqs.NewFromConfig(b.AWS)
	findings := dynamo.NewFindings(tables, b.Config.Tables[contract.Findings])
	objects := s3blob.Open(b.AWS, b.Config.Buckets[contract.ExportsBucket])
	return &load.Service{
		Files: objects, Blobs: objects, Documents: findings, Marks: findings,
		Records:  dynamo.NewRecords(tables, b.Config.Tables[contract.Records]),
		Receipts: findings,
		Bulk:     sqsqueue.New(queues, b.Config.Queues[contract.Bulk]),
		Loads:    sqsqueue.New(queues, b.Config.Queues[contract.Loads]),
		Reader:   load.Exports(b.Registry, []byte(hashKey)),
		Complete: func(system string, kind commerce.Kind) bool {
			e := b.Registry.Systems[system].Exports[kind]
			return e != nil && e.Complete
		},
		Zone: func(system string) (*time.Location, bool) {
			s, known := b.Registry.Systems[system]
			return s.Timezone, known
		},
		Gate: generations.Gate(b), Generation: b.Registry.Generation, Now: b.Now, Log: b.Log,
	}, nil
}
