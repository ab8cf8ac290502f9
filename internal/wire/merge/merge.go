// Package merge puts the function merge together: batches of the queue of
// observations into the use case.
package merge

import (
	"context"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/blob/s3blob"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/generations"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

// Handler builds the function.
func Handler(_ context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	meter := &dynamo.Meter{}
	service := Service(b, dynamo.WithMeter(meter))
	return handler.New(func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		defer meter.Count(ctx)
		messages := make([]merge.Message, 0, len(event.Records))
		for _, r := range event.Records {
			receives, _ := strconv.Atoi(r.Attributes["ApproximateReceiveCount"]) // 0 is not known
			messages = append(messages, merge.Message{ID: r.MessageId, Body: r.Body, Receives: receives})
		}
		return batch.Failures(ctx, len(messages), service.Merge(ctx, messages)), nil
	}), nil
}

// Service builds the use case.
func Service(b *bundle.Bundle, o ...dynamo.Option) *merge.Service {
	tables, queues := dynamodb.NewFromConfig(b.AWS), sqs.NewFromConfig(b.AWS)
	findings, rules := dynamo.NewFindings(tables, b.Config.Tables[contract.Findings], o...), judge.Rules(b.Registry)
	return &merge.Service{
		Records:    dynamo.NewRecords(tables, b.Config.Tables[contract.Records], o...),
		Marks:      findings,
		Arrivals:   findings,
		Receipts:   findings,
		Looks:      sqsqueue.New(queues, b.Config.Queues[contract.Looks]),
		Archive:    sqsqueue.New(queues, b.Config.Queues[contract.Merged]),
		Open:       queue.Claims{Blobs: s3blob.Open(b.AWS, b.Config.Buckets[contract.Claims])}.Open,
		Generation: generations.Gate(b), Registry: b.Registry, Rules: rules, Now: b.Now, Log: b.Log,
		Learnt: learnt.NewReader(findings, rules, b.Now, b.Log),
	}
}
