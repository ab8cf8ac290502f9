// Package drift puts the function drift together, which has two triggers: the
// queue of looks and the schedule.
package drift

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/queue/sqsqueue"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/topic/snstopic"
	"github.com/plumbline/plumbline/internal/wire/batch"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/generations"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

// Handler builds the function.
func Handler(_ context.Context, b *bundle.Bundle) (lambda.Handler, error) {
	meter := &dynamo.Meter{}
	service := Service(b, dynamo.WithMeter(meter))
	return handler.New(func(ctx context.Context, raw json.RawMessage) (any, error) {
		defer meter.Count(ctx)
		var event struct {
			events.SQSEvent
			// Run is what a schedule's input names.
			Run string `json:"run"`
		}
		if err := json.Unmarshal(raw, &event); err != nil {
			return nil, fmt.Errorf("read event: %w", err)
		}
		switch {
		case event.Run == contract.Audit:
			return struct{}{}, service.Audit(ctx)
		case len(event.Records) == 0:
			return struct{}{}, service.Tick(ctx)
		}
		messages := make([]drift.Message, 0, len(event.Records))
		for _, r := range event.Records {
			messages = append(messages, drift.Message{ID: r.MessageId, Body: r.Body})
		}
		return batch.Failures(ctx, len(messages), service.Look(ctx, messages)), nil
	}), nil
}

// Service builds the use case.
func Service(b *bundle.Bundle, o ...dynamo.Option) *drift.Service {
	tables, queues := dynamodb.NewFromConfig(b.AWS), sqs.NewFromConfig(b.AWS)
	findings := dynamo.NewFindings(tables, b.Config.Tables[contract.Findings], o...)
	rules := judge.Rules(b.Registry)
	return &drift.Service{
		Records:  dynamo.NewRecords(tables, b.Config.Tables[contract.Records], o...),
		Findings: findings, Marks: findings, Sweeps: findings, Documents: findings,
		Looks: sqsqueue.New(queues, b.Config.Queues[contract.Looks]),
		Moves: sqsqueue.New(queues, b.Config.Queues[contract.Observations]),
		Topic: snstopic.New(sns.NewFromConfig(b.AWS), b.Config.Topics[contract.Alerts]),

		Generation: generations.Gate(b), Registry: b.Registry, Rules: rules, Now: b.Now, Log: b.Log,
		Learnt: learnt.NewReader(findings, rules, b.Now, b.Log), Watch: drift.NewWatch(findings),
		Board: &drift.Board{Pages: OpenPages(b.AWS, b.Config.Buckets[contract.BoardBucket]), Zone: b.Registry.Zone()},
	}
}
